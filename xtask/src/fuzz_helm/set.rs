//! Random set expressions: `--set` and its relatives, from well-formed ones to a few characters at random.

use super::case::{Case, Template};
use super::rng::Rng;

const PRINTED: &str = "{{ toJson .Values }}\n{{ range $k, $v := .Values }}{{ $k }}={{ typeOf $v }}:{{ $v }};{{ end }}\n";

const KEYS: &[&str] = &[
    "a", "b", "c", "m", "l", "n", "d", "k", "x y", "é", "\\.", "a\\.b", "a\\,b", "a\\=b", "k-1",
    "0", "1", "global", "t", " a", "a ", "\"q\"", "\\", "a\\[0", "{", "}", "null",
];
const INDEXES: &[&str] = &[
    "0",
    "0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "",
    "x",
    "+1",
    "01",
    "1.5",
    " 1",
    "0x1",
    "\\0",
    "65536",
    "65537",
    "9223372036854775808",
    "a]b",
    "[0",
];
const SCALARS: &[&str] = &[
    "1",
    "0",
    "-1",
    "007",
    "1.5",
    "1e3",
    "true",
    "false",
    "TRUE",
    "null",
    "NULL",
    "Null",
    "~",
    "",
    "x",
    "hello world",
    "a b",
    "+1",
    "-0",
    "-01",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "0x10",
    "é☃",
    "a\\,b",
    "a\\=b",
    "a=b",
    "\\{a\\}",
    "a.b",
    "[1]",
    "\"q\"",
    "'s'",
    "\\",
    "\\\\",
    "\\n",
    "\n",
    "t",
    "yes",
    "1_000",
    "\\1",
    "tru\\e",
    "a:b",
    "{{ .x }}",
    " ",
    " 1",
    "1 ",
    "#",
    "<no value>",
];
const JSON: &[&str] = &[
    "1",
    "1.5",
    "-0",
    "1e3",
    "\"x\"",
    "null",
    "true",
    "{}",
    "[]",
    "{\"p\":1}",
    "[1,\"x\",null]",
    "{\"p\":{\"q\":[1,{\"r\":null}]}}",
    "",
    "x",
    "{",
    "[1",
    "\"",
    "01",
    "1 ",
    " 1",
    "\"a,b\"",
    "{\"a\":1}c=2",
    "1,",
    "nul",
    "\"\\u00e9\"",
    "[1,2],b=3",
    "1e400",
    "12345678901234567890",
    "{\"p\":1,\"p\":2}",
    "\"\\ud800\"",
    "[1}",
    "'x'",
    "{a:1}",
];
const NOISE: &[&str] = &[
    "a", "b", "=", ",", ".", "[", "]", "{", "}", "\\", "0", "1", "-", " ", "\"", "null", "true",
    "é", "\n", "a=1", "a[0]=", "{x,y}", "m.p", "==", ",,", ":",
];

/// A case: a small chart, and one to four flags.
pub fn case(rng: &mut Rng) -> Case {
    Maker {
        rng,
        prefix: String::new(),
        mixes: true,
    }
    .case()
}

/// The cases of these generators in one: all keys at the top get a prefix of their own, so that they do not meet.
///
/// `None` if a case is not made of ordinary keys alone.
pub fn together(rngs: Vec<Rng>) -> Option<Case> {
    let mut whole = Case::of_template(Template::Plain(PRINTED.into()));
    let mut values = Vec::new();
    for (number, mut rng) in rngs.into_iter().enumerate() {
        let mut maker = Maker {
            rng: &mut rng,
            prefix: format!("c{number}x"),
            mixes: true,
        };
        let case = maker.case();
        if !maker.mixes {
            return None;
        }
        values.extend(case.values.unwrap_or_default());
        whole.args.extend(case.args);
        for file in case.work {
            if !whole.work.contains(&file) {
                whole.work.push(file);
            }
        }
    }
    whole.values = Some(values);
    Some(whole)
}

/// Makes one case.
struct Maker<'a> {
    rng: &'a mut Rng,
    /// What stands before all keys at the top.
    prefix: String,
    /// Whether the case can be one of many in a run.
    mixes: bool,
}

