//! Differential fuzzing: random charts rendered by helm and by the program under test.
//!
//! Case N of a generator depends on the seed and on N alone. What is compared is standard output, exit status and all of
//! standard error. A difference is made smaller and printed as a line for `cargo xtask record`. How far a seed has been
//! run is kept below `target/`, for `--resume`.

mod case;
mod compare;
mod program;
pub(crate) mod rng;
mod set;
mod shrink;
mod state;
mod template;
mod values;
mod yaml;

use crate::{absolute, cargo, oracle, run, target};
use case::Case;
use compare::{Difference, Programs, Together};
use rng::Rng;
use state::{Progress, State};
use std::io::Write;
use std::path::PathBuf;

/// Cases that are looked at in one go.
const CHUNK: u64 = 40;

/// Processes at once.
const THREADS: u64 = 2;

/// A source of cases.
struct Generator {
    name: &'static str,
    case: fn(&mut Rng) -> Case,
    /// Makes one case of several, if they can be told apart in it.
    together: Option<fn(Vec<Rng>) -> Option<Case>>,
}

impl Generator {
    fn rng(&self, seed: u64, number: u64) -> Rng {
        Rng::new(seed, self.name, number)
    }
}

const GENERATORS: &[Generator] = &[
    Generator {
        name: "template",
        case: template::case,
        together: None,
    },
    Generator {
        name: "values",
        case: values::case,
        together: None,
    },
    Generator {
        name: "set",
        case: set::case,
        together: Some(set::together),
    },
    Generator {
        name: "yaml",
        case: yaml::case,
        together: None,
    },
];

struct Options {
    cases: u64,
    seed: u64,
    from: Option<u64>,
    generator: Option<String>,
    resume: bool,
    print: bool,
    show: usize,
    helm: Option<PathBuf>,
    ours: Option<PathBuf>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Options, String> {
        let mut options = Options {
            cases: 1000,
            seed: 1,
            from: None,
            generator: None,
            resume: false,
            print: false,
            show: 5,
            helm: None,
            ours: None,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
            let number = |text: &String| {
                text.parse()
                    .map_err(|_| format!("{arg}: no number: {text}"))
            };
            match arg.as_str() {
                "--cases" => options.cases = number(value()?)?,
                "--seed" => options.seed = number(value()?)?,
                "--from" => options.from = Some(number(value()?)?),
                "--show" => options.show = number(value()?)? as usize,
                "--generator" => options.generator = Some(value()?.clone()),
                "--helm" => options.helm = Some(absolute(value()?)?),
                "--bin" => options.ours = Some(absolute(value()?)?),
                "--resume" => options.resume = true,
                "--print" => options.print = true,
                _ => return Err(format!("unknown option {arg}")),
            }
        }
        if let Some(name) = &options.generator
            && !GENERATORS.iter().any(|generator| generator.name == name)
        {
            return Err(format!(
                "no generator {name:?}: template, values, set or yaml"
            ));
        }
        Ok(options)
    }
}

/// `fuzz-helm [OPTIONS]`: fails if anything differs.
pub fn fuzz(args: &[String]) -> Result<(), String> {
    let options = Options::parse(args)?;
    let chosen = |generator: &&Generator| {
        options
            .generator
            .as_deref()
            .is_none_or(|name| name == generator.name)
    };
    let generators: Vec<&Generator> = GENERATORS.iter().filter(chosen).collect();
    if options.print {
        for generator in generators {
            print_cases(generator, &options);
        }
        return Ok(());
    }
    let helm = match &options.helm {
        Some(path) => path.clone(),
        None => oracle::locate()?,
    };
    let ours = match &options.ours {
        Some(path) => path.clone(),
        None => {
            run(cargo().args(["build", "--quiet", "--bin", "verta-render"]))?;
            target().join("debug/verta-render")
        }
    };
    let programs = Programs {
        helm: &helm,
        ours: &ours,
    };
    let mut state = State::load(&target().join("fuzz-helm"))?;
    let mut summary = Vec::new();
    let mut differences = 0;
    for generator in generators {
        let done = run_generator(generator, &options, &programs, &mut state)?;
        differences += done.differences;
        summary.push(format!(
            "{}: seed {}, {} cases, {} differences, clean streak {}",
            generator.name, options.seed, done.cases, done.differences, done.streak
        ));
    }
    println!("{}", summary.join("\n"));
    match differences {
        0 => Ok(()),
        n => Err(format!(
            "{n} differences; they are in {}",
            state.found_file().display()
        )),
    }
}

