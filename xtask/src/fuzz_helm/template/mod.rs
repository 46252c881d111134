//! Random templates: all actions of the language around calls of all functions.

mod atoms;
mod expression;
mod shapes;
mod world;

use super::case::Case;
use super::rng::Rng;
use expression::{Expressions, Scope};

/// A case: a template in a chart that is always the same.
pub fn case(rng: &mut Rng) -> Case {
    let mut text = template(rng);
    while shows_address(&text) {
        text = template(rng);
    }
    world::case(text)
}

/// Whether the place of a zone in memory may be printed: as a number, by verbs that see the parts of a time.
fn shows_address(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let verbs = text.split('%').skip(1).any(|rest| {
        let verb = rest
            .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
            .chars()
            .next();
        verb.is_some_and(|verb| !"vsqTxX".contains(verb))
    });
    verbs && text.contains("Date") || text.contains("Location") && text.contains("%#v")
}

fn template(rng: &mut Rng) -> Vec<u8> {
    let mut number = String::new();
    // Names of templates are shared by all cases of a chart.
    for _ in 0..6 {
        number.push(char::from(b'a' + rng.below(26) as u8));
    }
    let spoiled = rng.chance(8);
    let scope = Scope {
        variables: Vec::new(),
        root: true,
        dot: b'd',
        defined: Vec::new(),
    };
    let mut writer = Writer {
        make: Expressions { rng, scope },
        loops: 0,
        number,
        names: 0,
        out: String::new(),
    };
    match writer.make.rng.below(10) {
        // Short ones, about one thing.
        0..=5 => {
            for _ in 0..writer.make.rng.between(1, 2) {
                let depth = writer.make.rng.below(3);
                let text = if writer.make.rng.chance(60) {
                    writer.make.any_call(depth)
                } else {
                    writer.make.pipeline(depth)
                };
                writer.action(&text);
            }
        }
        _ => {
            let statements = writer.make.rng.between(1, 4);
            writer.block(statements, 2);
        }
    }
    let mut text = writer.out.into_bytes();
    if spoiled {
        spoil(rng, &mut text);
    }
    text
}

struct Writer<'a> {
    make: Expressions<'a>,
    loops: usize,
    number: String,
    names: usize,
    out: String,
}

