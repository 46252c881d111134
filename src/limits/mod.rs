//! What an operation may use: limits, how far a chart is trusted, deadlines, cancellation.
//!
//! [`Limits`] is a set of numbers; one table ([`Limit`]) gives each its flag, its unit, its default and its value for
//! charts one did not write. [`Bounds`] joins them with [`Trust`] and a [`CancelToken`]. Whoever begins an operation
//! (a render, the loading of a chart, a command) calls [`Bounds::within`]; from then on, anything that runs for it on
//! this thread asks this module: [`trust`], [`of`], [`check`], [`charge`]. Outside of any operation the defaults hold.
//!
//! helm: has a few of these numbers, as constants.

mod exceeded;
mod meter;
mod scope;
mod text;

pub use exceeded::Exceeded;
pub use meter::Meter;
pub use scope::{
    Bounds, CancelToken, Scope, Trust, bounds, charge, check, current, exceeded, is_bounded,
    is_tripped, levels, of, set_stack_levels, spend, spent, stack_levels, too_deep, trust, work,
};

/// What a limit is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Bytes; flags also take `KiB`, `MiB` and `GiB`.
    Bytes,
    /// Things.
    Count,
    /// Milliseconds; flags take `500ms`, `10s`, `2m`.
    Time,
}

/// A row of the table.
#[derive(Debug)]
pub struct Spec {
    /// The name without `--limit-`, such as `steps`.
    pub name: &'static str,
    /// The flag without its dashes, such as `limit-steps`.
    pub flag: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it bounds, in a line for `--help`.
    pub about: &'static str,
    /// What it counts, as it stands in `more than 10 STEPS`.
    pub counts: &'static str,
    /// The value of [`Limits::default`].
    pub default: u64,
    /// The value of [`Limits::untrusted`].
    pub untrusted: u64,
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const SECOND: u64 = 1000;

/// Returns a sentence of a comment without the space before it and the stop at its end.
const fn sentence(comment: &'static str) -> &'static str {
    let text = comment.trim_ascii();
    text.split_at(text.len() - 1).0
}

/// Makes the set of numbers, their names and their table out of one list.
macro_rules! limits {
    ($(#[doc = $doc:literal] $field:ident $variant:ident $name:literal $unit:ident $counts:literal $default:expr, $untrusted:expr;)+) => {
        /// What an operation may use, in bytes, things or milliseconds.
        ///
        /// # Examples
        ///
        /// ```
        /// use verta_render::limits::{Limit, Limits};
        ///
        /// let limits = Limits { steps: 1000, ..Limits::untrusted() };
        /// assert_eq!(limits.get(Limit::Steps), 1000);
        /// assert!(limits.output < Limits::default().output);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Limits {
            $(#[doc = $doc] pub $field: u64,)+
        }

        /// One of the numbers in [`Limits`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Limit {
            $(#[doc = $doc] $variant,)+
        }

        impl Limit {
            /// All of them, in the order of the table.
            pub const ALL: &[Limit] = &[$(Limit::$variant,)+];

            /// Returns what there is to know about the limit.
            pub const fn spec(self) -> &'static Spec {
                match self {
                    $(Limit::$variant => {
                        const SPEC: Spec = Spec {
                            name: $name,
                            flag: concat!("limit-", $name),
                            unit: Unit::$unit,
                            about: sentence($doc),
                            counts: $counts,
                            default: $default,
                            untrusted: $untrusted,
                        };
                        &SPEC
                    })+
                }
            }
        }

        impl Limits {
            /// The limits for charts one did not write.
            pub const fn untrusted() -> Limits {
                Limits { $($field: $untrusted,)+ }
            }

            /// Returns the value of a limit.
            pub const fn get(&self, limit: Limit) -> u64 {
                match limit { $(Limit::$variant => self.$field,)+ }
            }

            /// Sets the value of a limit.
            pub const fn set(&mut self, limit: Limit, value: u64) {
                match limit { $(Limit::$variant => self.$field = value,)+ }
            }
        }

        /// Generous limits, which no chart meets that was written to be rendered.
        impl Default for Limits {
            fn default() -> Limits {
                Limits { $($field: $default,)+ }
            }
        }
    };
}

limits! {
    /// Bytes the files of a chart may have together, of an archive once decompressed.
    archive_size ArchiveSize "archive-size" Bytes "bytes in the files of a chart" 100 * MIB, 32 * MIB;
    /// Bytes the files of a chart may have with all archives in it, each decompressed.
    chart_size ChartSize "chart-size" Bytes "bytes in the files of a chart and its archives" 512 * MIB, 64 * MIB;
    /// Entries of an archive, files and directories of a chart.
    entries Entries "entries" Count "entries in a chart" 1_000_000, 20_000;
    /// How many times as large an archive may become when it is decompressed, beyond the first MiB.
    archive_ratio ArchiveRatio "archive-ratio" Count "times the size of the archive" 2000, 100;
    /// Bytes of one file of a chart.
    file_size FileSize "file-size" Bytes "bytes in one file" 100 * MIB, 16 * MIB;
    /// Bytes of one text that is read as YAML, JSON or TOML.
    yaml_size YamlSize "yaml-size" Bytes "bytes of YAML, JSON or TOML" 100 * MIB, 8 * MIB;
    /// Values that one such text makes, aliases followed.
    yaml_nodes YamlNodes "yaml-nodes" Count "values in one text of YAML, JSON or TOML" 8_000_000, 500_000;
    /// How deep such a text may nest.
    yaml_depth YamlDepth "yaml-depth" Count "levels of YAML, JSON or TOML" 10_000, 500;
    /// How deep lists and dicts may nest where values are copied, joined, compared or printed.
    values_depth ValuesDepth "values-depth" Count "levels of values" 20_000, 1000;
    /// The largest index in a set expression (helm: 65536).
    set_index SetIndex "set-index" Count "as index in a set expression" 65_536, 65_536;
    /// How deep names nest in a set expression (helm: 30).
    set_depth SetDepth "set-depth" Count "levels of names in a set expression" 30, 30;
    /// How often `include` of one name may nest (helm: 1000).
    include_depth IncludeDepth "include-depth" Count "levels of include of one template" 1000, 250;
    /// How deep `template` may nest (Go: 100000).
    template_depth TemplateDepth "template-depth" Count "levels of template" 100_000, 1000;
    /// Templates under way at once, however they were entered; with `tpl` there is no end in helm.
    frames Frames "frames" Count "templates within templates" 300_000, 2000;
    /// Turns of loops and executions of templates.
    steps Steps "steps" Count "steps" 1 << 28, 1 << 24;
    /// Bytes that functions and schemas read and make, in all.
    work Work "work" Bytes "bytes read and made by functions" 16 * GIB, 4 * GIB;
    /// Bytes of output of all templates of a render, those under way within `include` and `tpl` counted too.
    output Output "output" Bytes "bytes of output" 256 * MIB, 32 * MIB;
    /// Bytes of one text that a function makes.
    string String "string" Bytes "bytes in one text" 128 * MIB, 16 * MIB;
    /// Elements of one list that a function makes.
    list List "list" Count "elements in one list" 4 << 20, 1 << 20;
    /// Bytes of values that may be alive at once in a render, besides those it was given; of messages about a schema.
    memory Memory "memory" Bytes "bytes of values" GIB, 192 * MIB;
    /// Bytes that a regular expression may take once compiled.
    regex_size RegexSize "regex-size" Bytes "bytes for a regular expression" 256 * MIB, 8 * MIB;
    /// Time for the operation.
    time Time "time" Time "of time" 120 * SECOND, 20 * SECOND;
    /// Bytes or characters of randomness that one call may ask for.
    random Random "random" Bytes "random bytes in one call" 16 * MIB, MIB;
    /// Keys, certificates and slow password hashes of a render.
    keys Keys "keys" Count "keys, certificates and password hashes" 10_000, 100;
    /// Bytes of one message.
    message Message "message" Bytes "bytes of message" MIB, 64 * KIB;
}

impl Limits {
    /// Sets a limit from the text of a flag: `1000`, `64MiB`, `10s`.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the text.
    pub fn set_text(&mut self, limit: Limit, value: &[u8]) -> Result<(), String> {
        let value = text::parse(limit.spec().unit, value)?;
        self.set(limit, value);
        Ok(())
    }
}

impl Limit {
    /// Returns the limit with this name, such as `steps`.
    pub fn by_name(name: &str) -> Option<Limit> {
        let mut all = Limit::ALL.iter().copied();
        all.find(|limit| limit.spec().name == name)
    }

    /// Writes a value of the limit with its unit: `64MiB`, `10s`.
    pub fn show(self, value: u64) -> String {
        text::show(self.spec().unit, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_numbers_agree() {
        for &limit in Limit::ALL {
            let spec = limit.spec();
            assert_eq!(Limits::default().get(limit), spec.default);
            assert_eq!(Limits::untrusted().get(limit), spec.untrusted);
            assert!(spec.untrusted <= spec.default, "{}", spec.name);
            assert_eq!(Limit::by_name(spec.name), Some(limit));
            let shown = limit.show(spec.default);
            let mut limits = Limits::untrusted();
            limits.set_text(limit, shown.as_bytes()).unwrap();
            assert_eq!(limits.get(limit), spec.default, "{shown}");
        }
    }
}
