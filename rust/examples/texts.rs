//! Prints values as the engine does, for tests: each line of the file that is named has what
//! to call, `json`, `string` or a function of the codec, its argument in hexadecimal, and
//! the type's class. Values that are refused are printed as a question mark.

use std::io::Write;

use cqlite_core::codec::{java_numbers, text};
use cqlite_core::types::parse_type;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let mut out = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().ok_or("too few words");
        let (function, data, kind) = (word()?, bytes(word()?)?, word()?);
        if kind.is_empty() {
            print(function, &data, &mut out)?;
        } else {
            value(function, kind, &data, &mut out)?;
        }
        out.push(b'\n');
    }
    std::io::stdout().write_all(&out)?;
    Ok(())
}

fn bytes(digits: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

fn value(
    function: &str,
    kind: &str,
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Box<dyn std::error::Error>> {
    let kind = parse_type(kind)?;
    let start = out.len();
    let done = match function {
        "json" => kind.write_json(data, out),
        _ => kind.write_string(data, out),
    };
    if done.is_err() {
        out.truncate(start);
        out.push(b'?');
    }
    Ok(())
}

fn print(function: &str, data: &[u8], out: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
    match function {
        "double" => java_numbers::double_text(u64::from_be_bytes(data.try_into()?), out),
        "float" => java_numbers::float_text(u32::from_be_bytes(data.try_into()?), out),
        "write_time" => text::write_time(i64::from_be_bytes(data.try_into()?), out),
        "instant" => text::instant(i64::from_be_bytes(data.try_into()?), 0, out),
        "quoted" => text::quoted(data, out),
        _ => return Err("unknown function".into()),
    }
    Ok(())
}
