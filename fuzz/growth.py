#!/usr/bin/env python3
"""Makes charts of which one part, or two, are large, and looks whether any command takes longer than it may, or more memory.

    fuzz/growth.py [--program PROGRAM] [--factor N] [NAME...]

Each kind of chart is made in its size, times N (8), and given to the commands with `--untrusted --limit-time 2s`. None may
compute much longer than that, whatever multiplies in it, nor end by a signal. With names only the kinds that have one of them
within theirs are made. Exits with 1 if something was wrong."""

import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# In seconds of a processor's time: more than one thread may be at work when time is over.
MOST_TIME = 5
MOST_MEMORY = 512
COMMANDS = {
    "template": ["template", "c", "--include-crds"],
    "lint": ["lint", "c"],
    "package": ["package", "c", "-d", "out"],
    "show": ["show", "all", "c"],
    "dependency": ["dependency", "list", "c"],
    "install": ["install", "r", "c", "--dry-run=client"],
}
ONLY_TEMPLATE = ["template"]
WITH_SCHEMA = ["template", "lint"]
KIND = "kind: A\nmetadata: {name: a}\n"
PRINTED = KIND + "v: {{ toYaml .Values | nindent 2 }}\n"
KINDS = {}


def kind(size, commands=tuple(COMMANDS), most=None):
    """Registers a kind of chart: its size, the commands that look at it, and the largest size."""

    def register(make):
        KINDS[make.__name__] = (size, commands, most, make)
        return make

    return register


def described(name="c", more=""):
    return f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n{more}"


def chart(more="", **files):
    """A chart of a few files; those given are called by the first word of their names."""
    names = {"values": "values.yaml", "template": "templates/a.yaml", "schema": "values.schema.json"}
    all_files = {"Chart.yaml": described(more=more), "values.yaml": "a: 1\n", "templates/a.yaml": KIND}
    all_files.update({names.get(name, name): text for name, text in files.items()})
    return all_files


def add_subchart(files, name, values="a: 1\n"):
    files[f"charts/{name}/Chart.yaml"] = described(name)
    files[f"charts/{name}/values.yaml"] = values
    files[f"charts/{name}/templates/a.yaml"] = KIND


def times(n, piece, between=""):
    """Joins pieces; `@` in them is their number."""
    return between.join(piece.replace("@", str(i)) for i in range(n))


def with_dependency(text, values="a: 1\n", subchart="a: 1\n"):
    files = chart("dependencies:\n- name: d\n  version: 1.x\n" + text, values=values)
    add_subchart(files, "d", subchart)
    return files


# Chart.yaml, and what it refers to.
PARTS = {
    "keywords": (40000, "keywords:\n", "- k@\n"),
    "maintainers": (20000, "maintainers:\n", "- {name: m@, email: a@b.c}\n"),
    "annotations": (40000, "annotations:\n", "  a@: x\n"),
    "dependencies": (10000, "dependencies:\n", "- {name: d@, version: 1.x, repository: 'https://x/y'}\n"),
}
for name, (size, head, piece) in PARTS.items():
    KINDS[name] = (size, tuple(COMMANDS), None, lambda n, h=head, p=piece: chart(h + times(n, p)))


@kind(10000)
def aliases(n):
    files = chart("dependencies:\n" + times(n, "- {name: d, version: 1.x, alias: e@}\n"))
    add_subchart(files, "d")
    return files


@kind(10000)
def conditions(n):
    return with_dependency(f'  condition: "{times(n, "a@.b.c", ",")}"\n')


@kind(10000)
def tags(n):
    return with_dependency(f"  tags: [{times(n, 'a@', ', ')}]\n", "tags:\n" + times(n, "  a@: true\n"))


@kind(10000)
def imports_to_many(n):
    return with_dependency(
        "  import-values:\n" + times(n, "  - {child: x, parent: p@}\n"), subchart="x:\n" + times(50, "  k@: 1\n")
    )


@kind(10000)
def imports_to_one(n):
    return with_dependency(
        "  import-values:\n" + times(n, "  - {child: x@, parent: p}\n"), subchart=times(n, "x@: {k@: 1}\n")
    )


@kind(10000)
def exports(n):
    return with_dependency(
        "  import-values:\n" + times(n, "  - x@\n"), subchart="exports:\n" + times(n, "  x@: {k@: 1}\n")
    )


@kind(20000)
def ranges(n):
    return chart(f'kubeVersion: "{times(n, ">=9.@", " || ")} || >0.1.0"\n')


