//! The grammar of set expressions: `a.b=1,c[0].d={x,y}`.
//!
//! The text after `--set` and its siblings comes in, together with the values so
//! far; the values change. The [`Form`] tells what the text after `=` means.
//! Texts are read as characters, so bytes that are not UTF-8 become U+FFFD.
//!
//! helm: pkg/strvals.

use super::tree::{self, Members, Mismatch, Node};
use crate::codec::json;
use crate::diag::{Error, ErrorKind};
use crate::gostd::{strconv, unicode};
use crate::limits::{self, Limit};
use crate::value::{Map, Str, Value};

/// How deep lists may lie in lists.
///
/// DIFFERS(helm): helm sets no limit, and its stack has none to speak of.
const MAX_LISTS: usize = 1_000;

/// Reads the file that a set expression names.
pub type ReadFile<'a> = dyn FnMut(&str) -> Result<Vec<u8>, Error> + 'a;

/// What the text after `=` means.
pub enum Form<'a, 'r> {
    /// `--set`: true, false, null, a whole number, or else a text.
    Typed,
    /// `--set-string`: a text.
    Text,
    /// `--set-json`: a JSON value.
    Json,
    /// `--set-file`: the name of a file with the text.
    File(&'a mut ReadFile<'r>),
    /// `--set-literal`: a text to the end of the expression, as it is.
    Literal,
}

/// Applies one expression to a map.
///
/// # Errors
///
/// Returns helm's text, without a prefix, if the expression does not parse or does
/// not fit the values: `key "a" has no value`.
///
/// # Examples
///
/// ```
/// use verta_render::value::Map;
/// use verta_render::values::set::{self, Form};
///
/// let values = set::apply(b"image.tag=v1,ports[1]=80", Form::Typed, &Map::new())?;
/// assert_eq!(values.get(b"ports").unwrap().as_list().unwrap().len(), 2);
/// # Ok::<(), verta_render::diag::Error>(())
/// ```
pub fn apply(expression: &[u8], form: Form<'_, '_>, values: &Map) -> Result<Map, Error> {
    let mut members = tree::open(values);
    apply_to(expression, form, &mut members)?;
    Ok(tree::close(members))
}

/// Applies one expression to a map that was taken apart.
pub(super) fn apply_to(
    expression: &[u8],
    form: Form<'_, '_>,
    values: &mut Members,
) -> Result<(), Error> {
    let mut parser = Parser {
        text: expression,
        form,
        lists: 0,
    };
    loop {
        match parser.key(values, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Failed(text)) => return Err(Error::new(ErrorKind::Values, text)),
        }
    }
}

/// Why reading stops. The end of the text, wherever it comes, is no failure.
enum Stop {
    End,
    Failed(Vec<u8>),
}

type Step<T = ()> = Result<T, Stop>;

fn failed<T>(text: impl Into<Vec<u8>>) -> Step<T> {
    Err(Stop::Failed(text.into()))
}

/// Returns the text for a value that is not of the type a key wants: helm's is that
/// of a Go panic.
fn clash(Mismatch(found): Mismatch, wanted: &str) -> Stop {
    let text = format!(
        "unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}"
    );
    Stop::Failed(text.into_bytes())
}

const MAP: &str = "map[string]interface {}";
const LIST: &str = "[]interface {}";

struct Parser<'t, 'a, 'r> {
    /// What has not been read.
    text: &'t [u8],
    form: Form<'a, 'r>,
    /// How many lists surround the place being set.
    lists: usize,
}

