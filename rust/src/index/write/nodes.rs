//! Which type of node a trie's node is written as, how long that is, and its layout.
//!
//! Follows `TrieNode`.

use crate::codec::be;
use crate::io::wide;
use crate::layouts::generated::trie::{Kind, Node, OddPointer, Pointer, PointerPair, SizedInt};
use crate::layouts::prelude::{Fault, List, Numbers, fit};

/// A width of pointers and the types of node that have it.
struct Width {
    /// The largest distance that fits.
    limit: u64,
    /// The type for one child; a dense one where there is no other.
    single: Kind,
    /// The type that lists transitions.
    sparse: Kind,
    /// The type for a range of transitions.
    dense: Kind,
}

const fn width(limit: u64, single: Kind, sparse: Kind, dense: Kind) -> Width {
    Width { limit, single, sparse, dense }
}

const WIDTHS: [Width; 7] = [
    width(0xf, Kind::SINGLE_NOPAYLOAD_4, Kind::SPARSE_8, Kind::DENSE_12),
    width(0xff, Kind::SINGLE_8, Kind::SPARSE_8, Kind::DENSE_12),
    width(0xfff, Kind::SINGLE_NOPAYLOAD_12, Kind::SPARSE_12, Kind::DENSE_12),
    width(0xffff, Kind::SINGLE_16, Kind::SPARSE_16, Kind::DENSE_16),
    width(0xff_ffff, Kind::DENSE_24, Kind::SPARSE_24, Kind::DENSE_24),
    width(0xffff_ffff, Kind::DENSE_32, Kind::SPARSE_40, Kind::DENSE_32),
    width(0xff_ffff_ffff, Kind::DENSE_40, Kind::SPARSE_40, Kind::DENSE_40),
];

const LARGEST: Width = width(u64::MAX, Kind::LONG_DENSE, Kind::LONG_DENSE, Kind::LONG_DENSE);

/// The bytes that lead to a node's children: how many there are, the first and the last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transitions {
    pub(super) number: u64,
    pub(super) first: u8,
    pub(super) last: u8,
}

impl Transitions {
    /// How many bytes there are from the first to the last.
    fn range(self) -> u64 {
        u64::from(self.last.saturating_sub(self.first)).saturating_add(1)
    }
}

/// The type of a node whose farthest child is `distance` bytes back, and its length without
/// payload.
pub(super) fn choose(
    transitions: Option<Transitions>,
    distance: u64,
    has_payload: bool,
) -> (Kind, u64) {
    let Some(transitions) = transitions else { return (Kind::PAYLOAD_ONLY, 1) };
    let mut widths = WIDTHS.iter().skip_while(|width| width.limit < distance);
    let mut width = widths.next().unwrap_or(&LARGEST);
    if transitions.number == 1 {
        if has_payload && !has_room_for_payload(width.single) {
            width = widths.next().unwrap_or(&LARGEST);
        }
        return (width.single, size(width.single, transitions));
    }
    let (sparse, dense) = (size(width.sparse, transitions), size(width.dense, transitions));
    if sparse < dense { (width.sparse, sparse) } else { (width.dense, dense) }
}

/// Whether a type of node has bits that tell of a payload.
fn has_room_for_payload(kind: Kind) -> bool {
    kind != Kind::SINGLE_NOPAYLOAD_4 && kind != Kind::SINGLE_NOPAYLOAD_12
}

fn size(kind: Kind, transitions: Transitions) -> u64 {
    let node = Node { kind, ..Node::new() };
    if !has_room_for_payload(kind) {
        return if kind == Kind::SINGLE_NOPAYLOAD_4 { 2 } else { 3 };
    }
    let (head, number) = if node.is_single() {
        (2_u64, 1)
    } else if node.is_sparse() {
        (transitions.number.saturating_add(2), transitions.number)
    } else {
        (3, transitions.range())
    };
    let pointers = match u64::try_from(node.len_pointer()) {
        Ok(bytes) if bytes > 0 => number.saturating_mul(bytes),
        _ => number.saturating_mul(3).div_ceil(2),
    };
    head.saturating_add(pointers)
}

/// Memory for what nodes are made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    /// The bytes that lead to children, ascending.
    pub(super) transitions: Vec<u8>,
    /// Bytes back to each child.
    pub(super) distances: Vec<u64>,
    slots: Vec<u64>,
    pointers: Vec<u8>,
}

