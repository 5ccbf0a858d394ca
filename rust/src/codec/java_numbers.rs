//! Floating-point numbers as Java up to release 18 prints them.
//!
//! Digits are made as `jdk.internal.math.FloatingDecimal` makes them: one by one, of the exact
//! quotient, until what is left is less than half of the distance to the next number; where a
//! product of Java's `int` or `long` overflows there, it overflows here. Follows
//! `cqlite/types/java_numbers.py`, which says more.

use std::cmp::Ordering;

use num_bigint::BigUint;

const FRACTION_BITS: i32 = 52;
const HIDDEN_BIT: u64 = 1 << 52;
const LARGEST_EASY_EXPONENT: i32 = 62;
/// Bits of the powers of five, as far as Java has them in a table.
const BITS_OF_POW5: [i32; 27] = [
    0, 3, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28, 31, 33, 35, 38, 40, 42, 45, 47, 49, 52, 54, 56,
    59, 61,
];

/// Eight bytes of IEEE 754 as `Double.toString` prints them.
pub fn double_text(bits: u64, out: &mut Vec<u8>) {
    let exponent = low_bits(bits >> 52, 0x7FF);
    text(bits >> 63 != 0, exponent, bits & (HIDDEN_BIT - 1), &DOUBLE, out);
}

/// Four bytes of IEEE 754 as `Float.toString` prints them.
pub fn float_text(bits: u32, out: &mut Vec<u8>) {
    let bits = u64::from(bits);
    text(bits >> 31 != 0, low_bits(bits >> 23, 0xFF), bits & 0x7F_FFFF, &FLOAT, out);
}

fn low_bits(value: u64, mask: u64) -> i32 {
    i32::try_from(value & mask).unwrap_or(0)
}

struct Format {
    fraction_bits: i32,
    bias: i32,
    special_exponent: i32,
}

const DOUBLE: Format = Format { fraction_bits: 52, bias: 1023, special_exponent: 2047 };
const FLOAT: Format = Format { fraction_bits: 23, bias: 127, special_exponent: 255 };

fn text(negative: bool, exponent: i32, fraction: u64, kind: &Format, out: &mut Vec<u8>) {
    if exponent == kind.special_exponent && fraction != 0 {
        out.extend_from_slice(b"NaN");
        return;
    }
    if negative {
        out.push(b'-');
    }
    if exponent == kind.special_exponent {
        out.extend_from_slice(b"Infinity");
    } else if exponent == 0 && fraction == 0 {
        out.extend_from_slice(b"0.0");
    } else {
        layout(&digits(exponent, fraction, kind), out);
    }
}

/// A number's digits, and where the point stands: `0.digits * 10^point`.
struct Digits {
    text: [u8; 24],
    len: usize,
    point: i32,
}

impl Digits {
    const fn new() -> Self {
        Self { text: [0; 24], len: 0, point: 0 }
    }

    fn push(&mut self, digit: u8) {
        if let Some(place) = self.text.get_mut(self.len) {
            *place = digit.wrapping_add(b'0');
            self.len = self.len.wrapping_add(1);
        }
    }

    fn as_slice(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or_default()
    }

    fn last_is_odd(&self) -> bool {
        self.as_slice().last().is_some_and(|digit| digit & 1 == 1)
    }

    /// Adds one to the last digit; whether that carried out of the first.
    fn round_up(&mut self) -> bool {
        let Some((first, rest)) = self.text.get_mut(..self.len).and_then(<[u8]>::split_first_mut)
        else {
            return false;
        };
        for digit in rest.iter_mut().rev() {
            if *digit != b'9' {
                *digit = digit.wrapping_add(1);
                return false;
            }
            *digit = b'0';
        }
        let carries = *first == b'9';
        *first = if carries { b'1' } else { first.wrapping_add(1) };
        carries
    }
}

/// Java's plain or scientific form.
fn layout(digits: &Digits, out: &mut Vec<u8>) {
    let text = digits.as_slice();
    match digits.point {
        point @ 1..8 => {
            let point = usize::try_from(point).unwrap_or(0);
            let whole = text.get(..point).unwrap_or(text);
            out.extend_from_slice(whole);
            out.resize(out.len().saturating_add(point.saturating_sub(whole.len())), b'0');
            fraction(text.get(point..), out);
        }
        point @ -2..=0 => {
            let zeros = usize::try_from(point.unsigned_abs()).unwrap_or(0);
            out.extend_from_slice(b"0.");
            out.resize(out.len().saturating_add(zeros), b'0');
            out.extend_from_slice(text);
        }
        point => {
            out.extend_from_slice(text.get(..1).unwrap_or(text));
            fraction(text.get(1..), out);
            out.push(b'E');
            let mut buffer = itoa::Buffer::new();
            out.extend_from_slice(buffer.format(point.wrapping_sub(1)).as_bytes());
        }
    }
}

fn fraction(digits: Option<&[u8]>, out: &mut Vec<u8>) {
    out.push(b'.');
    match digits {
        Some(digits) if !digits.is_empty() => out.extend_from_slice(digits),
        _ => out.push(b'0'),
    }
}

