//! Go's structs, and pointers to them, as templates meet them.

use std::any::Any;
use std::sync::Arc;

use super::kind::Kind;
use super::signature::Method;
use super::{Str, Value};

/// A shared object.
pub type ObjectRef = Arc<dyn Object>;

/// A Go struct, or a pointer to one, that templates can look into.
///
/// Implemented by `.Capabilities`, times, versions, certificates.
pub trait Object: Any + Send + Sync {
    /// Returns the type's name as `%T` prints it, such as `*semver.Version`.
    fn go_type(&self) -> &'static str;

    /// Returns [`Kind::Struct`] or [`Kind::Ptr`].
    fn kind(&self) -> Kind {
        if self.go_type().starts_with('*') {
            Kind::Ptr
        } else {
            Kind::Struct
        }
    }

    /// Returns the exported fields in the order of their declaration.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// Returns all fields as `%v` prints them between braces: the exported ones, and
    /// those templates cannot reach where a type has some.
    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        self.fields()
    }

    /// Returns one exported field.
    fn field(&self, name: &[u8]) -> Option<Value> {
        self.fields()
            .into_iter()
            .find(|(n, _)| n.as_bytes() == name)
            .map(|(_, v)| v)
    }

    /// Returns what templates can call on it.
    fn methods(&self) -> &'static [Method] {
        &[]
    }

    /// Returns what the type's `String` or `Error` method gives, if a plain value
    /// of the type has one: fmt prints that instead of the fields.
    fn stringer(&self) -> Option<Str> {
        None
    }

    /// Returns what the type's `GoString` method gives, if it has one: `%#v` prints it.
    fn go_string(&self) -> Option<Str> {
        None
    }

    /// Returns what a `String` method of the *pointer* type gives. An action
    /// prints with it, since it takes the address of what it prints; fmt does not.
    fn pointer_stringer(&self) -> Option<Str> {
        self.stringer()
    }

    /// Returns what a function is given that is called with the object, if that is another one: of a struct that
    /// lies in a pointer's reach a copy, on which the methods of the pointer type cannot be called.
    fn passed(&self) -> Option<Value> {
        None
    }

    /// Returns what a copy by reflection makes of it, if it has unexported fields: those are empty in the copy.
    fn reflected_copy(&self) -> Option<Value> {
        None
    }

    /// Returns the value to encode in place of the fields, where Go has a
    /// marshaller for the type (a time becomes its RFC 3339 text).
    fn encoded(&self) -> Option<Value> {
        None
    }

    /// Reports whether both are equal by `reflect.DeepEqual`.
    fn deep_equal(&self, other: &dyn Object) -> bool {
        self.go_type() == other.go_type() && {
            let (a, b) = (self.fields(), other.fields());
            a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| super::deep_equal(&x.1, &y.1))
        }
    }

    /// Returns itself, for looking into a known type.
    fn as_any(&self) -> &dyn Any;
}
