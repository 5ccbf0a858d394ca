//! Types from the class strings that SSTables hold (`org.apache.cassandra.db.marshal.TypeParser`).

use super::{CqlType, Elements, Entries, PartitionerOrder, UserType};
use crate::errors::{Error, Kind};

/// The package of Cassandra's own type classes.
const PACKAGE: &str = "org.apache.cassandra.db.marshal.";
const PARTITIONERS: &str = "org.apache.cassandra.dht.";
const DEFAULT_PARTITIONER: &str = "org.apache.cassandra.dht.Murmur3Partitioner";
const DEEPEST: usize = 64;

/// The type that a class string says, such as `org.apache.cassandra.db.marshal.Int32Type`.
///
/// Classes of Cassandra's package may stand without it. A class that is not Cassandra's gives
/// [`CqlType::Custom`]. No text is `BytesType`.
///
/// # Errors
/// `Unsupported`: the text is malformed, or a class has other parameters than it takes.
pub fn parse_type(text: &str) -> Result<CqlType, Error> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let parsed = parser.parse()?;
    parser.skip_blanks();
    if parser.at == text.len() { Ok(parsed) } else { Err(parser.fail("text after the end")) }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    #[cold]
    fn fail(&self, message: &str) -> Error {
        let message = format!("type {:?}, at character {}: {message}", self.text, self.at);
        Error::new(Kind::Unsupported, "", message)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().bytes().next()
    }

    const fn skip(&mut self, number: usize) {
        self.at = self.at.saturating_add(number);
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| wanted(*byte)).count();
        self.skip(length);
        rest.get(..length).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
    }

    fn skip_comma(&mut self) {
        self.skip_blanks();
        if self.peek() == Some(b',') {
            self.skip(1);
            self.skip_blanks();
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), Error> {
        self.skip_blanks();
        if !self.rest().starts_with(token) {
            return Err(self.fail(&format!("expected {token:?}")));
        }
        self.skip(token.len());
        self.skip_blanks();
        Ok(())
    }

    fn identifier(&mut self) -> &'t str {
        self.skip_blanks();
        self.skip_while(|byte| byte.is_ascii_alphanumeric() || b"-+._&".contains(&byte))
    }

    fn hex_name(&mut self) -> Result<String, Error> {
        let digits = self.identifier();
        let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(hex_byte).collect();
        bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| self.fail("no name in hexadecimal"))
    }

    fn has_parameters(&mut self) -> bool {
        self.skip_blanks();
        self.peek() == Some(b'(')
    }

    fn open(&mut self) -> Result<(), Error> {
        if !self.has_parameters() {
            return Err(self.fail("expected parameters"));
        }
        self.skip(1);
        Ok(())
    }

    /// Whether the parameters end here; skips the parenthesis, or else a comma.
    fn closes(&mut self) -> Result<bool, Error> {
        self.skip_comma();
        match self.peek() {
            None => Err(self.fail("the text ends within parameters")),
            Some(b')') => {
                self.skip(1);
                Ok(true)
            }
            Some(_) => Ok(false),
        }
    }

    fn parse(&mut self) -> Result<CqlType, Error> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(self.fail("too many types within one another"));
        }
        self.skip_blanks();
        let start = self.at;
        let name = self.identifier();
        let parsed = if name.is_empty() {
            match self.peek() {
                None | Some(b',' | b')') => CqlType::Blob,
                Some(_) => return Err(self.fail("unexpected character")),
            }
        } else {
            self.of_class(name, start)?
        };
        self.depth = self.depth.saturating_sub(1);
        Ok(parsed)
    }

    fn of_class(&mut self, name: &str, start: usize) -> Result<CqlType, Error> {
        let simple = name.strip_prefix(PACKAGE).unwrap_or(name);
        if let Some(base) = simple_type(simple) {
            return self.default_parameters(base);
        }
        match simple {
            "CompositeType" => Ok(CqlType::Composite(self.types()?)),
            "DynamicCompositeType" => self.dynamic_composite(),
            "FrozenType" => Ok(self.type_of_one()?.freeze()),
            "ListType" => Ok(CqlType::List(self.elements()?)),
            "MapType" => self.map(),
            "PartitionerDefinedOrder" => self.partitioner_order(),
            "ReversedType" => Ok(CqlType::Reversed(Box::new(self.type_of_one()?))),
            "SetType" => Ok(CqlType::Set(self.elements()?)),
            "TupleType" => {
                Ok(CqlType::Tuple(self.types()?.into_iter().map(CqlType::freeze).collect()))
            }
            "UserType" => self.user_type(),
            "VectorType" => self.vector(),
            _ => {
                self.skip_parameters()?;
                let class = self.text.get(start..self.at).unwrap_or_default();
                Ok(CqlType::Custom(class.trim_end_matches([' ', '\t', '\n']).to_owned()))
            }
        }
    }

    /// Skips what is in parentheses, whatever it is.
    fn skip_parameters(&mut self) -> Result<(), Error> {
        let end = self.at;
        if !self.has_parameters() {
            self.at = end;
            return Ok(());
        }
        let mut level = 0_usize;
        for (index, byte) in self.rest().bytes().enumerate() {
            match byte {
                b'(' => level = level.saturating_add(1),
                b')' => level = level.saturating_sub(1),
                _ => {}
            }
            if level == 0 {
                self.skip(index.saturating_add(1));
                return Ok(());
            }
        }
        Err(self.fail("the text ends within parameters"))
    }

    /// `reversed=true` in parentheses, which any simple type takes.
    fn default_parameters(&mut self, base: CqlType) -> Result<CqlType, Error> {
        if !self.has_parameters() {
            return Ok(base);
        }
        self.open()?;
        let mut is_reversed = false;
        while !self.closes()? {
            let key = self.identifier();
            if key.is_empty() {
                return Err(self.fail("unexpected character"));
            }
            self.skip_blanks();
            let mut value = "";
            if self.peek() == Some(b'=') {
                self.skip(1);
                value = self.identifier();
            }
            if key == "reversed" {
                is_reversed = value.is_empty() || value == "true";
            }
        }
        Ok(if is_reversed { CqlType::Reversed(Box::new(base)) } else { base })
    }

    fn types(&mut self) -> Result<Vec<CqlType>, Error> {
        let mut found = Vec::new();
        if self.has_parameters() {
            self.open()?;
            while !self.closes()? {
                found.push(self.parse()?);
            }
        }
        Ok(found)
    }

    fn array<const N: usize>(&mut self) -> Result<[CqlType; N], Error> {
        self.types()?.try_into().map_err(|_| self.fail("another number of types is needed"))
    }

    fn type_of_one(&mut self) -> Result<CqlType, Error> {
        let [found] = self.array()?;
        Ok(found)
    }

    fn elements(&mut self) -> Result<Elements, Error> {
        let element = Box::new(self.type_of_one()?.freeze());
        Ok(Elements { element, is_multi_cell: true })
    }

    fn map(&mut self) -> Result<CqlType, Error> {
        let [key, value] = self.array()?;
        let entries = Entries { key: key.freeze(), value: value.freeze(), is_multi_cell: true };
        Ok(CqlType::Map(Box::new(entries)))
    }

    fn dynamic_composite(&mut self) -> Result<CqlType, Error> {
        let mut aliases: Vec<(u8, CqlType)> = Vec::new();
        if self.has_parameters() {
            self.open()?;
            while !self.closes()? {
                let [alias] = *self.identifier().as_bytes() else {
                    return Err(self.fail("an alias has one character"));
                };
                self.expect("=>")?;
                let parsed = self.parse()?;
                aliases.retain(|(known, _)| *known != alias);
                aliases.push((alias, parsed));
            }
        }
        Ok(CqlType::DynamicComposite(aliases))
    }

    fn user_type(&mut self) -> Result<CqlType, Error> {
        self.open()?;
        let keyspace = self.identifier().to_owned();
        self.skip_comma();
        let name = self.hex_name()?;
        let mut fields: Vec<(String, CqlType)> = Vec::new();
        while !self.closes()? {
            let field = self.hex_name()?;
            if fields.iter().any(|(known, _)| *known == field) {
                return Err(self.fail("a field's name twice"));
            }
            self.expect(":")?;
            fields.push((field, self.parse()?));
        }
        Ok(CqlType::User(Box::new(UserType { keyspace, name, fields, is_multi_cell: true })))
    }

    fn vector(&mut self) -> Result<CqlType, Error> {
        self.open()?;
        let element = self.parse()?.freeze();
        self.skip_comma();
        let dimension = self.identifier();
        let dimension = dimension.parse::<i32>().ok().filter(|number| *number > 0);
        let dimension =
            dimension.ok_or_else(|| self.fail("a vector needs a number of elements"))?;
        self.expect(")")?;
        if element.value_length_if_fixed().checked_mul(dimension).is_none() {
            return Err(self.fail("the vector is too long"));
        }
        Ok(CqlType::Vector(Box::new(element), dimension))
    }

    fn partitioner_order(&mut self) -> Result<CqlType, Error> {
        let mut order = PartitionerOrder { partitioner: DEFAULT_PARTITIONER.to_owned(), key: None };
        if self.has_parameters() {
            self.open()?;
            let name = self.identifier();
            let simple = name.strip_prefix(PARTITIONERS).unwrap_or(name);
            order.partitioner = format!("{PARTITIONERS}{simple}");
            self.skip_blanks();
            if self.peek() == Some(b':') {
                self.skip(1);
                order.key = Some(self.parse()?);
            }
            self.expect(")")?;
        }
        Ok(CqlType::PartitionerOrder(Box::new(order)))
    }
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let [high, low] = *digits else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(high)? << 4) | digit(low)?)
}

