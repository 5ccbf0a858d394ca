//! Any decoded object field by field, for tools that do not know its type.

use super::prelude::{Error, Fault};

/// A value of a field, parameter apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'v> {
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Bytes.
    Bytes(&'v [u8]),
    /// Text.
    Text(&'v str),
    /// A number of an enum, with its name if it has one.
    Enum(i64, Option<&'static str>),
    /// Not there.
    Absent,
    /// Computed without a result.
    Failed(Fault),
    /// A part that cannot be decoded.
    Broken(Error),
}

/// What is told of every field of an object, in order.
pub trait Visitor {
    /// A field or computed instance; `name` is empty for an item of a list.
    fn value(&mut self, name: &str, value: Value<'_>);
    /// An object or, with its number of items, a list begins.
    fn enter(&mut self, name: &str, items: Option<usize>);
    /// It ends.
    fn leave(&mut self);
}

/// An argument for a type's parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// An integer, or a number of an enum.
    Int(i64),
    /// Integers.
    Ints(Vec<i32>),
    /// True or false.
    Bool(bool),
    /// Text.
    Text(String),
}

impl Param {
    /// As an integer.
    pub fn int<T: TryFrom<i64>>(&self) -> Option<T> {
        match self {
            Self::Int(value) => T::try_from(*value).ok(),
            _ => None,
        }
    }

    /// As integers.
    #[must_use]
    pub fn ints(&self) -> Option<&[i32]> {
        match self {
            Self::Ints(values) => Some(values),
            _ => None,
        }
    }

    /// As true or false.
    #[must_use]
    pub const fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// As text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }
}

/// An object that any visitor can look at and that can be written again.
pub trait Layout {
    /// Tells `visitor` of all fields and of the computed instances.
    fn inspect(&self, visitor: &mut dyn Visitor);
    /// Writes the object's own bytes.
    fn encode(&self, out: &mut super::sink::Sink) -> Result<(), Fault>;
}

/// What comes of a type that was decoded by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How many bytes the object takes.
    pub size: usize,
    /// The object written again.
    pub encoded: Result<Vec<u8>, Fault>,
}
