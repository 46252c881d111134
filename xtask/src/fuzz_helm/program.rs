//! Runs helm, or the program under test, on cases: a fresh folder, nothing inherited, a limit of time.

use super::case::{CHART_YAML, Case};
use data_encoding::BASE64;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);

/// What a program did; paths of the run read `$ROOT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub exit: i32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// How the template of a case is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a file that is rendered.
    Direct,
    /// Included by a driver that prints the text as base64.
    Included,
}

/// Runs one case. In the form [`Form::Included`] standard output of a success is the included text.
pub fn run(program: &Path, case: &Case, form: Form) -> Result<Outcome, String> {
    match form {
        Form::Direct => execute(
            program,
            case,
            &[("main.yaml".to_owned(), case.template.text())],
        ),
        Form::Included => {
            let mut outcome = run_together(program, std::slice::from_ref(case))?;
            if outcome.exit == 0
                && let Some([text]) = included(&outcome.stdout, 1).as_deref()
            {
                outcome.stdout.clone_from(text);
            }
            Ok(outcome)
        }
    }
}

/// Runs cases that share a chart; [`included`] takes the output apart.
pub fn run_together(program: &Path, cases: &[Case]) -> Result<Outcome, String> {
    let mut templates = Vec::new();
    let mut driver = String::new();
    for (number, case) in cases.iter().enumerate() {
        // A case by itself is stored as a recorded vector is replayed.
        let name = match cases.len() {
            1 => "_main.tpl".to_owned(),
            _ => format!("_c{number:04}.tpl"),
        };
        driver.push_str(&format!(
            "c{number:04}: \"{{{{ include \"t/templates/{name}\" . | b64enc }}}}\"\n"
        ));
        templates.push((name, case.template.text()));
    }
    templates.push(("main.yaml".to_owned(), driver.into_bytes()));
    execute(program, &cases[0], &templates)
}

/// The texts of cases that were run together, if the output has all of them.
pub fn included(stdout: &[u8], count: usize) -> Option<Vec<Vec<u8>>> {
    let mut lines = stdout.split(|byte| *byte == b'\n');
    (0..count)
        .map(|number| {
            let before = format!("c{number:04}: \"");
            let text = lines.find_map(|line| line.strip_prefix(before.as_bytes()))?;
            BASE64.decode(text.strip_suffix(b"\"")?).ok()
        })
        .collect()
}

/// The number of the case that a failed run of several names.
pub fn named_case(stderr: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(stderr);
    let at = text.find("t/templates/_c")? + "t/templates/_c".len();
    text.get(at..at + 4)?.parse().ok()
}

fn execute(
    program: &Path,
    case: &Case,
    templates: &[(String, Vec<u8>)],
) -> Result<Outcome, String> {
    let folder = Folder::new()?;
    folder.put("t/Chart.yaml", CHART_YAML)?;
    if let Some(values) = &case.values {
        folder.put("t/values.yaml", values)?;
    }
    if let Some(helpers) = &case.helpers {
        folder.put("t/templates/_helpers.tpl", helpers)?;
    }
    for (name, text) in templates {
        folder.put(&format!("t/templates/{name}"), text)?;
    }
    for (path, text) in &case.files {
        folder.put(&format!("t/{path}"), text)?;
    }
    for (path, text) in &case.work {
        folder.put(path, text)?;
    }
    let root = folder.0.to_string_lossy().into_owned();
    let child = Command::new(program)
        .args(["template", "rel", "t", "-n", "ns", "--debug=false"])
        .args(&case.args)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", format!("{root}/.h"))
        .env("TMPDIR", &root)
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        // Helm ends before it needs to collect anything.
        .env("GOGC", "off")
        .current_dir(&folder.0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let mut outcome = collect(child).map_err(|error| format!("{}: {error}", program.display()))?;
    for text in [&mut outcome.stdout, &mut outcome.stderr] {
        *text = replace(text, root.as_bytes(), b"$ROOT");
    }
    Ok(outcome)
}

fn collect(mut child: Child) -> std::io::Result<Outcome> {
    let begin = Instant::now();
    let reader = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = pipe.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes));
            read.map(|_| bytes)
        })
    };
    let stdout = reader(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let stderr = reader(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let mut timed_out = false;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begin.elapsed() > LIMIT {
            timed_out = true;
            child.kill()?;
        }
        std::thread::sleep(Duration::from_micros(500));
    };
    let text = |thread: std::thread::JoinHandle<std::io::Result<Vec<u8>>>| {
        thread
            .join()
            .unwrap_or_else(|_| Err(std::io::Error::other("its output cannot be read")))
    };
    Ok(Outcome {
        // A signal has no code, nor has a run without end; neither equals any exit status.
        exit: match status.code() {
            Some(code) if !timed_out => code,
            _ => -1,
        },
        stdout: text(stdout)?,
        stderr: text(stderr)?,
    })
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with(from) {
            out.extend_from_slice(to);
            rest = &rest[from.len()..];
        } else {
            out.push(rest[0]);
            rest = &rest[1..];
        }
    }
    out
}

/// A folder that vanishes with its value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, String> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "vr-fuzz-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder(path))
    }

    fn put(&self, path: &str, text: &[u8]) -> Result<(), String> {
        let path = self.0.join(path);
        let failed = |error| format!("{}: {error}", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::write(&path, text).map_err(failed)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
