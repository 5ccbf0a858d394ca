//! Lists, sets and maps of Arrow arrays, as one value or as a cell for each element.

use std::ops::Range;

use arrow_array::Array;
use arrow_array::cast::AsArray;

use super::arrays::Values;
use crate::codec::be;
use crate::codec::murmur3::hash128;
use crate::layouts::generated::values::{
    CollectionValue, MapEntry, MapValue, NullableValue, TimeuuidValue,
};
use crate::layouts::prelude::{Fault, List, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;
use crate::types::CqlType;
use crate::types::values::Refusal;

/// 100 ns intervals from the start of version 1 UUIDs' time to 1970.
const UUID_EPOCH: u64 = 0x01b2_1dd2_1381_4000;
const INTERVALS: u64 = 10;
const TIME_BITS: u32 = 60;
const VARIANT: u64 = 0x80;
const VERSION: u64 = 1 << 12;
const SIGN_OF_EACH_BYTE: u64 = 0x8080_8080;

/// What a column of collections holds.
pub(super) struct Collection<'b> {
    array: &'b dyn Array,
    offsets: Offsets<'b>,
    kind: Kind,
    /// Elements or keys, and their type.
    first: Values<'b>,
    order: CqlType,
    /// Values of a map.
    second: Option<Values<'b>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Set,
    Map,
}

enum Offsets<'b> {
    Small(&'b [i32]),
    Large(&'b [i64]),
}

impl Offsets<'_> {
    fn range(&self, row: usize) -> Option<Range<usize>> {
        let next = row.checked_add(1)?;
        let (start, end) = match self {
            Self::Small(all) => (i64::from(*all.get(row)?), i64::from(*all.get(next)?)),
            Self::Large(all) => (*all.get(row)?, *all.get(next)?),
        };
        Some(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }
}

/// The elements of one collection.
#[derive(Default)]
pub(super) struct Items {
    bytes: Sink,
    orders: Vec<u8>,
    items: Vec<Item>,
}

/// Where an element, or an entry, is: its place in the order, its path and its value.
#[derive(Clone)]
struct Item {
    order: Range<usize>,
    first: Range<usize>,
    second: Range<usize>,
}

impl Items {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Paths and values of their cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let part = |range: &Range<usize>| self.bytes.as_slice().get(range.clone());
        self.items.iter().map(move |item| {
            (part(&item.first).unwrap_or_default(), part(&item.second).unwrap_or_default())
        })
    }

    /// Brings them in order, of those in the same place the last alone.
    fn sort(&mut self) {
        let orders = &self.orders;
        let order = |item: &Item| orders.get(item.order.clone()).unwrap_or_default();
        self.items.reverse();
        self.items.sort_by(|left, right| order(left).cmp(order(right)));
        self.items.dedup_by(|later, first| order(later) == order(first));
    }

    /// Makes elements the values of cells whose paths follow from the timestamp and all of them.
    fn name(&mut self, timestamp: i64) -> Result<(), Fault> {
        let mut all = Vec::new();
        for (element, _) in self.cells() {
            all.extend_from_slice(element.len().to_string().as_bytes());
            all.push(b':');
            all.extend_from_slice(element);
        }
        let digest = hash128(&all).0;
        for (index, item) in (0_u64..).zip(&mut self.items) {
            let start = self.bytes.as_slice().len();
            list_path(timestamp, digest, index, &mut self.bytes)?;
            item.second = std::mem::replace(&mut item.first, start..self.bytes.as_slice().len());
        }
        Ok(())
    }
}

/// A UUID of version 1 for an element of a list; ascends with the index.
fn list_path(timestamp: i64, digest: u64, index: u64, out: &mut Sink) -> Result<(), Fault> {
    let micros = 0_u64.wrapping_add_signed(timestamp);
    let time = micros.wrapping_mul(INTERVALS).wrapping_add(UUID_EPOCH);
    let time = time & 1_u64.wrapping_shl(TIME_BITS).wrapping_sub(1);
    let mut rest = Vec::with_capacity(8);
    be::put_last(VARIANT | (digest.wrapping_shr(16) & 0x3f), 1, &mut rest);
    be::put_last(digest.wrapping_shr(24), 1, &mut rest);
    // The bytes of the second half sort by their sign.
    let node = (digest & 0xffff).wrapping_shl(32) | (index ^ SIGN_OF_EACH_BYTE);
    be::put_last(node, 6, &mut rest);
    let mut made = TimeuuidValue::new();
    made.time_low = fit(time & 0xffff_ffff)?;
    made.time_mid = fit(time.wrapping_shr(32) & 0xffff)?;
    made.time_hi_and_version = fit(time.wrapping_shr(48) | VERSION)?;
    made.clock_seq_and_node = &rest;
    made.encode(out)
}

