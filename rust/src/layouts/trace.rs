//! Which fields a fault is inside of. Decoders tell it on the way out of nested objects, and
//! only to a cursor that asks: for an error's sake the bytes are decoded a second time.

use std::cell::RefCell;
use std::fmt::Write;

/// The fields around a fault, the innermost first, with the numbers of their items.
#[derive(Debug, Default)]
pub struct Trace(RefCell<Vec<(&'static str, Option<i64>)>>);

impl Trace {
    /// Notes what the fault is inside of; no name: the item of the field that it is in.
    #[cold]
    #[inline(never)]
    pub(super) fn push(&self, field: &'static str, index: Option<i64>) {
        // Nobody else has it borrowed.
        if let Ok(mut fields) = self.0.try_borrow_mut() {
            fields.push((field, index));
        }
    }

    /// The path of the field from an object of type `root` on, such as
    /// `summary.body.entries[3].key`.
    ///
    /// `field` is the innermost one as `spec::type.field`, which is all there is to say where a
    /// fault is not in the decoder of `root`.
    #[must_use]
    pub fn path(&self, root: &str, field: &str) -> String {
        let fields = self.0.try_borrow().map(|fields| fields.clone()).unwrap_or_default();
        let field = field.replace("::", ".");
        let (holder, leaf) = field.rsplit_once('.').unwrap_or(("", &field));
        if fields.is_empty() && holder != root {
            return field;
        }
        let (mut path, mut item) = (root.to_owned(), None);
        for (name, index) in fields.into_iter().rev() {
            if name.is_empty() {
                item = index;
            } else {
                add(&mut path, name, index);
            }
        }
        add(&mut path, leaf, item);
        path
    }
}

fn add(path: &mut String, name: &str, index: Option<i64>) {
    path.push('.');
    path.push_str(name);
    if let Some(index) = index {
        // Writing to a string never fails.
        let _ = write!(path, "[{index}]");
    }
}
