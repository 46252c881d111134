//! Texts: trees written in mixed styles, soups of tokens, single scalars, and any of them with a few bytes changed.

use super::scalar;
use crate::fuzz_helm::rng::Rng;

const TOKENS: &[&str] = &[
    "a",
    "b: 1",
    "a:",
    "- ",
    "-",
    "? ",
    ": ",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    " ",
    "  ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&x ",
    "*x",
    "*x ",
    "!!str ",
    "!!int ",
    "!t ",
    "| ",
    ">\n",
    "|\n  t",
    "'",
    "\"",
    "#c",
    " #c\n",
    "---\n",
    "--- ",
    "...\n",
    "%YAML 1.1\n",
    "%TAG ! x:\n",
    "<<: ",
    "<<: *x",
    "1",
    "null",
    "x: y",
    "- - ",
    "\r\n",
    "\r",
    "\u{feff}",
    "\u{85}",
    "@",
    "`",
    "%",
    "é",
    "a: &x {k: v}\n",
    "b: *x\n",
    "[]",
    "{}",
    "[a, b]",
    "{a: 1}",
];

const WHOLE: &[&str] = &[
    "a: &x {k: 1}\nb:\n  <<: *x\n  m: 2\n",
    "a: &x [1]\nb: [*x, *x]\n",
    "a: 1\na: 2\n",
    "? [a, b]\n: c\n",
    "? a\n? b\n",
    "- a: 1\n  b: 2\n- c\n",
    "a: {b: [c, {d: e}]}\n",
    "a: !!binary aGVsbG8=\n",
    "a: !!float 1\nb: !!int \"3\"\nc: !!str 1\n",
    "a: |\n  x\n y\n",
    "a: >\n  x\n  y\n\n  z\n   w\n",
    "--- a\n",
    "--- |\n x\n",
    "a: 1\n---\nb: 2\n",
    "a: 1\n...\nb: 2\n",
    "{a: 1, b}\n",
    "{a, b: }\n",
    "[a: 1, b]\n",
    "{\"a\":1}\n",
    "{a:1}\n",
    "a:\n- 1\n- 2\n",
    "a:\n - 1\n- 2\n",
    "- 1\n - 2\n",
    "\ta: 1\n",
    "a:\tb\n",
    "a:\n\tb\n",
    "a: b\n\tc\n",
    "a: 'x\n\n  y'\n",
    "a: \"x \\\n  y\"\n",
    "&x a: 1\nb: *x\n",
    "*x : 1\n",
    "a: &x\nb: *x\n",
    "a: &x\n  - *x\n",
    "!!map {a: 1}\n",
    "!!set {a, b}\n",
    "!!omap [a: 1]\n",
    "a: !<tag:yaml.org,2002:str> 1\n",
    "# only\n",
    "\n\n",
    "a: b: c\n",
    "a: [\n1,\n2\n]\n",
    "a: [1\n",
    "a: {b: 1\n",
    "a: ]\n",
    "a\nb: 1\n",
    "- - - a\n    - b\n",
    "<<: {a: 1}\na: 2\n",
    "<<: [{a: 1}, {b: 2}]\n",
    "a: 1 # c\nb: 2# d\n",
    "true: 1\nnull: 2\n1.5: 3\n",
    "1: a\n\"1\": b\n",
    "2001-01-01: d\n",
    "? |\n  k\n: v\n",
    "a: !!null x\n",
    "a: !!bool yes\n",
    "a: !!timestamp 2001-01-01\n",
    "apiVersion: v1\nkind: X\nmetadata: {name: n}\n",
    "kind: X\nmetadata:\n  annotations: {helm.sh/hook: post-install}\n",
    "kind: [1]\n",
    "metadata: {name: 1}\n",
    "kind: X\n---\nkind: Y\n",
    "metadata:\n  annotations:\n    helm.sh/hook: a,pre-install\n    helm.sh/hook-weight: \"x\"\n",
];

/// A text.
pub fn random(rng: &mut Rng) -> Vec<u8> {
    let mut text = match rng.below(10) {
        0..=3 => {
            let mut text = String::new();
            Writer { rng, anchors: 0 }.node(0, 3, true, &mut text);
            text
        }
        4 => (0..rng.between(1, 12)).map(|_| rng.pick(TOKENS)).collect(),
        5 => rng.pick(WHOLE).to_owned(),
        6 => format!("{}{}", rng.pick(WHOLE), rng.pick(WHOLE)),
        7 => format!("a: {}\n", scalar::inline(rng)),
        8 => format!("{}: {}\n", scalar::inline(rng), scalar::inline(rng)),
        _ => format!(
            "k: {}\n{}",
            scalar::block(rng, 0),
            rng.pick(&["", "\nz: 1\n", "\n", "\n# c\nz: 1"])
        ),
    };
    if rng.chance(4) {
        text = text.replace('\n', rng.pick(&["\r\n", "\r", "\u{85}", "\n\n", " \n"]));
    }
    if rng.chance(3) {
        text.insert_str(
            0,
            rng.pick(&[
                "\u{feff}",
                "\u{feff}\u{feff}",
                " ",
                "\n",
                "--- ",
                "---\n",
                "%YAML 1.1\n---\n",
                "# c\n",
            ]),
        );
    }
    let mut text = text.into_bytes();
    if rng.chance(12) {
        for _ in 0..rng.between(1, 2) {
            change(rng, &mut text);
        }
    }
    text
}

