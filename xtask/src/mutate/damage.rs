//! Damage to the files of a chart.

use super::Files;
use crate::fuzz_helm::rng::Rng;

/// Values of every kind, for where another one stood.
const VALUES: [&str; 24] = [
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "99999999999999999999",
    "0x",
    "\"\"",
    "\"a\\u0000b\"",
    "[]",
    "[[]]",
    "[null, 1]",
    "{}",
    "{a: {b: {}}}",
    "{? [] : 1}",
    "*a",
    "&a [*a]",
    "!!binary x",
    "!!set {a}",
    "2001-01-01",
    ".nan",
    "|\n  a",
    "<<: 1",
    "\u{1b}[31m",
];

/// Pieces that mean something to templates, YAML or JSON.
const PIECES: [&str; 26] = [
    "{{",
    "}}",
    "{{- ",
    " -}}",
    "{{ end }}",
    "{{ else }}",
    "{{/*",
    "{{ define \"a\" }}",
    "{{ include \"a\" . }}",
    "{{ tpl . . }}",
    "{{ range . }}",
    "{{ with .Values }}",
    "{{ toYaml . }}",
    "{{ $x := . }}",
    "{{ repeat 100000 \"a\" }}",
    "{{ fail \"x\" }}",
    "---\n",
    "\n...\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\0",
    "\u{2028}",
    "# ",
    "\"",
    "{\"$ref\": \"#\"}",
];

/// Names that files do not usually have.
const NAMES: [&str; 12] = [
    "templates/.yaml",
    "templates/a b.yaml",
    "templates/\u{1b}.yaml",
    "templates/_",
    "templates/NOTES.txt",
    "charts/x.tgz",
    "charts/_x/Chart.yaml",
    "values.schema.json",
    "Chart.lock",
    "requirements.yaml",
    ".helmignore",
    "crds/a.yaml",
];

/// Damages a chart once.
pub(super) fn damage(files: &mut Files, seeds: &[Files], rng: &mut Rng) {
    let Some(name) = pick(files, rng) else { return };
    let bytes = files.get_mut(&name);
    let Some(bytes) = bytes else { return };
    match rng.below(11) {
        0 => flip(bytes, rng),
        1 => lines(bytes, rng),
        2 => other_value(bytes, rng),
        3 => number(bytes, rng),
        4 => insert(bytes, PIECES[rng.below(PIECES.len())].as_bytes(), rng),
        5 => bytes.truncate(rng.below(bytes.len() + 1)),
        6 => {
            if let Some(action) = action_of(seeds, rng) {
                replace_action(bytes, &action, rng);
            }
        }
        7 => {
            let bytes = std::mem::take(bytes);
            files.remove(&name);
            files.insert(NAMES[rng.below(NAMES.len())].to_owned(), bytes);
        }
        8 => {
            let other = &seeds[rng.below(seeds.len())];
            if let Some(bytes) = pick(other, rng).and_then(|name| other.get(&name)) {
                files.insert(name, bytes.clone());
            }
        }
        9 => {
            files.remove(&name);
        }
        _ => deepen(bytes, rng),
    }
}

/// Picks a file, more often one that is read as more than bytes.
fn pick(files: &Files, rng: &mut Rng) -> Option<String> {
    let telling: Vec<&String> = files
        .keys()
        .filter(|name| {
            name.contains("templates/")
                || [".yaml", ".json", ".lock", ".tpl"]
                    .iter()
                    .any(|end| name.ends_with(end))
        })
        .collect();
    let all: Vec<&String> = files.keys().collect();
    let from = if rng.below(8) > 0 && !telling.is_empty() {
        telling
    } else {
        all
    };
    if from.is_empty() {
        return None;
    }
    Some(from[rng.below(from.len())].clone())
}

fn flip(bytes: &mut [u8], rng: &mut Rng) {
    for _ in 0..=rng.below(6) {
        if !bytes.is_empty() {
            let at = rng.below(bytes.len());
            bytes[at] = match rng.below(2) {
                0 => bytes[at] ^ (1 << rng.below(8)),
                _ => u8::try_from(rng.below(256)).unwrap_or_default(),
            };
        }
    }
}

