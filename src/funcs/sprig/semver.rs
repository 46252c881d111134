//! Semantic versions: comparison, and the version object with its methods.
//!
//! Go: Masterminds/semver v3.5.0; sprig: `semver.go`.

use std::any::Any;
use std::cmp::Ordering;

use crate::funcs::entry::{Entry, Group, func};
use crate::template::func::{Args, FuncError, FuncResult};
use crate::value::ParamType::String as Text;
use crate::value::{CallError, Method, Object, ParamType, Signature, Str, UintType, Value};
use crate::version::{self, Constraints, Version};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Semantic versions",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("semver", &[Text], |_, a| {
        let version = Version::parse(a.str(0)).map_err(complain)?;
        Ok(Value::object(VersionPointer(version)))
    })
    .doc(
        "semver VERSION",
        "Returns the version as an object with the fields Major, Minor, Patch and others.",
        r#"{{ (semver "1.2.3-beta").Prerelease }}"#,
        "beta",
    ),
    func("semverCompare", &[Text, Text], |_, a| semver_compare(a)).doc(
        "semverCompare CONSTRAINT VERSION",
        "Reports whether the version satisfies the constraint.",
        r#"{{ semverCompare ">=1.2 <2" "1.4.0" }}"#,
        "true",
    ),
];

fn complain(error: version::Error) -> FuncError {
    FuncError::new(error.to_string())
}

fn semver_compare(a: Args<'_>) -> FuncResult {
    let constraints = Constraints::parse(a.str(0)).map_err(complain)?;
    let version = Version::parse(a.str(1)).map_err(complain)?;
    Ok(constraints.check(&version).into())
}

/// The version without content that a copy by reflection gives: all its fields are unexported.
fn emptied() -> Option<Version> {
    Version::parse(b"0.0.0").ok()
}

/// `*semver.Version`, what `semver` returns.
struct VersionPointer(Version);

/// `semver.Version`, what its `Inc...` methods return.
struct VersionStruct(Version);

impl Object for VersionPointer {
    fn reflected_copy(&self) -> Option<Value> {
        emptied().map(|version| Value::object(VersionPointer(version)))
    }

    fn go_type(&self) -> &'static str {
        POINTER
    }

    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        printed_fields(&self.0)
    }

    fn methods(&self) -> &'static [Method] {
        POINTER_METHODS
    }

    fn stringer(&self) -> Option<Str> {
        Some(self.0.to_string().into())
    }

    fn encoded(&self) -> Option<Value> {
        Some(Value::string(self.0.to_string()))
    }

    fn deep_equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<VersionPointer>();
        other.is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Object for VersionStruct {
    fn reflected_copy(&self) -> Option<Value> {
        emptied().map(|version| Value::object(VersionStruct(version)))
    }

    fn go_type(&self) -> &'static str {
        STRUCT
    }

    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        printed_fields(&self.0)
    }

    fn methods(&self) -> &'static [Method] {
        STRUCT_METHODS
    }

    fn stringer(&self) -> Option<Str> {
        Some(self.0.to_string().into())
    }

    fn encoded(&self) -> Option<Value> {
        Some(Value::string(self.0.to_string()))
    }

    fn deep_equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<VersionStruct>();
        other.is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const POINTER: &str = "*semver.Version";
const STRUCT: &str = "semver.Version";

fn printed_fields(v: &Version) -> Vec<(&'static str, Value)> {
    vec![
        ("major", number(v.major)),
        ("minor", number(v.minor)),
        ("patch", number(v.patch)),
        ("pre", Value::string(v.prerelease.as_str())),
        ("metadata", Value::string(v.metadata.as_str())),
        ("original", Value::string(v.original())),
    ]
}

fn number(n: u64) -> Value {
    Value::unsigned(UintType::Uint64, n)
}

/// Runs `f` on the version behind a receiver or an argument.
fn with<T>(value: &Value, f: impl FnOnce(&Version) -> T) -> Result<T, CallError> {
    let any = value.as_object().map(|object| object.as_any());
    let pointer = any.and_then(|any| any.downcast_ref::<VersionPointer>());
    let plain = any.and_then(|any| any.downcast_ref::<VersionStruct>());
    match pointer.map(|v| &v.0).or_else(|| plain.map(|v| &v.0)) {
        Some(version) => Ok(f(version)),
        // A nil pointer is all that Go lets through besides a version.
        None => Err(CallError::new(
            "runtime error: invalid memory address or nil pointer dereference",
        )),
    }
}

type Next = fn(&Version) -> Result<Version, version::Error>;

