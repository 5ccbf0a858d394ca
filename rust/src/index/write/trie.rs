//! Lays out a trie on pages while its keys come in order.
//!
//! A branch is kept until it would not fit on a page; then its children are written, the
//! largest that fits first, so that what is left of a page is used up. Follows
//! `IncrementalTrieWriterPageAware`, whose bytes it gives.

use super::nodes::{self, Parts, Transitions};
use crate::errors::{Error, Kind};
use crate::io::Output;
use crate::layouts::generated::trie;
use crate::layouts::prelude::Fault;
use crate::layouts::sink::Sink;

const PAGE: u64 = 4096;
const ZEROS: [u8; 4096] = [0; 4096];

/// How a trie's payloads are written.
pub(super) trait PayloadFormat {
    /// What a key leads to.
    type Payload;

    /// Length of a payload in bytes.
    fn size(&self, payload: &Self::Payload) -> u64;

    /// What the node says of its payload.
    fn bits(&self, payload: &Self::Payload) -> u8;

    /// Writes a node with its payload.
    fn encode(
        &self,
        node: trie::Node<'_>,
        payload: Option<&Self::Payload>,
        out: &mut Sink,
    ) -> Result<(), Fault>;
}

/// A node that is not written yet, or of which only the position is left. All below it that is
/// not written fits on a page, so that functions which go down a branch end soon.
struct Node<P> {
    /// The byte that leads to it.
    transition: u8,
    /// Whether a child is written already, on another page.
    is_apart_from_children: bool,
    /// Whether something below the children is.
    is_apart_from_branch: bool,
    /// Where it is in the file, once it is there.
    position: Option<u64>,
    /// Bytes of all below it that is not written.
    branch_size: u64,
    /// Its own bytes; may be too small where children are on other pages.
    node_size: u64,
    /// Ascending by transition.
    children: Vec<Self>,
    /// What its key leads to, if it is the end of one.
    payload: Option<P>,
}

impl<P> Node<P> {
    const fn new(transition: u8) -> Self {
        Self {
            transition,
            is_apart_from_children: true,
            is_apart_from_branch: false,
            position: None,
            branch_size: 0,
            node_size: 0,
            children: Vec::new(),
            payload: None,
        }
    }

    const fn total_size(&self) -> u64 {
        self.branch_size.saturating_add(self.node_size)
    }

    /// What children are chosen by: their size, then their byte.
    const fn order(&self) -> (u64, u8) {
        (self.total_size(), self.transition)
    }

    fn transitions(&self) -> Option<Transitions> {
        nodes::transitions(self.children.iter().map(|child| child.transition))
    }

    /// Distance to the farthest child if the node is written at `position`.
    fn farthest(&self, position: u64) -> u64 {
        let waiting = |child: &Self| self.branch_size.saturating_sub(child.branch_size);
        if !self.is_apart_from_children {
            return self.children.first().map_or(0, waiting);
        }
        let (mut farthest, mut first_waiting) = (0, None);
        for child in &self.children {
            match child.position {
                Some(written) => farthest = farthest.max(position.saturating_sub(written)),
                None if first_waiting.is_none() => first_waiting = Some(waiting(child)),
                None => {}
            }
        }
        farthest.max(first_waiting.unwrap_or(0))
    }

    /// Forgets all but its position, where it was written.
    fn settle(&mut self) {
        (self.branch_size, self.node_size) = (0, 0);
        (self.is_apart_from_branch, self.is_apart_from_children) = (false, false);
        self.children = Vec::new();
        self.payload = None;
    }
}

/// Writes one trie after what is in a file already.
pub(super) struct TrieWriter<F: PayloadFormat> {
    format: F,
    stack: Vec<Node<F::Payload>>,
    last: Vec<u8>,
    count: u64,
    layer: Layer,
}

/// Memory that is used again.
#[derive(Default)]
struct Layer {
    parts: Parts,
    sink: Sink,
}

impl<F: PayloadFormat> TrieWriter<F> {
    /// A trie with such payloads.
    pub(super) fn new(format: F) -> Self {
        let stack = vec![Node::new(0)];
        Self { format, stack, last: Vec::new(), count: 0, layer: Layer::default() }
    }

