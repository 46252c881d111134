//! `batch`: arguments to [`BatchArguments`], results to lines.

use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;

use super::template;
use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::Settings;
use crate::command::batch::{self, BatchArguments};
use crate::command::template::TemplateArguments;
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::os;

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "batch",
    aliases: &[],
    arguments: "JOBS",
    count: Count::Exactly(1),
    about: "Render many charts with many values at once: a job, as JSON, a line of JOBS",
    groups: &[&FLAGS, &flags::CONNECTION, &flags::GLOBAL],
    action: Action::Run(run),
};

static FLAGS: [Flag; 2] = [
    Flag::new(
        "output-dir",
        FlagKind::Text,
        "Write a file for each job below this directory instead of printing",
    ),
    Flag::new(
        "threads",
        FlagKind::Uint,
        "How many jobs to work on at a time; one a core unless told otherwise",
    ),
];

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let arguments = match arguments(&parsed, settings, &sink) {
        Ok(arguments) => arguments,
        Err(error) => return Outcome::error(error),
    };
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut broken = None;
    let writes_files = !arguments.output_dir.is_empty();
    let count = batch::run(&arguments, &sink, |result| {
        if broken.is_some() {
            // Files are wanted even if nobody reads about them any more.
            return ControlFlow::Continue(());
        }
        let line = batch::to_json(&result).map_err(io::Error::other);
        let printed = line.and_then(|mut line| {
            line.push(b'\n');
            stdout.write_all(&line)
        });
        match printed {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken = Some(error);
                match writes_files {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            }
        }
    });
    let flushed = stdout.flush();
    let broken = broken.or(flushed.err());
    match count {
        Err(error) => Outcome::with(Vec::new(), Err(error), &sink),
        Ok(count) => {
            // That nobody reads any more is no error.
            let broken = broken.filter(|error| error.kind() != io::ErrorKind::BrokenPipe);
            let broken = broken.map(|error| {
                let text = os::path_error("write", "/dev/stdout", &error);
                Error::new(ErrorKind::Io, text)
            });
            Outcome {
                diagnostics: sink.take(),
                error: broken.or_else(|| batch::failure(count)),
                ..Outcome::default()
            }
        }
    }
}

fn arguments(parsed: &Parsed, settings: &Settings, sink: &Sink) -> Result<BatchArguments, Error> {
    let file = parsed.arguments.first().map_or(&[][..], Vec::as_slice);
    let file = String::from_utf8_lossy(file).into_owned();
    let failed =
        |error: io::Error| Error::new(ErrorKind::Io, os::path_error("open", &file, &error));
    let jobs = if file == "-" {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text).map_err(failed)?;
        text
    } else {
        std::fs::read(&file).map_err(failed)?
    };
    let common = TemplateArguments {
        // Here it is a file for each job.
        output_dir: String::new(),
        ..template::arguments(parsed, settings, sink, |_, _| Ok(()))?
    };
    let threads = parsed.string("threads").and_then(|text| text.parse().ok());
    Ok(BatchArguments {
        jobs,
        common,
        output_dir: parsed.string("output-dir").unwrap_or_default(),
        threads: threads.unwrap_or(0),
    })
}
