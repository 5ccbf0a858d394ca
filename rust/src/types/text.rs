//! Values as text and as JSON, as `AbstractType.getString` and `toJSONString` write them.

use super::composites::each_component;
use super::values::{self, Part, Refusal};
use super::{CqlType, Entries, UserType};
use crate::codec::{be, decimals, java_numbers, text};
use crate::layouts::generated::values::DecimalValue;

impl CqlType {
    /// Appends the JSON of a value; `""` of one without bytes, in most types.
    ///
    /// # Errors
    /// `data` is no value of this type; what was appended by then is of no use.
    pub fn write_json(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        if let Some(done) = self.write_json_of_parts(data, out) {
            return done;
        }
        match self {
            Self::Blob | Self::Custom(_) => {
                out.extend_from_slice(b"\"0x");
                text::hex(data, out);
                out.push(b'"');
                Ok(())
            }
            _ if data.is_empty() => {
                out.extend_from_slice(b"\"\"");
                Ok(())
            }
            Self::Ascii | Self::Text => self.string(data).map(|found| text::quoted(found, out)),
            Self::Timestamp | Self::LegacyTimestamp => {
                let millis = be::i64(data).ok_or_else(|| refused_length("8", data))?;
                out.push(b'"');
                text::timestamp(millis, b' ', out);
                out.push(b'"');
                Ok(())
            }
            Self::Double | Self::Float => self.write_finite(data, out),
            Self::Counter => {
                text::integer(values::counter_total(data)?, out);
                Ok(())
            }
            Self::Decimal if data.len() <= 4 => Err(Refusal::new("no digits after the scale")),
            _ if self.is_json_string() => {
                out.push(b'"');
                self.write_plain(data, out)?;
                out.push(b'"');
                Ok(())
            }
            _ => self.write_plain(data, out),
        }
    }

    fn write_json_of_parts(&self, data: &[u8], out: &mut Vec<u8>) -> Option<Result<(), Refusal>> {
        Some(match self {
            Self::List(elements) | Self::Set(elements) => listed(out, |list| {
                values::each_element(data, |part| {
                    elements.element.write_json(present(part)?, list.next())
                })
            }),
            Self::Map(entries) => write_map(entries, data, out),
            Self::Tuple(fields) => listed(out, |list| {
                each_of_all(data, fields.len(), |index, part| {
                    write_field(fields.get(index), part, list.next())
                })
            }),
            Self::User(user) => write_user(user, data, out),
            Self::Vector(element, dimension) => listed(out, |list| {
                values::each_vector_element(element, *dimension, data, |part| {
                    element.write_json(part, list.next())
                })
            }),
            Self::Composite(_) | Self::DynamicComposite(_) => self.write_composite_json(data, out),
            Self::Reversed(base) => base.write_json(data, out),
            Self::PartitionerOrder(order) => {
                order.key.as_ref().unwrap_or(&Self::Blob).write_json(data, out)
            }
            _ => return None,
        })
    }

    /// Appends the text of a value, for partition keys and paths.
    ///
    /// # Errors
    /// `data` is no value of this type; what was appended by then is of no use.
    pub fn write_string(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match self {
            Self::Tuple(fields) => write_fields(fields.len(), |at| fields.get(at), data, out),
            Self::User(user) => {
                let field = |at: usize| user.fields.get(at).map(|(_, field)| field);
                write_fields(user.fields.len(), field, data, out)
            }
            Self::Composite(_) | Self::DynamicComposite(_) => self.write_components(data, out),
            Self::Reversed(base) => base.write_string(data, out),
            Self::Blob
            | Self::Custom(_)
            | Self::Counter
            | Self::PartitionerOrder(_)
            | Self::List(_)
            | Self::Set(_)
            | Self::Map(_)
            | Self::Vector(..) => {
                text::hex(data, out);
                Ok(())
            }
            _ if data.is_empty() => {
                if self.rejects_empty() {
                    Err(Refusal::new("a value without bytes"))
                } else {
                    Ok(())
                }
            }
            Self::TimeUuid if data.get(6).is_none_or(|byte| byte >> 4 != 1) => {
                Err(Refusal::new("not a UUID of version 1"))
            }
            _ => self.write_plain(data, out),
        }
    }

