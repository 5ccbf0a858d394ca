//! Reads the rows of an uncompressed stream, for tests and measurements.
//!
//! `rows dump STREAM FORMAT WINDOW` prints all that is told, with windows that start with WINDOW
//! bytes; `rows fuzz STREAM FORMAT ROUNDS` reads damaged streams; `rows bench STREAM FORMAT TIMES`
//! measures. FORMAT has lines of a name, a tab and numbers with commas between them: `version`,
//! `clustering`, `statics`, `static_dropped`, `static_wanted`, the same for `regular`, and
//! `minimums` (timestamp, local deletion time, time to live).

#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::error::Error as AnyError;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use cqlite_core::errors::Error;
use cqlite_core::rows::{
    Cell, Columns, DeletionTime, Events, Flow, Marker, Next, PartitionStart, Projection, RowFormat,
    RowReader, RowStart, Window,
};

fn numbers<T: std::str::FromStr>(text: &str) -> Result<Vec<T>, T::Err> {
    text.split(',').filter(|part| !part.is_empty()).map(str::parse).collect()
}

fn format(text: &str) -> Result<(RowFormat, Projection), Box<dyn AnyError>> {
    let lines: HashMap<&str, &str> = text.lines().filter_map(|l| l.split_once('\t')).collect();
    let get = |name: &str| *lines.get(name).unwrap_or(&"");
    let columns = |shapes: &str, dropped: &str| -> Result<Columns, Box<dyn AnyError>> {
        Ok(Columns { shapes: numbers(get(shapes))?, dropped: numbers(get(dropped))? })
    };
    let minimums: Vec<i64> = numbers(get("minimums"))?;
    let [min_timestamp, min_local_deletion_time, min_ttl] = *minimums.as_slice() else {
        return Err("three minimums are needed".into());
    };
    let found = RowFormat {
        version: get("version").parse()?,
        clustering_shapes: numbers(get("clustering"))?,
        statics: columns("statics", "static_dropped")?,
        regulars: columns("regulars", "regular_dropped")?,
        min_timestamp,
        min_local_deletion_time,
        min_ttl,
    };
    let wanted = |name: &str| -> Result<Vec<bool>, Box<dyn AnyError>> {
        Ok(numbers::<u8>(get(name))?.into_iter().map(|flag| flag != 0).collect())
    };
    let projection =
        Projection { statics: wanted("static_wanted")?, regulars: wanted("regular_wanted")? };
    Ok((found, projection))
}

/// Reads all of `data` by windows that have at least `size` bytes.
fn read<E: Events<Error = Error>>(
    data: &[u8],
    format: &RowFormat,
    projection: &Projection,
    size: usize,
    events: &mut E,
) -> Result<(), Error> {
    let end = u64::try_from(data.len()).unwrap_or(u64::MAX);
    let (mut position, mut wanted) = (0_u64, size);
    let mut reader = RowReader::new(format, projection);
    loop {
        let rest = usize::try_from(position).ok().and_then(|start| data.get(start..));
        let rest = rest.unwrap_or_default();
        let bytes = rest.get(..wanted).unwrap_or(rest);
        let progress = reader.read(Window { bytes, position, end }, events)?;
        position = progress.position;
        match progress.next {
            Next::Ended => return Ok(()),
            Next::Stopped => wanted = size,
            Next::More(number) => wanted = number.max(size),
        }
    }
}

