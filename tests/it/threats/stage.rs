//! A place to try a hostile chart in: a chart, files that must stay as they are, a home, and a port that nobody may call.

use crate::support::PROGRAM;
use crate::support::folder::{Folder, files_below};
use crate::support::memory::most_memory;
use crate::support::text::{find_bytes, readable};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// What stands in the files outside. No output may show it.
pub const CANARY: &str = "CANARY-b81c5f";

/// The longest any run may take, in an unoptimised build on a busy machine.
const TIME: Duration = Duration::from_secs(30);

/// The most memory any run may use.
const MEMORY: u64 = 700 << 20;

/// What a run left behind.
pub struct Done {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
    pub time: Duration,
    /// Peak of resident memory, in bytes.
    pub memory: u64,
}

impl Done {
    /// Both outputs.
    pub fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The place.
pub struct Stage {
    folder: Folder,
    watched: BTreeMap<String, (Vec<u8>, SystemTime)>,
    port: u16,
    calls: Arc<AtomicUsize>,
}

impl Stage {
    /// A place with an ordinary chart `work/c`.
    pub fn new() -> Stage {
        let folder = Folder::new();
        folder.put("secret/canary.txt", CANARY.as_bytes());
        folder.put(
            "secret/canary.json",
            format!("{{\"const\": \"{CANARY}\"}}").as_bytes(),
        );
        folder.put("secret/canary.yaml", format!("kind: {CANARY}\n").as_bytes());
        folder.put("home/.bashrc", b"# as it was\n");
        folder.put(
            "home/.config/helm/repositories.yaml",
            b"apiVersion: ''\nrepositories: []\n",
        );
        folder.put(
            "work/c/Chart.yaml",
            b"apiVersion: v2\nname: c\nversion: 0.1.0\n",
        );
        folder.put("work/c/values.yaml", b"a: 1\n");
        folder.put(
            "work/c/templates/a.yaml",
            b"kind: Fine\nmetadata: {name: fine}\n",
        );
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the system has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let calls = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&calls);
        // It ends with the test program.
        std::thread::spawn(move || {
            for call in listener.incoming() {
                drop(call);
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        let mut stage = Stage {
            folder,
            watched: BTreeMap::new(),
            port,
            calls,
        };
        stage.watched = stage.outside();
        stage
    }

    /// The path of something in the place.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as text.
    pub fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    /// Writes a file of the working directory; `$TOP` in its text is the place, `$PORT` the port.
    pub fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        let text = match std::str::from_utf8(text) {
            Ok(text) => text
                .replace("$TOP", &self.folder.path().to_string_lossy())
                .replace("$PORT", &self.port.to_string())
                .into_bytes(),
            Err(_) => text.to_vec(),
        };
        self.folder.put(&format!("work/{name}"), &text);
    }

    /// Makes a link in the working directory.
    pub fn link(&self, target: impl AsRef<Path>, name: &str) {
        let path = self.path("work").join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("the place is ours");
        std::os::unix::fs::symlink(target, path).expect("the place is ours");
    }

    /// Everything outside the working directory.
    fn outside(&self) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
        let mut found = BTreeMap::new();
        for top in ["secret", "home"] {
            for file in files_below(&self.path(top)) {
                let name = format!("{top}/{file}");
                let path = self.path(&name);
                let time = fs::metadata(&path).and_then(|about| about.modified());
                let text = fs::read(&path).expect("it can be read");
                found.insert(name, (text, time.expect("it has a time")));
            }
        }
        found
    }

    /// Runs the program with the words of a line; nothing but the exit status may differ from what anybody may see.
    pub fn run(&self, line: &str) -> Done {
        let words: Vec<&str> = line.split_whitespace().collect();
        self.run_words(&words)
    }

    /// As [`Stage::run`], with words that may hold blanks.
    pub fn run_words(&self, words: &[&str]) -> Done {
        let done = self.run_free(words);
        self.check(&words.join(" "), &done);
        done
    }