    /// Appends the text of a value that has no parts, and at least one byte.
    fn write_plain(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match self {
            Self::Ascii | Self::Text => out.extend_from_slice(self.string(data)?),
            Self::TinyInt => {
                text::integer(be::i8(data).ok_or_else(|| refused_length("1", data))?, out)
            }
            Self::SmallInt => {
                text::integer(be::i16(data).ok_or_else(|| refused_length("2", data))?, out);
            }
            Self::Int => {
                text::integer(be::i32(data).ok_or_else(|| refused_length("4", data))?, out)
            }
            Self::BigInt => {
                text::integer(be::i64(data).ok_or_else(|| refused_length("8", data))?, out);
            }
            Self::Varint => decimals::varint(data, out),
            Self::Decimal => {
                let parsed = DecimalValue::decode(data, 0)?;
                decimals::decimal(parsed.unscaled.magnitude, parsed.scale, out);
            }
            Self::Float => {
                let bits = be::u32(data).ok_or_else(|| refused_length("4", data))?;
                java_numbers::float_text(bits, out);
            }
            Self::Double => {
                let bits = be::u64(data).ok_or_else(|| refused_length("8", data))?;
                java_numbers::double_text(bits, out);
            }
            Self::Boolean => out.extend_from_slice(match data {
                [0] => b"false",
                [_] => b"true",
                _ => return Err(refused_length("1", data)),
            }),
            Self::Uuid | Self::TimeUuid | Self::LegacyTimeUuid | Self::LexicalUuid => {
                let bytes = data.try_into().map_err(|_| refused_length("16", data))?;
                text::uuid(bytes, out);
            }
            Self::Empty => return Err(Refusal::new("it only has the value without bytes")),
            _ => return self.write_time_or_inet(data, out),
        }
        Ok(())
    }

    fn write_time_or_inet(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match self {
            Self::Timestamp | Self::LegacyTimestamp => {
                let millis = be::i64(data).ok_or_else(|| refused_length("8", data))?;
                text::timestamp(millis, b'T', out);
            }
            Self::Date => text::date(i64::from(values::date(data)?), out),
            Self::Time => {
                text::time(values::time(data)?, out);
            }
            Self::Duration => {
                let (months, days, nanoseconds) = values::duration(data)?;
                text::duration(i64::from(months), i64::from(days), nanoseconds, out);
            }
            Self::Inet => match (data.try_into(), data.try_into()) {
                (Ok(short), _) => text::ipv4(short, out),
                (_, Ok(long)) => text::ipv6(long, out),
                _ => return Err(refused_length("4 or 16", data)),
            },
            // What has parts has been dealt with.
            _ => text::hex(data, out),
        }
        Ok(())
    }

    /// Appends a number, or null for what JSON has no number for.
    fn write_finite(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let start = out.len();
        self.write_plain(data, out)?;
        if out.last().is_some_and(|last| !last.is_ascii_digit()) {
            out.truncate(start);
            out.extend_from_slice(b"null");
        }
        Ok(())
    }

    const fn is_json_string(&self) -> bool {
        matches!(
            self,
            Self::Inet
                | Self::Date
                | Self::Time
                | Self::Duration
                | Self::Uuid
                | Self::TimeUuid
                | Self::LegacyTimeUuid
                | Self::LexicalUuid
        )
    }

    const fn rejects_empty(&self) -> bool {
        matches!(self, Self::TinyInt | Self::SmallInt | Self::Date | Self::Time | Self::Duration)
    }

    fn string<'a>(&self, data: &'a [u8]) -> Result<&'a [u8], Refusal> {
        let is_valid = match self {
            Self::Ascii => data.is_ascii(),
            _ => std::str::from_utf8(data).is_ok(),
        };
        if is_valid { Ok(data) } else { Err(Refusal::new("not text in the type's encoding")) }
    }

    /// Appends a cell's path as sstabledump prints it: of a UDT, the field's name.
    ///
    /// # Errors
    /// There is no such path.
    pub fn write_path(&self, path: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        match self {
            Self::List(_) => Self::TimeUuid.write_string(path, out),
            Self::Set(elements) => elements.element.write_string(path, out),
            Self::Map(entries) => entries.key.write_string(path, out),
            Self::User(user) => {
                let (name, _) = user.field_at(path)?;
                out.extend_from_slice(name.as_bytes());
                Ok(())
            }
            _ => {
                text::hex(path, out);
                Ok(())
            }
        }
    }

    /// The type of the value of a multi-cell type's cell at `path`.
    ///
    /// # Errors
    /// There is no such field in a UDT.
    pub fn cell_type(&self, path: &[u8]) -> Result<&Self, Refusal> {
        Ok(match self {
            Self::List(elements) if elements.is_multi_cell => &elements.element,
            Self::Set(elements) if elements.is_multi_cell => &Self::Empty,
            Self::Map(entries) if entries.is_multi_cell => &entries.value,
            Self::User(user) if user.is_multi_cell => &user.field_at(path)?.1,
            _ => self,
        })
    }

    fn write_composite_json(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut inner = Vec::new();
        self.write_components(data, &mut inner)?;
        text::quoted(&inner, out);
        Ok(())
    }

    fn write_components(&self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut inner = Vec::new();
        let mut is_first = true;
        let mut is_over = false;
        each_component(self, data, |component| {
            if is_over {
                return Ok(());
            }
            if !std::mem::take(&mut is_first) {
                out.push(b':');
            }
            out.extend_from_slice(component.label.as_bytes());
            inner.clear();
            component.kind.write_string(component.value, &mut inner)?;
            escape_component(&inner, out);
            if component.end != 0 {
                is_over = true;
                out.extend_from_slice(if component.end < 0 { b":_" } else { b":!" });
            }
            Ok(())
        })
    }
}