impl Parts {
    /// The layout of a node of a type from [`choose`]; `bits` tell of the payload, 0 without.
    pub(super) fn node(&mut self, kind: Kind, bits: u8) -> Result<Node<'_>, Fault> {
        let mut node = Node { kind, low_bits: u32::from(bits), ..Node::new() };
        if kind == Kind::PAYLOAD_ONLY {
            return Ok(node);
        }
        if !has_room_for_payload(kind) {
            let distance = self.distances.first().copied().ok_or(Fault::Absent)?;
            node.transitions = Some(Numbers::over(&self.transitions)?);
            node.low_bits = fit(distance)?;
            if kind == Kind::SINGLE_NOPAYLOAD_12 {
                node.low_bits = fit(distance.wrapping_shr(8))?;
                node.single_low_byte = Some(fit(distance & 0xff)?);
            }
            return Ok(node);
        }
        let mut distances = &self.distances;
        if node.is_dense() {
            let (first, last) = spread(&self.transitions, &self.distances, &mut self.slots)?;
            node.first_transition = Some(first);
            node.last_slot = Some(last.saturating_sub(first));
            distances = &self.slots;
        } else {
            node.transitions = Some(Numbers::over(&self.transitions)?);
            if node.is_sparse() {
                node.num_transitions = Some(fit(self.transitions.len())?);
            }
        }
        point(&mut node, distances, &mut self.pointers)?;
        Ok(node)
    }
}

/// A distance for each byte from the first transition to the last, 0 where there is no child.
fn spread(transitions: &[u8], distances: &[u64], slots: &mut Vec<u64>) -> Result<(u8, u8), Fault> {
    let (Some(first), Some(last)) = (transitions.first(), transitions.last()) else {
        return Err(Fault::Absent);
    };
    slots.clear();
    let mut children = transitions.iter().zip(distances).peekable();
    for byte in *first..=*last {
        let child = children.next_if(|(transition, _)| **transition == byte);
        slots.push(child.map_or(0, |(_, distance)| *distance));
    }
    Ok((*first, *last))
}

fn point<'a>(node: &mut Node<'a>, distances: &[u64], bytes: &'a mut Vec<u8>) -> Result<(), Fault> {
    if node.is_packed() {
        let (mut pairs, mut rest) = (Vec::with_capacity(distances.len()), distances);
        while let [first, second, after @ ..] = rest {
            pairs.push(PointerPair { first: fit(*first)?, second: fit(*second)? });
            rest = after;
        }
        node.pairs = Some(List::from(pairs));
        if let Some(first) = rest.first() {
            node.odd = Some(OddPointer { first: fit(*first)?, padding: 0 });
        }
        return Ok(());
    }
    let size = fit(node.len_pointer())?;
    bytes.clear();
    for distance in distances {
        be::put_last(*distance, size, bytes);
    }
    let width = fit(size)?;
    let pointer = |bytes: &'a [u8]| Pointer { bytes, ..Pointer::new(width) };
    let pointers: Vec<_> = bytes.chunks_exact(size.max(1)).map(pointer).collect();
    node.pointers = Some(List::from(pointers));
    Ok(())
}

/// Length in bytes of an integer that is never empty (`SizedInts.nonZeroSize`).
pub(super) fn size_of_int(value: i64) -> u8 {
    let magnitude = if value < 0 { !value } else { value };
    let num_bits = 64_u32.saturating_sub(magnitude.leading_zeros());
    u8::try_from(num_bits.div_euclid(8)).unwrap_or(8).saturating_add(1)
}

/// The layout of an integer in [`size_of_int`] bytes, which `bytes` hold from then on.
pub(super) fn sized_int(value: i64, bytes: &mut Vec<u8>) -> SizedInt<'_> {
    let size = size_of_int(value);
    bytes.clear();
    be::put_last(0_u64.wrapping_add_signed(value), usize::from(size), bytes);
    SizedInt { bytes, ..SizedInt::new(size) }
}

/// Numbers of children as sizes.
pub(super) fn transitions(bytes: impl ExactSizeIterator<Item = u8> + Clone) -> Option<Transitions> {
    let number = wide(bytes.len());
    let (first, last) = (bytes.clone().next()?, bytes.last()?);
    Some(Transitions { number, first, last })
}
