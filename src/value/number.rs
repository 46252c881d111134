//! Go's integer types, the named ones of package time among them.

use super::kind::Kind;

/// A signed integer type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "each variant is Go's type of that name")]
pub enum IntType {
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    /// `time.Duration`, nanoseconds.
    Duration,
    /// `time.Month`, January is 1.
    Month,
    /// `time.Weekday`, Sunday is 0.
    Weekday,
}

impl IntType {
    /// Returns the type's name as `%T` prints it.
    pub const fn name(self) -> &'static str {
        match self {
            IntType::Int => "int",
            IntType::Int8 => "int8",
            IntType::Int16 => "int16",
            IntType::Int32 => "int32",
            IntType::Int64 => "int64",
            IntType::Duration => "time.Duration",
            IntType::Month => "time.Month",
            IntType::Weekday => "time.Weekday",
        }
    }

    /// Returns the kind of the type.
    pub const fn kind(self) -> Kind {
        match self {
            IntType::Int | IntType::Month | IntType::Weekday => Kind::Int,
            IntType::Int8 => Kind::Int8,
            IntType::Int16 => Kind::Int16,
            IntType::Int32 => Kind::Int32,
            IntType::Int64 | IntType::Duration => Kind::Int64,
        }
    }
}

/// An unsigned integer type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "each variant is Go's type of that name")]
pub enum UintType {
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
}

impl UintType {
    /// Returns the type's name as `%T` prints it.
    pub const fn name(self) -> &'static str {
        self.kind().name()
    }

    /// Returns the kind of the type.
    pub const fn kind(self) -> Kind {
        match self {
            UintType::Uint => Kind::Uint,
            UintType::Uint8 => Kind::Uint8,
            UintType::Uint16 => Kind::Uint16,
            UintType::Uint32 => Kind::Uint32,
            UintType::Uint64 => Kind::Uint64,
        }
    }
}
