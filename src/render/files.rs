//! `.Files`: the files of a chart that are no templates, with their methods.
//!
//! helm: pkg/engine `files`.

use crate::chart::File;
use crate::codec::yaml;
use crate::gostd::glob::Glob;
use crate::gostd::path;
use crate::limits::{self, Limit};
use crate::value::{
    CallError, ElemType, Entries, Map, MapType, Method, ParamType, Signature, Str, Value,
};

const NAME: Signature = Signature::fixed(&[ParamType::String]);

/// `engine.files`: paths and contents.
static FILES: MapType = MapType {
    name: "engine.files",
    elem: ElemType::Bytes,
    is_dict: false,
    methods: &[
        Method::getter("AsConfig", as_config),
        Method::getter("AsSecrets", as_secrets),
        Method::new("Get", NAME, get),
        Method::new("GetBytes", NAME, get_bytes),
        Method::new("Glob", NAME, glob),
        Method::new("Lines", NAME, lines),
    ],
};

/// Returns what templates see as `.Files`.
pub(super) fn files_value(files: &[File]) -> Value {
    let entries = files
        .iter()
        .map(|file| (file.name.clone(), Value::bytes(file.data.clone())));
    Map::with_entries(&FILES, entries.collect()).into()
}

fn content(receiver: &Value, args: &[Value]) -> Option<Str> {
    let name = args.first()?.as_str()?;
    receiver.as_map()?.get(name)?.as_byte_list().cloned()
}

fn get(receiver: &Value, args: &[Value]) -> Result<Value, CallError> {
    Ok(Value::string(content(receiver, args).unwrap_or_default()))
}

fn get_bytes(receiver: &Value, args: &[Value]) -> Result<Value, CallError> {
    Ok(Value::bytes(content(receiver, args).unwrap_or_default()))
}

fn lines(receiver: &Value, args: &[Value]) -> Result<Value, CallError> {
    let content = content(receiver, args).unwrap_or_default();
    if content.is_empty() {
        return Ok(Value::string_list::<Str>([]));
    }
    let text = content.strip_suffix(b"\n").unwrap_or(&content);
    let count = memchr::memchr_iter(b'\n', text).count() as u64 + 1;
    limits::charge(Limit::List, count).map_err(|exceeded| CallError::new(exceeded.to_string()))?;
    Ok(Value::string_list(text.split(|b| *b == b'\n')))
}

fn glob(receiver: &Value, args: &[Value]) -> Result<Value, CallError> {
    let pattern = args.first().and_then(Value::as_str).cloned();
    // A pattern that does not parse stands for all files.
    let glob = Glob::new(&pattern.unwrap_or_default());
    let files = receiver.as_map().map(Map::snapshot).unwrap_or_default();
    let mut matching = Entries::new();
    for (name, data) in files.iter() {
        let matches = match &glob {
            Some(glob) => glob.matches(name),
            None => Ok(true),
        };
        if matches.map_err(|error| CallError::new(error.to_string()))? {
            matching.insert(name.clone(), data.clone());
        }
    }
    Ok(Map::with_entries(&FILES, matching).into())
}

fn as_config(receiver: &Value, _: &[Value]) -> Result<Value, CallError> {
    Ok(by_base_name(receiver, |data| Value::string(data.clone())))
}

fn as_secrets(receiver: &Value, _: &[Value]) -> Result<Value, CallError> {
    Ok(by_base_name(receiver, |data| {
        Value::string(data_encoding::BASE64.encode(data))
    }))
}

/// Returns a YAML map from the last parts of the paths to contents; nothing if it
/// cannot be written as YAML.
fn by_base_name(receiver: &Value, convert: impl Fn(&Str) -> Value) -> Value {
    let files = receiver.as_map().map(Map::snapshot).unwrap_or_default();
    let entries: Entries = files
        .iter()
        .filter_map(|(name, data)| {
            let base = path::base(name).to_vec();
            Some((Str::from(base), convert(data.as_byte_list()?)))
        })
        .collect();
    let map = Map::with_entries(&MapType::STRING, entries).into();
    let mut text = yaml::encode(&map).unwrap_or_default();
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    text.into()
}