/// Repeats, removes or exchanges lines.
fn lines(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|b| *b == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    if lines.is_empty() {
        return;
    }
    let (a, b) = (rng.below(lines.len()), rng.below(lines.len()));
    match rng.below(4) {
        0 => {
            let line = lines[a].clone();
            lines.insert(b, line);
        }
        1 => {
            lines.remove(a);
        }
        2 => lines.swap(a, b),
        _ => {
            let line = lines[a].clone();
            let many = [2, 100, 5000][rng.below(3)];
            lines.splice(a..a, std::iter::repeat_n(line, many));
        }
    }
    *bytes = lines.concat();
}

/// Puts a value of another kind behind a colon or a dash.
fn other_value(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let places: Vec<usize> = (0..bytes.len())
        .filter(|&at| matches!(bytes[at], b':' | b'-') && bytes.get(at + 1) == Some(&b' '))
        .collect();
    if places.is_empty() {
        return insert(bytes, VALUES[rng.below(VALUES.len())].as_bytes(), rng);
    }
    let start = places[rng.below(places.len())] + 2;
    let end = bytes[start..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(bytes.len(), |n| start + n);
    bytes.splice(start..end, VALUES[rng.below(VALUES.len())].bytes());
}

/// Makes a number huge, or none.
fn number(bytes: &mut Vec<u8>, rng: &mut Rng) {
    const NUMBERS: [&str; 8] = [
        "99999999999999999999",
        "-9223372036854775808",
        "4294967296",
        "0",
        "1e308",
        "65537",
        "00",
        "1000000",
    ];
    let is_start =
        |at: &usize| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[*at - 1].is_ascii_digit());
    let places: Vec<usize> = (0..bytes.len()).filter(is_start).collect();
    if places.is_empty() {
        return;
    }
    let start = places[rng.below(places.len())];
    let length = bytes[start..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    bytes.splice(
        start..start + length,
        NUMBERS[rng.below(NUMBERS.len())].bytes(),
    );
}

fn insert(bytes: &mut Vec<u8>, piece: &[u8], rng: &mut Rng) {
    let at = rng.below(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}

/// Nests what stands at a place, deeply.
fn deepen(bytes: &mut Vec<u8>, rng: &mut Rng) {
    const PAIRS: [(&str, &str); 5] = [
        ("[", "]"),
        ("{a: ", "}"),
        ("{{ (", ") }}"),
        ("{{ if . }}", "{{ end }}"),
        ("{\"a\":", "}"),
    ];
    let (open, close) = PAIRS[rng.below(PAIRS.len())];
    let depth = [3, 300, 20_000][rng.below(3)];
    let at = rng.below(bytes.len() + 1);
    let piece = [open.repeat(depth), close.repeat(depth)].concat();
    bytes.splice(at..at, piece.bytes());
}

/// Takes an action out of some template.
fn action_of(seeds: &[Files], rng: &mut Rng) -> Option<Vec<u8>> {
    let files = &seeds[rng.below(seeds.len())];
    let templates: Vec<&Vec<u8>> = files
        .iter()
        .filter(|(name, _)| name.contains("templates/"))
        .map(|(_, bytes)| bytes)
        .collect();
    if templates.is_empty() {
        return None;
    }
    let text = templates[rng.below(templates.len())];
    let places = actions(text);
    let (start, end) = *places.get(rng.below(places.len().max(1)))?;
    Some(text[start..end].to_vec())
}

/// Puts an action in the place of another one, or beside it.
fn replace_action(bytes: &mut Vec<u8>, action: &[u8], rng: &mut Rng) {
    let places = actions(bytes);
    if places.is_empty() {
        return insert(bytes, action, rng);
    }
    let (start, end) = places[rng.below(places.len())];
    let start = if rng.below(2) == 0 { end } else { start };
    bytes.splice(start..end, action.iter().copied());
}

/// Where actions begin and end.
fn actions(text: &[u8]) -> Vec<(usize, usize)> {
    let find = |from: usize, what: &[u8]| {
        let rest = text.get(from..)?;
        rest.windows(2)
            .position(|pair| pair == what)
            .map(|at| from + at)
    };
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(start) = find(from, b"{{") {
        let Some(end) = find(start, b"}}") else { break };
        places.push((start, end + 2));
        from = end + 2;
    }
    places
}
