//! Walking the tries of BTI indexes (Cassandra's `Walker` and `ValueIterator`).
//!
//! A pointer always leads back in the file, so no walk can go in circles; what bounds the walk
//! through a damaged file is that every leaf must have a payload, and that callers require
//! payloads in ascending order, which a branch that is reached twice breaks.

use std::collections::HashMap;
use std::sync::Arc;

use crate::blocks::{BlockCache, Blocks};
use crate::errors::{Error, Kind};
use crate::io::{Component, wide};
use crate::layouts::generated::trie;
use crate::layouts::prelude::{Cursor, Fault};

/// Bytes in a key's longest byte-comparable form, generously: keys have up to 64 KiB.
const MAX_DEPTH: usize = 1 << 20;

/// Bytes of a trie's file that are read at once; its nodes are packed into pages of this size.
const PAGE: u64 = 1 << 12;

/// Bytes of a file that are kept.
const PAGES_LIMIT: u64 = 1 << 23;

/// From this many children on nodes are kept, since they take long to decode.
const LARGE: usize = 24;

/// Children of all nodes that are kept.
const CHILDREN_LIMIT: usize = 1 << 16;

/// What the nodes of one kind of file have besides transitions.
pub trait Payload: Clone + Sized {
    /// The nodes' type in the specs.
    const LAYOUT: &'static str;

    /// Decodes a node and its payload.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    fn read<'a>(cur: &mut Cursor<'a>, version: u8)
    -> Result<(trie::Node<'a>, Option<Self>), Fault>;
}

/// A node of a trie.
#[derive(Clone, Debug)]
pub struct Node<P> {
    /// Where it is in the file.
    pub position: u64,
    /// What it says itself, if anything.
    pub payload: Option<P>,
    /// The bytes that lead to children, ascending.
    transitions: Vec<u8>,
    /// The children's positions, one for each transition.
    children: Vec<u64>,
}

impl<P> Node<P> {
    /// Where `byte` is or would be among the transitions, and the child it leads to.
    fn step(&self, byte: u8) -> (usize, Option<u64>) {
        let index = self.transitions.partition_point(|transition| *transition < byte);
        let is_it = self.transitions.get(index) == Some(&byte);
        (index, if is_it { self.child(index) } else { None })
    }

    fn child(&self, index: usize) -> Option<u64> {
        self.children.get(index).copied()
    }
}

/// A file of tries.
pub struct Nodes<P> {
    pages: BlockCache,
    name: &'static str,
    length: u64,
    version: u8,
    kept: HashMap<u64, Arc<Node<P>>>,
    num_kept: usize,
}

impl<P: Payload> Nodes<P> {
    /// The tries in `file`, of a format version.
    #[must_use]
    pub fn new(file: Component, version: u8) -> Self {
        let (name, length) = (file.name(), file.len());
        let pages = BlockCache::new(Arc::new(Blocks::unchecked(file, PAGE)), PAGES_LIMIT);
        Self { pages, name, length, version, kept: HashMap::new(), num_kept: 0 }
    }

