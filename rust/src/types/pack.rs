//! The frozen form of values that are spread over many cells
//! (`serializeForNativeProtocol` of collections and UDTs).

use super::values::Refusal;
use super::{CqlType, UserType};
use crate::codec::be;
use crate::layouts::generated::values::{
    CollectionValue, MapEntry, MapValue, NullableValue, TupleValue,
};
use crate::layouts::prelude::{Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

/// Path and value of a cell.
pub type PathAndValue = (Vec<u8>, Vec<u8>);

impl CqlType {
    /// The frozen form of the cells of a value, in their order.
    ///
    /// # Errors
    /// The type has one cell, or a cell is of a field that the type does not have.
    pub fn pack(&self, cells: &[PathAndValue]) -> Result<Vec<u8>, Refusal> {
        let mut sink = Sink::new();
        let values = |of: fn(&PathAndValue) -> &Vec<u8>| -> Result<Vec<_>, Fault> {
            cells.iter().map(|cell| nullable(Some(of(cell).as_slice()))).collect()
        };
        match self {
            Self::List(_) => sequence(values(|cell| &cell.1)?, &mut sink)?,
            Self::Set(_) => sequence(values(|cell| &cell.0)?, &mut sink)?,
            Self::Map(_) => {
                let entries: Result<Vec<_>, Fault> = cells
                    .iter()
                    .map(|(key, value)| {
                        Ok(MapEntry { key: nullable(Some(key))?, value: nullable(Some(value))? })
                    })
                    .collect();
                let num_entries = fit(cells.len())?;
                MapValue { num_entries, entries: entries?.into() }.encode(&mut sink)?;
            }
            Self::User(user) => fields(user, cells, &mut sink)?,
            _ => return Err(Refusal::new(format!("a value of {} has one cell", self.cql_name()))),
        }
        Ok(sink.finish())
    }
}

fn nullable(value: Option<&[u8]>) -> Result<NullableValue<'_>, Fault> {
    let len_value = value.map_or(Ok(-1), |value| fit(value.len()))?;
    Ok(NullableValue { len_value, value })
}

fn sequence(elements: Vec<NullableValue<'_>>, sink: &mut Sink) -> Result<(), Fault> {
    let num_elements = fit(elements.len())?;
    CollectionValue { num_elements, elements: elements.into() }.encode(sink)
}

fn fields(user: &UserType, cells: &[PathAndValue], sink: &mut Sink) -> Result<(), Refusal> {
    let mut parts = vec![None; user.fields.len()];
    for (path, value) in cells {
        let number = be::i16(path).unwrap_or(-1);
        let part = usize::try_from(number).ok().and_then(|number| parts.get_mut(number));
        let Some(part) = part else {
            let num_fields = user.fields.len();
            return Err(Refusal::new(format!("no field {number}, the type has {num_fields}")));
        };
        *part = Some(value.as_slice());
    }
    let fields: Result<Vec<_>, Fault> = parts.into_iter().map(nullable).collect();
    Ok(TupleValue { fields: fields?.into() }.encode(sink)?)
}
