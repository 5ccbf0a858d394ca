//! Values of a column one below the other, serialized.

use crate::layouts::prelude::Fault;

/// Values of a column, none where it has none.
#[derive(Clone, Debug)]
pub struct Packed {
    pub(super) form: Form,
    pub(super) is_null: Vec<bool>,
    has_nulls: bool,
}

/// The values by the length that all of them have.
#[derive(Clone, Debug)]
pub(super) enum Form {
    One(Vec<[u8; 1]>),
    Two(Vec<[u8; 2]>),
    Four(Vec<[u8; 4]>),
    Eight(Vec<[u8; 8]>),
    Sixteen(Vec<[u8; 16]>),
    /// They have lengths of their own; where each ends.
    Any(Vec<u8>, Vec<usize>),
}

macro_rules! fixed {
    ($($name:ident $form:ident $length:literal;)*) => {$(
        #[doc = concat!("Adds values of ", $length, " byte(s) each, which `add` appends; says ")]
        /// `false` where those of the column have another length.
        #[inline]
        pub fn $name(&mut self, add: impl FnOnce(&mut Vec<[u8; $length]>)) -> bool {
            let Form::$form(values) = &mut self.form else { return false };
            add(values);
            self.is_null.resize(values.len(), false);
            true
        }
    )*};
}

impl Packed {
    /// No values yet, of a column of that shape (see `specs/data.ksy`).
    #[must_use]
    pub fn new(shape: i32) -> Self {
        let form = match shape {
            1 => Form::One(Vec::new()),
            2 => Form::Two(Vec::new()),
            4 => Form::Four(Vec::new()),
            8 => Form::Eight(Vec::new()),
            16 => Form::Sixteen(Vec::new()),
            _ => Form::Any(Vec::new(), Vec::new()),
        };
        Self { form, is_null: Vec::new(), has_nulls: false }
    }

    /// Forgets the values, but keeps the memory.
    pub fn clear(&mut self) {
        match &mut self.form {
            Form::One(values) => values.clear(),
            Form::Two(values) => values.clear(),
            Form::Four(values) => values.clear(),
            Form::Eight(values) => values.clear(),
            Form::Sixteen(values) => values.clear(),
            Form::Any(bytes, ends) => {
                bytes.clear();
                ends.clear();
            }
        }
        self.is_null.clear();
        self.has_nulls = false;
    }

    /// How many values and nulls there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.is_null.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.is_null.is_empty()
    }

    /// Whether any of them is null.
    #[must_use]
    pub const fn has_nulls(&self) -> bool {
        self.has_nulls
    }

    /// How many bytes each value has, if that is one number.
    #[must_use]
    pub const fn length(&self) -> Option<usize> {
        match &self.form {
            Form::One(_) => Some(1),
            Form::Two(_) => Some(2),
            Form::Four(_) => Some(4),
            Form::Eight(_) => Some(8),
            Form::Sixteen(_) => Some(16),
            Form::Any(..) => None,
        }
    }

    fixed! {
        ones One 1;
        twos Two 2;
        fours Four 4;
        eights Eight 8;
    }

    /// Adds a value.
    ///
    /// # Errors
    /// It has not the length that the column's type fixes.
    pub fn push(&mut self, value: &[u8]) -> Result<(), Fault> {
        match &mut self.form {
            Form::One(values) => values.push(exact(value)?),
            Form::Two(values) => values.push(exact(value)?),
            Form::Four(values) => values.push(exact(value)?),
            Form::Eight(values) => values.push(exact(value)?),
            Form::Sixteen(values) => values.push(exact(value)?),
            Form::Any(bytes, ends) => {
                bytes.extend_from_slice(value);
                ends.push(bytes.len());
            }
        }
        self.is_null.push(false);
        Ok(())
    }

    /// Adds values whose bytes are one behind the other; `ends` says where each of them ends
    /// among them. Says `false` where all have one length by their type.
    pub fn all(&mut self, values: &[u8], ends: impl Iterator<Item = usize>) -> bool {
        let Form::Any(bytes, known) = &mut self.form else { return false };
        let start = bytes.len();
        bytes.extend_from_slice(values);
        known.extend(ends.map(|end| start.saturating_add(end)));
        self.is_null.resize(known.len(), false);
        true
    }

    /// Adds a null.
    pub fn push_null(&mut self) {
        match &mut self.form {
            Form::One(values) => values.push([0; 1]),
            Form::Two(values) => values.push([0; 2]),
            Form::Four(values) => values.push([0; 4]),
            Form::Eight(values) => values.push([0; 8]),
            Form::Sixteen(values) => values.push([0; 16]),
            Form::Any(bytes, ends) => ends.push(bytes.len()),
        }
        self.is_null.push(true);
        self.has_nulls = true;
    }

    /// Makes nulls of the values from `start` on of which `is_null` says so, by their number.
    pub fn set_nulls(&mut self, start: usize, is_null: impl Fn(usize) -> bool) {
        for (number, flag) in self.is_null.iter_mut().skip(start).enumerate() {
            *flag = is_null(number);
            self.has_nulls |= *flag;
        }
    }

    /// Whether there is none in `row`.
    #[inline]
    #[must_use]
    pub fn is_null(&self, row: usize) -> bool {
        self.has_nulls && self.is_null.get(row).copied().unwrap_or(true)
    }

    /// The value in `row`, none if it is null.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&[u8]> {
        if self.is_null(row) {
            return None;
        }
        match &self.form {
            Form::One(values) => values.get(row).map(<[u8; 1]>::as_slice),
            Form::Two(values) => values.get(row).map(<[u8; 2]>::as_slice),
            Form::Four(values) => values.get(row).map(<[u8; 4]>::as_slice),
            Form::Eight(values) => values.get(row).map(<[u8; 8]>::as_slice),
            Form::Sixteen(values) => values.get(row).map(<[u8; 16]>::as_slice),
            Form::Any(bytes, ends) => any(bytes, ends, row),
        }
    }
}

/// The value of a row among those that have lengths of their own.
#[inline]
pub(super) fn any<'b>(bytes: &'b [u8], ends: &[usize], row: usize) -> Option<&'b [u8]> {
    let start = match row.checked_sub(1) {
        None => 0,
        Some(before) => *ends.get(before)?,
    };
    bytes.get(start..*ends.get(row)?)
}

fn exact<const N: usize>(value: &[u8]) -> Result<[u8; N], Fault> {
    value.try_into().map_err(|_| Fault::Inconsistent)
}
