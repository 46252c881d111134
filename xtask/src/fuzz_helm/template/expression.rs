//! Expressions: operands, calls and pipelines, of a wanted type most of the time.

use super::atoms;
use super::shapes::{Shape, shapes, skipped};
use super::world;
use crate::fuzz_helm::rng::Rng;
use std::sync::OnceLock;

/// Methods of times, versions and durations.
const METHODS: &[(u8, &str, u8)] = &[
    (b't', "Year", b'i'),
    (b't', "Month", b'a'),
    (b't', "Weekday", b'a'),
    (b't', "YearDay", b'i'),
    (b't', "Unix", b'i'),
    (b't', "IsZero", b'b'),
    (b't', "UTC", b't'),
    (b't', "String", b's'),
    (b't', "Nanosecond", b'i'),
    (b't', "Zone", b'a'),
    (b't', "Date", b'a'),
    (b't', "Nope", b'a'),
    (b't', "Format \"Jan _2 15:04\"", b's'),
    (b't', "AddDate 0 1 -1", b't'),
    (b't', "Location", b's'),
    (b't', "UnixMilli", b'i'),
    (b't', "Hour", b'i'),
    (b'v', "Major", b'i'),
    (b'v', "Minor", b'i'),
    (b'v', "Patch", b'i'),
    (b'v', "Prerelease", b's'),
    (b'v', "Metadata", b's'),
    (b'v', "Original", b's'),
    (b'v', "String", b's'),
    (b'v', "IncMajor", b'v'),
    (b'v', "IncPatch", b'v'),
    (b'v', "Nope", b'a'),
    (b'v', "IncMinor.String", b's'),
    (b'v', "Equal (semver \"1.2.3\")", b'b'),
    (b'v', "Compare (semver \"1.0.0\")", b'i'),
    (b'v', "LessThan (semver \"v2\")", b'b'),
    (b'D', "Hours", b'f'),
    (b'D', "Seconds", b'f'),
    (b'D', "String", b's'),
    (b'D', "Milliseconds", b'i'),
    (b'D', "Nope", b'a'),
    (b'D', "Abs", b'D'),
];

fn all() -> &'static [Shape] {
    static SHAPES: OnceLock<Vec<Shape>> = OnceLock::new();
    SHAPES.get_or_init(shapes)
}

/// What an expression may refer to.
pub struct Scope {
    /// Variables with the type they were given.
    pub variables: Vec<(String, u8)>,
    /// Whether dot is the context of the chart.
    pub root: bool,
    /// The type of dot otherwise.
    pub dot: u8,
    /// Templates defined so far.
    pub defined: Vec<String>,
}

/// Makes expressions.
pub struct Expressions<'a> {
    pub rng: &'a mut Rng,
    pub scope: Scope,
}

