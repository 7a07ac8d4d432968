//! The signature in Rhai's "function not found", read into words that users know.

/// What was called, and with what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signature<'a> {
    /// The name, with its module.
    pub(super) name: &'a str,
    /// The types of the arguments as Rhai names them.
    pub(super) types: Vec<&'a str>,
}

impl<'a> Signature<'a> {
    /// Reads `name (type, type)`.
    pub(super) fn read(text: &'a str) -> Self {
        let Some((name, rest)) = text.split_once(" (") else { return Self { name: text, types: Vec::new() } };
        let inner = rest.strip_suffix(')').unwrap_or(rest);
        let types = inner.split(", ").map(str::trim).filter(|part| !part.is_empty()).collect();
        Self { name, types }
    }

    /// A type in words.
    pub(super) fn words(name: &str) -> &'static str {
        let name = name.trim_start_matches("&mut ").trim_start_matches('&');
        match name {
            "i64" | "INT" => "an integer",
            "f64" | "FLOAT" => "a decimal number",
            "bool" => "a bool",
            "()" => "`()`",
            "char" => "a character",
            "array" | "Array" => "an array",
            "map" | "Map" => "a map",
            "Fn" | "FnPtr" => "a function",
            "object" => "an object",
            _ if name.contains("str") || name.contains("Str") => "a text",
            _ if name.contains("ange") => "a range",
            _ if name.starts_with("array") => "an array",
            _ => "another value",
        }
    }

    /// The arguments in words.
    pub(super) fn given(&self) -> String {
        crate::schema::and(self.types.iter().map(|name| Self::words(name).to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Signature;

    #[test]
    fn types_are_read_and_put_into_words() {
        let read = Signature::read("+ (array, &str | ImmutableString | String)");
        assert_eq!(read.name, "+");
        assert_eq!(read.given(), "an array and a text");
        assert_eq!(Signature::read("m::f ()").types.len(), 0);
    }
}
