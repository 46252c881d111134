//! Times `batch` on many jobs against helm called for the same jobs, one after the other.
//!
//! helm does a sample of the jobs, and its time is multiplied; what it prints for each of them must be what `batch` wrote.
//! Both take turns, so that a machine that slows down slows down both.

use crate::{absolute, cargo, oracle, project, run, target};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often they take turns.
const ROUNDS: usize = 5;

/// A job: the chart, its release, and what else it is rendered with.
struct Job {
    chart: String,
    release: String,
    namespace: String,
    values: Option<&'static str>,
    set: Option<String>,
}

impl Job {
    fn line(&self, output: &str) -> String {
        let mut line = format!(
            "{{\"chart\": {:?}, \"name\": {:?}, \"namespace\": {:?}, \"output\": {output:?}",
            self.chart, self.release, self.namespace
        );
        if let Some(file) = self.values {
            line += &format!(", \"values\": [{file:?}]");
        }
        if let Some(set) = &self.set {
            line += &format!(", \"set\": [{set:?}]");
        }
        line + "}\n"
    }

    fn arguments(&self) -> Vec<String> {
        let words = [
            "template",
            &self.release,
            &self.chart,
            "-n",
            &self.namespace,
        ];
        let mut arguments: Vec<String> = words.map(str::to_owned).into();
        if let Some(file) = self.values {
            arguments.extend(["-f".to_owned(), file.to_owned()]);
        }
        if let Some(set) = &self.set {
            arguments.extend(["--set".to_owned(), set.clone()]);
        }
        arguments
    }
}

/// `bench-batch [--jobs N] [--sample N] [--bin PATH]`.
pub fn against_helm(args: &[String]) -> Result<(), String> {
    let (mut count, mut sample, mut program) = (1_000_usize, 100_usize, None);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        let number = || {
            let number = value.parse().ok().filter(|number| *number >= ROUNDS);
            number.ok_or_else(|| format!("{arg} needs a number, {ROUNDS} at the least"))
        };
        match arg.as_str() {
            "--jobs" => count = number()?,
            "--sample" => sample = number()?,
            "--bin" => program = Some(absolute(value)?),
            _ => return Err(format!("unknown option {arg}")),
        }
    }
    let helm = oracle::locate()?;
    let ours = match program {
        Some(path) => path,
        None => {
            run(cargo().args(["build", "--quiet", "--release", "--bin", "verta-render"]))?;
            target().join("release/verta-render")
        }
    };
    let folder = target().join("bench-batch");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    let charts = charts(&folder, &ours)?;
    let jobs: Vec<Job> = (0..count).map(|number| job(number, &charts)).collect();
    let lines = jobs.iter().zip(0..);
    let lines: String = lines
        .map(|(job, number)| job.line(&format!("{number}.yaml")))
        .collect();
    let list = folder.join("jobs.jsonl");
    fs::write(&list, lines).map_err(failed)?;

    // Every chart and every variant of its values is in the sample: its steps are prime to their number.
    let sample = sample.min(count);
    let step = (count / sample).max(1);
    let step = (step..).find(|step| step % 2 == 1 && step % 3 != 0 && step % 5 != 0);
    let step = step.unwrap_or(1);
    let chosen: Vec<usize> = (0..sample).map(|i| i * step % count).collect();

    let (mut theirs, mut whole, mut streamed) = (Duration::ZERO, Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let output = folder.join(format!("out-{round}"));
        whole.push(batch(&ours, &list, Some(&output))?);
        streamed.push(batch(&ours, &list, None)?);
        for number in chosen.iter().skip(round).step_by(ROUNDS) {
            let arguments = jobs[*number].arguments();
            let begin = Instant::now();
            let printed = Command::new(&helm)
                .args(&arguments)
                .current_dir(project())
                .stdin(Stdio::null())
                .output()
                .map_err(|error| format!("helm: {error}"))?;
            theirs += begin.elapsed();
            let written = fs::read(output.join(format!("{number}.yaml"))).map_err(failed)?;
            if !printed.status.success() || printed.stdout != written {
                let arguments = arguments.join(" ");
                return Err(format!(
                    "{arguments}: the outputs differ, so nothing is timed"
                ));
            }
        }
        fs::remove_dir_all(&output).map_err(failed)?;
    }
    let scaled = theirs.as_secs_f64() * count as f64 / sample as f64;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "{count} jobs over {} charts, {cores} cores. helm did {sample} of them, one after the other, in {:.2} s: its time is \n\
         multiplied by {:.0}. What it printed is what `batch` wrote. Medians of {ROUNDS} runs of `batch`.\n",
        charts.len(),
        theirs.as_secs_f64(),
        count as f64 / sample as f64
    );
    println!("| | s | jobs a second | times faster | MiB |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let speed = |seconds: f64| count as f64 / seconds;
    println!(
        "| helm, a process for each job | {scaled:.1} | {:.0} | 1 | |",
        speed(scaled)
    );
    for (what, mut times, output) in [
        ("`batch JOBS --output-dir DIR`", whole, true),
        ("`batch JOBS`, to a stream", streamed, false),
    ] {
        times.sort();
        let seconds = times[times.len() / 2].as_secs_f64();
        let memory = peak_memory(&ours, &list, output.then(|| folder.join("out")));
        println!(
            "| {what} | {seconds:.2} | {:.0} | {:.0} | {} |",
            speed(seconds),
            scaled / seconds,
            memory.map_or_else(
                || "?".to_owned(),
                |kib| format!("{:.0}", kib as f64 / 1024.0)
            )
        );
    }
    Ok(())
}