@kind(300, most=1200)
def globals_of_subcharts(n):
    files = chart("dependencies:\n" + times(n, "- {name: d@, version: 1.x}\n"), values="global:\n" + times(n, "  k@: 1\n"))
    for i in range(n):
        add_subchart(files, f"d{i}")
    return files


@kind(20000)
def nulls(n):
    return with_dependency("", "d:\n" + times(n, "  k@: null\n"), times(n, "k@: 1\n"))


@kind(20000)
def other_types(n):
    return with_dependency("", "d:\n" + times(n, "  k@: 1\n"), times(n, "k@: {}\n"))


@kind(20000)
def ignored(n):
    files = chart()
    files[".helmignore"] = times(n, "a@*\n")
    files.update({f"f/x{i}": "" for i in range(100)})
    return files


@kind(1000, most=6000)
def files_in_folder(n):
    files = chart(template=KIND + '{{ range $p, $_ := .Files.Glob "f/*" }}#{{ $.Files.Get $p }}\n{{ end }}')
    files.update({f"f/x{i}": "x" for i in range(n)})
    return files


@kind(3000, most=20000)
def template_files(n):
    files = chart()
    files.update({f"templates/t{i}.yaml": KIND for i in range(n)})
    return files


@kind(20000)
def crd_documents(n):
    files = chart()
    files["crds/c.yaml"] = (KIND + "---\n") * n
    return files


# Texts of values.
VALUES = {
    "keys": (30000, lambda n: times(n, "k@: 1\n")),
    "same_keys": (30000, lambda n: times(n, "k: @\n")),
    "flow": (3000, lambda n: "k: " + "{a: " * n + "1" + "}" * n + "\n"),
    "anchors": (20000, lambda n: times(n, "k@: &a@ x\n") + times(n, "j@: *a@\n")),
    "merges": (2000, lambda n: "b: &b {x: 1}\n" + times(n, "k@:\n  <<: *b\n  z: 1\n")),
    "merge_list": (1000, lambda n: "b: &b {x: 1}\nk:\n  <<: [" + times(n, "*b", ",") + "]\n"),
    "merge_chain": (1000, lambda n: "b0: &b0 {x: 1}\n" + "".join(f"b{i + 1}: &b{i + 1}\n  <<: *b{i}\n  x{i}: 1\n" for i in range(n))),
    "long_text": (200000, lambda n: 'k: "' + "a b\\n" * n + '"\n'),
    "folded": (100000, lambda n: "k: >\n" + "  a b c\n\n" * n),
    "plain_lines": (100000, lambda n: "k: a\n" + "  b c\n" * n),
    "comments": (100000, lambda n: "# c\n" * n + "k: 1\n"),
    "documents": (50000, lambda n: "a: 1\n---\n" * n),
    "questions": (50000, lambda n: times(n, "? k@\n: 1\n")),
    "open_list": (50000, lambda n: "k: [" + "a, " * n),
    "open_text": (50000, lambda n: 'k: "' + "a\n" * n),
    "handles": (5000, lambda n: times(n, "%TAG !e@! tag:x,2000:\n") + "---\nk: 1\n"),
    "digits": (30000, lambda n: f"k: {'1' * n}\nj: 0.{'3' * n}\nl: 1e{'1' * n}\n"),
}
for name, (size, make) in VALUES.items():
    KINDS["values_" + name] = (size, tuple(COMMANDS), None, lambda n, m=make: chart(values=m(n), template=PRINTED))

# Texts of templates.
TEMPLATES = {
    "defines": (20000, lambda n: times(n, '{{ define "d@" }}x{{ end }}\n')),
    "same_defines": (20000, lambda n: '{{ define "d" }}x{{ end }}\n' * n),
    "includes": (20000, lambda n: '{{ define "d" }}x{{ end }}' + '{{ include "d" . }}' * n),
    "variables": (20000, lambda n: times(n, "{{ $v@ := 1 }}") + times(n, "#{{ $v@ }}\n")),
    "conditions": (400, lambda n: "{{ if true }}" * n + "{{ end }}" * n),
    "branches": (20000, lambda n: "{{ if false }}a" + "{{ else if false }}b" * n + "{{ end }}"),
    "parentheses": (400, lambda n: "{{ " + "(" * n + "1" + ")" * n + " }}"),
    "pipeline": (20000, lambda n: 'x: {{ "a"' + " | print" * n + " }}\n"),
    "arguments": (20000, lambda n: "x: {{ len (dict " + times(n, '"a@" 1 ') + ") }}\n"),
    "comment": (200000, lambda n: "{{/* " + "a\n" * n + " */}}\n"),
    "open_text": (200000, lambda n: '{{ "' + "a" * n),
    "late_failure": (100000, lambda n: "# a\n" * n + '{{ fail "x" }}'),
    "documents": (20000, lambda n: (KIND + "---\n") * n),
    "kinds": (20000, lambda n: times(n, "kind: K@\nmetadata: {name: a}\n---\n")),
    "hooks": (10000, lambda n: times(n, 'kind: J\nmetadata:\n  name: a@\n  annotations: {"helm.sh/hook": pre-install}\n---\n')),
    "events": (3000, lambda n: f'kind: J\nmetadata:\n  name: a\n  annotations: {{"helm.sh/hook": "{times(n, "test", ",")}"}}\n'),
}
for name, (size, make) in TEMPLATES.items():
    KINDS["template_" + name] = (size, tuple(COMMANDS), None, lambda n, m=make: chart(template=m(n)))