impl UserType {
    /// The field whose position is `path`.
    fn field_at(&self, path: &[u8]) -> Result<&(String, CqlType), Refusal> {
        let position = be::i16(path).and_then(|position| usize::try_from(position).ok());
        let field = position.and_then(|position| self.fields.get(position));
        field.ok_or_else(|| Refusal::new("no such field"))
    }
}

#[cold]
fn refused_length(wanted: &str, data: &[u8]) -> Refusal {
    Refusal::new(format!("expected {wanted} bytes, got {}", data.len()))
}

fn present(part: Part<'_>) -> Result<&[u8], Refusal> {
    part.ok_or_else(|| Refusal::new("a null inside"))
}

/// What stands in brackets, between commas.
struct List<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

impl List<'_> {
    fn next(&mut self) -> &mut Vec<u8> {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.out.extend_from_slice(b", ");
        }
        self.out
    }
}

fn enclosed(
    brackets: [u8; 2],
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut List<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let [open, close] = brackets;
    out.push(open);
    write(&mut List { out, is_empty: true })?;
    out.push(close);
    Ok(())
}

fn listed(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut List<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    enclosed(*b"[]", out, write)
}

fn write_map(entries: &Entries, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
    let mut key_text = Vec::new();
    enclosed(*b"{}", out, |list| {
        values::each_entry(data, |key, value| {
            let (key, value) = (present(key)?, present(value)?);
            key_text.clear();
            entries.key.write_json(key, &mut key_text)?;
            let out = list.next();
            if key_text.first() == Some(&b'"') {
                out.extend_from_slice(&key_text);
            } else {
                text::quoted(&key_text, out);
            }
            out.extend_from_slice(b": ");
            entries.value.write_json(value, out)
        })
    })
}

fn write_user(user: &UserType, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
    enclosed(*b"{}", out, |list| {
        each_of_all(data, user.fields.len(), |index, part| {
            let Some((name, field)) = user.fields.get(index) else { return Ok(()) };
            let out = list.next();
            if *name == name.to_lowercase() {
                text::quoted(name.as_bytes(), out);
            } else {
                text::quoted(format!("\"{name}\"").as_bytes(), out);
            }
            out.extend_from_slice(b": ");
            write_field(Some(field), part, out)
        })
    })
}

/// All fields that a type has, those that are missing as null.
fn each_of_all(
    data: &[u8],
    num_fields: usize,
    mut each: impl FnMut(usize, Part<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut next = 0_usize;
    values::each_field(data, num_fields, |index, part| {
        next = index.saturating_add(1);
        each(index, part)
    })?;
    (next..num_fields).try_for_each(|index| each(index, None))
}

fn write_field(kind: Option<&CqlType>, part: Part<'_>, out: &mut Vec<u8>) -> Result<(), Refusal> {
    match (kind, part) {
        (Some(kind), Some(part)) => kind.write_json(part, out),
        _ => {
            out.extend_from_slice(b"null");
            Ok(())
        }
    }
}

/// Fields between colons, of a tuple or UDT.
fn write_fields<'t>(
    num_fields: usize,
    kind: impl Fn(usize) -> Option<&'t CqlType>,
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    let mut inner = Vec::new();
    values::each_field(data, num_fields, |index, part| {
        if index > 0 {
            out.push(b':');
        }
        let (Some(kind), Some(part)) = (kind(index), part) else {
            out.push(b'@');
            return Ok(());
        };
        inner.clear();
        kind.write_string(part, &mut inner)?;
        for byte in &inner {
            if matches!(byte, b':' | b'@') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        Ok(())
    })
}

fn escape_component(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        if *byte == b':' {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    if matches!(text.last(), Some(b'\\' | b'!')) {
        out.push(b'!');
    }
}
