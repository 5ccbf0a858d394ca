//! What types are called in CQL.

use super::CqlType;

const RESERVED: &str = " add allow alter and apply asc authorize batch begin by columnfamily \
create delete desc describe drop entries execute from full grant if in index infinity insert \
into is keyspace limit materialized modify nan norecursive not null of on or order primary \
rename revoke schema select set table to token truncate unlogged update use using view where \
with ";

impl CqlType {
    /// The type in CQL, such as `frozen<list<int>>`; a class in quotes if it has none.
    #[must_use]
    pub fn cql_name(&self) -> String {
        if let Some(name) = self.simple_name() {
            return name.to_owned();
        }
        match self {
            Self::List(elements) => {
                frozen(format!("list<{}>", elements.element.cql_name()), elements.is_multi_cell)
            }
            Self::Set(elements) => {
                frozen(format!("set<{}>", elements.element.cql_name()), elements.is_multi_cell)
            }
            Self::Map(entries) => {
                let name = format!("map<{}, {}>", entries.key.cql_name(), entries.value.cql_name());
                frozen(name, entries.is_multi_cell)
            }
            Self::Tuple(fields) => {
                let names: Vec<String> = fields.iter().map(Self::cql_name).collect();
                format!("frozen<tuple<{}>>", names.join(", "))
            }
            Self::User(user) => frozen(maybe_quote(&user.name), user.is_multi_cell),
            Self::Vector(element, dimension) => {
                format!("vector<{}, {dimension}>", element.cql_name())
            }
            Self::Reversed(base) => base.cql_name(),
            Self::Custom(class) => format!("'{class}'"),
            _ => "'a class that CQL has no name for'".to_owned(),
        }
    }

    const fn simple_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Ascii => "ascii",
            Self::BigInt => "bigint",
            Self::Blob => "blob",
            Self::Boolean => "boolean",
            Self::Counter => "counter",
            Self::Date => "date",
            Self::Decimal => "decimal",
            Self::Double => "double",
            Self::Duration => "duration",
            Self::Empty => "empty",
            Self::Float => "float",
            Self::Inet => "inet",
            Self::Int => "int",
            Self::LegacyTimestamp | Self::Timestamp => "timestamp",
            Self::LegacyTimeUuid | Self::TimeUuid => "timeuuid",
            Self::LexicalUuid => "'org.apache.cassandra.db.marshal.LexicalUUIDType'",
            Self::SmallInt => "smallint",
            Self::Text => "text",
            Self::Time => "time",
            Self::TinyInt => "tinyint",
            Self::Uuid => "uuid",
            Self::Varint => "varint",
            _ => return None,
        })
    }
}

fn frozen(name: String, is_multi_cell: bool) -> String {
    if is_multi_cell { name } else { format!("frozen<{name}>") }
}

/// A name as a CQL identifier, quoted where it must be (`ColumnIdentifier.maybeQuote`).
#[must_use]
pub fn maybe_quote(name: &str) -> String {
    let starts = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if starts && plain && !RESERVED.contains(&format!(" {name} ")) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}