    /// Length of the file in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Something at `position` that `decode` decodes from the bytes there, an object of the
    /// type `layout` of the specs.
    ///
    /// # Errors
    /// What is wrong with the bytes, or why they cannot be read.
    pub fn decode<T>(
        &mut self,
        position: u64,
        layout: &str,
        mut decode: impl FnMut(&mut Cursor<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        self.pages.begin();
        let mut wanted = 1;
        loop {
            let bytes = self.pages.bytes(position, wanted)?;
            let mut cur = Cursor::new(bytes, position);
            let end = position.saturating_add(wide(bytes.len()));
            match decode(&mut cur) {
                Ok(found) => return Ok(found),
                Err(Fault::Truncated) if end < self.length => {
                    wanted = bytes.len().saturating_mul(2);
                }
                Err(_) => {
                    let again = |cur: &mut Cursor<'_>| decode(cur).map(drop);
                    return Err(Error::traced(self.name, layout, (bytes, position), again));
                }
            }
        }
    }

    /// The node at `position`.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] or [`Kind::Truncated`]: there is no valid node.
    pub fn node(&mut self, position: u64) -> Result<Arc<Node<P>>, Error> {
        if let Some(node) = self.kept.get(&position) {
            return Ok(Arc::clone(node));
        }
        let (version, name) = (self.version, self.name);
        let node = self.decode(position, P::LAYOUT, |cur| {
            let (header, payload) = P::read(cur, version)?;
            let (transitions, deltas) = slots(&header)?;
            Ok((transitions, deltas, payload))
        })?;
        let (transitions, mut children, payload) = node;
        if transitions.is_empty() && payload.is_none() {
            return Err(corrupt::<P>(name, "a leaf has no payload".to_owned(), position));
        }
        for child in &mut children {
            let delta = *child;
            match position.checked_sub(delta).filter(|child| *child < position) {
                Some(found) => *child = found,
                None => {
                    let found = i128::from(position).wrapping_sub(i128::from(delta));
                    let message = format!("a pointer leads to {found}, out of the trie");
                    return Err(corrupt::<P>(name, message, position));
                }
            }
        }
        let node = Arc::new(Node { position, payload, transitions, children });
        self.keep(&node);
        Ok(node)
    }

    fn keep(&mut self, node: &Arc<Node<P>>) {
        let size = node.children.len();
        if size < LARGE {
            return;
        }
        self.num_kept = self.num_kept.saturating_add(size);
        if self.num_kept > CHILDREN_LIMIT {
            // Those on the way to everything come back at once.
            self.kept.clear();
            self.num_kept = size;
        }
        self.kept.insert(node.position, Arc::clone(node));
    }

    /// The node that `key` leads to from `root`, if its path can be that of `key`.
    ///
    /// Follows `PartitionIndex.Reader.exactCandidate`: a node with children is one only where
    /// `key` ends there.
    ///
    /// # Errors
    /// As [`Nodes::node`].
    pub fn candidate(&mut self, root: u64, key: &[u8]) -> Result<Option<Arc<Node<P>>>, Error> {
        let mut node = self.node(root)?;
        for byte in key {
            match node.step(*byte) {
                (_, Some(child)) => node = self.node(child)?,
                _ if node.children.is_empty() && node.payload.is_some() => return Ok(Some(node)),
                _ => return Ok(None),
            }
        }
        Ok(if node.payload.is_some() { Some(node) } else { None })
    }

    /// The node of the greatest path that is not above `key`. A path that is a prefix of `key`
    /// counts as not above it, see `RowIndexReader.separatorFloor`.
    ///
    /// # Errors
    /// As [`Nodes::node`].
    pub fn floor(&mut self, root: u64, key: &[u8]) -> Result<Option<Arc<Node<P>>>, Error> {
        let mut node = self.node(root)?;
        let (mut candidate, mut lesser) = (None, None);
        for byte in key.iter().map(Some).chain([None]) {
            let (index, child) = byte.map_or((0, None), |byte| node.step(*byte));
            if let Some(before) = index.checked_sub(1) {
                candidate = None;
                lesser = node.child(before);
            } else if node.payload.is_some() {
                candidate = Some(Arc::clone(&node));
            }
            match child {
                Some(child) => node = self.node(child)?,
                None => break,
            }
        }
        match (candidate, lesser) {
            (None, Some(position)) => self.last(position).map(Some),
            (candidate, _) => Ok(candidate),
        }
    }

    /// The last node below and including the one at `position`.
    fn last(&mut self, position: u64) -> Result<Arc<Node<P>>, Error> {
        let mut node = self.node(position)?;
        while let Some(child) = node.children.last() {
            node = self.node(*child)?;
        }
        Ok(node)
    }

    /// Begins at what is not certainly before `start`; see [`Walk`].
    ///
    /// # Errors
    /// As [`Nodes::node`].
    pub fn walk(&mut self, root: u64, start: &[u8]) -> Result<Walk<P>, Error> {
        let mut walk = Walk { stack: Vec::new(), path: Vec::new(), first: None };
        let mut node = self.node(root)?;
        for (depth, byte) in start.iter().map(Some).chain([None]).enumerate() {
            let (index, child) = byte.map_or((0, None), |byte| node.step(*byte));
            if index > 0 {
                walk.first = None;
            } else if node.payload.is_some() {
                let path = start.get(..depth).unwrap_or_default();
                walk.first = Some((path.to_vec(), Arc::clone(&node)));
            }
            let next = if child.is_some() { index.saturating_add(1) } else { index };
            walk.stack.push((Arc::clone(&node), next));
            match (child, byte) {
                (Some(child), Some(byte)) => {
                    walk.path.push(*byte);
                    node = self.node(child)?;
                }
                _ => break,
            }
        }
        Ok(walk)
    }

    /// The error that something is wrong at `position`.
    #[cold]
    pub fn corrupt(&self, message: impl Into<String>, position: u64) -> Error {
        corrupt::<P>(self.name, message.into(), position)
    }
}

#[cold]
fn corrupt<P: Payload>(name: &'static str, message: String, position: u64) -> Error {
    Error::new(Kind::Corrupt, name, message).at(position, P::LAYOUT)
}

/// A path and the node that it leads to.
pub type Found<P> = (Vec<u8>, Arc<Node<P>>);

/// Nodes with payload in the order of their paths.
///
/// As paths are only as long as it takes to tell keys apart, the first path may be a prefix
/// of where the walk was to start.
pub struct Walk<P> {
    stack: Vec<(Arc<Node<P>>, usize)>,
    path: Vec<u8>,
    first: Option<Found<P>>,
}

impl<P: Payload> Walk<P> {
    /// The next path and its node.
    ///
    /// # Errors
    /// As [`Nodes::node`].
    pub fn next(&mut self, nodes: &mut Nodes<P>) -> Result<Option<Found<P>>, Error> {
        if self.first.is_some() {
            return Ok(self.first.take());
        }
        while let Some((node, index)) = self.stack.pop() {
            let (Some(position), Some(byte)) =
                (node.child(index), node.transitions.get(index).copied())
            else {
                self.path.pop();
                continue;
            };
            if self.stack.len() >= MAX_DEPTH {
                return Err(nodes.corrupt("the trie is too deep", node.position));
            }
            self.stack.push((node, index.saturating_add(1)));
            let child = nodes.node(position)?;
            self.path.push(byte);
            self.stack.push((Arc::clone(&child), 0));
            if child.payload.is_some() {
                return Ok(Some((self.path.clone(), child)));
            }
        }
        Ok(None)
    }
}

/// A node's transitions and the distances to its children.
fn slots(header: &trie::Node<'_>) -> Result<(Vec<u8>, Vec<u64>), Fault> {
    let deltas = deltas(header)?;
    let Some(first) = header.first_transition else {
        let transitions = header.transitions.as_ref().map(|listed| listed.bytes.to_vec());
        return Ok((transitions.unwrap_or_default(), deltas));
    };
    let found = (first..=u8::MAX).zip(deltas).filter(|(_, delta)| *delta != 0);
    Ok(found.unzip())
}

/// Distances back to the children; 0 where there is none.
fn deltas(header: &trie::Node<'_>) -> Result<Vec<u64>, Fault> {
    if let Some(pointers) = &header.pointers {
        return pointers.iter().map(trie::Pointer::value).collect();
    }
    if let Some(pairs) = &header.pairs {
        let mut found: Vec<u64> =
            pairs.iter().flat_map(|pair| [u64::from(pair.first), u64::from(pair.second)]).collect();
        found.extend(header.odd.iter().map(|odd| u64::from(odd.first)));
        return Ok(found);
    }
    if header.is_single() {
        let delta = header.single_pointer()?;
        return Ok(vec![u64::try_from(delta).map_err(|_| Fault::Range)?]);
    }
    Ok(Vec::new())
}
