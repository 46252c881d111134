//! One case: a chart, what lies beside it, and arguments, in the form of a recorded vector (see `testdata/README.md`).

use data_encoding::BASE64;

pub const CHART_YAML: &[u8] = b"apiVersion: v2\nname: t\nversion: 0.1.0\n";

/// The template of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// Its text.
    Plain(Vec<u8>),
    /// A text that the template holds as a string: what is before, the text, what is after.
    Quoting(&'static str, Vec<u8>, &'static str),
}

impl Template {
    pub fn text(&self) -> Vec<u8> {
        match self {
            Template::Plain(text) => text.clone(),
            Template::Quoting(before, text, after) => {
                let mut whole = before.as_bytes().to_vec();
                quote_go(&mut whole, text);
                whole.extend_from_slice(after.as_bytes());
                whole
            }
        }
    }
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub template: Template,
    pub values: Option<Vec<u8>>,
    pub helpers: Option<Vec<u8>>,
    /// Further files of the chart.
    pub files: Vec<(String, Vec<u8>)>,
    /// Files beside the chart.
    pub work: Vec<(String, Vec<u8>)>,
    pub args: Vec<String>,
    /// The whole standard output counts, and not what `include` of the template returns.
    pub chart_mode: bool,
}

impl Case {
    pub fn of_template(template: Template) -> Case {
        Case {
            template,
            values: None,
            helpers: None,
            files: Vec::new(),
            work: Vec::new(),
            args: Vec::new(),
            chart_mode: false,
        }
    }

    /// Whether both can be rendered in one chart.
    pub fn shares_chart_with(&self, other: &Case) -> bool {
        !self.chart_mode
            && !other.chart_mode
            && self.values == other.values
            && self.helpers == other.helpers
            && self.files == other.files
            && self.work == other.work
            && self.args == other.args
    }

    /// The case as a line of a file for `cargo xtask record`.
    pub fn to_line(&self, id: &str) -> String {
        let mut line = format!("{{\"id\": \"{id}\"");
        if self.chart_mode {
            line.push_str(", \"mode\": \"chart\"");
        }
        let mut part = |name: &str, text: Option<&[u8]>| {
            if let Some(text) = text {
                line.push_str(&format!(", \"{name}\": "));
                json_text(&mut line, text);
            }
        };
        part("template", Some(&self.template.text()));
        part("values", self.values.as_deref());
        part("helpers", self.helpers.as_deref());
        for (name, files) in [("files", &self.files), ("work", &self.work)] {
            if files.is_empty() {
                continue;
            }
            line.push_str(&format!(", \"{name}\": {{"));
            for (i, (path, text)) in files.iter().enumerate() {
                line.push_str(if i == 0 { "" } else { ", " });
                json_text(&mut line, path.as_bytes());
                line.push_str(": ");
                json_text(&mut line, text);
            }
            line.push('}');
        }
        if !self.args.is_empty() {
            line.push_str(", \"args\": [");
            for (i, arg) in self.args.iter().enumerate() {
                line.push_str(if i == 0 { "" } else { ", " });
                json_text(&mut line, arg.as_bytes());
            }
            line.push(']');
        }
        line.push_str(", \"compare_stderr\": true}");
        line
    }
}

/// Appends a text as JSON: a string, or `{"b64": "..."}` if it is not UTF-8.
fn json_text(out: &mut String, text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else {
        out.push_str(&format!("{{\"b64\": \"{}\"}}", BASE64.encode(text)));
        return;
    };
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // Invisible characters and line separators are shown by number.
            c if c.is_control() || ('\u{200b}'..='\u{206f}').contains(&c) || c == '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Appends a text as a string constant of a template.
pub fn quote_go(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.extend([b'\\', c as u8]),
                '\n' => out.extend(b"\\n"),
                '\t' => out.extend(b"\\t"),
                '\r' => out.extend(b"\\r"),
                '\u{feff}' => out.extend(b"\\ufeff"),
                c if c.is_control() => out.extend(format!("\\u{:04x}", u32::from(c)).bytes()),
                c => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
        for byte in chunk.invalid() {
            out.extend(format!("\\x{byte:02x}").bytes());
        }
    }
    out.push(b'"');
}
