//! The sketch from which Cassandra estimates how many partitions an SSTable has.
//!
//! Follows `com.clearspring.analytics.stream.cardinality.HyperLogLogPlus`, the library that
//! Cassandra uses, with Cassandra's precisions.

const PRECISION: u32 = 13;
const SPARSE_PRECISION: u32 = 25;
const NUM_REGISTERS: usize = 1 << 13;
const SPARSE_THRESHOLD: usize = 6144;
const SORT_THRESHOLD: usize = 1536;

/// A `HyperLogLog++` sketch, sparse as long as it is small.
#[derive(Clone, Debug)]
pub enum Cardinality {
    /// The encoded hashes, and those that were offered since they were sorted.
    Sparse {
        /// In order.
        sorted: Vec<u32>,
        /// In none.
        pending: Vec<u32>,
    },
    /// The registers.
    Normal(Vec<u8>),
}

impl Default for Cardinality {
    fn default() -> Self {
        Self::Sparse { sorted: Vec::new(), pending: Vec::new() }
    }
}

impl Cardinality {
    /// Counts a value by its hash (see [`crate::codec::murmur2`]).
    pub fn offer(&mut self, hash: u64) {
        match self {
            Self::Normal(registers) => {
                let index = hash.wrapping_shr(64_u32.wrapping_sub(PRECISION));
                update(registers, index, run_length(hash));
            }
            Self::Sparse { sorted, pending } => {
                pending.push(encode(hash));
                if pending.len() > SORT_THRESHOLD {
                    merge(sorted, pending);
                    if sorted.len() > SPARSE_THRESHOLD {
                        *self = Self::Normal(registers(sorted));
                    }
                }
            }
        }
    }

    /// Puts what was offered in order.
    pub fn settle(&mut self) {
        if let Self::Sparse { sorted, pending } = self {
            merge(sorted, pending);
        }
    }
}

fn run_length(hash: u64) -> u32 {
    let rest = hash.wrapping_shl(PRECISION) | 1 << 12;
    rest.leading_zeros().saturating_add(1)
}

/// The first bits of a hash, and the run length if it cannot be told from them.
fn encode(hash: u64) -> u32 {
    let index = u32::try_from(hash.wrapping_shr(39)).unwrap_or(0);
    if index & 0xfff != 0 {
        return index.wrapping_shl(1);
    }
    (index.wrapping_shl(6) | (run_length(hash) ^ 63)).wrapping_shl(1) | 1
}

const fn index_of(encoded: u32) -> u32 {
    if encoded & 1 == 1 { encoded.wrapping_shr(7) } else { encoded.wrapping_shr(1) }
}

const fn decoded_run_length(encoded: u32) -> u32 {
    if encoded & 1 == 1 {
        return (encoded.wrapping_shr(1) & 63) ^ 63;
    }
    encoded.wrapping_shl(19).leading_zeros().saturating_add(1)
}

/// Brings what is pending into the sorted ones, the way the library does: it goes by the
/// encoded integers where it should go by their indexes, and so may keep an index twice.
fn merge(sorted: &mut Vec<u32>, pending: &mut Vec<u32>) {
    if pending.is_empty() {
        return;
    }
    pending.sort_unstable_by_key(|encoded| (index_of(*encoded), *encoded));
    pending.dedup_by_key(|encoded| index_of(*encoded));
    let (mut old, mut new) = (sorted.as_slice(), pending.as_slice());
    let mut merged = Vec::with_capacity(old.len().saturating_add(new.len()));
    while let (Some((left, left_rest)), Some((right, right_rest))) =
        (old.split_first(), new.split_first())
    {
        let is_same = index_of(*left) == index_of(*right);
        merged.push(*left.min(right));
        if is_same || left < right {
            old = left_rest;
        }
        if is_same || left > right {
            new = right_rest;
        }
    }
    merged.extend_from_slice(old);
    merged.extend_from_slice(new);
    *sorted = merged;
    pending.clear();
}

fn registers(sorted: &[u32]) -> Vec<u8> {
    let mut registers = vec![0; NUM_REGISTERS];
    for encoded in sorted {
        let index = index_of(*encoded).wrapping_shr(SPARSE_PRECISION.wrapping_sub(PRECISION));
        update(&mut registers, index.into(), decoded_run_length(*encoded));
    }
    registers
}

fn update(registers: &mut [u8], index: u64, run_length: u32) {
    let register = usize::try_from(index).ok().and_then(|index| registers.get_mut(index));
    if let Some(register) = register {
        *register = u8::try_from(run_length).unwrap_or(u8::MAX).max(*register);
    }
}
