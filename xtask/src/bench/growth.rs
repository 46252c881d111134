//! How time and memory grow with a chart: the same kind of chart over three decades of size, and what a step of
//! tenfold costs. A drawing and a table go to `docs/`.

use super::cases::{self, Files, Made};
use super::{Measured, machine, measure, release_build, write_between};
use crate::{absolute, project, target};
use std::fmt::Write as _;
use std::fs;

/// A kind of chart that can be of any size.
struct Kind {
    name: &'static str,
    smallest: usize,
    make: fn(usize) -> Files,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "templates",
        smallest: 10,
        make: cases::many_templates,
    },
    Kind {
        name: "subcharts",
        smallest: 1,
        make: subcharts,
    },
    Kind {
        name: "values, in bytes",
        smallest: 10_000,
        make: cases::large_values,
    },
    Kind {
        name: "output, in bytes",
        smallest: 50_000,
        make: cases::large_output,
    },
    Kind {
        name: "calls of include",
        smallest: 100,
        make: |count| looped(count, "{{ include \"line\" $i }}"),
    },
    Kind {
        name: "calls of tpl, texts of their own",
        smallest: 100,
        make: |count| looped(count, "{{ tpl (printf \"{{ . }} %d\" $i) $i }}"),
    },
    Kind {
        name: "toYaml and nindent",
        smallest: 100,
        make: |count| looped(count, "{{- toYaml $.Values.part | nindent 4 }}"),
    },
    Kind {
        name: "set on one map",
        smallest: 100,
        make: |count| looped(count, "{{- $_ := set $all (printf \"key-%d\" $i) $i }}"),
    },
    Kind {
        name: "append to one list",
        smallest: 10,
        make: |count| looped(count, "{{- $list = append $list $i }}"),
    },
];

/// Sizes of each kind, each ten times the one before.
const STEPS: usize = 4;