impl Parser<'_, '_, '_> {
    /// Reads a key with all that follows it, and sets its value.
    fn key(&mut self, data: &mut Members, dots: usize) -> Step {
        let stops = if self.is_literal() { "=[." } else { "=[,." };
        let (key, stop) = self.read_until(stops);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => failed(format!("key {} has no value", quoted(&key))),
            Some('[') => self.key_of_list(data, &key, dots),
            Some('.') => self.key_of_map(data, &key, dots),
            Some('=') => {
                let (value, result) = self.value();
                if let Some(value) = value {
                    set(data, &key, value);
                }
                result
            }
            Some(_) => {
                let key = quoted(&key);
                failed(format!("key {key} has no value (cannot end with ,)"))
            }
        }
    }

    fn key_of_list(&mut self, data: &mut Members, key: &str, dots: usize) -> Step {
        let index = self.index()?;
        if let Some(node) = data.get_mut(key.as_bytes()) {
            let items = node.items().map_err(|found| clash(found, LIST))?;
            return self.list_item(items, index, dots);
        }
        let mut items = Vec::new();
        let result = self.list_item(&mut items, index, dots);
        // Also when the text ends early: the list is there then, without the item.
        set(data, key, Node::List(items));
        result
    }

    fn key_of_map(&mut self, data: &mut Members, key: &str, dots: usize) -> Step {
        let most = limits::of(Limit::SetDepth);
        if dots as u64 >= most {
            return failed(named(
                Limit::SetDepth,
                format!(
                    "value name nested level is greater than maximum supported nested level of {most}"
                ),
            ));
        }
        let no_value = || failed(format!("key map {} has no value", quoted(key)));
        if let Some(node) = data.get_mut(key.as_bytes()) {
            let members = node.members().map_err(|found| clash(found, MAP))?;
            self.key(members, dots + 1)?;
            return if members.is_empty() {
                no_value()
            } else {
                Ok(())
            };
        }
        let mut members = Members::new();
        let result = self.key(&mut members, dots + 1);
        if result.is_ok() && members.is_empty() {
            return no_value();
        }
        if !members.is_empty() {
            set(data, key, Node::Map(members));
        }
        result
    }

    /// Reads what follows an index, and sets the item.
    fn list_item(&mut self, items: &mut Vec<Node>, index: i64, dots: usize) -> Step {
        if index < 0 {
            return failed(format!("negative {index} index not allowed"));
        }
        let (extra, stop) = self.read_until("[.=");
        if !extra.is_empty() {
            let mut text = b"unexpected data at end of array index: [".to_vec();
            for (i, c) in extra.chars().enumerate() {
                if i > 0 {
                    text.push(b' ');
                }
                strconv::append_quote_rune(&mut text, i64::from(u32::from(c)));
            }
            text.push(b']');
            return failed(text);
        }
        match stop {
            None => Err(Stop::End),
            Some('=') => {
                let (value, result) = self.value();
                match (value, &result) {
                    (None, _) | (_, Err(Stop::Failed(_))) => result,
                    // The end of the text is the end of the value, no more.
                    (Some(value), _) => set_index(items, index, value),
                }
            }
            Some('[') => {
                let next = self.index()?;
                self.lists += 1;
                if self.lists > MAX_LISTS {
                    return failed(format!("lists are nested more than {MAX_LISTS} deep"));
                }
                let existing = existing(items, index).filter(|node| !node.is_nil());
                if let Some(node) = existing {
                    let inner = node.items().map_err(|found| clash(found, LIST))?;
                    self.list_item(inner, next, dots)?;
                } else {
                    let mut inner = Vec::new();
                    self.list_item(&mut inner, next, dots)?;
                    set_index(items, index, Node::List(inner))?;
                }
                self.lists -= 1;
                Ok(())
            }
            Some(_) => {
                if let Some(node) = existing(items, index) {
                    // Anything but a map makes way for one.
                    if node.members().is_err() {
                        *node = Node::Map(Members::new());
                    }
                    let members = node.members().map_err(|found| clash(found, MAP))?;
                    return self.key(members, dots);
                }
                let mut members = Members::new();
                self.key(&mut members, dots)?;
                set_index(items, index, Node::Map(members))
            }
        }
    }

    /// Reads a value. Both may be had, a value and a reason to stop.
    fn value(&mut self) -> (Option<Node>, Step) {
        match self.form {
            Form::Literal => {
                let text: String = unicode::runes(self.text).map(|(_, c, _)| c).collect();
                self.text = b"";
                (Some(Node::Whole(text.into())), Ok(()))
            }
            Form::Json => match self.json_value() {
                Ok(value) => (Some(Node::Whole(value)), Ok(())),
                Err(stop) => (None, Err(stop)),
            },
            _ => match self.text.first() {
                None => (Some(Node::Whole("".into())), Err(Stop::End)),
                Some(b'{') => match self.list() {
                    Ok(items) => (Some(Node::Whole(Value::list(items))), Ok(())),
                    Err(stop) => (None, Err(stop)),
                },
                Some(_) => {
                    let (text, _) = self.read_until(",");
                    match self.convert(text) {
                        Ok(value) => (Some(Node::Whole(value)), Ok(())),
                        Err(stop) => (None, Err(stop)),
                    }
                }
            },
        }
    }

    fn json_value(&mut self) -> Step<Value> {
        if self.skip_blanks_and_comma() {
            return Ok(Value::NIL);
        }
        // The reason is never told: helm only names the whole expression.
        let (value, length) = match json::decode_prefix(self.text) {
            Ok(decoded) => decoded,
            Err(error) => return failed(error.to_string()),
        };
        self.text = self.text.get(length..).unwrap_or_default();
        self.skip_blanks_and_comma();
        Ok(value)
    }

    /// Reads `{a,b}`. An empty list has one item, the empty text.
    fn list(&mut self) -> Step<Vec<Value>> {
        self.text = self.text.get(1..).unwrap_or_default();
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.read_until(",}");
            if stop.is_none() {
                return failed("list must terminate with '}'");
            }
            items.push(self.convert(text)?);
            if stop == Some('}') {
                if let Some(rest) = self.text.strip_prefix(b",") {
                    self.text = rest;
                }
                return Ok(items);
            }
        }
    }

    fn convert(&mut self, text: String) -> Step<Value> {
        match &mut self.form {
            Form::Typed => Ok(typed(text)),
            Form::File(read) => match read(&text) {
                Ok(data) => Ok(data.into()),
                Err(error) => failed(error.text()),
            },
            Form::Text | Form::Json | Form::Literal => Ok(text.into()),
        }
    }

    /// Reads an index and the bracket behind it.
    fn index(&mut self) -> Step<i64> {
        let (text, stop) = self.read_until("]");
        if stop.is_none() {
            return Err(Stop::End);
        }
        strconv::atoi(text.as_bytes()).map_err(|kind| {
            let cause = strconv::num_error_text("Atoi", text.as_bytes(), kind);
            Stop::Failed(format!("error parsing index: {cause}").into_bytes())
        })
    }

    /// Reads up to one of the characters in `stops`, and that one; `None` in its
    /// place at the end of the text. A backslash protects the character behind it.
    fn read_until(&mut self, stops: &str) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(c) = self.next() {
            if stops.contains(c) {
                return (text, Some(c));
            }
            if c != '\\' || self.is_literal() {
                text.push(c);
            } else if let Some(protected) = self.next() {
                text.push(protected);
            }
        }
        (text, None)
    }

    /// Reads blanks up to a comma or the end, and says whether there was nothing else.
    fn skip_blanks_and_comma(&mut self) -> bool {
        loop {
            let before = self.text;
            match self.next() {
                None | Some(',') => return true,
                Some(c) if unicode::is_space(c) => {}
                Some(_) => {
                    self.text = before;
                    return false;
                }
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        if self.text.is_empty() {
            return None;
        }
        let (c, length) = unicode::decode_rune(self.text);
        self.text = self.text.get(length..).unwrap_or_default();
        Some(c)
    }

    fn is_literal(&self) -> bool {
        matches!(self.form, Form::Literal)
    }
}

fn quoted(text: &str) -> String {
    strconv::quote(text.as_bytes())
}

fn existing(items: &mut [Node], index: i64) -> Option<&mut Node> {
    items.get_mut(usize::try_from(index).ok()?)
}

/// Sets a member. One without a name is dropped.
fn set(data: &mut Members, key: &str, value: Node) {
    if !key.is_empty() {
        data.insert(Str::from(key), value);
    }
}

/// Adds the name of a limit to a text, unless its value is the one that helm has too.
fn named(limit: Limit, text: String) -> String {
    let spec = limit.spec();
    match limits::of(limit) == spec.default {
        true => text,
        false => format!("{text} (limit {}, --{})", spec.name, spec.flag),
    }
}

/// Sets an item; those missing before it are nil.
fn set_index(items: &mut Vec<Node>, index: i64, value: Node) -> Step {
    let most = limits::of(Limit::SetIndex);
    if u64::try_from(index).is_ok_and(|index| index > most) {
        return failed(named(
            Limit::SetIndex,
            format!("index of {index} is greater than maximum supported index of {most}"),
        ));
    }
    let Ok(index) = usize::try_from(index) else {
        return failed(format!("negative {index} index not allowed"));
    };
    if items.len() <= index {
        items.resize_with(index + 1, || Node::NIL);
    }
    if let Some(item) = items.get_mut(index) {
        *item = value;
    }
    Ok(())
}

/// Returns the value a text stands for.
fn typed(text: String) -> Value {
    let is = |word: &str| unicode::equal_fold(text.as_bytes(), word.as_bytes());
    if is("true") {
        return Value::bool(true);
    }
    if is("false") {
        return Value::bool(false);
    }
    if is("null") {
        return Value::NIL;
    }
    // A zero in front is how texts like 007 say that they are no numbers.
    if (text == "0" || !text.starts_with('0'))
        && let Ok(number) = strconv::parse_int(text.as_bytes(), 10, 64)
    {
        return Value::int64(number);
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies an expression to nothing; returns JSON.
    fn json_of(expression: &str, form: Form<'_, '_>) -> String {
        let values = apply(expression.as_bytes(), form, &Map::new()).unwrap();
        let mut text = Vec::new();
        crate::value::print::print_value(&values.into(), &mut text);
        String::from_utf8(text).unwrap()
    }

    fn typed_json(expression: &str) -> String {
        json_of(expression, Form::Typed)
    }

    fn failure(expression: &str) -> String {
        apply(expression.as_bytes(), Form::Typed, &Map::new())
            .err()
            .map(|error| error.to_string())
            .expect("the expression is wrong")
    }

    #[test]
    fn keys_lists_and_indices() {
        assert_eq!(typed_json("a.b=1,c={x,y}"), "map[a:map[b:1] c:[x y]]");
        assert_eq!(
            typed_json("a[1].b=1,a[0].c=2"),
            "map[a:[map[c:2] map[b:1]]]"
        );
        assert_eq!(typed_json("a[0][1]=x"), "map[a:[[<nil> x]]]");
        assert_eq!(typed_json("a[0]={x,y},a[0][1]=3"), "map[a:[[x 3]]]");
        assert_eq!(typed_json("a\\.b=c\\,d"), "map[a.b:c,d]");
        assert_eq!(typed_json("a[0]."), "map[a:[]]");
        assert_eq!(typed_json("a={},b=00"), "map[a:[] b:00]");
    }

    #[test]
    fn other_forms_read_other_values() {
        assert_eq!(
            json_of("a={\"b\":[1]}c=2 , d=", Form::Json),
            "map[ d:<nil> a:map[b:[1]] c:2]"
        );
        assert_eq!(
            json_of("a.b[0]=x,y=\\z", Form::Literal),
            "map[a:map[b:[x,y=\\z]]]"
        );
        assert_eq!(json_of("a=1,b={2}", Form::Text), "map[a:1 b:[2]]");
    }

    #[test]
    fn failures_are_in_helms_words() {
        assert_eq!(failure("a"), "key \"a\" has no value");
        assert_eq!(failure("a={"), "list must terminate with '}'");
        assert_eq!(
            failure("a[0]bc=1"),
            "unexpected data at end of array index: ['b' 'c']"
        );
        assert_eq!(
            failure("a=1,a.b=2"),
            "unable to parse key: interface conversion: interface {} is int64, not map[string]interface {}"
        );
        assert_eq!(
            failure("a=1,a[0]=2"),
            "unable to parse key: interface conversion: interface {} is int64, not []interface {}"
        );
        assert_eq!(
            failure("a[x]=1"),
            "error parsing index: strconv.Atoi: parsing \"x\": invalid syntax"
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        let expression = format!("a{}=1", "[0]".repeat(100_000));
        assert!(failure(&expression).contains("nested more than"));
    }
}
