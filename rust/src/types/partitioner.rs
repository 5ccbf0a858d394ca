//! Partitioners: the order in which partitions stand in SSTables (`IPartitioner`).

use super::byte_comparable as bc;
use super::values::Refusal;
use super::{CqlType, parse_type};
use crate::codec::murmur3;
use crate::errors::{Error, Kind};

const PACKAGE: &str = "org.apache.cassandra.dht.";

/// What makes tokens of partition keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Partitioner {
    /// Tokens are signed 64-bit hashes of the key. Cassandra's default.
    Murmur3,
    /// Tokens are the MD5 of the key as a signed integer without its sign.
    Random,
    /// Tokens are the key's bytes.
    ByteOrdered,
    /// Tokens are the key's text, or its hexadecimal digits if it is not UTF-8.
    OrderPreserving,
    /// Tokens are keys in the order of their type: tables of this node and of indexes.
    Local(Box<CqlType>),
}

impl Partitioner {
    /// The partitioner of a class string of Statistics.db; a local one's may have the type of
    /// the keys as a parameter, else that is `key_type`.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: no such partitioner.
    pub fn parse(name: &str, key_type: Option<&CqlType>) -> Result<Self, Error> {
        let name = name.trim();
        let simple = name.strip_prefix(PACKAGE).unwrap_or(name);
        if let Some(parameter) = simple.strip_prefix("LocalPartitioner(") {
            let parameter = parameter.strip_suffix(')').unwrap_or(parameter);
            return Ok(Self::Local(Box::new(parse_type(parameter)?)));
        }
        match simple {
            "LocalPartitioner" => key_type
                .map(|key_type| Self::Local(Box::new(key_type.clone())))
                .ok_or_else(|| Error::new(Kind::Unsupported, "", "the keys' type is not known")),
            "Murmur3Partitioner" => Ok(Self::Murmur3),
            "RandomPartitioner" => Ok(Self::Random),
            "ByteOrderedPartitioner" => Ok(Self::ByteOrdered),
            "OrderPreservingPartitioner" => Ok(Self::OrderPreserving),
            _ => Err(Error::new(Kind::Unsupported, "", format!("unknown partitioner '{name}'"))),
        }
    }

    /// Byte-comparable positions that cut all tokens into `number` parts of the same size;
    /// none where tokens are not spread evenly.
    #[must_use]
    pub fn splits(&self, number: usize) -> Vec<Vec<u8>> {
        let number = u64::try_from(number).unwrap_or(1);
        let Some(step) = u64::MAX.checked_div(number) else { return Vec::new() };
        if !matches!(self, Self::Murmur3) {
            return Vec::new();
        }
        let place = |part: u64| {
            let mut place = vec![bc::NEXT_COMPONENT];
            place.extend_from_slice(&step.saturating_mul(part).to_be_bytes());
            place
        };
        (1..number).map(place).collect()
    }

    /// Token and key as BTI's indexes hold them, which sort as partitions do
    /// (`DecoratedKey.asComparableBytes`); replaces what is in `out`.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: a local partitioner's type does not allow the key.
    pub fn position(&self, key: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        out.clear();
        out.push(bc::NEXT_COMPONENT);
        if !self.token(key, out)? {
            out.clear();
            out.push(bc::NEXT_COMPONENT_NULL);
        }
        out.push(bc::NEXT_COMPONENT);
        bc::escaped(key, out);
        out.push(bc::TERMINATOR);
        Ok(())
    }

    /// Appends a key's token in byte-comparable form; says `false` where it has none.
    fn token(&self, key: &[u8], out: &mut Vec<u8>) -> Result<bool, Error> {
        match self {
            Self::Murmur3 => {
                bc::signed_fixed(&murmur3_token(key).to_be_bytes(), out);
            }
            Self::Random if key.is_empty() => bc::varint(&[0xff], out),
            Self::Random => {
                let digest = i128::from_be_bytes(md5::compute(key).0);
                // One byte more, since the largest one takes 128 bits without the sign.
                let mut bytes = [0; 17];
                if let Some(to) = bytes.get_mut(1..) {
                    to.copy_from_slice(&digest.unsigned_abs().to_be_bytes());
                }
                bc::varint(shortest(&bytes), out);
            }
            Self::ByteOrdered => bc::escaped(key, out),
            Self::OrderPreserving => match std::str::from_utf8(key) {
                Ok(_) => bc::escaped(key, out),
                Err(_) => {
                    let mut digits = String::new();
                    for byte in key {
                        digits.push_str(&format!("{byte:02x}"));
                    }
                    bc::escaped(digits.as_bytes(), out);
                }
            },
            Self::Local(key_type) => {
                let refused = |refusal: Refusal| {
                    let message = format!("a partition key: {refusal}");
                    Error::new(Kind::InvalidValue, "", message)
                };
                return key_type.byte_comparable(key, out).map_err(refused);
            }
        }
        Ok(true)
    }
}

/// The token of a key with Murmur3Partitioner, whose bits are those of a signed integer.
#[must_use]
pub fn murmur3_token(key: &[u8]) -> u64 {
    const SMALLEST: u64 = 1 << 63;
    if key.is_empty() {
        return SMALLEST;
    }
    match murmur3::hash128(key).0 {
        SMALLEST => SMALLEST.wrapping_sub(1),
        token => token,
    }
}

/// A number that is not negative, without zeros that its sign does not need.
fn shortest(mut bytes: &[u8]) -> &[u8] {
    while let [0, 0..=0x7f, ..] = bytes {
        bytes = bytes.get(1..).unwrap_or_default();
    }
    bytes
}