/// `growth [--bin PATH] [--write yes]`.
pub fn growth(args: &[String]) -> Result<(), String> {
    let (mut program, mut writes) = (None, false);
    for pair in args.chunks(2) {
        match pair {
            [flag, value] if flag == "--bin" => program = Some(absolute(value)?),
            [flag, value] if flag == "--write" => writes = value == "yes",
            _ => return Err(format!("unknown option {}", pair.join(" "))),
        }
    }
    let program = match program {
        Some(program) => program,
        None => release_build()?,
    };
    let made = Made {
        folder: target().join("bench/growth"),
    };
    let mut lines = vec![
        "| what grows | from | ms | x10 | x100 | x1000 | time for the last tenfold | MiB, smallest and largest | memory for the last tenfold |".to_owned(),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    lines.iter().for_each(|line| println!("{line}"));
    let mut curves = Vec::new();
    for kind in KINDS {
        let mut points: Vec<Measured> = Vec::new();
        for step in 0..STEPS {
            let size = kind.smallest * 10_usize.pow(step as u32);
            let name = kind.name.replace([' ', ','], "-");
            let chart = made.chart(&format!("{name}-{size}"), &(kind.make)(size))?;
            let arguments = ["template", "rel", &chart.to_string_lossy()].map(str::to_owned);
            let mut measured = measure(&[(program.clone(), arguments.to_vec())], 5)?;
            points.extend(measured.pop());
        }
        let line = row(kind, &points);
        println!("{line}");
        lines.push(line);
        curves.push((kind.name, points));
    }
    if writes {
        lines.push("\n![time over size](growth.svg)".to_owned());
        lines.push(format!("\n{}", machine()));
        write_between("growth", &lines.join("\n"))?;
        let path = project().join("docs/growth.svg");
        fs::write(&path, drawing(&curves))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn row(kind: &Kind, points: &[Measured]) -> String {
    let millis = |point: &Measured| point.time.as_secs_f64() * 1000.0;
    let times: Vec<String> = points
        .iter()
        .map(|point| format!("{:.1}", millis(point)))
        .collect();
    let mib: Vec<f64> = points
        .iter()
        .map(|point| point.memory.unwrap_or_default() as f64 / 1024.0)
        .collect();
    let last = |values: &[f64]| match values {
        [.., before, after] => after / before.max(f64::MIN_POSITIVE),
        _ => f64::NAN,
    };
    let all: Vec<f64> = points.iter().map(millis).collect();
    format!(
        "| {} | {} | {} | x {:.1} | {:.0}, {:.0} | x {:.1} |",
        kind.name,
        kind.smallest,
        times.join(" | "),
        last(&all),
        mib.first().copied().unwrap_or_default(),
        mib.last().copied().unwrap_or_default(),
        last(&mib)
    )
}

fn subcharts(count: usize) -> Files {
    let mut files = cases::one_template("umbrella");
    for number in 0..count {
        let name = format!("part-{number:05}");
        let own = cases::one_template(&name).into_iter();
        files.extend(own.map(|(path, content)| (format!("charts/{name}/{path}"), content)));
    }
    files
}

/// A chart that does something so many times.
fn looped(count: usize, body: &str) -> Files {
    let template = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: looped\ndata:\n{{{{- $all := dict }}}}{{{{- $list := list }}}}\n{{{{- range $i := until {count} }}}}\n{{{{- $made := print $i }}}}{{{{- $text := $made }}}}\n  k{{{{ $i }}}}: |\n    {body}\n{{{{- end }}}}\n  size: {{{{ add (len $all) (len $list) | quote }}}}\n"
    );
    vec![
        (
            "Chart.yaml".to_owned(),
            b"apiVersion: v2\nname: looped\nversion: 1.0.0\n".to_vec(),
        ),
        (
            "values.yaml".to_owned(),
            b"part:\n  one: 1\n  two: [a, b]\n  three: {four: five}\n".to_vec(),
        ),
        (
            "templates/_line.tpl".to_owned(),
            b"{{- define \"line\" }}number {{ . }}{{ end }}".to_vec(),
        ),
        ("templates/map.yaml".to_owned(), template.into_bytes()),
    ]
}

/// Draws time over size, both in decades.
fn drawing(curves: &[(&str, Vec<Measured>)]) -> String {
    const COLOURS: [&str; 9] = [
        "#1b6ca8", "#c0392b", "#27824b", "#8e44ad", "#b9770e", "#16818a", "#7f8c8d", "#2c3e50",
        "#d35490",
    ];
    let (left, top, width, height) = (60.0, 20.0, 420.0, 360.0);
    let x = |step: f64| left + width * step / (STEPS as f64 - 1.0);
    // From a millisecond to ten seconds.
    let y = |millis: f64| top + height * (1.0 - millis.max(1.0).log10() / 4.0);
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 430\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"760\" height=\"430\" fill=\"white\"/>\n",
    );
    for decade in 0..=4 {
        let (millis, at) = (10_u32.pow(decade), y(10_f64.powi(decade as i32)));
        let _ = writeln!(
            svg,
            "<line x1=\"{left}\" x2=\"{}\" y1=\"{at}\" y2=\"{at}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{millis} ms</text>",
            left + width,
            left - 6.0,
            at + 4.0
        );
    }
    for step in 0..STEPS {
        let (at, times) = (x(step as f64), 10_u32.pow(step as u32));
        let _ = writeln!(
            svg,
            "<line x1=\"{at}\" x2=\"{at}\" y1=\"{top}\" y2=\"{}\" stroke=\"#ddd\"/><text x=\"{at}\" y=\"{}\" text-anchor=\"middle\">x {times}</text>",
            top + height,
            top + height + 18.0
        );
    }
    for (number, (name, points)) in curves.iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let places: Vec<String> = points
            .iter()
            .zip(0_u32..)
            .map(|(point, step)| {
                format!(
                    "{:.1},{:.1}",
                    x(f64::from(step)),
                    y(point.time.as_secs_f64() * 1000.0)
                )
            })
            .collect();
        let label = top + 12.0 + 20.0 * number as f64;
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/><line x1=\"510\" x2=\"530\" y1=\"{label}\" y2=\"{label}\" stroke=\"{colour}\" stroke-width=\"2\"/><text x=\"536\" y=\"{}\">{name}</text>",
            places.join(" "),
            label + 4.0
        );
    }
    svg.push_str("</svg>\n");
    svg
}