fn change(rng: &mut Rng, text: &mut Vec<u8>) {
    let at = rng.below(text.len() + 1);
    if at < text.len() && rng.chance(40) {
        text.remove(at);
        return;
    }
    let piece: &[u8] = match rng.below(8) {
        0 => &[0xff],
        1 => &[0xc3],
        2 => &[0xed, 0xa0, 0x80],
        3 => b"\0",
        _ => rng.pick(TOKENS).as_bytes(),
    };
    text.splice(at..at, piece.iter().copied());
}

struct Writer<'a> {
    rng: &'a mut Rng,
    anchors: usize,
}

impl Writer<'_> {
    /// Anchor and tag of a node, with a space behind.
    fn properties(&mut self, out: &mut String) {
        if self.rng.chance(7) {
            self.anchors += 1;
            out.push_str(&format!("&n{} ", self.anchors));
        }
        if self.rng.chance(7) {
            out.push_str(self.rng.pick(&[
                "!!str ",
                "!!int ",
                "!!float ",
                "!!bool ",
                "!!null ",
                "!!binary ",
                "!!map ",
                "!!seq ",
                "!custom ",
                "! ",
                "!!timestamp ",
                "!!merge ",
                "!<x> ",
                "!!set ",
                "!a!b ",
                "!!float ",
            ]));
        }
    }

    fn key(&mut self, out: &mut String) {
        match self.rng.below(12) {
            0 => out.push_str(&scalar::inline(self.rng)),
            1 => out.push_str("<<"),
            2 if self.anchors > 0 => {
                out.push_str(&format!("*n{} ", self.rng.between(1, self.anchors)))
            }
            3 => {
                self.properties(out);
                out.push('k');
            }
            _ => out.push_str(self.rng.pick(&[
                "a",
                "b",
                "c",
                "k1",
                "k10",
                "k2",
                "Z",
                "a.b",
                "\"q\"",
                "'s'",
                "1",
                "-1",
                "long key with words",
            ])),
        }
    }

    /// A node in block style; `fresh` tells whether it begins a line of its own.
    fn node(&mut self, indent: usize, depth: usize, fresh: bool, out: &mut String) {
        let choice = if depth == 0 { 9 } else { self.rng.below(10) };
        match choice {
            0..=3 => {
                let mut fresh = fresh;
                for _ in 0..self.rng.between(1, 3) {
                    if !fresh {
                        out.push('\n');
                        out.push_str(&" ".repeat(indent));
                    }
                    fresh = false;
                    self.member(indent, depth, out);
                }
            }
            4 | 5 => {
                let mut fresh = fresh;
                for _ in 0..self.rng.between(1, 3) {
                    if !fresh {
                        out.push('\n');
                        out.push_str(&" ".repeat(indent));
                    }
                    fresh = false;
                    out.push_str("- ");
                    self.properties(out);
                    self.node(indent + 2, depth - 1, true, out);
                }
            }
            6 => {
                if !fresh {
                    out.push(' ');
                }
                self.properties(out);
                self.flow(depth, out);
            }
            7 if self.anchors > 0 => {
                out.push_str(&format!(" *n{}", self.rng.between(1, self.anchors + 1)))
            }
            8 => {
                out.push(' ');
                out.push_str(&scalar::block(self.rng, indent.saturating_sub(2)));
            }
            _ => {
                if !fresh {
                    out.push(' ');
                }
                self.properties(out);
                out.push_str(&scalar::inline(self.rng));
            }
        }
        if self.rng.chance(4) {
            out.push_str(self.rng.pick(&[" # c", "\n# c", "#c", "\n", "\n\n", " "]));
        }
    }

    fn member(&mut self, indent: usize, depth: usize, out: &mut String) {
        if self.rng.chance(6) {
            out.push_str("? ");
            self.node(indent + 2, depth - 1, true, out);
            if self.rng.chance(80) {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                out.push_str(": ");
                self.node(indent + 2, depth - 1, true, out);
            }
            return;
        }
        self.key(out);
        out.push(':');
        if self.rng.chance(8) {
            out.push(' ');
            self.properties(out);
        }
        // Now and then not indented enough, or too much.
        let below = match self.rng.below(20) {
            0 => indent,
            1 => indent + 1,
            2 => indent + 4,
            3 => indent.saturating_sub(1),
            _ => indent + 2,
        };
        self.node(below, depth - 1, false, out);
    }

    fn flow(&mut self, depth: usize, out: &mut String) {
        let (open, close) = if self.rng.chance(50) {
            ('[', ']')
        } else {
            ('{', '}')
        };
        out.push(open);
        for i in 0..self.rng.below(4) {
            if i > 0 {
                out.push_str(self.rng.pick(&[", ", ",", " , ", ",\n  ", ", # c\n "]));
            }
            if open == '{' || self.rng.chance(15) {
                self.key(out);
                out.push_str(self.rng.pick(&[": ", ": ", ": ", ":", " : ", "", ":\n "]));
            }
            match self.rng.below(4) {
                0 if depth > 0 => self.flow(depth - 1, out),
                1 if self.anchors > 0 => {
                    out.push_str(&format!("*n{} ", self.rng.between(1, self.anchors)))
                }
                _ => {
                    self.properties(out);
                    out.push_str(&scalar::inline(self.rng));
                }
            }
        }
        if self.rng.chance(5) {
            out.push(',');
        }
        if self.rng.chance(97) {
            out.push(close);
        }
    }
}