fn digits(exponent: i32, fraction: u64, kind: &Format) -> Digits {
    let mut exponent = exponent;
    let mut fraction = fraction;
    let mut significant_bits = kind.fraction_bits.wrapping_add(1);
    if exponent != 0 {
        fraction |= shl(1, kind.fraction_bits);
    } else {
        let shift = significant_bits.wrapping_sub(bit_length(fraction));
        significant_bits = bit_length(fraction);
        fraction = shl(fraction, shift);
        exponent = 1_i32.wrapping_sub(shift);
    }
    fraction = shl(fraction, FRACTION_BITS.wrapping_sub(kind.fraction_bits));
    exponent = exponent.wrapping_sub(kind.bias);
    let tail_zeros = i32::try_from(fraction.trailing_zeros()).unwrap_or(0);
    let fraction_bits = 53_i32.wrapping_sub(tail_zeros);
    let tiny_bits = fraction_bits.wrapping_sub(exponent).wrapping_sub(1).max(0);
    if tiny_bits == 0 && exponent <= LARGEST_EASY_EXPONENT {
        return whole_digits(exponent, fraction, significant_bits);
    }
    Quotient::of(exponent, fraction, fraction_bits, significant_bits, tiny_bits).digits()
}

fn bit_length(value: u64) -> i32 {
    i32::try_from(u64::BITS.wrapping_sub(value.leading_zeros())).unwrap_or(0)
}

fn shl(value: u64, bits: i32) -> u64 {
    value.wrapping_shl(bits.unsigned_abs())
}

/// A whole number that fits in 63 bits: its digits, but those below its precision.
fn whole_digits(exponent: i32, fraction: u64, significant_bits: i32) -> Digits {
    let below = exponent.wrapping_sub(significant_bits).wrapping_sub(1);
    // Decimal digits below the significant bits: the logarithm of 2, rounded down.
    let insignificant = if below < 2 { 0 } else { below.wrapping_mul(30_103) / 100_000 };
    let wide = u128::from(fraction).wrapping_shl(exponent.unsigned_abs()) >> FRACTION_BITS;
    let mut value = u64::try_from(wide).unwrap_or(u64::MAX);
    if insignificant > 0 {
        let power = 10_u64.wrapping_pow(insignificant.unsigned_abs());
        let rest = value.checked_rem(power).unwrap_or(0);
        value = value.checked_div(power).unwrap_or(0);
        value = value.wrapping_add(u64::from(rest >= power >> 1));
    }
    let mut buffer = itoa::Buffer::new();
    let text = buffer.format(value).as_bytes();
    let mut found = Digits::new();
    for digit in text {
        found.push(digit.wrapping_sub(b'0'));
    }
    found.point = i32::try_from(text.len()).unwrap_or(0).wrapping_add(insignificant);
    while found.as_slice().last() == Some(&b'0') {
        found.len = found.len.wrapping_sub(1);
    }
    found
}

/// Floor of the decimal logarithm, or one more; the arithmetic is Java's, in doubles.
#[allow(clippy::approx_constant, reason = "Java's constant, digit for digit")]
fn estimate(exponent: i32, fraction: u64) -> i32 {
    let mantissa = f64::from_bits((1023 << 52) | (fraction & (HIDDEN_BIT - 1)));
    let estimate = (mantissa - 1.5) * 0.289_529_654
        + 0.176_091_259
        + f64::from(exponent) * 0.301_029_995_663_981;
    let mut floor = exponent.wrapping_mul(30_103) / 100_000;
    while f64::from(floor) > estimate {
        floor = floor.wrapping_sub(1);
    }
    while f64::from(floor.wrapping_add(1)) <= estimate {
        floor = floor.wrapping_add(1);
    }
    floor
}

/// `fraction * 5^b5 * 2^b2 / (5^s5 * 2^s2)`, with `5^b5 * 2^m2` for half of the distance to the
/// next number in the dividend's place.
struct Quotient {
    fraction: u64,
    b5: i32,
    b2: i32,
    s5: i32,
    s2: i32,
    m2: i32,
    power: i32,
    width: i32,
}

impl Quotient {
    fn of(exponent: i32, fraction: u64, num_bits: i32, significant: i32, tiny: i32) -> Self {
        let power = estimate(exponent, fraction);
        let b5 = power.wrapping_neg().max(0);
        let s5 = power.max(0);
        let mut b2 = b5.wrapping_add(tiny).wrapping_add(exponent);
        let mut s2 = s5.wrapping_add(tiny);
        let mut m2 = b2.wrapping_sub(significant);
        b2 = b2.wrapping_sub(num_bits).wrapping_add(1);
        let common = b2.min(s2);
        b2 = b2.wrapping_sub(common);
        s2 = s2.wrapping_sub(common);
        m2 = m2.wrapping_sub(common);
        if num_bits == 1 {
            // A power of two: the number below is only half as far away.
            m2 = m2.wrapping_sub(1);
        }
        if m2 < 0 {
            b2 = b2.wrapping_sub(m2);
            s2 = s2.wrapping_sub(m2);
            m2 = 0;
        }
        let dividend = num_bits.wrapping_add(b2).wrapping_add(bits_of_pow5(b5));
        let divisor = s2.wrapping_add(1).wrapping_add(bits_of_pow5(s5.wrapping_add(1)));
        let fraction = fraction.wrapping_shr(53_i32.wrapping_sub(num_bits).unsigned_abs());
        Self { fraction, b5, b2, s5, s2, m2, power, width: dividend.max(divisor) }
    }

