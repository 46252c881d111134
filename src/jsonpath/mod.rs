//! Asking values for parts of themselves: `{.image.tag}`, `{range .items[*]}{.name}{end}`.
//!
//! An expression is text with actions in braces. [`JsonPath::parse`] makes a program of it, [`JsonPath::execute`]
//! runs that on a value and returns text. Each step of an action takes a list of values and gives a list of
//! values, beginning with the root.
//!
//! ```
//! use verta_render::jsonpath::JsonPath;
//!
//! let values = verta_render::read_values(b"ports: [{name: web, port: 80}, {name: admin, port: 81}]")?;
//! let path = JsonPath::parse("{.ports[?(@.name==\"admin\")].port}")?;
//! assert_eq!(path.execute(&values.into())?, b"81");
//! # Ok::<(), verta_render::Error>(())
//! ```
//!
//! Kubernetes: client-go/util/jsonpath, as `kubectl -o jsonpath` and `helm show values --jsonpath` use it.

mod compare;
mod eval;
mod parse;
mod quoted;
mod steps;

use crate::diag::{Error, ErrorKind};
use crate::value::Value;

/// A parsed expression.
#[derive(Clone, Debug)]
pub struct JsonPath {
    nodes: Vec<Node>,
}

/// What stands at the top of an expression, and in the parts of an action.
#[derive(Clone, Debug)]
enum Node {
    /// Text as it is.
    Text(Vec<u8>),
    /// An action: each node works on what the one before found.
    List(Vec<Node>),
    /// An entry of a map.
    Field(Vec<u8>),
    /// All entries.
    Wildcard,
    /// The value and everything in it.
    Recursive,
    /// Elements of a list.
    Slice(Slice),
    /// Elements of a list that fit.
    Filter(Box<Filter>),
    /// What several paths find.
    Union(Vec<Vec<Node>>),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// `range`, `end`, or a word that means nothing.
    Word(Vec<u8>),
}

/// `[from:to:step]`, or one index.
#[derive(Clone, Copy, Debug)]
struct Slice {
    from: Option<i64>,
    to: Option<i64>,
    /// Whether `to` was not written: the place after `from`.
    is_index: bool,
    step: Option<i64>,
}

/// `[?(left operator right)]`.
#[derive(Clone, Debug)]
struct Filter {
    left: Vec<Node>,
    /// Nothing: it is enough that there is something at the left.
    comparison: Option<(Vec<u8>, Vec<Node>)>,
}

impl JsonPath {
    /// Parses an expression.
    ///
    /// # Errors
    ///
    /// Fails with the text kubectl would give.
    pub fn parse(text: &str) -> Result<JsonPath, Error> {
        let nodes = parse::parse(text).map_err(|text| Error::new(ErrorKind::Usage, text))?;
        Ok(JsonPath { nodes })
    }

    /// Returns what the expression prints about a value.
    ///
    /// # Errors
    ///
    /// Fails if a field is not there, an index lies outside of a list, or things are compared that cannot be.
    pub fn execute(&self, root: &Value) -> Result<Vec<u8>, Error> {
        eval::execute(&self.nodes, root).map_err(|text| Error::new(ErrorKind::Values, text))
    }
}

#[cfg(test)]
mod tests {
    use super::JsonPath;
    use crate::value::Value;

    fn values() -> Value {
        let text = b"a: 1\nm: {k: v}\nl: [x, yy, z]\nll: [[1, 2], [3]]\no: [{k: p, num: 1}, {k: q, num: 2.5, t: [r]}]\ne: []\ns: hi\nz: null";
        crate::codec::yaml::decode_values(text).unwrap().into()
    }

    fn shown(text: &str) -> String {
        let path = JsonPath::parse(text).unwrap();
        match path.execute(&values()) {
            Ok(text) => String::from_utf8(text).unwrap(),
            Err(error) => format!("error: {error}"),
        }
    }

    fn refused(text: &str) -> String {
        JsonPath::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn elements_and_entries() {
        assert_eq!(shown("a={.a}"), "a=1");
        assert_eq!(shown("{.m}{.z}"), "{\"k\":\"v\"}null");
        assert_eq!(shown("{.l[-1]}{.l[:2]}{.l[::2]}"), "zx yyx z");
        assert_eq!(shown("{['a','s']} {.o[0,1].k}"), "1 hi p q");
        assert_eq!(shown("{..k}"), "v p q");
        assert_eq!(shown("{.s.*}"), "104 105");
        assert_eq!(shown("{.nope}"), "error: nope is not found");
        assert_eq!(
            shown("{.l[3]}"),
            "error: array index out of bounds: index 3, length 3"
        );
    }

    #[test]
    fn filters_compare_only_what_is_alike() {
        assert_eq!(shown("{.o[?(@.k==\"q\")].num}"), "2.5");
        assert_eq!(shown("{.o[?(@.t)].k}"), "q");
        assert_eq!(shown("{.o[?(@.num>2.0)].k}"), "q");
        assert_eq!(
            shown("{.o[?(@.num>2)].k}"),
            "error: incompatible types for comparison"
        );
    }

    #[test]
    fn ranges_nest_and_run_over_nothing() {
        assert_eq!(
            shown("{range .ll[*]}{range [*]}{@},{end}|{end}."),
            "1,2,|3,|."
        );
        assert_eq!(shown("x{range .e[*]}T{end}y"), "xy");
        // The body is executed once on nothing, to find its end.
        assert_eq!(shown("{range .e[*]}{.k}{end}"), "error: k is not found");
    }

    #[test]
    fn errors_name_the_place_by_its_character() {
        assert_eq!(refused("{.a"), "unclosed action");
        assert_eq!(
            refused("{.a,.b}"),
            "unrecognized character in action: U+002C ','"
        );
        assert_eq!(refused("{.a[x]}"), "invalid array index x");
        assert_eq!(refused("{.a[?(@.b]}"), "unterminated filter");
        assert_eq!(refused("{'a}"), "unterminated quoted string");
        assert_eq!(refused("{1.2.3}"), "cannot parse number 1.2.3");
    }

    #[test]
    fn what_grows_without_end_is_stopped() {
        let many = "{.l[*,*,*,*]}";
        assert_eq!(shown(many).matches('x').count(), 4);
        let path = format!("{{{}}}", "[*,*]".repeat(64));
        let path = JsonPath::parse(&path).unwrap();
        let mut value = Value::int(1);
        for _ in 0..64 {
            value = Value::list(vec![value]);
        }
        assert!(path.execute(&value).is_err());
    }
}
