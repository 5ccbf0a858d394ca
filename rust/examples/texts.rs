//! Prints values as the engine's codec does, for tests: each line of the file that is named
//! has a function and its argument in hexadecimal.

use std::io::Write;

use cqlite_core::codec::{decimals, java_numbers, text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let mut out = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let (function, digits) = line.split_once(' ').ok_or("no argument")?;
        print(function, &bytes(digits)?, &mut out)?;
        out.push(b'\n');
    }
    std::io::stdout().write_all(&out)?;
    Ok(())
}

fn bytes(digits: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

fn print(function: &str, data: &[u8], out: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
    match function {
        "double" => java_numbers::double_text(u64::from_be_bytes(data.try_into()?), out),
        "float" => java_numbers::float_text(u32::from_be_bytes(data.try_into()?), out),
        "varint" => decimals::varint(data, out),
        "decimal" => {
            let (scale, unscaled) = data.split_first_chunk::<4>().ok_or("no scale")?;
            decimals::decimal(unscaled, i32::from_be_bytes(*scale), out);
        }
        "quoted" => text::quoted(data, out),
        "timestamp" => text::timestamp(i64::from_be_bytes(data.try_into()?), b' ', out),
        "write_time" => text::write_time(i64::from_be_bytes(data.try_into()?), out),
        "instant" => text::instant(i64::from_be_bytes(data.try_into()?), 0, out),
        "date" => {
            let days = i64::from(u32::from_be_bytes(data.try_into()?));
            text::date(days.saturating_sub(1 << 31), out);
        }
        "time" if text::time(i64::from_be_bytes(data.try_into()?), out) => {}
        "uuid" => text::uuid(&data.try_into()?, out),
        "inet" => match data.len() {
            4 => text::ipv4(data.try_into()?, out),
            _ => text::ipv6(data.try_into()?, out),
        },
        _ => return Err("unknown function, or no value".into()),
    }
    Ok(())
}