    /// How many keys there are.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    fn pen<'w>(layer: &'w mut Layer, format: &'w F, file: &'w mut Output) -> Pen<'w, F> {
        Pen { file, format, layer }
    }

    /// Adds a key, which has to be above all those before it.
    pub(super) fn add(
        &mut self,
        file: &mut Output,
        key: &[u8],
        payload: F::Payload,
    ) -> Result<(), Error> {
        if self.count > 0 && self.last.as_slice() >= key {
            return Err(Error::new(Kind::InvalidValue, file.name(), "keys have to ascend"));
        }
        let depth = if self.count == 0 { 0 } else { common(&self.last, key) };
        self.last.clear();
        self.last.extend_from_slice(key);
        self.count = self.count.saturating_add(1);
        self.complete_below(file, depth)?;
        for byte in key.get(depth..).unwrap_or_default() {
            self.stack.push(Node::new(*byte));
        }
        if let Some(node) = self.stack.last_mut() {
            node.payload = Some(payload);
        }
        Ok(())
    }

    /// Completes all nodes that are deeper than `depth`.
    fn complete_below(&mut self, file: &mut Output, depth: usize) -> Result<(), Error> {
        let mut pen = Self::pen(&mut self.layer, &self.format, file);
        while self.stack.len() > depth.saturating_add(1) {
            let Some(mut node) = self.stack.pop() else { break };
            pen.complete(&mut node)?;
            if let Some(parent) = self.stack.last_mut() {
                parent.children.push(node);
            }
        }
        Ok(())
    }

    /// Writes all that is not written, to begin anew; the root's position.
    pub(super) fn finish(&mut self, file: &mut Output) -> Result<u64, Error> {
        self.complete_below(file, 0)?;
        self.count = 0;
        let mut root = self.stack.pop().unwrap_or(Node::new(0));
        self.stack.push(Node::new(0));
        let mut pen = Self::pen(&mut self.layer, &self.format, file);
        pen.complete(&mut root)?;
        pen.make_room(&mut root)?;
        pen.write(&mut root)
    }
}

/// What writes nodes.
struct Pen<'w, F> {
    file: &'w mut Output,
    format: &'w F,
    layer: &'w mut Layer,
}

