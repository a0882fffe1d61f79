//! Values that go into a statement and come out of a row.

use rusqlite::types::{ToSqlOutput, ValueRef};

use super::{Failure, Result};

/// A value as both databases have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'v> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'v str),
    Blob(&'v [u8]),
}

/// The values of a statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::db::ToValue::to_value(&$value)),*]
    };
}
pub(crate) use values;

/// Numbers of rows, each for a run of a statement.
pub(crate) fn each_id(ids: impl IntoIterator<Item = i64>) -> Vec<Vec<Value<'static>>> {
    ids.into_iter().map(|id| vec![Value::Integer(id)]).collect()
}

/// What goes into a statement.
pub(crate) trait ToValue {
    fn to_value(&self) -> Value<'_>;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (*self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl ToValue for f32 {
    fn to_value(&self) -> Value<'_> {
        Value::Real(f64::from(*self))
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                Value::Integer(i64::from(*self))
            }
        }
        impl FromValue for $type {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Integer(value) => Self::try_from(value).ok(),
                    _ => None,
                }
            }
        }
    )*};
}
integers!(i64 u32 u16 u8);

/// What a column is read as.
pub(crate) trait FromValue: Sized {
    /// `None` where the column holds something else.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).map(|value| value != 0)
    }
}

impl FromValue for f64 {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Real(value) => Some(value),
            Value::Integer(value) => Some(value as Self),
            _ => None,
        }
    }
}

impl FromValue for f32 {
    fn from_value(value: Value<'_>) -> Option<Self> {
        f64::from_value(value).map(|value| value as Self)
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(value) => Some(value.to_owned()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(value) => Some(value.to_owned()),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// A row that was found.
#[derive(Debug)]
pub(crate) enum Row<'r> {
    File(&'r rusqlite::Row<'r>),
    Server(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// The value of a column, counted from 0.
    pub(crate) fn get<T: FromValue>(&self, column: usize) -> Result<T> {
        T::from_value(self.value(column)?).ok_or(Failure::Damaged)
    }

    /// The bytes of a column, where they lie.
    pub(crate) fn blob(&self, column: usize) -> Result<&[u8]> {
        match self.value(column)? {
            Value::Blob(value) => Ok(value),
            _ => Err(Failure::Damaged),
        }
    }

    fn value(&self, column: usize) -> Result<Value<'_>> {
        match self {
            Self::File(row) => Ok(match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(value) => Value::Integer(value),
                ValueRef::Real(value) => Value::Real(value),
                ValueRef::Text(value) => {
                    Value::Text(std::str::from_utf8(value).map_err(|_| Failure::Damaged)?)
                }
                ValueRef::Blob(value) => Value::Blob(value),
            }),
            Self::Server(row) => Ok(row.try_get(column)?),
        }
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(value),
            Self::Real(value) => ValueRef::Real(value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}
