//! Memory of batches that nobody has any more, taken for the next ones: every page of memory
//! that is new costs a fault of the processor.

use arrow_buffer::{ArrowNativeType, Buffer};

use super::column::{Column, Store, Strings};

/// What was handed out of a column's values or offsets, the last two times.
#[derive(Default)]
pub(super) struct Handed {
    older: Option<Buffer>,
    newer: Option<Buffer>,
}

impl Handed {
    /// The values as a buffer, which whoever gets it may keep for as long as it likes. None are
    /// left, and no room.
    pub fn hand<T: ArrowNativeType>(&mut self, values: &mut Vec<T>) -> Buffer {
        let buffer = Buffer::from_vec(std::mem::take(values));
        self.older = self.newer.replace(buffer.clone());
        buffer
    }

    /// Gives `values` room for as many as there were last, unless it has some.
    fn make_room<T: ArrowNativeType>(&mut self, values: &mut Vec<T>) {
        let Some(len) = self.newer.as_ref().map(Buffer::len) else { return };
        if values.capacity() > 0 {
            return;
        }
        for handed in [&mut self.older, &mut self.newer] {
            match handed.take().map(Buffer::into_vec::<T>) {
                Some(Ok(found)) => {
                    *values = found;
                    return values.clear();
                }
                Some(Err(buffer)) => *handed = Some(buffer),
                None => {}
            }
        }
        values.reserve(len.checked_div(size_of::<T>()).unwrap_or(0));
    }
}

impl Column {
    /// Makes room where all values have been handed out: for as many again, in the memory of
    /// those that nobody has any more.
    pub fn make_room(&mut self) {
        let [values, offsets] = &mut self.handed;
        match &mut self.store {
            Store::Four(numbers, _) => values.make_room(numbers),
            Store::Eight(numbers, _) => values.make_room(numbers),
            Store::Text(strings, _) | Store::Binary(strings) => {
                let Strings { bytes, ends } = strings;
                values.make_room(bytes);
                offsets.make_room(ends);
            }
            Store::List(ends, item) => {
                offsets.make_room(ends);
                item.make_room();
            }
            Store::Map(ends, key, value) => {
                offsets.make_room(ends);
                key.make_room();
                value.make_room();
            }
            Store::Struct(fields) => fields.iter_mut().for_each(Self::make_room),
            Store::Vector(_, item) => item.make_room(),
            _ => {}
        }
    }
}
