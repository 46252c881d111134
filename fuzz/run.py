#!/usr/bin/env python3
"""Runs the fuzz targets, each until it has run for as long as wanted, and notes the time in RUNS.md.

    fuzz/run.py [--minutes M] [TARGET...]      all targets without names; M is 15
    fuzz/run.py --keep [TARGET...]             writes what was found to the archives in fuzz/corpus

A run goes in slices of at most five minutes. It can be stopped at any time and started again: the time in RUNS.md
and the inputs in fuzz/corpus count on. A finding ends the run; its input lies in fuzz/artifacts/TARGET.

The archives hold one input for each piece of code that no seed and no recorded case reaches; a run begins with them."""

import argparse
import datetime
import os
import pathlib
import re
import resource
import subprocess
import sys
import tarfile
import tempfile

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


def unpack(target):
    """Lays out the inputs that are kept."""
    archive, folder = FUZZ / "corpus" / f"{target}.tar.xz", FUZZ / "corpus" / target
    if not archive.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            path = folder / pathlib.PurePath(member.name).name
            if member.isfile() and not path.exists():
                path.write_bytes(tar.extractfile(member).read())


def keep(programs, target):
    """Packs the inputs that reach what seeds and recorded cases do not; returns whether that went well."""
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top)
        command = [sys.executable, FUZZ / "corpus.py", top]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        folder = top / target
        folder.mkdir(exist_ok=True)
        for seed in (FUZZ / "seeds" / target).iterdir():
            (folder / seed.name).write_bytes(seed.read_bytes())
        before = set(folder.iterdir())
        # How often a piece of code is reached would keep many times as much.
        command = [
            "nice", "-n", "15", programs / target,
            "-merge=1", "-use_counters=0", "-timeout=60", "-rss_limit_mb=2048", folder, FUZZ / "corpus" / target,
        ]  # fmt: skip
        done = subprocess.run(command, cwd=FUZZ, stderr=subprocess.PIPE, text=True, errors="replace")
        if done.returncode != 0:
            print(done.stderr[-6000:])
            return False
        found = sorted(set(folder.iterdir()) - before)
        archive = FUZZ / "corpus" / f"{target}.tar.xz"
        if not found:
            archive.unlink(missing_ok=True)
            return True
        # The same inputs make the same archive.
        with tarfile.open(archive, "w:xz", preset=9) as tar:
            for path in found:
                member = tarfile.TarInfo(path.name)
                member.size = path.stat().st_size
                with path.open("rb") as text:
                    tar.addfile(member, text)
    print(f"{target}: {len(found)} inputs kept", flush=True)
    return True


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
        # Ended by a signal it may leave neither words nor an input.
        print(f"{target}: ended with {done.returncode}; what it found is in fuzz/artifacts/{target}")
        return False
    tried = re.search(r"stat::number_of_executed_units:\s+(\d+)", log)
    features = re.findall(r" ft: (\d+)", log)
    note(target, seconds, int(tried[1]) if tried else 0, int(features[-1]) if features else 0)
    return True


def main():
    parser = argparse.ArgumentParser(description="Runs the fuzz targets.")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("target", nargs="*")
    args = parser.parse_args()
    unknown = set(args.target) - set(targets())
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    subprocess.run([sys.executable, FUZZ / "corpus.py"], check=True)
    programs = build()
    sound = True
    if args.keep:
        sys.exit(0 if all([keep(programs, target) for target in args.target or targets()]) else 1)
    for target in args.target or targets():
        unpack(target)
        while (left := args.minutes - read_runs().get(target, [0.0])[0]) > 0.05:
            if not run_slice(programs, target, max(3, round(min(SLICE, left * 60)))):
                sound = False
                break
        print(f"{target}: {read_runs().get(target, [0.0])[0]:.1f} minutes", flush=True)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