impl<'b> Collection<'b> {
    /// The collections of `array` as those of `cql`; none where the types do not go together here.
    pub(super) fn new(array: &'b dyn Array, cql: &CqlType) -> Option<Self> {
        let (kind, element, value) = match cql.unwrap_reversed() {
            CqlType::List(elements) => (Kind::List, elements.element.as_ref(), None),
            CqlType::Set(elements) => (Kind::Set, elements.element.as_ref(), None),
            CqlType::Map(entries) => (Kind::Map, &entries.key, Some(&entries.value)),
            _ => return None,
        };
        let (offsets, first, second) = match value {
            Some(value) => {
                let map = array.as_map_opt()?;
                let values = Values::new(map.values().as_ref(), value)?;
                (Offsets::Small(map.value_offsets()), map.keys().as_ref(), Some(values))
            }
            None => match array.as_list_opt::<i32>() {
                Some(list) => (Offsets::Small(list.value_offsets()), list.values().as_ref(), None),
                None => {
                    let list = array.as_list_opt::<i64>()?;
                    (Offsets::Large(list.value_offsets()), list.values().as_ref(), None)
                }
            },
        };
        let first = Values::new(first, element)?;
        Some(Self { array, offsets, kind, first, order: element.clone(), second })
    }

    /// Whether there is no collection in `row`.
    pub(super) fn is_null(&self, row: usize) -> bool {
        self.array.is_null(row)
    }

    /// Replaces what is in `out` by the cells of the collection in `row`.
    ///
    /// # Errors
    /// An element is none of its type.
    pub(super) fn cells(&self, row: usize, timestamp: i64, out: &mut Items) -> Result<(), Refusal> {
        self.collect(row, out)?;
        if self.kind == Kind::List {
            out.name(timestamp)?;
        }
        Ok(())
    }

    /// Appends the frozen form of the collection in `row`.
    ///
    /// # Errors
    /// An element is none of its type.
    pub(super) fn put(&self, row: usize, out: &mut Sink) -> Result<(), Refusal> {
        let mut items = Items::default();
        self.collect(row, &mut items)?;
        let number = fit(items.len())?;
        if self.kind == Kind::Map {
            let mut entries = Vec::with_capacity(items.len());
            for (key, value) in items.cells() {
                entries.push(MapEntry { key: nullable(key)?, value: nullable(value)? });
            }
            MapValue { num_entries: number, entries: List::from(entries) }.encode(out)?;
            return Ok(());
        }
        let elements = items.cells().map(|(element, _)| nullable(element));
        let elements = elements.collect::<Result<Vec<_>, _>>()?;
        Ok(CollectionValue { num_elements: number, elements: List::from(elements) }.encode(out)?)
    }

    fn collect(&self, row: usize, out: &mut Items) -> Result<(), Refusal> {
        out.bytes.clear();
        out.orders.clear();
        out.items.clear();
        for at in self.offsets.range(row).unwrap_or_default() {
            let first = part(&self.first, at, &mut out.bytes)?;
            let second = match &self.second {
                Some(values) => part(values, at, &mut out.bytes)?,
                None => 0..0,
            };
            let start = out.orders.len();
            if self.kind != Kind::List {
                let bytes = out.bytes.as_slice().get(first.clone()).unwrap_or_default();
                self.order.byte_comparable(bytes, &mut out.orders)?;
            }
            out.items.push(Item { order: start..out.orders.len(), first, second });
        }
        if self.kind != Kind::List {
            out.sort();
        }
        Ok(())
    }
}

fn part(values: &Values<'_>, at: usize, out: &mut Sink) -> Result<Range<usize>, Refusal> {
    if values.is_null(at) {
        return Err(Refusal::new("there are no nulls in collections"));
    }
    let start = out.as_slice().len();
    values.put(at, out)?;
    Ok(start..out.as_slice().len())
}

fn nullable(value: &[u8]) -> Result<NullableValue<'_>, Fault> {
    Ok(NullableValue { len_value: fit(value.len())?, value: Some(value) })
}