/// Ten charts: some of the project's, and some made here.
fn charts(folder: &Path, ours: &Path) -> Result<Vec<String>, String> {
    let mut charts: Vec<String> = [
        "charts/verta",
        "testdata/charts/starter",
        "testdata/charts/umbrella",
        "testdata/charts/library-user",
        "testdata/charts/hooks-crds",
    ]
    .map(str::to_owned)
    .into();
    for name in ["shop", "mail", "docs"] {
        run(Command::new(ours)
            .args(["create", name])
            .current_dir(folder)
            .stdout(Stdio::null()))?;
        charts.push(folder.join(name).to_string_lossy().into_owned());
    }
    for size in [10, 50] {
        let chart = folder.join(format!("wide-{size}"));
        let put = |path: String, text: String| {
            let path = chart.join(path);
            let parent = path.parent().map_or(Ok(()), fs::create_dir_all);
            parent
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| format!("{}: {error}", path.display()))
        };
        put(
            "Chart.yaml".into(),
            format!("apiVersion: v2\nname: wide-{size}\nversion: 1.0.0\n"),
        )?;
        for number in 0..size {
            let kid = format!("charts/kid-{number}");
            put(
                format!("{kid}/Chart.yaml"),
                format!("apiVersion: v2\nname: kid-{number}\nversion: 1.0.0\n"),
            )?;
            put(
                format!("{kid}/values.yaml"),
                "color: blue\nports: [80, 443]\nlabels: {team: a}\n".into(),
            )?;
            put(
                format!("{kid}/templates/map.yaml"),
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Chart.Name }}\n  labels:\n    \
                 {{- toYaml .Values.labels | nindent 4 }}\ndata:\n  color: {{ .Values.color | quote }}\n  {{- range $i, $p := .Values.ports }}\n  \
                 port-{{ $i }}: {{ $p | quote }}\n  {{- end }}\n"
                    .into(),
            )?;
        }
        charts.push(chart.to_string_lossy().into_owned());
    }
    Ok(charts)
}

fn job(number: usize, charts: &[String]) -> Job {
    let chart = charts[number % charts.len()].clone();
    let round = number / charts.len();
    let is_verta = chart == "charts/verta";
    let values = [
        None,
        Some("charts/verta/values-dev.yaml"),
        Some("charts/verta/values-prod.yaml"),
    ];
    Job {
        values: values[round % 3].filter(|_| is_verta),
        set: (!is_verta).then(|| format!("replicaCount={},labels.round=r{round}", round % 9 + 1)),
        chart,
        release: format!("job-{number}"),
        namespace: format!("env-{}", round % 4),
    }
}

fn batch(program: &Path, list: &Path, output: Option<&Path>) -> Result<Duration, String> {
    let mut command = command(program, list, output);
    command.stdout(Stdio::null());
    let begin = Instant::now();
    run(&mut command)?;
    Ok(begin.elapsed())
}

fn command(program: &Path, list: &Path, output: Option<&Path>) -> Command {
    let mut command = Command::new(program);
    command.arg("batch").arg(list).current_dir(project());
    if let Some(output) = output {
        command.arg("--output-dir").arg(output);
    }
    command
}

/// The peak of resident memory, as `/usr/bin/time` tells it where it is.
fn peak_memory(program: &Path, list: &Path, output: Option<PathBuf>) -> Option<u64> {
    let inner = command(program, list, output.as_deref());
    let done = Command::new("/usr/bin/time")
        .args(["-f", "%M"])
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(project())
        .stdout(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8_lossy(&done.stderr)
        .lines()
        .last()?
        .trim()
        .parse()
        .ok()
}
