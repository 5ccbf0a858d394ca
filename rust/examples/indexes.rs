//! Writes indexes and Bloom filters of partitions that are told, for tests and measurements.
//!
//! `indexes write JOBS FOLDER` writes what JOBS tells of, `indexes bench NUMBER` measures. The
//! first line of JOBS has the format version's number, the class string of the partitioner, those
//! of the clustering columns, the interval of Summary.db's samples, and the number of partitions
//! and the false positive rate that the Bloom filter is for. Then a line for each partition has
//! key, position, deletion, length of the header, end and number of blocks, and is followed by
//! a line for each block with the kind and the values of its first and last clustering, offset,
//! width and the deletions that are open before and after. Tabs stand between fields, commas in
//! lists; keys and values are hexadecimal, a deletion is two numbers or nothing, null is `-`.

#![forbid(unsafe_code)]

use std::error::Error as AnyError;
use std::path::Path;
use std::time::{Duration, Instant};

use cqlite_core::codec::murmur3::hash128;
use cqlite_core::errors::Error;
use cqlite_core::index::write::{
    BigIndexWriter, BloomFilterWriter, BtiIndexWriter, ClusteringPrefix, IndexWriter,
    IndexedPartition, WrittenBlock,
};
use cqlite_core::index::{Deletion, FILTER, INDEX, PARTITIONS, ROWS, SUMMARY};
use cqlite_core::io::Output;
use cqlite_core::layouts::generated::clustering::Kind;
use cqlite_core::types::clusterings::ClusteringTypes;
use cqlite_core::types::parse_type;
use cqlite_core::types::partitioner::Partitioner;

type Found<T> = Result<T, Box<dyn AnyError>>;

/// The fields of a line, one after the other.
struct Fields<'t>(std::str::Split<'t, char>);

impl<'t> Fields<'t> {
    fn text(&mut self) -> Found<&'t str> {
        self.0.next().ok_or_else(|| "a field is missing".into())
    }

    fn number<T: std::str::FromStr>(&mut self) -> Found<T> {
        self.text()?.parse().map_err(|_| "a number is none".into())
    }

    fn deletion(&mut self) -> Found<Option<Deletion>> {
        let Some((timestamp, seconds)) = self.text()?.split_once(',') else { return Ok(None) };
        Ok(Some((timestamp.parse()?, seconds.parse()?)))
    }

    fn list(&mut self) -> Found<Vec<&'t str>> {
        Ok(self.text()?.split(',').filter(|part| !part.is_empty()).collect())
    }

    fn prefix(&mut self) -> Found<ClusteringPrefix> {
        let kind = Kind(self.number()?);
        let values: Found<Vec<_>> = self.list()?.into_iter().map(value).collect();
        let values = values?;
        let lent: Vec<_> = values.iter().map(Option::as_deref).collect();
        Ok(ClusteringPrefix::new(kind, &lent))
    }

    fn block(&mut self) -> Found<WrittenBlock> {
        Ok(WrittenBlock {
            first: self.prefix()?,
            last: self.prefix()?,
            offset: self.number()?,
            width: self.number()?,
            open_before: self.deletion()?,
            open_after: self.deletion()?,
        })
    }
}

/// A value after its mark: `-` is null, anything else begins with `x`.
fn value(text: &str) -> Found<Option<Vec<u8>>> {
    text.strip_prefix('x').map(hex).transpose()
}

fn hex(text: &str) -> Found<Vec<u8>> {
    let digit = |index: usize| text.get(index..index.saturating_add(2)).unwrap_or_default();
    let bytes = (0..text.len()).step_by(2).map(|index| u8::from_str_radix(digit(index), 16));
    Ok(bytes.collect::<Result<_, _>>()?)
}

fn write(jobs: &str, folder: &Path) -> Found<()> {
    let create = |name| Output::create(&folder.join(name), name);
    let mut lines = jobs.lines().map(|line| Fields(line.split('\t')));
    let mut head = lines.next().ok_or("no jobs")?;
    let (version, partitioner) = (head.number()?, Partitioner::parse(head.text()?, None)?);
    let types: Result<Vec<_>, Error> = head.list()?.into_iter().map(parse_type).collect();
    let types = ClusteringTypes::new(types?);
    let interval = head.number()?;
    let (partitions, rows) = (create(PARTITIONS)?, create(ROWS)?);
    let (index, summary) = (create(INDEX)?, create(SUMMARY)?);
    let bti = BtiIndexWriter::new(version, types.clone(), partitioner, partitions, rows);
    let big = BigIndexWriter::new(version, types, interval, index, summary);
    let mut writers = [IndexWriter::from(bti), IndexWriter::from(big)];
    let mut bloom = BloomFilterWriter::new(head.number()?, head.number()?)?;
    while let Some(mut line) = lines.next() {
        let key = hex(line.text()?)?;
        let hash = hash128(&key);
        let (position, deletion) = (line.number()?, line.deletion()?);
        let (header_length, end) = (line.number()?, line.number()?);
        let blocks: Found<Vec<_>> =
            lines.by_ref().take(line.number()?).map(|mut line| line.block()).collect();
        let blocks = &blocks?;
        let partition =
            IndexedPartition { key: &key, hash, position, deletion, header_length, end, blocks };
        for writer in &mut writers {
            writer.add(&partition)?;
        }
        bloom.add(hash);
    }
    for writer in writers {
        writer.finish()?;
    }
    Ok(bloom.finish(version, create(FILTER)?)?)
}

fn bench(number: u64) -> Found<()> {
    let partitioner = Partitioner::Murmur3;
    let mut keys = Vec::new();
    for index in 0..number {
        let (first, second) = hash128(&index.to_be_bytes());
        let key = u128::from(first).wrapping_shl(64) | u128::from(second);
        let key = key.to_be_bytes();
        let mut place = Vec::new();
        partitioner.position(&key, &mut place)?;
        keys.push((place, key));
    }
    keys.sort_unstable();
    let keys: Vec<[u8; 16]> = keys.into_iter().map(|(_, key)| key).collect();
    let nowhere = |name| Output::new(Box::new(std::io::sink()), name);
    let types = ClusteringTypes::default;
    let big = BigIndexWriter::new(8, types(), 128, nowhere(INDEX), nowhere(SUMMARY));
    let bti = BtiIndexWriter::new(9, types(), partitioner, nowhere(PARTITIONS), nowhere(ROWS));
    for (name, mut writer) in [("big", IndexWriter::from(big)), ("bti", IndexWriter::from(bti))] {
        let start = Instant::now();
        let mut bloom = BloomFilterWriter::new(number, 0.01)?;
        let mut position = 0_u64;
        for key in &keys {
            let hash = hash128(key);
            writer.add(&IndexedPartition {
                key,
                hash,
                position,
                deletion: None,
                header_length: 28,
                end: 100,
                blocks: &[],
            })?;
            bloom.add(hash);
            position = position.saturating_add(120);
        }
        writer.finish()?;
        bloom.finish(9, nowhere(FILTER))?;
        show(name, number, start.elapsed());
    }
    Ok(())
}

fn show(name: &str, number: u64, elapsed: Duration) {
    let each = elapsed.as_nanos().checked_div(u128::from(number)).unwrap_or(0);
    println!("{name}: {each} ns a partition, {} ms", elapsed.as_millis());
}

fn main() -> Found<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["write", jobs, folder] => write(&std::fs::read_to_string(jobs)?, Path::new(folder)),
        ["bench", number] => bench(number.parse()?),
        _ => Err("write JOBS FOLDER, or bench NUMBER".into()),
    }
}
