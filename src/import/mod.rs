//! A configuration of the original system becomes a script: text in, text and problems out.
//!
//! `yaml` reads the YAML into values with places, [`config`] reads these against the original's declarations, and `script`
//! says the same in the language. `comments` carries what people wrote beside it.

mod comments;
pub mod config;
mod merge;
mod script;
mod values;
mod yaml;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::draft::Settings;
use crate::schema::{Config, FromConfig, Reader};
use crate::source::{Origin, SourceId, SourceMap, Span};

/// What a configuration becomes: what could be made of it, with what went wrong beside it.
#[derive(Debug)]
pub struct Imported {
    /// The configuration's text.
    pub sources: SourceMap,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The script; none where there is an error.
    pub script: Option<String>,
}

/// Makes a script of the configuration `bytes`, shown as `name`. What a configuration does not say comes from `settings`.
pub fn import(name: &str, bytes: Vec<u8>, settings: &Settings) -> Imported {
    let mut sources = SourceMap::new();
    let mut sink = Sink::new();
    let source = load(&mut sources, name, bytes, &mut sink);
    let script = source.and_then(|source| read(source, &sources, settings, &mut sink));
    let script = script.filter(|_| !sink.has_errors());
    Imported { sources, diagnostics: sink.into_sorted(), script }
}

fn load(sources: &mut SourceMap, name: &str, bytes: Vec<u8>, sink: &mut Sink) -> Option<SourceId> {
    let long = bytes.len() > SourceMap::MAX_BYTES;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let readable = String::from_utf8_lossy(&error.as_bytes()[..valid]);
            let source = sources.add(name, name, &readable, Origin::Script);
            let at = u32::try_from(valid).unwrap_or(u32::MAX);
            let message = format!("the file is not UTF-8: byte {valid} does not belong");
            sink.push(Diagnostic::new(Code::NotUtf8, Span::new(source, at, at), message).help("save it as UTF-8"));
            return None;
        }
    };
    let source = sources.add(name, name, if long { "" } else { &text }, Origin::Script);
    if long {
        let message = format!("a configuration has at most {} bytes", SourceMap::MAX_BYTES);
        sink.push(Diagnostic::new(Code::TooLong, Span::new(source, 0, 0), message));
        return None;
    }
    Some(source)
}

fn read(source: SourceId, sources: &SourceMap, settings: &Settings, sink: &mut Sink) -> Option<String> {
    let read = yaml::read(source, &sources.get(source).text, sink);
    let yaml::Document { mut root, mut comments, holders } = read?;
    values::drop_ignored(&mut root, &<config::Config as Config>::RECORD, &holders, sink);
    let config = config::Config::from_config(&root, &mut Reader::new(sink))?;
    script::check(&config, settings, sink);
    let script = script::write(&config, settings, &mut comments, sink).text();
    if script.len() > SourceMap::MAX_BYTES {
        let message = format!("the script would have more than {} bytes", SourceMap::MAX_BYTES);
        sink.push(Diagnostic::new(Code::TooLong, Span::new(source, 0, 0), message).help("split the configuration"));
    }
    Some(script)
}