impl Maker<'_> {
    fn case(&mut self) -> Case {
        let mut case = Case::of_template(Template::Plain(PRINTED.into()));
        let p = self.prefix.clone();
        if self.rng.chance(40) {
            let text = format!(
                "{p}a: 1\n{p}m: {{p: 1, q: {{r: x}}}}\n{p}l: [1, {{k: v}}, [2]]\n{p}n: null\n"
            );
            case.values = Some(text.into());
        }
        if self.rng.chance(15) {
            let text = format!(
                "{p}b: {{c: 1}}\n{p}l: [x, y]\n{p}m: {{p: null}}\n{p}a: {{b: [1, {{c: 2}}]}}\n"
            );
            let name = format!("{p}v.yaml");
            case.work.push((name.clone(), text.into()));
            case.args.extend(["-f".to_owned(), name]);
        }
        for _ in 0..[1, 1, 1, 2, 2, 3, 4][self.rng.below(7)] {
            let (option, text) = self.flag();
            case.args.extend([option.to_owned(), text]);
        }
        if case.args.iter().any(|arg| arg == "--set-file") {
            case.work
                .push(("f.txt".to_owned(), b"1\nx: {y}, z\n".to_vec()));
            case.work
                .push(("g.bin".to_owned(), b"\xff\x00null".to_vec()));
        }
        case
    }

    fn flag(&mut self) -> (&'static str, String) {
        let option = self.rng.pick(&[
            "--set",
            "--set",
            "--set",
            "--set-string",
            "--set-json",
            "--set-literal",
            "--set-file",
        ]);
        let text = match option {
            _ if self.rng.chance(6) => self.noise(),
            "--set-json" if self.rng.chance(12) => {
                self.mixes = false;
                format!("{}{}", self.rng.pick(&["", " ", "\t"]), self.rng.pick(JSON))
            }
            "--set-json" => self.assignments(|rng| rng.pick(JSON).to_owned()),
            "--set-literal" => self.assignment(scalar),
            "--set-file" => self.assignments(|rng| {
                rng.pick(&[
                    "f.txt",
                    "g.bin",
                    "f.txt",
                    "none.txt",
                    "",
                    "{f.txt,g.bin}",
                    "f\\.txt",
                ])
                .to_owned()
            }),
            _ => self.assignments(value),
        };
        (option, text)
    }

    /// One to three assignments with commas between.
    fn assignments(&mut self, value: fn(&mut Rng) -> String) -> String {
        let count = [1, 1, 1, 2, 2, 3][self.rng.below(6)];
        let texts: Vec<String> = (0..count).map(|_| self.assignment(value)).collect();
        texts.join(",")
    }

    fn assignment(&mut self, value: fn(&mut Rng) -> String) -> String {
        let path = self.path();
        match self.rng.below(20) {
            0 => path,
            1 => format!("{path}="),
            2 => format!("{path} = {}", value(self.rng)),
            _ => format!("{path}={}", value(self.rng)),
        }
    }

    fn path(&mut self) -> String {
        let first = if self.rng.chance(88) {
            self.rng.pick(&KEYS[..8])
        } else {
            self.rng.pick(KEYS)
        };
        self.mixes &= first.bytes().all(|byte| byte.is_ascii_alphanumeric()) && first != "global";
        let mut path = format!("{}{first}", self.prefix);
        for _ in 0..self.rng.below(4) {
            match self.rng.below(5) {
                0 | 1 => path.push_str(&format!("[{}]", self.index())),
                2..=3 => path.push_str(&format!(".{}", self.rng.pick(KEYS))),
                _ => path.push_str(self.rng.pick(&[".", "[", "]", "..", "", "\\"])),
            }
        }
        if self.rng.chance(1) {
            path.push_str(&".d".repeat(self.rng.between(26, 33)));
        }
        path
    }

    fn index(&mut self) -> &'static str {
        if self.rng.chance(70) {
            self.rng.pick(&INDEXES[..5])
        } else {
            self.rng.pick(INDEXES)
        }
    }

    fn noise(&mut self) -> String {
        self.mixes = false;
        (0..self.rng.between(1, 9))
            .map(|_| self.rng.pick(NOISE))
            .collect()
    }
}

fn scalar(rng: &mut Rng) -> String {
    rng.pick(SCALARS).to_owned()
}

fn value(rng: &mut Rng) -> String {
    match rng.below(10) {
        0 | 1 => {
            let items: Vec<String> = (0..rng.below(4)).map(|_| scalar(rng)).collect();
            let end = rng.pick(&["}", "}", "}", "}", "}", "", "}x", "},", "}}"]);
            format!("{{{}{end}", items.join(","))
        }
        _ => scalar(rng),
    }
}
