//! Counters: what each replica contributed, the newest of each (`CounterContext.merge`).

use std::cmp::Ordering;

use crate::layouts::generated::values::{CounterShard, CounterValue};
use crate::layouts::items::{List, Numbers};
use crate::layouts::prelude::{Error, Fault, fit};
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

/// Added to the index of a global shard.
const GLOBAL: i16 = i16::MIN;

/// Who may have changed a shard, least weighty first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Remote,
    Local,
    Global,
}

struct Shard<'a> {
    of: CounterShard<'a>,
    standing: Standing,
}

/// Which of two values has all that the other one has, or what both have together.
pub enum Merged {
    /// The first one.
    Left,
    /// The second one.
    Right,
    /// Neither: both together.
    Both(Vec<u8>),
}

/// Which of two shards of the same replica counts; none where both do.
enum Newer {
    Left,
    Right,
    Same,
    Neither,
}

/// Merges two values of a counter.
pub fn merge(left: &[u8], right: &[u8]) -> Result<Merged, Error> {
    let (mut lefts, mut rights) = (shards(left)?.into_iter(), shards(right)?.into_iter());
    let (mut left, mut right) = (lefts.next(), rights.next());
    let (mut is_left, mut is_right) = (true, true);
    let mut merged = Vec::new();
    loop {
        let order = match (&left, &right) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(l), Some(r)) => l.of.counter_id.cmp(r.of.counter_id),
        };
        if order == Ordering::Less {
            is_right = false;
            merged.extend(std::mem::replace(&mut left, lefts.next()));
            continue;
        }
        if order == Ordering::Greater {
            is_left = false;
            merged.extend(std::mem::replace(&mut right, rights.next()));
            continue;
        }
        let pair = (
            std::mem::replace(&mut left, lefts.next()),
            std::mem::replace(&mut right, rights.next()),
        );
        let (Some(l), Some(r)) = pair else { break };
        merged.push(match newer(&l, &r) {
            Newer::Left => {
                is_right = false;
                l
            }
            Newer::Right => {
                is_left = false;
                r
            }
            Newer::Same => r,
            Newer::Neither => {
                (is_left, is_right) = (false, false);
                let clock = l.of.clock.wrapping_add(r.of.clock);
                let count = l.of.count.wrapping_add(r.of.count);
                Shard { of: CounterShard { clock, count, ..l.of }, standing: Standing::Local }
            }
        });
    }
    if is_left {
        return Ok(Merged::Left);
    }
    if is_right {
        return Ok(Merged::Right);
    }
    Ok(Merged::Both(write(&merged).map_err(Error::from)?))
}

fn shards(value: &[u8]) -> Result<Vec<Shard<'_>>, Error> {
    let parsed = CounterValue::decode(value, 0)?;
    let mut header = parsed.header_elements.iter().peekable();
    let mut shards = Vec::new();
    for (index, of) in parsed.shards.iter().enumerate() {
        let index: i16 = fit(index).map_err(Error::from)?;
        let standing = match header.peek() {
            Some(element) if *element == index => Standing::Local,
            Some(element) if *element == index.wrapping_add(GLOBAL) => Standing::Global,
            _ => Standing::Remote,
        };
        if standing != Standing::Remote {
            header.next();
        }
        shards.push(Shard { of: *of, standing });
    }
    Ok(shards)
}

fn newer(left: &Shard<'_>, right: &Shard<'_>) -> Newer {
    match left.standing.cmp(&right.standing) {
        Ordering::Greater => return Newer::Left,
        Ordering::Less => return Newer::Right,
        Ordering::Equal if left.standing == Standing::Local => return Newer::Neither,
        Ordering::Equal => {}
    }
    let (l, r) = (left.of.clock, right.of.clock);
    if l == r {
        return match left.of.count.cmp(&right.of.count) {
            Ordering::Greater => Newer::Left,
            Ordering::Less => Newer::Right,
            Ordering::Equal => Newer::Same,
        };
    }
    // Clocks of old remote shards may be negative, which are ages.
    let is_remote_left = if l < 0 { r > 0 || l < r } else { r > 0 && l >= r };
    let is_left = if left.standing == Standing::Global { l > r } else { is_remote_left };
    if is_left { Newer::Left } else { Newer::Right }
}

fn write(shards: &[Shard<'_>]) -> Result<Vec<u8>, Fault> {
    let mut header: Vec<i16> = Vec::new();
    for (index, shard) in shards.iter().enumerate() {
        let index: i16 = fit(index)?;
        match shard.standing {
            Standing::Remote => {}
            Standing::Local => header.push(index),
            Standing::Global => header.push(index.wrapping_add(GLOBAL)),
        }
    }
    let packed = Numbers::<i16, true>::pack(&header);
    let value = CounterValue {
        num_header_elements: fit(header.len())?,
        header_elements: Numbers::over(&packed)?,
        shards: List::from(shards.iter().map(|shard| shard.of).collect::<Vec<_>>()),
    };
    let mut sink = Sink::new();
    value.encode(&mut sink)?;
    Ok(sink.finish())
}
