//! Components of composite values: compound partition keys, and the names of old tables.

use super::values::Refusal;
use super::{CqlType, parse_type};
use crate::layouts::generated::values::{CompositeValue, DynamicCompositeValue};
use crate::layouts::prelude::{Cursor, Failure};

/// One component of a composite value.
#[derive(Debug)]
pub struct Component<'a> {
    /// Its type.
    pub kind: &'a CqlType,
    /// Its bytes.
    pub value: &'a [u8],
    /// 0, or in bounds of slices -1 for before and 1 for after what starts with it.
    pub end: i8,
    /// A dynamic composite's alias or class and an at sign, else nothing.
    pub label: &'a str,
}

/// Hands the components of a composite value to `each`; to begin with, all are looked at.
///
/// # Errors
/// It is no such value, a dynamic one has a type that is not known, or `each` refuses.
pub fn each_component(
    owner: &CqlType,
    data: &[u8],
    each: impl FnMut(Component<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match owner {
        CqlType::Composite(kinds) => static_components(kinds, data, each),
        CqlType::DynamicComposite(aliases) => dynamic_components(aliases, data, each),
        _ => Err(Refusal::new("not a composite type")),
    }
}

/// Components' bytes and what says that they end a bound.
pub type Parts<'a> = Vec<(&'a [u8], i8)>;

/// Whether the first component is the mark of a static column's name, and the others.
///
/// # Errors
/// It is no composite value.
pub fn split_composite(data: &[u8]) -> Result<(bool, Parts<'_>), Refusal> {
    let mut cur = Cursor::new(data, 0);
    let mut is_static = false;
    let mut found = Vec::new();
    CompositeValue::visit_components(&mut cur, |_, component| {
        match (component.value, component.end_of_component) {
            (Some(value), Some(end)) => found.push((value, end)),
            _ => is_static = true,
        }
        Ok(())
    })
    .map_err(|refusal: Refusal| refusal.located(&cur))?;
    Ok((is_static, found))
}

fn static_components(
    kinds: &[CqlType],
    data: &[u8],
    mut each: impl FnMut(Component<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let (_, found) = split_composite(data)?;
    if found.len() > kinds.len() {
        return Err(Refusal::new("more components than the type has"));
    }
    for (kind, (value, end)) in kinds.iter().zip(found) {
        each(Component { kind, value, end, label: "" })?;
    }
    Ok(())
}

fn dynamic_components(
    aliases: &[(u8, CqlType)],
    data: &[u8],
    mut each: impl FnMut(Component<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut cur = Cursor::new(data, 0);
    let mut found = Vec::new();
    DynamicCompositeValue::visit_components(&mut cur, |_, component| {
        let (kind, name) = match component.type_name {
            Some(name) => (known_type(name)?, name.to_owned()),
            None => alias(aliases, component.alias())?,
        };
        found.push((kind, component.value, component.end_of_component, format!("{name}@")));
        Ok(())
    })
    .map_err(|refusal: Refusal| refusal.located(&cur))?;
    for (kind, value, end, label) in &found {
        each(Component { kind, value, end: *end, label })?;
    }
    Ok(())
}

fn alias(aliases: &[(u8, CqlType)], alias: i64) -> Result<(CqlType, String), Refusal> {
    let known = aliases.iter().find(|(name, _)| i64::from(*name) == alias);
    let (name, kind) = known.ok_or_else(|| Refusal::new("no such alias"))?;
    Ok((kind.clone(), char::from(*name).to_string()))
}

/// The type of a class of Cassandra's own.
fn known_type(name: &str) -> Result<CqlType, Refusal> {
    match parse_type(name) {
        Ok(kind) if kind.is_known() => Ok(kind),
        _ => Err(Refusal::new(format!("unknown class {name}"))),
    }
}

impl CqlType {
    /// Whether neither the type nor any inside of it is of a class that is not Cassandra's.
    fn is_known(&self) -> bool {
        match self {
            Self::Custom(_) => false,
            Self::List(elements) | Self::Set(elements) => elements.element.is_known(),
            Self::Map(entries) => entries.key.is_known() && entries.value.is_known(),
            Self::Tuple(kinds) | Self::Composite(kinds) => kinds.iter().all(Self::is_known),
            Self::User(user) => user.fields.iter().all(|(_, kind)| kind.is_known()),
            Self::Vector(kind, _) | Self::Reversed(kind) => kind.is_known(),
            Self::DynamicComposite(aliases) => aliases.iter().all(|(_, kind)| kind.is_known()),
            Self::PartitionerOrder(order) => order.key.as_ref().is_none_or(Self::is_known),
            _ => true,
        }
    }
}
