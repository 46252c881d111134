//! Names of hosts.
//!
//! Go: sprig: `network.go`, which helm switches off unless asked.

use crate::funcs::entry::{Entry, Group, func, text};
use crate::template::func::FuncError;
use crate::value::ParamType::String as Text;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Network",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[func("getHostByName", &[Text], |ctx, a| {
    if !ctx.dns_allowed() {
        return text("");
    }
    let name = a.string(0);
    match ctx.host().resolve(&name.to_lossy()) {
        Some(address) => text(address),
        // Go picks one of no addresses.
        None => Err(FuncError::new("invalid argument to Intn")),
    }
})
.doc(
    "getHostByName NAME",
    "Returns an address of the host, an empty text unless DNS is allowed.",
    r#"{{ getHostByName "localhost" | quote }}"#,
    r#""""#,
)];
