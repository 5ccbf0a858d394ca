//! The order of clusterings and bounds (`ClusteringComparator`).

use super::CqlType;
use super::byte_comparable as bc;
use super::values::Refusal;
use crate::layouts::generated::clustering::Kind;

/// The types of a table's clustering columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusteringTypes {
    types: Vec<CqlType>,
    shapes: Vec<i32>,
}

impl ClusteringTypes {
    /// Columns of these types.
    #[must_use]
    pub fn new(types: Vec<CqlType>) -> Self {
        let shapes = types.iter().map(CqlType::shape).collect();
        Self { types, shapes }
    }

    /// One number for each column, see `specs/data.ksy`.
    #[must_use]
    pub fn shapes(&self) -> &[i32] {
        &self.shapes
    }

    /// The types, in the order of the columns.
    #[must_use]
    pub fn types(&self) -> &[CqlType] {
        &self.types
    }

    /// The place of a clustering, as [`ClusteringTypes::position`] has it, where its bytes are
    /// few and easily had: a number that they are the first bytes of, and how many.
    #[inline]
    #[must_use]
    pub fn short_position(&self, values: &[Option<&[u8]>]) -> Option<(u128, usize)> {
        // The number ends in the terminator.
        const MOST: u32 = u128::BITS / 8 - 1;
        if values.len() != self.types.len() {
            return None;
        }
        let (mut place, mut size) = (0_u128, 0_u32);
        for (column, value) in self.types.iter().zip(values) {
            let (number, more) = column.comparable_number((*value)?)?;
            size = size.saturating_add(more).saturating_add(1);
            if size > MOST {
                return None;
            }
            let marked = (place.wrapping_shl(8)) | u128::from(bc::NEXT_COMPONENT);
            place = marked.wrapping_shl(more.wrapping_mul(8)) | number;
        }
        place = (place.wrapping_shl(8)) | u128::from(bc::TERMINATOR);
        let unused = MOST.saturating_sub(size);
        Some((
            place.wrapping_shl(unused.wrapping_mul(8)),
            usize::try_from(size).ok()?.checked_add(1)?,
        ))
    }

    /// Replaces what is in `out` by the place of a clustering or bound in the order of the
    /// columns. Values are serialized, none for null, and fewer than columns in a bound.
    ///
    /// # Errors
    /// A value is none of its column's type.
    pub fn position<'v>(
        &self,
        values: impl IntoIterator<Item = Option<&'v [u8]>>,
        kind: Kind,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        out.clear();
        for (column, value) in self.types.iter().zip(values) {
            let start = out.len();
            out.push(bc::NEXT_COMPONENT);
            let mark = match value {
                None => Some(bc::NEXT_COMPONENT_NULL),
                Some(value) if column.byte_comparable(value, out)? => None,
                Some(_) if column.is_reversed() => Some(bc::NEXT_COMPONENT_EMPTY_REVERSED),
                Some(_) => Some(bc::NEXT_COMPONENT_EMPTY),
            };
            if let Some(mark) = mark {
                out.truncate(start);
                out.push(mark);
            }
        }
        out.push(terminator(kind));
        Ok(())
    }
}

/// What ends the place of a clustering or bound of a kind.
const fn terminator(kind: Kind) -> u8 {
    match kind {
        Kind::STATIC_CLUSTERING => bc::EXCLUDED,
        Kind::INCL_START_BOUND | Kind::EXCL_END_BOUND | Kind::EXCL_END_INCL_START_BOUNDARY => {
            bc::LT_NEXT_COMPONENT
        }
        Kind::EXCL_START_BOUND | Kind::INCL_END_BOUND | Kind::INCL_END_EXCL_START_BOUNDARY => {
            bc::GT_NEXT_COMPONENT
        }
        _ => bc::TERMINATOR,
    }
}