impl Expressions<'_> {
    /// A pipeline: one to three commands.
    pub fn pipeline(&mut self, depth: usize) -> String {
        let kind = self.kind();
        let mut text = self.command(kind, depth);
        let mut last = kind;
        for _ in 0..self.rng.below(3) {
            let Some(shape) = self.shape_taking(last) else {
                break;
            };
            let args = &shape.args[..shape.args.len() - 1];
            text.push_str(" | ");
            text.push_str(shape.name);
            for flavour in args {
                text.push(' ');
                text.push_str(&self.argument(*flavour, depth.saturating_sub(1)));
            }
            last = shape.result;
        }
        if matches!(last, b't' | b'D' | b'v' | b'a' | b'l' | b'd' | b'f') && self.rng.chance(50) {
            text.push_str(self.rng.pick(&[
                " | toJson",
                " | typeOf",
                " | toString",
                " | toYaml",
                " | printf \"%v\"",
                " | quote",
                " | printf \"%#v\"",
                " | kindOf",
            ]));
        }
        text
    }

    fn kind(&mut self) -> u8 {
        self.rng.byte(b"sssinfblldaatvD")
    }

    fn shape_taking(&mut self, kind: u8) -> Option<&'static Shape> {
        for _ in 0..12 {
            let shape = &all()[self.rng.below(all().len())];
            match shape.args.last() {
                Some(last) if type_of(*last) == kind || *last == b'a' || self.rng.chance(6) => {
                    return Some(shape);
                }
                _ => {}
            }
        }
        None
    }

    /// A command without parentheses: a call, a field, a variable, a constant.
    pub fn command(&mut self, kind: u8, depth: usize) -> String {
        if depth == 0 || self.rng.chance(25) {
            return self.operand(kind, depth);
        }
        if self.rng.chance(12) {
            return self.special(depth);
        }
        let shape = (0..30)
            .map(|_| &all()[self.rng.below(all().len())])
            .find(|shape| shape.result == kind || kind == b'a')
            .unwrap_or(&all()[0]);
        self.call(shape, depth)
    }

    /// A call of any function, as the catalogue has it.
    pub fn any_call(&mut self, depth: usize) -> String {
        let shape = &all()[self.rng.below(all().len())];
        self.call(shape, depth)
    }

    fn call(&mut self, shape: &Shape, depth: usize) -> String {
        let mut text = shape.name.to_owned();
        let mut args = shape.args.clone();
        if shape.repeats
            && let Some(last) = args.pop()
        {
            args.extend(std::iter::repeat_n(last, self.rng.below(4)));
        }
        if self.rng.chance(3) {
            args.pop();
        }
        if self.rng.chance(2) {
            args.push(b'a');
        }
        // The layout must not show a time that is taken from the clock because the argument is no time.
        let dated = matches!(
            shape.name,
            "date" | "dateInZone" | "date_in_zone" | "htmlDate" | "htmlDateInZone"
        );
        for flavour in args {
            text.push(' ');
            let wrong = !dated && self.rng.chance(5);
            let given = if wrong { self.kind() } else { flavour };
            text.push_str(&self.argument(given, depth.saturating_sub(1)));
        }
        text
    }

    fn special(&mut self, depth: usize) -> String {
        match self.rng.below(9) {
            0 => {
                let (kind, method, _) = METHODS[self.rng.below(METHODS.len())];
                let receiver = if kind == b'D' {
                    "(mustToDuration \"90m\")".to_owned()
                } else {
                    self.field(kind)
                };
                format!("{receiver}.{method}")
            }
            1 => format!("keys {} | sortAlpha", self.argument(b'd', depth - 1)),
            2 => format!("values {} | len", self.argument(b'd', depth - 1)),
            3 => {
                let names: Vec<&str> = skipped().collect();
                let name = names[self.rng.below(names.len())];
                // One argument too many, or of the wrong type.
                format!(
                    "{name} {} {} {} {} {} {} {}",
                    self.argument(b's', 0),
                    self.argument(b'l', 0),
                    self.argument(b'd', 0),
                    1,
                    2,
                    3,
                    4
                )
            }
            4 => format!(
                "call {} {}",
                self.argument(b'a', depth - 1),
                self.argument(b'a', 0)
            ),
            5 => format!(
                "({}).{}",
                self.command(b'd', depth - 1),
                self.rng.pick(&["a", "b.c", "x", "name", "missing.y"])
            ),
            6 => format!(
                "index {} {} {}",
                self.argument(b'a', depth - 1),
                self.argument(b'a', 0),
                self.argument(b'a', 0)
            ),
            7 => format!(
                "{} {}",
                self.rng.pick(&["and", "or"]),
                (0..self.rng.between(1, 4))
                    .map(|_| self.argument(b'a', depth - 1))
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
            _ => format!(
                "dig {} {} {} {}",
                self.argument(b'k', 0),
                self.argument(b'k', 0),
                self.argument(b'a', 0),
                self.argument(b'd', depth - 1)
            ),
        }
    }

    /// An argument of a flavour.
    pub fn argument(&mut self, flavour: u8, depth: usize) -> String {
        match flavour {
            b'r' | b'R' | b'L' | b'S' | b'v' | b'c' | b'm' | b'u' | b'y' | b'j' | b'o' | b'p'
            | b'K' | b'z' | b'x' | b'X'
                if self.rng.chance(80) =>
            {
                atoms::text(self.rng, flavour)
            }
            b'k' if self.rng.chance(85) => atoms::text(self.rng, b'k'),
            b'f' if self.rng.chance(5) => atoms::text(self.rng, b'F'),
            b'I' => atoms::number(self.rng, b'I'),
            b'i' | b'f' if self.rng.chance(75) => atoms::number(self.rng, flavour),
            b'n' if self.rng.chance(60) => atoms::number(self.rng, flavour),
            b'T' if self.rng.chance(25) => self
                .rng
                .pick(&["0", "1700000000", "-1", "(int64 86400)"])
                .to_owned(),
            b'T' | b't' => self.field(b't'),
            b'D' => match self.rng.below(3) {
                0 => atoms::text(self.rng, b'm'),
                1 => atoms::number(self.rng, b'n'),
                _ => "(mustToDuration \"1h30m\")".to_owned(),
            },
            b'U' => match self.rng.below(3) {
                0 => format!(
                    "(dict \"scheme\" {} \"host\" {} \"path\" {})",
                    atoms::text(self.rng, b's'),
                    atoms::text(self.rng, b's'),
                    atoms::text(self.rng, b'p')
                ),
                1 => format!("(urlParse {})", atoms::text(self.rng, b'u')),
                _ => format!(
                    "(dict \"query\" {} \"fragment\" {} \"userinfo\" {} \"opaque\" {})",
                    atoms::text(self.rng, b's'),
                    atoms::text(self.rng, b's'),
                    atoms::text(self.rng, b's'),
                    self.operand(b'a', 0)
                ),
            },
            b'h' => self.template_name(),
            b'q' => match self.rng.below(5) {
                0 => ".Values.tpl".to_owned(),
                1 => "\"{{ . }}\"".to_owned(),
                2 => format!("`{{{{ {} }}}}`", self.command(b's', 0).replace('`', "'")),
                3 => {
                    "\"{{ define \\\"in\\\" }}{{ . | quote }}{{ end }}{{ include \\\"in\\\" .s }}\""
                        .to_owned()
                }
                _ => self.operand(b's', 0),
            },
            _ => {
                let kind = type_of(flavour);
                if depth == 0 || self.rng.chance(40) {
                    self.operand(kind, depth)
                } else {
                    format!("({})", self.command(kind, depth - 1))
                }
            }
        }
    }

    fn template_name(&mut self) -> String {
        let mut names: Vec<String> = [
            "h.name", "h.dot", "h.fail", "h.bad", "h.range", "h.nested", "h.yaml", "missing",
        ]
        .map(str::to_owned)
        .to_vec();
        names.extend(self.scope.defined.iter().cloned());
        format!("\"{}\"", names[self.rng.below(names.len())])
    }

    fn field(&mut self, kind: u8) -> String {
        let field = self.rng.pick(world::fields(kind));
        if self.scope.root {
            field.to_owned()
        } else {
            field
                .replace(".Values", "$.Values")
                .replace(".Release", "$.Release")
                .replace(".Chart", "$.Chart")
                .replace(".Capabilities", "$.Capabilities")
                .replace(".Files", "$.Files")
                .replace(".Template", "$.Template")
                .replace(".Subcharts", "$.Subcharts")
                .replace(
                    "$.Capabilities.KubeVersion.$.",
                    "$.Capabilities.KubeVersion.",
                )
        }
    }

    /// A constant, field or variable, or something in parentheses.
    pub fn operand(&mut self, kind: u8, depth: usize) -> String {
        let rng = &mut *self.rng;
        if rng.chance(15) {
            let fitting: Vec<&(String, u8)> = self
                .scope
                .variables
                .iter()
                .filter(|(_, of)| *of == kind || kind == b'a')
                .collect();
            if !fitting.is_empty() {
                let name = &fitting[rng.below(fitting.len())].0;
                return match rng.below(8) {
                    0 => format!("{name}.a"),
                    1 => format!("{name}.x.y"),
                    _ => name.clone(),
                };
            }
        }
        if !self.scope.root && rng.chance(15) && (self.scope.dot == kind || kind == b'a') {
            return rng.pick(&[".", ".", ".", ".a", ".name", ".x.y"]).to_owned();
        }
        if rng.chance(45) {
            return self.field(kind);
        }
        match kind {
            b's' => atoms::text(rng, b's'),
            b'i' => atoms::number(rng, b'i'),
            b'n' => atoms::number(rng, b'n'),
            b'f' => atoms::number(rng, b'f'),
            b'b' => rng.pick(&["true", "false"]).to_owned(),
            b'l' if depth == 0 => self
                .rng
                .pick(&[
                    "(list)",
                    "(list 1 2 3)",
                    "(list \"b\" \"a\")",
                    "(list nil 1 \"x\")",
                    "(until 3)",
                    "(splitList \",\" \"a,b\")",
                    "(list 1 1.0 \"1\" 1)",
                    "(tuple)",
                ])
                .to_owned(),
            b'l' => format!(
                "(list {})",
                (0..self.rng.below(4))
                    .map(|_| self.argument(b'a', 0))
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
            b'd' if depth == 0 => self
                .rng
                .pick(&[
                    "(dict)",
                    "(dict \"a\" 1)",
                    "(dict \"a\" nil \"b\" (list 1))",
                    "(dict \"x\" (dict \"y\" 2))",
                    "(split \",\" \"a,b\")",
                ])
                .to_owned(),
            b'd' => format!(
                "(dict {})",
                (0..self.rng.below(3))
                    .map(|_| format!("{} {}", self.argument(b'k', 0), self.argument(b'a', 0)))
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
            b't' | b'v' => self.field(kind),
            b'D' => "(mustToDuration \"90m\")".to_owned(),
            _ => match rng.below(8) {
                0 => "nil".to_owned(),
                1 => atoms::text(rng, b's'),
                2 => atoms::number(rng, b'n'),
                3 => self.operand(b'l', depth),
                4 => self.operand(b'd', depth),
                5 => rng.pick(&["true", "false"]).to_owned(),
                _ => atoms::number(rng, b'i'),
            },
        }
    }
}

/// The type of a value that an argument of this flavour has.
fn type_of(flavour: u8) -> u8 {
    match flavour {
        b's' | b'r' | b'R' | b'L' | b'S' | b'c' | b'm' | b'u' | b'y' | b'j' | b'o' | b'p'
        | b'K' | b'z' | b'x' | b'X' | b'k' | b'h' | b'q' => b's',
        b'I' => b'i',
        b'T' => b't',
        b'U' => b'd',
        other => other,
    }
}