fn simple_type(name: &str) -> Option<CqlType> {
    Some(match name {
        "AsciiType" => CqlType::Ascii,
        "BooleanType" => CqlType::Boolean,
        "ByteType" => CqlType::TinyInt,
        "BytesType" => CqlType::Blob,
        "CounterColumnType" => CqlType::Counter,
        "DateType" => CqlType::LegacyTimestamp,
        "DecimalType" => CqlType::Decimal,
        "DoubleType" => CqlType::Double,
        "DurationType" => CqlType::Duration,
        "EmptyType" => CqlType::Empty,
        "FloatType" => CqlType::Float,
        "InetAddressType" => CqlType::Inet,
        "Int32Type" => CqlType::Int,
        "IntegerType" => CqlType::Varint,
        "LegacyTimeUUIDType" => CqlType::LegacyTimeUuid,
        "LexicalUUIDType" => CqlType::LexicalUuid,
        "LongType" => CqlType::BigInt,
        "ShortType" => CqlType::SmallInt,
        "SimpleDateType" => CqlType::Date,
        "TimeType" => CqlType::Time,
        "TimeUUIDType" => CqlType::TimeUuid,
        "TimestampType" => CqlType::Timestamp,
        "UTF8Type" => CqlType::Text,
        "UUIDType" => CqlType::Uuid,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<CqlType, String> {
        parse_type(text).map_err(|error| error.to_string())
    }

    #[test]
    fn simple_and_nested() -> Result<(), String> {
        assert_eq!(parsed("")?, CqlType::Blob);
        assert_eq!(parsed(" Int32Type ")?, CqlType::Int);
        let reversed = parsed("org.apache.cassandra.db.marshal.ReversedType(UTF8Type)")?;
        assert_eq!(reversed.unwrap_reversed(), &CqlType::Text);
        assert_eq!(parsed("UTF8Type(reversed=true)")?, reversed);
        let map = parsed("MapType(Int32Type,ListType(UTF8Type))")?;
        assert_eq!(map.shape(), super::super::MULTI_CELL_SHAPE);
        assert_eq!(map.clone().freeze().shape(), -1);
        assert_eq!(map.cql_name(), "map<int, frozen<list<text>>>");
        let vector = parsed("VectorType(FloatType , 3)")?;
        assert_eq!(vector.value_length_if_fixed(), 12);
        Ok(())
    }

    #[test]
    fn user_types() -> Result<(), String> {
        let user = parsed("UserType(ks,70,78:Int32Type,79:UTF8Type)")?;
        assert_eq!(user.cql_name(), "p");
        assert!(user.is_multi_cell());
        assert_eq!(parsed("FrozenType(UserType(ks,70,78:Int32Type))")?.cql_name(), "frozen<p>");
        Ok(())
    }

    #[test]
    fn others() -> Result<(), String> {
        let custom = parsed("com.example.Thing(a(b),c)")?;
        assert_eq!(custom, CqlType::Custom("com.example.Thing(a(b),c)".to_owned()));
        assert!(matches!(
            parsed("DynamicCompositeType(a=>AsciiType,b=>BytesType)")?,
            CqlType::DynamicComposite(aliases) if aliases.len() == 2
        ));
        assert!(matches!(
            parsed("PartitionerDefinedOrder(Murmur3Partitioner:Int32Type)")?,
            CqlType::PartitionerOrder(order) if order.key == Some(CqlType::Int)
        ));
        Ok(())
    }

    #[test]
    fn malformed() {
        let deep = "ListType(".repeat(100);
        for text in [
            "Int32Type)",
            "ListType",
            "ListType(Int32Type,UTF8Type)",
            "VectorType(FloatType,0)",
            "VectorType(DoubleType,2000000000)",
            "UserType(ks,7,78:Int32Type)",
            "MapType(",
            "%",
            "x(",
            &deep,
            "UserType(ks,70,78:Int32Type,78:Int32Type)",
            "DynamicCompositeType(ab=>AsciiType)",
        ] {
            assert!(parse_type(text).is_err(), "{text}");
        }
    }
}
