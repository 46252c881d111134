//! JSON, exactly as helm reads and prints it.
//!
//! [`decode()`] and its sisters read text into values: every number is a float64. The
//! encoders write values: [`encode()`] is `toJson`, [`encode_raw`] `toRawJson`,
//! [`encode_pretty`] `toPrettyJson`.
//!
//! Go: `encoding/json` of Go 1.27, whose error texts differ from those before.

mod decode;
mod encode;
mod error;
mod object;

pub use decode::{decode, decode_as, decode_list, decode_map, decode_prefix};
pub use encode::{encode, encode_pretty, encode_raw};
pub use error::{JsonError, Step, type_error};
pub use object::{ObjectWriter, array, indent};
