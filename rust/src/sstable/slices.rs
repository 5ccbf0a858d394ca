//! Parts of a partition's rows that are wanted.

use crate::errors::{Error, Kind};
use crate::layouts::generated::clustering;
use crate::types::clusterings::ClusteringTypes;

/// A start or an end in the order of a partition's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// Serialized values of the first clustering columns; none for the partition's own end.
    pub values: Vec<Vec<u8>>,
    /// Whether clusterings that begin with these values are in.
    pub inclusive: bool,
}

/// The clusterings from `start` to `end`, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The first ones.
    pub start: Bound,
    /// The last ones.
    pub end: Bound,
}

impl Bound {
    /// The kind of bound that it is as a start.
    #[must_use]
    pub fn start_kind(&self) -> clustering::Kind {
        if self.inclusive || self.values.is_empty() {
            clustering::Kind::INCL_START_BOUND
        } else {
            clustering::Kind::EXCL_START_BOUND
        }
    }

    /// The kind of bound that it is as an end.
    #[must_use]
    pub fn end_kind(&self) -> clustering::Kind {
        if self.inclusive || self.values.is_empty() {
            clustering::Kind::INCL_END_BOUND
        } else {
            clustering::Kind::EXCL_END_BOUND
        }
    }

    /// The values, for a place in the order.
    pub fn parts(&self) -> impl Iterator<Item = Option<&[u8]>> {
        self.values.iter().map(|value| Some(value.as_slice()))
    }
}

/// Where a row or marker is among slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In none.
    Out,
    /// In none, and before the slice of this number, to whose start an index may lead: said once
    /// of each slice.
    Before(usize),
    /// In one.
    In,
    /// After all of them.
    Past,
}

/// Slices as places in the byte-comparable order of clusterings.
#[derive(Clone)]
pub struct Slices {
    types: ClusteringTypes,
    /// Starts and ends.
    places: Vec<(Vec<u8>, Vec<u8>)>,
    next: usize,
    /// The first slice that it has not been said of that there is something before it.
    unsaid: usize,
    scratch: Vec<u8>,
}

impl Slices {
    /// The places of `slices`, which are in the order of the file and do not overlap.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: a value that its column's type does not allow.
    pub fn new(types: ClusteringTypes, slices: &[Slice]) -> Result<Self, Error> {
        let place = |bound: &Bound, kind| {
            let mut place = Vec::new();
            types.position(bound.parts(), kind, &mut place).map_err(|refusal| {
                Error::new(Kind::InvalidValue, "", format!("a clustering: {refusal}"))
            })?;
            Ok(place)
        };
        let places: Result<Vec<_>, Error> = slices
            .iter()
            .map(|slice| {
                let start = place(&slice.start, slice.start.start_kind())?;
                Ok((start, place(&slice.end, slice.end.end_kind())?))
            })
            .collect();
        Ok(Self { places: places?, types, next: 0, unsaid: 0, scratch: Vec::new() })
    }

    /// Starts again with another partition.
    pub const fn restart(&mut self) {
        (self.next, self.unsaid) = (0, 0);
    }

    /// The place at which a slice starts.
    pub fn start_of(&self, slice: usize) -> Option<&[u8]> {
        self.places.get(slice).map(|(start, _)| start.as_slice())
    }

    /// Where what comes next in the partition is; `jumps` says whether there is an index that
    /// may lead to a slice's start.
    ///
    /// # Errors
    /// [`Kind::InvalidValue`]: a value that its column's type does not allow.
    pub fn place(
        &mut self,
        values: &[Option<&[u8]>],
        kind: clustering::Kind,
        position: u64,
        jumps: bool,
    ) -> Result<Place, Error> {
        let found = self.types.position(values.iter().copied(), kind, &mut self.scratch);
        found.map_err(|refusal| {
            Error::new(Kind::InvalidValue, "Data.db", format!("a clustering: {refusal}"))
                .at(position, "clustering")
        })?;
        while let Some((start, end)) = self.places.get(self.next) {
            if self.scratch > *end {
                self.next = self.next.saturating_add(1);
            } else if self.scratch >= *start {
                return Ok(Place::In);
            } else if jumps && self.next >= self.unsaid {
                self.unsaid = self.next.saturating_add(1);
                return Ok(Place::Before(self.next));
            } else {
                return Ok(Place::Out);
            }
        }
        Ok(Place::Past)
    }
}
