#!/usr/bin/env python3
"""Stores command line scenarios, one folder each, as one text file each.

    import-scenarios.py SOURCE TARGET

SOURCE holds folders with `cmd`, `meta.json`, `in/`, perhaps `helmhome/`, and the recorded `out/`; TARGET gets a NAME.txt for
each of them. The format is described in testdata/README.md.
"""
import base64
import json
import os
import stat
import sys

SWITCHES = ("about", "command", "serve", "exit_only", "sort_stdout", "names_only", "tar_unordered", "ignore_logs", "normalise")


def header(meta, where):
    """The switches of a scenario, one a line, each value as JSON."""
    unknown = set(meta) - set(SWITCHES)
    if unknown:
        sys.exit(f"{where}: unknown switches {sorted(unknown)}")
    lines = [f"{key}: {json.dumps(meta[key], ensure_ascii=False)}\n" for key in SWITCHES if key in meta]
    return "".join(lines)


def is_text(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(c in "\n\t\r" or (c >= " " and c != "\x7f") for c in text)


def section(path, full):
    """One file: a line `=== PATH [ATTRIBUTES]`, then its text."""
    status = os.lstat(full)
    if stat.S_ISLNK(status.st_mode):
        return f"=== {path} link\n{os.readlink(full)}\n"
    if stat.S_ISFIFO(status.st_mode):
        return f"=== {path} fifo\n"
    with open(full, "rb") as file:
        data = file.read()
    marks = " executable" if status.st_mode & stat.S_IXUSR else ""
    if not is_text(data):
        text = base64.encodebytes(data).decode()
        return f"=== {path}{marks} base64\n{text}"
    text = data.decode("utf-8")
    if text and not text.endswith("\n"):
        marks += " unterminated"
        text += "\n"
    lines = text.split("\n")
    escaped = ["\\" + line if line.lstrip("\\").startswith("=== ") else line for line in lines]
    return f"=== {path}{marks}\n" + "\n".join(escaped)


def files_below(top, prefix):
    for base, dirs, names in os.walk(top):
        dirs.sort()
        for name in sorted(names + [d for d in dirs if os.path.islink(os.path.join(base, d))]):
            full = os.path.join(base, name)
            path = prefix + os.path.relpath(full, top)
            if any(c.isspace() for c in path):
                path = json.dumps(path, ensure_ascii=False)
            yield path, full
        if not names and not dirs and base != top:
            sys.exit(f"{base}: an empty folder cannot be stored")


def convert(source, name):
    folder = os.path.join(source, name)
    with open(os.path.join(folder, "meta.json"), encoding="utf-8") as file:
        text = header(json.load(file), name)
    parts = [section("cmd", os.path.join(folder, "cmd"))]
    for top in ("in", "helmhome", "out"):
        parts += [section(*found) for found in files_below(os.path.join(folder, top), top + "/")]
    return text + "".join(parts)


def main():
    source, target = sys.argv[1:]
    os.makedirs(target, exist_ok=True)
    names = sorted(name for name in os.listdir(source) if os.path.isfile(os.path.join(source, name, "cmd")))
    for name in names:
        with open(os.path.join(target, name + ".txt"), "w", encoding="utf-8", newline="") as file:
            file.write(convert(source, name))
    print(f"{len(names)} scenarios stored in {target}")


if __name__ == "__main__":
    main()