impl<F: PayloadFormat> Pen<'_, F> {
    /// Bytes up to the end of the page, a whole page at its start.
    fn left_in_page(&self) -> u64 {
        PAGE.saturating_sub(self.file.position().rem_euclid(PAGE))
    }

    /// Goes on to the next page, if not at the start of one.
    fn pad(&mut self) -> Result<(), Error> {
        let number = usize::try_from(self.left_in_page().rem_euclid(PAGE)).unwrap_or(0);
        self.file.write(ZEROS.get(..number).unwrap_or_default())
    }

    /// Makes sure that the root's branch, or else the root, fits on what is left of the page.
    fn make_room(&mut self, root: &mut Node<F::Payload>) -> Result<(), Error> {
        let mut size = self.measure(root, self.file.position());
        if size <= self.left_in_page() {
            return Ok(());
        }
        if size <= PAGE {
            self.pad()?;
            size = self.measure(root, self.file.position());
        }
        if size > self.left_in_page() {
            self.lay_out_children(root)?;
            if root.node_size > self.left_in_page() {
                self.pad()?;
                self.measure(root, self.file.position());
            }
        }
        Ok(())
    }

    /// No key will add to `node` any more.
    fn complete(&mut self, node: &mut Node<F::Payload>) -> Result<(), Error> {
        let (mut branch_size, mut is_apart, mut is_branch_apart) = (0_u64, false, false);
        for child in &node.children {
            branch_size = branch_size.saturating_add(child.total_size());
            if child.position.is_some() {
                is_apart = true;
            } else {
                is_branch_apart |= child.is_apart_from_children || child.is_apart_from_branch;
            }
        }
        node.branch_size = branch_size;
        let size = self.size(node, self.file.position());
        if size.saturating_add(branch_size) >= PAGE {
            return self.lay_out_children(node);
        }
        node.node_size = size;
        (node.is_apart_from_children, node.is_apart_from_branch) = (is_apart, is_branch_apart);
        Ok(())
    }

    fn lay_out_children(&mut self, node: &mut Node<F::Payload>) -> Result<(), Error> {
        // Sizes with the children's indexes, ascending.
        let mut waiting: Vec<((u64, u8), usize)> = Vec::with_capacity(node.children.len());
        let children = node.children.iter().zip(0..);
        waiting.extend(
            children
                .filter(|(child, _)| child.position.is_none())
                .map(|(child, index)| (child.order(), index)),
        );
        waiting.sort_unstable();
        let mut left = self.left_in_page();
        while !waiting.is_empty() {
            let mut fitting = waiting.partition_point(|((size, _), _)| *size <= left);
            if fitting == 0 {
                self.pad()?;
                left = PAGE;
                fitting = waiting.len();
            }
            let (_, index) = waiting.remove(fitting.saturating_sub(1));
            let Some(child) = node.children.get_mut(index) else { break };
            let is_known = !child.is_apart_from_children && !child.is_apart_from_branch;
            if !is_known && self.measure(child, self.file.position()) > left {
                if left == PAGE {
                    self.lay_out_children(child)?;
                    left = self.left_in_page();
                }
                let order = child.order();
                let place = waiting.partition_point(|(other, _)| *other <= order);
                waiting.insert(place, (order, index));
                continue;
            }
            self.write(child)?;
            child.settle();
            left = self.left_in_page();
        }
        node.branch_size = 0;
        node.is_apart_from_children = true;
        node.is_apart_from_branch = false;
        node.node_size = self.size(node, self.file.position());
        Ok(())
    }

    /// Length of the node and its payload if it is written at `position`.
    fn size(&self, node: &Node<F::Payload>, position: u64) -> u64 {
        let payload = node.payload.as_ref();
        let distance = node.farthest(position);
        let (_, size) = nodes::choose(node.transitions(), distance, payload.is_some());
        size.saturating_add(payload.map_or(0, |payload| self.format.size(payload)))
    }

    /// Sizes of a branch anew, for its first byte at `position`; its total size.
    fn measure(&self, node: &mut Node<F::Payload>, position: u64) -> u64 {
        if node.is_apart_from_branch {
            let mut size = 0_u64;
            for child in &mut node.children {
                let total = self.measure(child, position.saturating_add(size));
                size = size.saturating_add(total);
            }
            node.branch_size = size;
        }
        if node.is_apart_from_children || node.is_apart_from_branch {
            node.node_size = self.size(node, position.saturating_add(node.branch_size));
        }
        node.total_size()
    }

    /// Writes a branch, children first; the node's position.
    fn write(&mut self, node: &mut Node<F::Payload>) -> Result<u64, Error> {
        for child in &mut node.children {
            if child.position.is_none() {
                self.write(child)?;
            }
        }
        let position = self.file.position();
        let written = self.encode(node, position);
        written.map_err(|fault| self.file.refused(fault))?;
        self.file.write(self.layer.sink.as_slice())?;
        node.position = Some(position);
        Ok(position)
    }

    /// Makes the bytes of a node whose children are written.
    fn encode(&mut self, node: &Node<F::Payload>, position: u64) -> Result<(), Fault> {
        let Layer { parts, sink } = &mut *self.layer;
        parts.transitions.clear();
        parts.distances.clear();
        let mut farthest = 0;
        for child in &node.children {
            let distance = child.position.and_then(|child| position.checked_sub(child));
            let distance = distance.ok_or(Fault::Absent)?;
            farthest = farthest.max(distance);
            parts.transitions.push(child.transition);
            parts.distances.push(distance);
        }
        let payload = node.payload.as_ref();
        let (kind, _) = nodes::choose(node.transitions(), farthest, payload.is_some());
        let bits = payload.map_or(0, |payload| self.format.bits(payload));
        sink.clear();
        self.format.encode(parts.node(kind, bits)?, payload, sink)
    }
}

/// Length of the common beginning.
fn common(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}
