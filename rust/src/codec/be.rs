//! Big-endian scalars. Each function takes exactly the bytes of its value; none on any other
//! length.

macro_rules! scalars {
    ($($name:ident $type:ty, $what:literal;)*) => {$(
        #[doc = $what]
        #[inline]
        #[must_use]
        pub fn $name(data: &[u8]) -> Option<$type> {
            data.try_into().ok().map(<$type>::from_be_bytes)
        }
    )*};
}

scalars! {
    i8 i8, "A signed byte.";
    i16 i16, "Two bytes in two's complement.";
    i32 i32, "Four bytes in two's complement.";
    i64 i64, "Eight bytes in two's complement.";
    u16 u16, "Two bytes without a sign.";
    u32 u32, "Four bytes without a sign.";
    u64 u64, "Eight bytes without a sign.";
    u128 u128, "Sixteen bytes without a sign.";
    f32 f32, "IEEE 754, single precision.";
    f64 f64, "IEEE 754, double precision.";
}

/// Appends the last `size` bytes of an integer, which has eight.
#[inline]
pub fn put_last(value: u64, size: usize, out: &mut Vec<u8>) {
    let bytes = value.to_be_bytes();
    let skipped = bytes.len().saturating_sub(size);
    out.extend_from_slice(bytes.get(skipped..).unwrap_or_default());
}

macro_rules! bulk {
    ($($name:ident $type:ty, $size:literal;)*) => {$(
        #[doc = concat!("Appends integers or floats of ", $size, " bytes each.")]
        #[inline]
        pub fn $name(values: impl Iterator<Item = $type>, out: &mut Vec<[u8; $size]>) {
            out.extend(values.map(<$type>::to_be_bytes));
        }
    )*};
}

bulk! {
    put_i8s i8, 1;
    put_i16s i16, 2;
    put_i32s i32, 4;
    put_i64s i64, 8;
    put_u8s u8, 1;
    put_u32s u32, 4;
    put_f32s f32, 4;
    put_f64s f64, 8;
}
