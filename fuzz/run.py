#!/usr/bin/env python3
"""Runs the fuzz targets, each until it has run for as long as wanted, and notes the time in RUNS.md.

    fuzz/run.py [--minutes M] [TARGET...]      all targets without names; M is 15

A run goes in slices of at most five minutes. It can be stopped at any time and started again: the time in RUNS.md
and the inputs in fuzz/corpus count on. A finding ends the run; its input lies in fuzz/artifacts/TARGET."""

import argparse
import datetime
import os
import pathlib
import re
import resource
import subprocess
import sys

FUZZ = pathlib.Path(__file__).resolve().parent
RUNS = FUZZ / "RUNS.md"
SLICE = 300
TEMPLATES = ("lexer", "parser", "render")
HEAD = """# Runs

How much of a processor's time each target has run for, and how often; kept by `fuzz/run.py`.

| Target | Minutes | Inputs tried | Features reached | Last run |
| --- | ---: | ---: | ---: | --- |
"""


def targets():
    manifest = (FUZZ / "Cargo.toml").read_text()
    return re.findall(r'^name = "(\w+)"$', manifest, flags=re.M)


def read_runs():
    rows = {}
    if RUNS.exists():
        for line in RUNS.read_text().splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if len(cells) == 5 and cells[0] in targets():
                rows[cells[0]] = [float(cells[1]), int(cells[2]), int(cells[3]), cells[4]]
    return rows


def write_runs(rows):
    text = HEAD
    for target in targets():
        if target in rows:
            minutes, tried, features, date = rows[target]
            text += f"| {target} | {minutes:.1f} | {tried} | {features} | {date} |\n"
    new = RUNS.with_suffix(".new")
    new.write_text(text)
    new.replace(RUNS)


def note(target, seconds, tried, features):
    # Read anew: another run may have written meanwhile.
    rows = read_runs()
    minutes, before, most, _ = rows.get(target, [0.0, 0, 0, ""])
    date = datetime.date.today().isoformat()
    rows[target] = [minutes + seconds / 60, before + tried, max(most, features), date]
    write_runs(rows)


def build():
    command = ["cargo", "fuzz", "build", "-s", "none", "--fuzz-dir", "."]
    # The instrumentation is not stable, the compiler is.
    subprocess.run(command, cwd=FUZZ, env={**os.environ, "RUSTC_BOOTSTRAP": "1"}, check=True)
    found = sorted(FUZZ.glob("target/*/release"))
    return max(found, key=lambda folder: folder.stat().st_mtime)


def processor_time():
    """Seconds that ended children have computed: a run that is held up, or shares its processor, counts less."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_slice(programs, target, seconds):
    """Returns whether nothing was found."""
    for folder in ("corpus", "artifacts"):
        (FUZZ / folder / target).mkdir(parents=True, exist_ok=True)
    command = [
        "nice", "-n", "15", programs / target,
        f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=4096",
        "-print_final_stats=1", f"-artifact_prefix=artifacts/{target}/",
    ]  # fmt: skip
    if target in TEMPLATES:
        command.append("-dict=corpus/template.dict")
    command += [f"corpus/{target}", f"seeds/{target}"]
    began = processor_time()
    done = subprocess.run(command, cwd=FUZZ, stderr=subprocess.PIPE, text=True, errors="replace")
    seconds = processor_time() - began
    log = done.stderr
    if done.returncode != 0:
        print(log[-6000:])
        print(f"{target}: found something, see fuzz/artifacts/{target}")
        return False
    tried = re.search(r"stat::number_of_executed_units:\s+(\d+)", log)
    features = re.findall(r" ft: (\d+)", log)
    note(target, seconds, int(tried[1]) if tried else 0, int(features[-1]) if features else 0)
    return True


def main():
    parser = argparse.ArgumentParser(description="Runs the fuzz targets.")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("target", nargs="*")
    args = parser.parse_args()
    unknown = set(args.target) - set(targets())
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    subprocess.run([sys.executable, FUZZ / "corpus.py"], check=True)
    programs = build()
    sound = True
    for target in args.target or targets():
        while (left := args.minutes - read_runs().get(target, [0.0])[0]) > 0.05:
            if not run_slice(programs, target, max(3, round(min(SLICE, left * 60)))):
                sound = False
                break
        print(f"{target}: {read_runs().get(target, [0.0])[0]:.1f} minutes", flush=True)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