/// Runs the cases of one generator; what is counted is of this run, but the streak, which goes on where `--resume` does.
fn run_generator(
    generator: &Generator,
    options: &Options,
    programs: &Programs<'_>,
    state: &mut State,
) -> Result<Progress, String> {
    let stored = state
        .get(generator.name, options.seed)
        .filter(|_| options.resume);
    let first = options
        .from
        .or(stored.map(|stored| stored.next))
        .unwrap_or(0);
    let mut progress = Progress {
        streak: stored.map_or(0, |stored| stored.streak),
        ..Progress::default()
    };
    let end = first + options.cases;
    let mut next = first;
    while next < end {
        let chunks: Vec<std::ops::Range<u64>> = (0..THREADS)
            .map(|n| (next + n * CHUNK).min(end)..(next + (n + 1) * CHUNK).min(end))
            .filter(|chunk| !chunk.is_empty())
            .collect();
        let work = |chunk: &std::ops::Range<u64>| {
            let rng = |place: usize| generator.rng(options.seed, chunk.start + place as u64);
            let count = (chunk.end - chunk.start) as usize;
            let cases: Vec<Case> = (0..count)
                .map(|place| (generator.case)(&mut rng(place)))
                .collect();
            let together = generator.together.map(|together| {
                move |places: &[usize]| together(places.iter().map(|place| rng(*place)).collect())
            });
            let together = together.as_ref().map(|together| together as &Together<'_>);
            let found = programs.differences(&cases, together)?;
            let found = found
                .into_iter()
                .map(|(place, it)| (place, cases[place].clone(), it));
            Ok::<_, String>(found.collect::<Vec<_>>())
        };
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = chunks
                .iter()
                .map(|chunk| scope.spawn(|| work(chunk)))
                .collect();
            threads.into_iter().map(|thread| thread.join()).collect()
        });
        for (chunk, result) in chunks.into_iter().zip(results) {
            let found = result.map_err(|_| "a thread of the tool failed".to_owned())??;
            let count = chunk.end - chunk.start;
            progress.cases += count;
            progress.streak += count;
            for (place, case, difference) in found {
                progress.differences += 1;
                progress.streak = count - 1 - place as u64;
                let id = format!(
                    "{}-{}-{}",
                    generator.name,
                    options.seed,
                    chunk.start + place as u64
                );
                if progress.differences <= options.show {
                    report(&id, case, difference, programs, state)?;
                } else {
                    println!("{id}: {}", difference.kind());
                }
            }
            next = chunk.end;
            state.put(generator.name, options.seed, next, progress.streak)?;
        }
        eprint!(
            "\r{}: {} of {} ",
            generator.name,
            next - first,
            options.cases
        );
    }
    eprintln!();
    Ok(progress)
}

/// Shrinks a differing case, prints both answers, and stores it for `cargo xtask record`.
fn report(
    id: &str,
    case: Case,
    difference: Difference,
    programs: &Programs<'_>,
    state: &State,
) -> Result<(), String> {
    let kind = difference.kind();
    let small = shrink::shrink(case, &mut |case| {
        Ok(programs
            .difference(case)?
            .is_some_and(|difference| difference.kind() == kind))
    })?;
    let difference = programs.difference(&small)?.unwrap_or(difference);
    let line = small.to_line(id);
    println!("\n{id}: {} differs\n{line}", difference.kind());
    for (name, outcome) in [("helm", &difference.helm), ("ours", &difference.ours)] {
        println!(
            "  {name} exit {}\n    stdout {}\n    stderr {}",
            outcome.exit,
            readable(&outcome.stdout),
            readable(&outcome.stderr)
        );
    }
    let file = state.found_file();
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&file)
        .and_then(|mut file| writeln!(file, "{line}"))
        .map_err(|error| format!("{}: {error}", file.display()))
}

fn readable(text: &[u8]) -> String {
    let text = format!("{:?}", String::from_utf8_lossy(text));
    match text.char_indices().nth(1500) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// Prints cases without running them.
fn print_cases(generator: &Generator, options: &Options) {
    let first = options.from.unwrap_or(0);
    for number in first..first + options.cases {
        let case = (generator.case)(&mut generator.rng(options.seed, number));
        println!(
            "{}",
            case.to_line(&format!("{}-{}-{number}", generator.name, options.seed))
        );
    }
}
