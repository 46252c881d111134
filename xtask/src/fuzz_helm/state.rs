//! How far each generator has been run with a seed, kept in a file below `target/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a run has counted.
#[derive(Clone, Copy, Default)]
pub struct Progress {
    pub cases: u64,
    pub differences: usize,
    /// Cases since the last difference.
    pub streak: u64,
}

/// Where a run with `--resume` goes on.
#[derive(Clone, Copy)]
pub struct Stored {
    pub next: u64,
    pub streak: u64,
}

/// The file, one line a generator and seed.
pub struct State {
    folder: PathBuf,
    entries: Vec<(String, u64, Stored)>,
}

impl State {
    /// Reads the file; what is not there has not been run.
    pub fn load(folder: &Path) -> Result<State, String> {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let text = std::fs::read_to_string(folder.join("state")).unwrap_or_default();
        let parse = |line: &str| {
            let mut words = line.split(' ');
            let name = words.next()?.to_owned();
            let mut number = || words.next()?.parse().ok();
            Some((
                name,
                number()?,
                Stored {
                    next: number()?,
                    streak: number()?,
                },
            ))
        };
        Ok(State {
            folder: folder.to_owned(),
            entries: text.lines().filter_map(parse).collect(),
        })
    }

    /// Where differing cases are collected.
    pub fn found_file(&self) -> PathBuf {
        self.folder.join("found.jsonl")
    }

    pub fn get(&self, generator: &str, seed: u64) -> Option<Stored> {
        let entry = self
            .entries
            .iter()
            .find(|(name, of, _)| name == generator && *of == seed);
        entry.map(|(.., stored)| *stored)
    }

    /// Stores the place of a generator.
    pub fn put(
        &mut self,
        generator: &str,
        seed: u64,
        next: u64,
        streak: u64,
    ) -> Result<(), String> {
        // Another run may have stored the place of another generator meanwhile.
        *self = State::load(&self.folder)?;
        self.entries
            .retain(|(name, of, _)| name != generator || *of != seed);
        self.entries
            .push((generator.to_owned(), seed, Stored { next, streak }));
        let mut text = String::new();
        for (name, seed, stored) in &self.entries {
            let _ = writeln!(text, "{name} {seed} {} {}", stored.next, stored.streak);
        }
        let (new, file) = (
            self.folder.join(format!("state.{generator}")),
            self.folder.join("state"),
        );
        std::fs::write(&new, text)
            .and_then(|()| std::fs::rename(&new, &file))
            .map_err(|error| format!("{}: {error}", file.display()))
    }
}