impl Writer<'_> {
    fn action(&mut self, text: &str) {
        let rng = &mut *self.make.rng;
        self.out
            .push_str(rng.pick(&["{{ ", "{{ ", "{{ ", "{{ ", "{{", "{{- ", "{{-\n", "{{  "]));
        if text.starts_with('-') && self.out.ends_with("{{") {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.out
            .push_str(rng.pick(&[" }}", " }}", " }}", " }}", "}}", " -}}", "\n-}}", "\t}}"]));
    }

    fn text(&mut self) {
        let text = self.make.rng.pick(&[
            "x",
            " ",
            "\n",
            "  a\n",
            "a: b\n",
            "\n\n",
            "{ }",
            "-",
            "é",
            "\t",
            "",
            "}}",
            "<no value>",
            "\r\n",
        ]);
        self.out.push_str(text);
    }

    fn block(&mut self, statements: usize, depth: usize) {
        let variables = self.make.scope.variables.len();
        for _ in 0..statements {
            self.statement(depth);
            if self.make.rng.chance(40) {
                self.text();
            }
        }
        self.make.scope.variables.truncate(variables);
    }

    fn variable(&mut self) -> String {
        self.make
            .rng
            .pick(&["$a", "$b", "$c", "$x1", "$_"])
            .to_owned()
    }

    fn statement(&mut self, depth: usize) {
        let choice = self.make.rng.below(if depth == 0 { 10 } else { 22 });
        match choice {
            0..=4 => {
                let text = self.make.pipeline(2);
                self.action(&text);
            }
            5 | 6 => {
                let kind = self.make.rng.byte(b"sinldbatv");
                let (name, value) = (self.variable(), self.make.command(kind, 2));
                let known = self
                    .make
                    .scope
                    .variables
                    .iter()
                    .any(|(known, _)| *known == name);
                let sign = if known && self.make.rng.chance(60) {
                    "="
                } else {
                    ":="
                };
                self.action(&format!("{name} {sign} {value}"));
                self.make.scope.variables.push((name, kind));
            }
            7 => {
                let text = self
                    .make
                    .rng
                    .pick(&["/* a comment */", "/* {{ x }} */", "/**/"]);
                self.action(text);
            }
            8 if self.loops > 0 => {
                let text = self.make.rng.pick(&["break", "continue"]);
                let condition = self.make.argument(b'b', 1);
                if self.make.rng.chance(70) {
                    self.action(&format!("if {condition}"));
                    self.action(text);
                    self.action("end");
                } else {
                    self.action(text);
                }
            }
            8 | 9 => {
                let call = self.make.any_call(2);
                self.action(&call);
            }
            10..=12 => self.conditional(depth),
            13 | 14 => self.with(depth),
            15..=18 => self.range(depth),
            _ => self.definition(depth),
        }
    }

    fn condition(&mut self) -> String {
        let kind = self.make.rng.byte(b"basl");
        let value = self.make.command(kind, 2);
        if self.make.rng.chance(15) {
            let name = self.variable();
            let text = format!("{name} := {value}");
            self.make.scope.variables.push((name, kind));
            return text;
        }
        value
    }

    fn conditional(&mut self, depth: usize) {
        let variables = self.make.scope.variables.len();
        let condition = self.condition();
        self.action(&format!("if {condition}"));
        self.block(1, depth - 1);
        while self.make.rng.chance(30) {
            let condition = self.condition();
            self.action(&format!("else if {condition}"));
            self.block(1, depth - 1);
        }
        self.alternative(depth);
        self.make.scope.variables.truncate(variables);
    }

    fn alternative(&mut self, depth: usize) {
        if self.make.rng.chance(40) {
            self.action("else");
            self.block(1, depth - 1);
        }
        self.action("end");
    }

    /// Writes a body with another dot.
    fn body(&mut self, dot: u8, depth: usize) {
        let before = (self.make.scope.root, self.make.scope.dot);
        (self.make.scope.root, self.make.scope.dot) = (false, dot);
        let statements = self.make.rng.between(1, 2);
        self.block(statements, depth - 1);
        (self.make.scope.root, self.make.scope.dot) = before;
    }

    fn with(&mut self, depth: usize) {
        let variables = self.make.scope.variables.len();
        let kind = self.make.rng.byte(b"sldiav");
        let value = self.make.command(kind, 2);
        if self.make.rng.chance(20) {
            let name = self.variable();
            self.action(&format!("with {name} := {value}"));
            self.make.scope.variables.push((name, kind));
        } else {
            self.action(&format!("with {value}"));
        }
        self.body(kind, depth);
        if self.make.rng.chance(10) {
            self.action("else with .Values.m");
            self.body(b'd', depth);
        }
        self.alternative(depth);
        self.make.scope.variables.truncate(variables);
    }

    fn range(&mut self, depth: usize) {
        let variables = self.make.scope.variables.len();
        let kind = self.make.rng.byte(b"lllddia");
        let value = if kind == b'i' {
            self.make.argument(b'I', 1)
        } else {
            self.make.command(kind, 1)
        };
        match self.make.rng.below(4) {
            0 => {
                let name = self.variable();
                self.action(&format!("range {name} := {value}"));
                self.make.scope.variables.push((name, b'a'));
            }
            1 => {
                let (key, item) = (self.variable(), self.variable());
                let sign = if self.make.rng.chance(10) { "=" } else { ":=" };
                self.action(&format!("range {key}, {item} {sign} {value}"));
                self.make.scope.variables.push((key, b'i'));
                self.make.scope.variables.push((item, b'a'));
            }
            _ => self.action(&format!("range {value}")),
        }
        self.loops += 1;
        self.body(b'a', depth);
        self.loops -= 1;
        self.alternative(depth);
        self.make.scope.variables.truncate(variables);
    }

    fn definition(&mut self, depth: usize) {
        match self.make.rng.below(4) {
            0 | 1 => {
                self.names += 1;
                let name = format!("{}.{}", self.number, self.names);
                let block = self.make.rng.chance(40);
                let argument = self.make.argument(b'd', 1);
                let outer = std::mem::take(&mut self.make.scope.variables);
                let loops = std::mem::take(&mut self.loops);
                self.action(&if block {
                    format!("block \"{name}\" {argument}")
                } else {
                    format!("define \"{name}\"")
                });
                self.body(b'd', depth);
                self.action("end");
                self.loops = loops;
                self.make.scope.variables = outer;
                self.make.scope.defined.push(name);
            }
            2 => {
                let (name, argument) = (self.make.argument(b'h', 0), self.make.argument(b'd', 1));
                self.action(&format!("template {name} {argument}"));
            }
            _ => {
                let (name, argument) = (self.make.argument(b'h', 0), self.make.argument(b'a', 1));
                self.action(&format!("include {name} {argument} | indent 2"));
            }
        }
    }
}

/// Changes a few characters.
fn spoil(rng: &mut Rng, text: &mut Vec<u8>) {
    for _ in 0..rng.between(1, 2) {
        let at = rng.below(text.len() + 1);
        match rng.below(3) {
            0 if at < text.len() => drop(text.remove(at)),
            1 if at < text.len() => {
                let end = (at + rng.between(1, 6)).min(text.len());
                text.drain(at..end);
            }
            _ => {
                let piece = rng.pick(&[
                    "{{",
                    "}}",
                    "(",
                    ")",
                    "|",
                    "\"",
                    "'",
                    "`",
                    ".",
                    "$",
                    ":=",
                    "=",
                    ",",
                    "-",
                    " ",
                    "\n",
                    "1",
                    "a",
                    "end",
                    "{{ end }}",
                    "{{ else }}",
                    "\\",
                    "/*",
                    "é",
                    "\0",
                    "{{ break }}",
                    "..",
                    "0x",
                    "@",
                ]);
                text.splice(at..at, piece.bytes());
            }
        }
    }
}
