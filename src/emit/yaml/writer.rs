//! From whatever is serialized to the lines of a YAML document, in block style: maps are indented by two, the items of a
//! list stand at its key.

use std::fmt::{self, Display, Write};

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::scalar;

/// The longest key that stands before its `:` without a `?`: readers look 1,024 characters far.
const KEY: usize = 1_000;

/// Writes one document.
pub(super) struct Writer<'a> {
    out: &'a mut String,
    at: At,
}

/// Where the next value stands.
#[derive(Debug, Clone, Copy)]
enum At {
    /// At the beginning of the document.
    Start,
    /// Behind a key that starts in that column.
    Key(usize),
    /// Behind a dash in that column.
    Item(usize),
    /// Where a key starts, in that column.
    Name(usize),
}

/// Why something has no form in YAML that aphex would write.
#[derive(Debug)]
pub(super) struct Error(String);

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'a> Writer<'a> {
    /// A writer at the end of `out`, where a line starts.
    pub(super) fn new(out: &'a mut String) -> Self {
        Self { out, at: At::Start }
    }

    fn indent(&mut self, columns: usize) {
        const SPACES: &str = "                                                                ";
        let mut left = columns;
        while left > 0 {
            let some = left.min(SPACES.len());
            self.out.push_str(&SPACES[..some]);
            left -= some;
        }
    }

    /// Adds a value that takes the rest of a line.
    fn scalar(&mut self, write: impl FnOnce(&mut String)) {
        if let At::Key(_) = self.at {
            self.out.push(' ');
        }
        write(self.out);
        self.out.push('\n');
    }

    fn display(&mut self, value: impl Display) {
        self.scalar(|out| write!(out, "{value}").expect("a string takes every text"));
    }

    fn text(&mut self, text: &str) {
        if let At::Name(column) = self.at {
            return self.key(text, column);
        }
        if scalar::is_plain(text) {
            return self.scalar(|out| out.push_str(text));
        }
        let Some(header) = scalar::block(text) else { return self.scalar(|out| scalar::quote(text, out)) };
        self.scalar(|out| out.push_str(header));
        let column = self.inside().max(2);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.indent(column);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// The column of what stands in the next value.
    fn inside(&self) -> usize {
        match self.at {
            At::Start => 0,
            At::Key(column) | At::Item(column) | At::Name(column) => column + 2,
        }
    }

    fn key(&mut self, key: &str, column: usize) {
        let long = key.len() > KEY;
        self.out.push_str(if long { "? " } else { "" });
        scalar::line(key, self.out);
        if long {
            self.out.push('\n');
            self.indent(column);
        }
        self.out.push(':');
        self.at = At::Key(column);
    }

    fn map(&mut self) -> Map<'_, 'a> {
        let column = self.inside();
        Map { at: self.at, column, empty: true, writer: self }
    }

    fn list(&mut self) -> List<'_, 'a> {
        let column = if let At::Key(column) = self.at { column } else { self.inside() };
        List { at: self.at, column, empty: true, writer: self }
    }

    /// Goes to the place of an entry or item: the first one behind a dash stands in its line.
    fn place(&mut self, at: At, column: usize, first: bool) {
        match at {
            At::Item(_) if first => {}
            At::Key(_) if first => {
                self.out.push('\n');
                self.indent(column);
            }
            _ => self.indent(column),
        }
    }

    fn empty(&mut self, at: At, brackets: &str) {
        self.at = at;
        self.scalar(|out| out.push_str(brackets));
    }
}

/// The entries of a map.
pub(super) struct Map<'w, 'a> {
    writer: &'w mut Writer<'a>,
    at: At,
    column: usize,
    empty: bool,
}

impl Map<'_, '_> {
    /// Goes to the place of the next key.
    fn next(&mut self) {
        let first = std::mem::replace(&mut self.empty, false);
        self.writer.place(self.at, self.column, first);
    }

    fn entry<T: ?Sized + Serialize>(&mut self, key: &str, value: &T) -> Result<(), Error> {
        self.next();
        self.writer.key(key, self.column);
        value.serialize(&mut *self.writer)
    }

    fn finish(self) {
        if self.empty {
            self.writer.empty(self.at, "{}");
        }
    }
}

/// The items of a list.
pub(super) struct List<'w, 'a> {
    writer: &'w mut Writer<'a>,
    at: At,
    column: usize,
    empty: bool,
}

impl List<'_, '_> {
    fn item<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        let first = std::mem::replace(&mut self.empty, false);
        self.writer.place(self.at, self.column, first);
        self.writer.out.push_str("- ");
        self.writer.at = At::Item(self.column);
        value.serialize(&mut *self.writer)
    }

    fn finish(self) {
        if self.empty {
            self.writer.empty(self.at, "[]");
        }
    }
}

fn unknown<T>(what: &str) -> Result<T, Error> {
    Err(Error(format!("{what} has no place in what aphex emits")))
}

/// Writes values of simple types with `write!`.
macro_rules! displayed {
    ($($name:ident($type:ty)),*) => {
        $(fn $name(self, value: $type) -> Result<(), Error> {
            self.display(value);
            Ok(())
        })*
    };
}

impl<'w, 'a> Serializer for &'w mut Writer<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = List<'w, 'a>;
    type SerializeTuple = List<'w, 'a>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Map<'w, 'a>;
    type SerializeStruct = Map<'w, 'a>;
    type SerializeStructVariant = Impossible<(), Error>;

    displayed!(
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64)
    );

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.scalar(|out| scalar::float(value, out));
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        unknown("a piece of binary data")
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.scalar(|out| out.push_str("null"));
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.map().entry(variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'w, 'a>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'w, 'a>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        unknown(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unknown(name)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map<'w, 'a>, Error> {
        Ok(self.map())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Map<'w, 'a>, Error> {
        Ok(self.map())
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unknown(name)
    }
}

/// Takes the items of a list under each name that serde has for one.
macro_rules! lists {
    ($($name:ident),*) => {
        $(impl ser::$name for List<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish();
                Ok(())
            }
        })*
    };
}

lists!(SerializeSeq, SerializeTuple);

impl ser::SerializeMap for Map<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Error> {
        self.next();
        self.writer.at = At::Name(self.column);
        key.serialize(&mut *self.writer)?;
        if let At::Name(_) = self.writer.at { unknown("a key that is no text") } else { Ok(()) }
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStruct for Map<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.entry(key, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish();
        Ok(())
    }
}