fn successor(value: &Value, next: Next) -> Result<Value, CallError> {
    let version = with(value, next)?.map_err(|e| CallError::new(e.to_string()))?;
    Ok(Value::object(VersionStruct(version)))
}

fn compare(value: &Value, args: &[Value]) -> Result<Ordering, CallError> {
    let other = args.first().unwrap_or(&Value::NIL);
    with(value, |v| with(other, |other| v.compare(other)))?
}

/// Declares a comparison with another version.
const fn comparison(
    name: &'static str,
    call: fn(&Value, &[Value]) -> Result<Value, CallError>,
) -> Method {
    const ANOTHER: &[ParamType] = &[ParamType::Object(POINTER)];
    Method::new(name, Signature::fixed(ANOTHER), call)
}

/// Declares a method that changes a label.
const fn setter(
    name: &'static str,
    call: fn(&Value, &[Value]) -> Result<Value, CallError>,
) -> Method {
    Method::new(name, Signature::fixed(&[ParamType::String]), call)
}

fn relabelled(
    value: &Value,
    args: &[Value],
    set: fn(&Version, &[u8]) -> Result<Version, version::Error>,
) -> Result<Value, CallError> {
    let label = args
        .first()
        .and_then(Value::as_str)
        .cloned()
        .unwrap_or_default();
    let version = with(value, |v| set(v, &label))?.map_err(|e| CallError::new(e.to_string()))?;
    Ok(Value::object(VersionStruct(version)))
}

const MAJOR: Method = Method::getter("Major", |v, _| with(v, |v| number(v.major)));
const MINOR: Method = Method::getter("Minor", |v, _| with(v, |v| number(v.minor)));
const PATCH: Method = Method::getter("Patch", |v, _| with(v, |v| number(v.patch)));
const PRERELEASE: Method = Method::getter("Prerelease", |v, _| {
    with(v, |v| Value::string(v.prerelease.as_str()))
});
const METADATA: Method = Method::getter("Metadata", |v, _| {
    with(v, |v| Value::string(v.metadata.as_str()))
});
const STRING: Method = Method::getter("String", |v, _| with(v, |v| Value::string(v.to_string())));
const INC_MAJOR: Method = Method::getter("IncMajor", |v, _| successor(v, Version::inc_major));
const INC_MINOR: Method = Method::getter("IncMinor", |v, _| successor(v, Version::inc_minor));
const INC_PATCH: Method = Method::getter("IncPatch", |v, _| successor(v, Version::inc_patch));
const SET_PRERELEASE: Method = setter("SetPrerelease", |v, args| {
    relabelled(v, args, Version::with_prerelease)
});
const SET_METADATA: Method = setter("SetMetadata", |v, args| {
    relabelled(v, args, Version::with_metadata)
});
const MARSHAL_TEXT: Method = Method::getter("MarshalText", |v, _| {
    with(v, |v| Value::bytes(v.to_string()))
});
const MARSHAL_JSON: Method = Method::getter("MarshalJSON", |v, _| {
    with(v, |v| Value::bytes(format!("\"{v}\"")))
});

const STRUCT_METHODS: &[Method] = &[
    MAJOR,
    MINOR,
    PATCH,
    PRERELEASE,
    METADATA,
    STRING,
    INC_MAJOR,
    INC_MINOR,
    INC_PATCH,
    SET_PRERELEASE,
    SET_METADATA,
    MARSHAL_TEXT,
    MARSHAL_JSON,
];

const POINTER_METHODS: &[Method] = &[
    MAJOR,
    MINOR,
    PATCH,
    PRERELEASE,
    METADATA,
    STRING,
    INC_MAJOR,
    INC_MINOR,
    INC_PATCH,
    SET_PRERELEASE,
    SET_METADATA,
    MARSHAL_TEXT,
    MARSHAL_JSON,
    Method::getter("Original", |v, _| with(v, |v| Value::string(v.original()))),
    comparison("Compare", |v, args| {
        Ok(Value::int(match compare(v, args)? {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }))
    }),
    comparison("Equal", |v, args| Ok(compare(v, args)?.is_eq().into())),
    comparison("LessThan", |v, args| Ok(compare(v, args)?.is_lt().into())),
    comparison("LessThanEqual", |v, args| {
        Ok(compare(v, args)?.is_le().into())
    }),
    comparison("GreaterThan", |v, args| {
        Ok(compare(v, args)?.is_gt().into())
    }),
    comparison("GreaterThanEqual", |v, args| {
        Ok(compare(v, args)?.is_ge().into())
    }),
];