# What functions make of many things; N is how many.
FUNCTIONS = {
    "append": (2000, "{{ $l := list }}{{ range until N }}{{ $l = append $l . }}{{ end }}"),
    "set": (10000, "{{ $d := dict }}{{ range until N }}{{ $_ := set $d (print .) . }}{{ end }}{{ toYaml $d }}"),
    "merge": (1000, "{{ $d := dict }}{{ range until N }}{{ $d = merge $d (dict (print .) 1) }}{{ end }}"),
    "joined": (5000, '{{ $s := "" }}{{ range until N }}{{ $s = print $s "abc" }}{{ end }}'),
    "uniq": (3000, "{{ uniq (until N) | len }}"),
    "has": (3000, "{{ $l := until N }}{{ range $l }}{{ if has . $l }}{{ end }}{{ end }}"),
    "replace": (200000, '{{ replace "a" "bb" (repeat N "a,") | len }}'),
    "regex": (30000, '{{ regexReplaceAll "a+?(b|,)" (repeat N "a,") "$1" | len }}'),
    "regex_none": (20000, '{{ regexFindAll ".*?b" (repeat N "a") -1 | len }}'),
    "regex_large": (3000, '{{ regexMatch (repeat N "a?") (repeat N "a") }}'),
    "wrap": (60000, '{{ wrap 10 (repeat N "a b ") | len }}'),
    "from_yaml": (30000, '{{ fromYamlArray (repeat N "- 1\\n") | len }}'),
    "from_json": (30000, '{{ fromJsonArray (print "[" (repeat N "1,") "1]") | len }}'),
    "from_toml": (10000, '{{ fromToml (repeat N "[[a]]\\nb=1\\n") | len }}'),
    "from_toml_names": (3000, '{{ fromToml (print (repeat N "a.") "b=1\\n") | len }}'),
    "clean": (60000, '{{ clean (repeat N "a/../") | len }}'),
    "printf": (60000, '{{ printf "%s %q %x" (repeat N "ab") (repeat N "ab") (repeat N "ab") | len }}'),
    "semver": (20000, '{{ semverCompare (print (repeat N ">0.1 ") ">0.1") "1.0.0" }}'),
    "date": (20000, '{{ toDate "2006" (repeat N "2006") }}{{ date (repeat N "2006") now | len }}'),
    "digits": (20000, '{{ atoi (repeat N "1") }}{{ float64 (repeat N "1") }}{{ toDecimal (repeat N "7") }}'),
    "tpl": (1000, '{{ range until N }}{{ tpl "{{ 1 }}" $ }}{{ end }}'),
    "tpl_defines": (300, '{{ range until N }}{{ tpl (printf "{{ define \\"d%d\\" }}x{{ end }}" .) $ }}{{ end }}'),
    "equal": (60000, "{{ deepEqual (until N) (until N) }}"),
    "concat": (1000, "{{ $l := list }}{{ range until N }}{{ $l = concat $l (list .) }}{{ end }}"),
}
for name, (size, text) in FUNCTIONS.items():
    KINDS["function_" + name] = (size, ONLY_TEMPLATE, None, lambda n, t=text: chart(template=t.replace("N", str(n))))


# A schema for the member `l`, and its value.
def of_l(schema, value, **more):
    return chart(schema=json.dumps({"properties": {"l": schema}, **more}), values=f"l: {value}\n")


def names(n):
    return [f"x{i}" for i in range(n)]


def all_of(part, n, value):
    return of_l({"allOf": [part] * n}, value)


def each(part, item, n):
    return of_l({"items": part}, f"[{', '.join([item] * n)}]")


def text(n):
    return "é" * (30 * n)


