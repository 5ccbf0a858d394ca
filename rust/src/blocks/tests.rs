//! Streams that are made here, read in every way, whole and damaged.

use std::sync::Arc;

use super::*;
use crate::io::wide;
use crate::layouts::generated::chunk::CompressedChunk;
use crate::layouts::sink::Sink;
use crate::layouts::visit::Layout;

const CHUNK: usize = 16;

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect()
}

fn file(content: &[u8]) -> (Vec<u8>, CompressionInfo) {
    let (mut sink, mut offsets) = (Sink::new(), Vec::new());
    let mut end = 0_u64;
    for data in content.chunks(CHUNK) {
        offsets.push(end);
        let chunk = CompressedChunk { len_data: 0, data, crc32: crc32fast::hash(data) };
        let chunk = CompressedChunk { len_data: i32::try_from(data.len()).unwrap_or(0), ..chunk };
        assert!(chunk.encode(&mut sink).is_ok());
        end = end.saturating_add(wide(data.len())).saturating_add(4);
    }
    let info =
        CompressionInfo::of(Compressor::Noop, wide(CHUNK), wide(content.len()), end, offsets);
    (sink.finish(), info)
}

fn blocks(file: Vec<u8>, info: CompressionInfo) -> Arc<Blocks> {
    Arc::new(Blocks::compressed(Component::new(Arc::new(file), DATA), info))
}

#[test]
fn any_range_is_read_in_windows_of_any_size() {
    let whole = content(1000);
    let (bytes, info) = file(&whole);
    let blocks = blocks(bytes, info);
    for (start, end, step) in [(0, 1000, 1), (0, 1000, 333), (17, 40, 5), (999, 1000, 7)] {
        let mut stream = Stream::range(Arc::clone(&blocks), wide(start), wide(end));
        let mut found = Vec::new();
        while let Ok(window) = stream.bytes(wide(start.saturating_add(found.len())), step) {
            if window.is_empty() {
                break;
            }
            found.extend_from_slice(window.get(..step.min(window.len())).unwrap_or_default());
        }
        assert_eq!(Some(found.as_slice()), whole.get(start..end));
        assert!(stream.check_end().is_ok());
    }
}

#[test]
fn what_is_before_damage_comes_before_the_error() {
    let whole = content(1000);
    let (mut bytes, info) = file(&whole);
    if let Some(byte) = bytes.get_mut(205) {
        *byte ^= 1;
    }
    let blocks = blocks(bytes, info);
    let mut stream = Stream::new(Arc::clone(&blocks));
    assert_eq!(stream.bytes(0, 1000).map(<[u8]>::len), Ok(160));
    let kind = stream.bytes(0, 1000).map_err(|error| (error.kind, error.offset));
    assert_eq!(kind, Err((Kind::Checksum, Some(200))));
    let mut cache = BlockCache::new(blocks, 64);
    for _ in 0..2 {
        cache.begin();
        assert_eq!(cache.bytes(100, 200).map(<[u8]>::len), Ok(60));
        assert_eq!(cache.bytes(100, 200).map_err(|error| error.kind), Err(Kind::Checksum));
    }
    assert!(cache.held() <= 64);
}

#[test]
fn the_cache_keeps_to_its_limit() {
    let whole = content(1000);
    let (bytes, info) = file(&whole);
    let mut cache = BlockCache::new(blocks(bytes, info), 100);
    for step in 0..2000_usize {
        let from = step.wrapping_mul(7919) % 1000;
        let wanted = step % 50;
        let end = from.saturating_add(wanted).min(1000);
        let found = cache
            .bytes(wide(from), wanted)
            .map(|found| found.starts_with(whole.get(from..end).unwrap_or_default()));
        assert_eq!(found, Ok(true));
        assert!(cache.held() <= 100);
    }
}