/// Prints a line for each event.
#[derive(Default)]
struct Dump {
    text: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from("x"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn values(found: &[Option<&[u8]>]) -> String {
    let shown = found.iter().map(|value| value.map_or_else(|| "-".to_owned(), hex));
    format!("[{}]", shown.collect::<Vec<_>>().join(","))
}

fn deletion(found: Option<DeletionTime>) -> String {
    let shown = |d: DeletionTime| format!("{},{}", d.marked_for_delete_at, d.local_deletion_time);
    found.map_or_else(|| "-".to_owned(), shown)
}

fn number(found: Option<i64>) -> String {
    found.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn cell(found: &Cell<'_>) -> String {
    format!(
        "{} {} {} {} {}",
        hex(found.value),
        found.timestamp,
        number(found.ttl),
        number(found.local_deletion_time),
        u8::from(found.is_tombstone),
    )
}

impl Dump {
    fn line(&mut self, text: &str) -> Flow {
        self.text.push_str(text);
        self.text.push('\n');
        Flow::Go
    }
}

impl Events for Dump {
    type Error = Error;

    fn partition(&mut self, found: &PartitionStart<'_>) -> Result<Flow, Error> {
        let (key, deletion) = (hex(found.key), deletion(found.deletion));
        Ok(self.line(&format!("partition {key} {deletion} {}", found.position)))
    }

    fn row(&mut self, found: &RowStart<'_>) -> Result<Flow, Error> {
        let liveness = found.liveness.map(|info| {
            let (ttl, end) = (number(info.ttl), number(info.local_expiration_time));
            format!("{},{ttl},{end}", info.timestamp)
        });
        Ok(self.line(&format!(
            "row {} {} {} {} {} {} {} {}",
            values(found.clustering),
            liveness.unwrap_or_else(|| "-".to_owned()),
            deletion(found.deletion),
            u8::from(found.is_static),
            u8::from(found.is_shadowable),
            found.position,
            found.size,
            found.previous_size,
        )))
    }

    fn cell(&mut self, column: usize, found: &Cell<'_>) -> Result<(), Error> {
        self.line(&format!("cell {column} {}", cell(found)));
        Ok(())
    }

    fn complex(
        &mut self,
        column: usize,
        found: Option<DeletionTime>,
        num_cells: u64,
    ) -> Result<(), Error> {
        self.line(&format!("complex {column} {} {num_cells}", deletion(found)));
        Ok(())
    }

    fn complex_cell(&mut self, column: usize, path: &[u8], found: &Cell<'_>) -> Result<(), Error> {
        self.line(&format!("complex_cell {column} {} {}", hex(path), cell(found)));
        Ok(())
    }

    fn row_end(&mut self, num_unread: u64) -> Result<Flow, Error> {
        Ok(self.line(&format!("row_end {num_unread}")))
    }

    fn marker(&mut self, found: &Marker<'_>) -> Result<Flow, Error> {
        Ok(self.line(&format!(
            "marker {} {} {} {} {} {} {} {}",
            found.kind.0,
            values(found.values),
            deletion(found.close),
            deletion(found.open),
            found.position,
            found.size,
            found.previous_size,
            found.num_unread,
        )))
    }

    fn partition_end(&mut self, end: u64) -> Result<Flow, Error> {
        Ok(self.line(&format!("partition_end {end}")))
    }
}

/// Counts, and looks at every value.
#[derive(Default)]
struct Count {
    rows: u64,
    cells: u64,
    bytes: u64,
    times: i64,
}

impl Count {
    fn add(&mut self, found: &Cell<'_>) {
        self.cells = self.cells.wrapping_add(1);
        self.bytes = self.bytes.wrapping_add(u64::try_from(found.value.len()).unwrap_or(0));
        self.times = self.times.wrapping_add(found.timestamp);
    }
}

impl Events for Count {
    type Error = Error;

    #[inline]
    fn row(&mut self, found: &RowStart<'_>) -> Result<Flow, Error> {
        for value in found.clustering.iter().flatten() {
            self.bytes = self.bytes.wrapping_add(u64::try_from(value.len()).unwrap_or(0));
        }
        self.rows = self.rows.wrapping_add(1);
        Ok(Flow::Go)
    }

    #[inline]
    fn cell(&mut self, _: usize, found: &Cell<'_>) -> Result<(), Error> {
        self.add(found);
        Ok(())
    }

    #[inline]
    fn complex_cell(&mut self, _: usize, path: &[u8], found: &Cell<'_>) -> Result<(), Error> {
        self.bytes = self.bytes.wrapping_add(u64::try_from(path.len()).unwrap_or(0));
        self.add(found);
        Ok(())
    }
}

/// Counts rows and passes over what is in them.
#[derive(Default)]
struct Skim(u64);

impl Events for Skim {
    type Error = Error;

    #[inline]
    fn row(&mut self, _: &RowStart<'_>) -> Result<Flow, Error> {
        self.0 = self.0.wrapping_add(1);
        Ok(Flow::Skip)
    }
}

/// Processor time of this thread where the system tells it, else time; in nanoseconds.
fn clock(start: Instant) -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|text| text.split(' ').next()?.parse().ok());
    spent.unwrap_or_else(|| u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

/// Prints what is left of `name` after the processor has been at it `times` times.
fn measure(
    name: &str,
    size: usize,
    times: usize,
    mut run: impl FnMut() -> Result<(u64, u64), Error>,
) -> Result<(), Box<dyn AnyError>> {
    let (mut best, mut rows, mut cells) = (u64::MAX, 0, 0);
    let start = Instant::now();
    for _ in 0..times.max(1) {
        let before = clock(start);
        (rows, cells) = run()?;
        best = best.min(clock(start).saturating_sub(before)).max(1);
    }
    let bytes = u64::try_from(size)?;
    let per = |number: u64| best.checked_div(number.max(1)).unwrap_or(0);
    println!(
        "{name}: {} MB/s, {} ns/row, {} ns/cell ({rows} rows, {cells} cells)",
        bytes.saturating_mul(1000).checked_div(best).unwrap_or(0),
        per(rows),
        per(cells),
    );
    Ok(())
}

fn bench(
    data: &[u8],
    format: &RowFormat,
    projection: &Projection,
    times: usize,
) -> Result<(), Box<dyn AnyError>> {
    const WINDOW: usize = 256 << 10;
    measure("every cell", data.len(), times, || {
        let mut count = Count::default();
        read(data, format, &Projection::all(format), WINDOW, &mut count)?;
        std::hint::black_box((count.bytes, count.times));
        Ok((count.rows, count.cells))
    })?;
    measure("chosen cells", data.len(), times, || {
        let mut count = Count::default();
        read(data, format, projection, WINDOW, &mut count)?;
        std::hint::black_box((count.bytes, count.times));
        Ok((count.rows, count.cells))
    })?;
    measure("rows only", data.len(), times, || {
        let mut skim = Skim::default();
        read(data, format, projection, WINDOW, &mut skim)?;
        Ok((skim.0, 0))
    })
}

/// Numbers without an end.
fn next(state: &mut u64, below: usize) -> usize {
    *state ^= state.wrapping_shl(13);
    *state ^= state.wrapping_shr(7);
    *state ^= state.wrapping_shl(17);
    let limit = u64::try_from(below.max(1)).unwrap_or(1);
    usize::try_from(state.checked_rem(limit).unwrap_or(0)).unwrap_or(0)
}

fn fuzz(data: &[u8], format: &RowFormat, projection: &Projection, rounds: usize) {
    let (mut state, mut taken, mut refused) = (0x9e37_79b9_7f4a_7c15_u64, 0_u64, 0_u64);
    for _ in 0..rounds {
        let mut damaged = data.to_vec();
        for _ in 0..next(&mut state, 4).saturating_add(1) {
            let place = next(&mut state, damaged.len());
            if next(&mut state, 8) == 0 {
                damaged.truncate(place);
            }
            let number = u8::try_from(next(&mut state, 256)).unwrap_or(0);
            let value = [0, 0xff, 0x7f, 0x80, number];
            let chosen = value.get(next(&mut state, 5)).copied().unwrap_or(0);
            if let Some(byte) = damaged.get_mut(place) {
                *byte = chosen;
            }
        }
        let mut count = Count::default();
        match read(&damaged, format, projection, 4096, &mut count) {
            Ok(()) => taken = taken.wrapping_add(1),
            Err(_) => refused = refused.wrapping_add(1),
        }
    }
    println!("{taken} taken {refused} refused");
}

fn main() -> Result<(), Box<dyn AnyError>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, stream, shape, number] = arguments.as_slice() else {
        return Err("rows dump|fuzz|bench STREAM FORMAT NUMBER".into());
    };
    let data = std::fs::read(stream)?;
    let (format, projection) = format(&std::fs::read_to_string(shape)?)?;
    let number: usize = number.parse()?;
    match command.as_str() {
        "dump" => {
            let mut dump = Dump::default();
            let done = read(&data, &format, &projection, number, &mut dump);
            let mut out = std::io::stdout().lock();
            out.write_all(dump.text.as_bytes())?;
            if let Err(error) = done {
                writeln!(out, "error {:?} {error}", error.kind)?;
            }
        }
        "fuzz" => fuzz(&data, &format, &projection, number),
        "bench" => bench(&data, &format, &projection, number)?,
        other => return Err(format!("no command {other}").into()),
    }
    Ok(())
}