SCHEMAS = {
    "properties": (5000, lambda n: chart(schema=json.dumps({"properties": {x: {"type": "integer"} for x in names(n)}}), values=times(n, "x@: a\n"))),
    "patterns": (3000, lambda n: of_l({"patternProperties": {f"^k{x}": {} for x in names(n)}}, "{" + times(n, "k@: 1", ", ") + "}")),
    "none_of_many": (3000, lambda n: each({"enum": names(n)}, "y", n)),
    "last_of_many": (3000, lambda n: each({"enum": names(n)}, f"x{n - 1}", n)),
    "required": (3000, lambda n: each({"required": names(n)}, "{}", n)),
    "dependent": (3000, lambda n: each({"dependentRequired": {"a": names(n)}}, "{a: 1}", n)),
    "any_of": (3000, lambda n: each({"anyOf": [{"type": "string"}] * n}, "1", n)),
    "lengths": (3000, lambda n: all_of({"minLength": 1}, n, text(n))),
    "short_lengths": (3000, lambda n: all_of({"maxLength": 1}, n, text(n))),
    "texts_by_pattern": (3000, lambda n: all_of({"pattern": "c$"}, n, text(n))),
    "formats": (3000, lambda n: all_of({"format": "ipv4"}, n, text(n))),
    "constants": (3000, lambda n: of_l({"allOf": [{"$ref": "#/$defs/d"}] * n}, text(n), **{"$defs": {"d": {"const": text(n)}}})),
    "other_constants": (3000, lambda n: of_l({"allOf": [{"$ref": "#/$defs/d"}] * n}, text(n) + "b", **{"$defs": {"d": {"const": text(n)}}})),
    "no_item_twice": (3000, lambda n: all_of({"uniqueItems": True}, n, f"[{times(n, '@', ', ')}]")),
    "unevaluated": (3000, lambda n: of_l({"allOf": [{"properties": {x: {}}} for x in names(n)], "unevaluatedProperties": False}, "{" + times(n, "k@: 1", ", ") + "}")),
    "references": (3000, lambda n: chart(schema=json.dumps({"$defs": {x: {} for x in names(n)}, "allOf": [{"$ref": f"#/$defs/{x}"} for x in names(n)]}))),
    "addresses": (3000, lambda n: chart(schema=json.dumps({"$defs": {x: {"$id": f"http://x/{x}"} for x in names(n)}, "allOf": [{"$ref": f"http://x/{x}"} for x in names(n)]}))),
    "doubling": (6, lambda n: chart(schema=json.dumps({"$ref": "#/$defs/d0", "$defs": {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(n)} | {f"d{n}": {}}}))),
}
for name, (size, make) in SCHEMAS.items():
    KINDS["schema_" + name] = (size, WITH_SCHEMA, None, make)


def write(files, folder):
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def run(program, arguments, folder):
    """Returns seconds of computing, MiB of memory, the exit status and the end of the messages."""

    def bound():
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))

    with tempfile.TemporaryFile() as messages:
        child = subprocess.Popen(
            [program, *arguments, "--untrusted", "--limit-time", "2s"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=messages, preexec_fn=bound,
        )  # fmt: skip
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        messages.seek(max(0, messages.seek(0, os.SEEK_END) - 200))
        told = messages.read().decode(errors="replace").strip().replace("\n", " ")
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, child.returncode, told


def main():
    parser = argparse.ArgumentParser(description="Looks for charts that cost more than they may.")
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "verta-render"))
    parser.add_argument("--factor", type=int, default=8)
    parser.add_argument("--all", action="store_true", help="print what is well, too")
    parser.add_argument("name", nargs="*")
    args = parser.parse_args()
    wrong, count, slowest, largest = 0, 0, (0, ""), (0, "")
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top)
        for name, (size, commands, most, make) in KINDS.items():
            if args.name and not any(part in name for part in args.name):
                continue
            n = min(size * args.factor, most or sys.maxsize)
            write(make(n), top / "c")
            for command in commands:
                seconds, memory, status, told = run(args.program, COMMANDS[command], top)
                is_wrong = seconds > MOST_TIME or memory > MOST_MEMORY or status not in (0, 1)
                wrong, count = wrong + is_wrong, count + 1
                slowest, largest = max(slowest, (seconds, name)), max(largest, (memory, name))
                if is_wrong or args.all:
                    print(f"{name} {n} {command}: {seconds:.2f} s, {memory} MiB, status {status} {told}", flush=True)
    print(f"{count} runs, {wrong} wrong; at most {slowest[0]:.1f} s ({slowest[1]}), {largest[0]} MiB ({largest[1]})")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