    /// Runs the program without looking at what came of it.
    pub fn run_free(&self, words: &[&str]) -> Done {
        let (out, err) = (self.path("stdout"), self.path("stderr"));
        let file = |path: &Path| Stdio::from(File::create(path).expect("the place is ours"));
        let began = Instant::now();
        // What `timeout` kills has status 137; its own memory is nothing.
        let mut child = Command::new("timeout")
            .args(["-s", "KILL", "60", PROGRAM])
            .args(words)
            .env_clear()
            .envs([
                ("HOME", self.text("home")),
                ("PATH", "/usr/bin:/bin".to_owned()),
            ])
            .env("TMPDIR", self.text(""))
            .current_dir(self.path("work"))
            .stdin(Stdio::null())
            .stdout(file(&out))
            .stderr(file(&err))
            .spawn()
            .expect("the program starts");
        let mut peak = 0;
        let status = loop {
            peak = peak.max(most_memory(child.id()));
            if let Some(status) = child.try_wait().expect("a child of ours can be waited for") {
                break status;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        Done {
            exit: status.code().unwrap_or(-1),
            stdout: readable(&fs::read(out).expect("it was written")),
            stderr: readable(&fs::read(err).expect("it was written")),
            time: began.elapsed(),
            memory: peak << 10,
        }
    }

    /// Fails if a run was too long or too large, died, showed a secret, called somebody, or changed what it must not.
    pub fn check(&self, line: &str, done: &Done) {
        let all = done.all();
        let shown: String = all.chars().take(3000).collect();
        assert!(
            matches!(done.exit, 0 | 1),
            "{line}: status {}: {shown}",
            done.exit
        );
        assert!(!all.contains("panicked at"), "{line}: {shown}");
        assert!(
            !all.contains(CANARY),
            "{line} shows what is outside: {shown}"
        );
        assert!(done.time < TIME, "{line} took {:?}", done.time);
        assert!(done.memory < MEMORY, "{line} used {} bytes", done.memory);
        assert_eq!(
            self.calls.load(Ordering::SeqCst),
            0,
            "{line} called somebody: {shown}"
        );
        assert!(
            self.outside() == self.watched,
            "{line} changed something outside: {shown}"
        );
        // Packages show nothing either.
        for file in files_below(&self.path("work")) {
            if file.ends_with(".tgz") && !file.starts_with("given/") {
                let archive = fs::read(self.path("work").join(&file)).expect("it can be read");
                let tar = crate::support::archive::gunzip(&archive).unwrap_or_default();
                let found = find_bytes(&tar, CANARY.as_bytes());
                assert_eq!(found, None, "{line}: {file} holds what is outside");
            }
        }
    }

    /// Runs a line that must fail, with these words somewhere in what it says.
    pub fn refused(&self, line: &str, words: &[&str]) -> Done {
        let done = self.run(line);
        assert_eq!(done.exit, 1, "{line}: {}", done.all());
        for word in words {
            assert!(
                done.all().contains(word),
                "{line}: no {word:?} in {}",
                done.all()
            );
        }
        done
    }

    /// Runs a line that must go well.
    pub fn fine(&self, line: &str) -> Done {
        let done = self.run(line);
        assert_eq!(done.exit, 0, "{line}: {}", done.all());
        done
    }
}

/// The commands that look at the chart at a path, whatever it is.
pub fn readers(chart: &str) -> Vec<String> {
    [
        "template r",
        "install r --dry-run=client",
        "lint",
        "show all",
        "show values",
        "dependency list",
    ]
    .iter()
    .map(|command| format!("{command} {chart}"))
    .collect()
}

/// These, and those that want a directory.
pub fn directory_readers(chart: &str) -> Vec<String> {
    let mut lines = readers(chart);
    lines.extend(
        ["package -d out", "dependency update", "dependency build"].map(|c| format!("{c} {chart}")),
    );
    lines
}

/// One command of each kind, where the way to the chart is the same for all others.
pub fn main_readers(chart: &str) -> Vec<String> {
    ["template r", "lint", "package -d out", "dependency update"]
        .map(|command| format!("{command} {chart}"))
        .into()
}

/// A member of an archive: its name, kind as in a header, and content, which is where a link leads.
pub type Member<'a> = (&'a str, u8, &'a [u8]);

/// A compressed archive, whatever the names of its members.
pub fn tgz(members: &[Member<'_>]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(gzip);
    for (name, kind, content) in members {
        let mut header = tar::Header::new_old();
        // `set_path` would refuse such names.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(tar::EntryType::new(*kind));
        header.set_mode(0o644);
        let data = match kind {
            b'1' | b'2' => {
                header.as_old_mut().linkname[..content.len()].copy_from_slice(content);
                &[]
            }
            _ => *content,
        };
        header.set_size(data.len() as u64);
        header.set_cksum();
        builder
            .append(&header, data)
            .expect("memory can be written");
    }
    let gzip = builder.into_inner().expect("memory can be written");
    gzip.finish().expect("memory can be written")
}

/// The archive of a chart, with members besides what every chart has.
pub fn chart_tgz(more: &[Member<'_>]) -> Vec<u8> {
    let mut members: Vec<Member<'_>> = vec![
        (
            "c/Chart.yaml",
            b'0',
            b"apiVersion: v2\nname: c\nversion: 0.1.0\n",
        ),
        (
            "c/templates/a.yaml",
            b'0',
            b"kind: Fine\nmetadata: {name: fine}\n",
        ),
    ];
    members.extend(more);
    tgz(&members)
}
