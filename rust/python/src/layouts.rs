//! Objects of the generated decoders as Python's.

use cqlite_core::layouts::generated;
use cqlite_core::layouts::visit::{Param, Value, Visitor};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString};

/// What is open: an object's fields or a list's items, and the field that it is.
struct Open<'py> {
    field: String,
    made: Made<'py>,
}

enum Made<'py> {
    Object(Bound<'py, PyDict>),
    List(Bound<'py, PyList>),
}

/// Makes Python objects of what it is told.
struct Maker<'a, 'py> {
    py: Python<'py>,
    object: &'a Bound<'py, PyAny>,
    number: &'a Bound<'py, PyAny>,
    fields: Bound<'py, PyDict>,
    open: Vec<Open<'py>>,
    /// What Python raised, or `None` where a part cannot be decoded.
    failure: Result<(), Option<PyErr>>,
}

impl<'py> Maker<'_, 'py> {
    fn add(&self, name: &str, value: Bound<'py, PyAny>) -> PyResult<()> {
        let fields = match self.open.last() {
            Some(Open { made: Made::List(list), .. }) => return list.append(value),
            Some(Open { made: Made::Object(fields), .. }) => fields,
            None => &self.fields,
        };
        fields.set_item(PyString::intern(self.py, name), value)
    }

    fn converted(&self, value: Value<'_>) -> Result<Option<Bound<'py, PyAny>>, Option<PyErr>> {
        let py = self.py;
        Ok(Some(match value {
            Value::Int(number) => match i64::try_from(number) {
                Ok(number) => number.into_bound_py_any(py)?,
                Err(_) => number.into_bound_py_any(py)?,
            },
            Value::Enum(number, None) => number.into_bound_py_any(py)?,
            Value::Enum(number, Some(name)) => self.number.call1((number, name))?,
            Value::Float(number) => number.into_bound_py_any(py)?,
            Value::Bool(truth) => truth.into_bound_py_any(py)?,
            Value::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
            Value::Text(text) => text.into_bound_py_any(py)?,
            Value::Absent | Value::Failed(_) => return Ok(None),
            Value::Broken(_) => return Err(None),
        }))
    }

    fn tell(&mut self, act: impl FnOnce(&mut Self) -> Result<(), Option<PyErr>>) {
        if self.failure.is_ok() {
            self.failure = act(self);
        }
    }
}

impl Visitor for Maker<'_, '_> {
    fn value(&mut self, name: &str, value: Value<'_>) {
        self.tell(|this| match this.converted(value)? {
            Some(value) => Ok(this.add(name, value)?),
            None => Ok(()),
        });
    }

    fn enter(&mut self, name: &str, items: Option<usize>) {
        let made = match items {
            Some(_) => Made::List(PyList::empty(self.py)),
            None => Made::Object(PyDict::new(self.py)),
        };
        self.open.push(Open { field: name.to_owned(), made });
    }

    fn leave(&mut self) {
        let Some(Open { field, made }) = self.open.pop() else { return };
        self.tell(|this| {
            let value = match made {
                Made::List(list) => list.into_any(),
                Made::Object(fields) => this.object.call((), Some(&fields))?,
            };
            Ok(this.add(&field, value)?)
        });
    }
}

/// One object of a type of the specs.
///
/// Args:
///     path: the type, such as `statistics.toc`.
///     data: bytes that begin with the object.
///     params: the type's parameters, which have to be integers.
///     object: is called with an object's fields and computed instances as keywords, without
///         those that are not there.
///     number: is called with the number and the name of an enum's value that has one.
///
/// Returns:
///     What `object` made, and how many of the bytes it is; `None` where the bytes break the
///     layout, or there is no such type with such parameters.
#[pyfunction]
pub fn layout<'py>(
    py: Python<'py>,
    path: &str,
    data: &[u8],
    params: Vec<i64>,
    object: &Bound<'py, PyAny>,
    number: &Bound<'py, PyAny>,
) -> PyResult<Option<(Bound<'py, PyAny>, usize)>> {
    let params: Vec<Param> = params.into_iter().map(Param::Int).collect();
    let fields = PyDict::new(py);
    let mut maker = Maker { py, object, number, fields, open: Vec::new(), failure: Ok(()) };
    let Some(Ok(done)) = generated::inspect(path, data, 0, &params, &mut maker) else {
        return Ok(None);
    };
    match maker.failure {
        Ok(()) => Ok(Some((object.call((), Some(&maker.fields))?, done.size))),
        Err(Some(error)) => Err(error),
        Err(None) => Ok(None),
    }
}
