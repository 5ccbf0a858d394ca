//! Decodes objects that are given by the names of their types, for tests and measurements.
//!
//! `layouts dump BLOB JOBS` prints all fields, `layouts fuzz BLOB JOBS ROUNDS` decodes damaged
//! bytes. A line of JOBS is a type's path, an offset and a length in BLOB and arguments, with
//! tabs between them: `i-1` an integer, `s4,-1` integers, `b1` true.

#![forbid(unsafe_code)]

use std::error::Error as AnyError;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use cqlite_core::layouts::generated::inspect;
use cqlite_core::layouts::visit::{Param, Value, Visitor};

struct Job {
    path: String,
    offset: usize,
    length: usize,
    params: Vec<Param>,
}

fn param(text: &str) -> Option<Param> {
    let (kind, rest) = text.split_at_checked(1)?;
    match kind {
        "i" => rest.parse().ok().map(Param::Int),
        "b" => Some(Param::Bool(rest == "1")),
        "s" => {
            let numbers = rest.split(',').filter(|part| !part.is_empty()).map(str::parse);
            numbers.collect::<Result<_, _>>().ok().map(Param::Ints)
        }
        _ => None,
    }
}

fn job(line: &str) -> Option<Job> {
    let mut parts = line.split('\t');
    Some(Job {
        path: parts.next()?.to_owned(),
        offset: parts.next()?.parse().ok()?,
        length: parts.next()?.parse().ok()?,
        params: parts.map(param).collect::<Option<_>>()?,
    })
}

/// Prints a line for each value.
#[derive(Default)]
struct Dump {
    text: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Visitor for Dump {
    fn value(&mut self, name: &str, value: Value<'_>) {
        let _ = writeln!(self.text, "{name}={}", show(value));
    }

    fn enter(&mut self, name: &str, items: Option<usize>) {
        let mark = if items.is_some() { "[" } else { "{" };
        let _ = writeln!(self.text, "{name}{mark}");
    }

    fn leave(&mut self) {
        self.text.push_str("}\n");
    }
}

fn show(value: Value<'_>) -> String {
    match value {
        Value::Int(number) => format!("i{number}"),
        Value::Enum(number, None) => format!("i{number}"),
        Value::Enum(number, Some(name)) => format!("e{number}:{name}"),
        Value::Float(number) => format!("f{:016x}", number.to_bits()),
        Value::Bool(truth) => format!("b{}", u8::from(truth)),
        Value::Bytes(bytes) => format!("x{}", hex(bytes)),
        Value::Text(text) => format!("t{}", hex(text.as_bytes())),
        Value::Absent => "-".to_owned(),
        Value::Failed(fault) => format!("!{fault:?}"),
        Value::Broken(error) => format!("?{error}"),
    }
}

fn dump(blob: &[u8], jobs: &[Job]) -> Result<(), Box<dyn AnyError>> {
    let mut out = std::io::stdout().lock();
    for job in jobs {
        let data = part(blob, job)?;
        let mut visitor = Dump::default();
        let done = inspect(&job.path, data, 0, &job.params, &mut visitor);
        match done.ok_or_else(|| format!("no type {} with such parameters", job.path))? {
            Err(error) => writeln!(out, "error {error}")?,
            Ok(found) => {
                let same = found.encoded.as_deref() == Ok(data.get(..found.size).unwrap_or(data));
                let encoded = match &found.encoded {
                    Err(fault) => format!("{fault:?}"),
                    Ok(_) => if same { "identical" } else { "different" }.to_owned(),
                };
                writeln!(out, "object {} {encoded}", found.size)?;
                out.write_all(visitor.text.as_bytes())?;
                writeln!(out, "}}")?;
            }
        }
    }
    Ok(())
}

fn part<'b>(blob: &'b [u8], job: &Job) -> Result<&'b [u8], Box<dyn AnyError>> {
    let end = job.offset.checked_add(job.length).ok_or("too long")?;
    blob.get(job.offset..end).ok_or_else(|| "outside".into())
}

/// Numbers without an end, the same for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0.wrapping_shl(13);
        self.0 ^= self.0.wrapping_shr(7);
        self.0 ^= self.0.wrapping_shl(17);
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.next().checked_rem(limit).unwrap_or(0)).unwrap_or(0)
    }

    /// Overwrites, cuts or repeats some bytes.
    fn damage(&mut self, data: &mut Vec<u8>) {
        for _ in 0..self.below(8).saturating_add(1) {
            let place = self.below(data.len());
            match self.below(4) {
                0 => data.truncate(place),
                1 => data.extend_from_within(place..),
                _ => {
                    let value = [0, 0xff, 0x7f, 0x80, self.below(256)];
                    let chosen = value.get(self.below(5)).copied().unwrap_or(0);
                    if let Some(byte) = data.get_mut(place) {
                        *byte = u8::try_from(chosen).unwrap_or(0);
                    }
                }
            }
        }
    }
}

/// Forgets what it is told.
struct Nothing(u64);

impl Visitor for Nothing {
    fn value(&mut self, _: &str, _: Value<'_>) {
        self.0 = self.0.wrapping_add(1);
    }
    fn enter(&mut self, _: &str, _: Option<usize>) {}
    fn leave(&mut self) {}
}

fn fuzz(blob: &[u8], jobs: &[Job], rounds: usize) -> Result<(), Box<dyn AnyError>> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut refused, mut taken, mut longest) = (0_u64, 0_u64, Duration::ZERO);
    for _ in 0..rounds {
        let Some(job) = jobs.get(random.below(jobs.len())) else { break };
        let mut data = part(blob, job)?.to_vec();
        random.damage(&mut data);
        let start = Instant::now();
        match inspect(&job.path, &data, 0, &job.params, &mut Nothing(0)) {
            Some(Ok(_)) => taken = taken.saturating_add(1),
            _ => refused = refused.saturating_add(1),
        }
        longest = longest.max(start.elapsed());
    }
    println!("{taken} taken {refused} refused {} ms at most", longest.as_millis());
    Ok(())
}

fn main() -> Result<(), Box<dyn AnyError>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, blob, jobs, number) = match arguments.as_slice() {
        [command, blob, jobs] => (command, blob, jobs, 1),
        [command, blob, jobs, number] => (command, blob, jobs, number.parse()?),
        _ => return Err("layouts dump|fuzz BLOB JOBS [NUMBER]".into()),
    };
    let blob = std::fs::read(blob)?;
    let lines = std::fs::read_to_string(jobs)?;
    let jobs: Option<Vec<Job>> = lines.lines().map(job).collect();
    let jobs = jobs.ok_or("a line of the jobs is not understood")?;
    match command.as_str() {
        "dump" => dump(&blob, &jobs),
        "fuzz" => fuzz(&blob, &jobs, number),
        other => Err(format!("no command {other}").into()),
    }
}