    fn digits(&self) -> Digits {
        match self.width {
            ..32 => develop(&mut Long::new(self, |value| i64::from(low_half(value))), self.power),
            32..64 => develop(&mut Long::new(self, |value| value), self.power),
            _ => develop(&mut Big::new(self), self.power),
        }
    }
}

/// How many bits a power of five takes, roughly for greater ones, as Java has it.
fn bits_of_pow5(power: i32) -> i32 {
    let known = usize::try_from(power).ok().and_then(|at| BITS_OF_POW5.get(at));
    known.copied().unwrap_or(power.wrapping_mul(3))
}

fn low_half(value: i64) -> i32 {
    let [a, b, c, d, ..] = value.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// What Java has three times: for `int`, for `long` and for big numbers.
trait Division {
    /// The next digit, and whether what remains is near enough to zero or to ten.
    fn step(&mut self) -> (u8, bool, bool);
    /// Whether the distance has overflown.
    fn is_lost(&self) -> bool;
    /// What remains against one half.
    fn half(&self) -> Ordering;
}

fn develop(division: &mut impl Division, power: i32) -> Digits {
    let mut power = power;
    let mut found = Digits::new();
    let (digit, mut low, mut high) = division.step();
    if digit != 0 || high {
        found.push(digit);
    } else {
        power = power.wrapping_sub(1);
    }
    if !(-3..8).contains(&power) {
        // Java wants a digit after the point.
        (low, high) = (false, false);
    }
    while !(low || high) {
        let (digit, is_low, is_high) = division.step();
        (low, high) = if division.is_lost() { (true, true) } else { (is_low, is_high) };
        found.push(digit);
    }
    let half = division.half();
    let rounds_up = match half {
        Ordering::Greater => true,
        Ordering::Equal => found.last_is_odd(),
        Ordering::Less => false,
    };
    if high && (!low || rounds_up) && found.round_up() {
        power = power.wrapping_add(1);
    }
    found.point = power.wrapping_add(1);
    found
}

struct Long<W> {
    b: i64,
    s: i64,
    m: i64,
    tens: i64,
    wrap: W,
}

impl<W: Fn(i64) -> i64> Long<W> {
    fn new(of: &Quotient, wrap: W) -> Self {
        let pow5 = |power: i32| 5_i64.wrapping_pow(power.unsigned_abs());
        let fraction = i64::try_from(of.fraction).unwrap_or(0);
        let b = fraction.wrapping_mul(pow5(of.b5)).wrapping_shl(of.b2.unsigned_abs());
        let s = pow5(of.s5).wrapping_shl(of.s2.unsigned_abs());
        let m = pow5(of.b5).wrapping_shl(of.m2.unsigned_abs());
        Self { b, s, m, tens: s.wrapping_mul(10), wrap }
    }
}

impl<W: Fn(i64) -> i64> Division for Long<W> {
    fn step(&mut self) -> (u8, bool, bool) {
        let digit = self.b.checked_div(self.s).unwrap_or(0);
        let rest = self.b.wrapping_sub(digit.wrapping_mul(self.s));
        self.b = rest.wrapping_mul(10);
        self.m = (self.wrap)(self.m.wrapping_mul(10));
        let high = (self.wrap)(self.b.wrapping_add(self.m)) > self.tens;
        (u8::try_from(digit).unwrap_or(0), self.b < self.m, high)
    }

    fn is_lost(&self) -> bool {
        self.m <= 0
    }

    fn half(&self) -> Ordering {
        (self.wrap)(self.b.wrapping_shl(1).wrapping_sub(self.tens)).cmp(&0)
    }
}

struct Big {
    b: BigUint,
    s: BigUint,
    m: BigUint,
    tens: BigUint,
}

impl Big {
    fn new(of: &Quotient) -> Self {
        let pow5 = |power: i32| BigUint::from(5_u8).pow(power.unsigned_abs());
        let s = pow5(of.s5) << of.s2;
        Self {
            b: (pow5(of.b5) * of.fraction) << of.b2,
            m: pow5(of.b5) << of.m2,
            tens: &s * 10_u8,
            s,
        }
    }
}

impl Division for Big {
    fn step(&mut self) -> (u8, bool, bool) {
        let mut digit = 0_u8;
        // A digit at most; dividing would take longer.
        while self.b >= self.s {
            self.b -= &self.s;
            digit = digit.wrapping_add(1);
        }
        self.b *= 10_u8;
        self.m *= 10_u8;
        (digit, self.b < self.m, &self.b + &self.m >= self.tens)
    }

    fn is_lost(&self) -> bool {
        false
    }

    fn half(&self) -> Ordering {
        (&self.b * 2_u8).cmp(&self.tens)
    }
}
