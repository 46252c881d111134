#!/usr/bin/env python3
"""Fills fuzz/corpus/TARGET with inputs taken from the recorded cases of testdata/conformance, and writes a dictionary
of words beside them. What is there already stays: a run goes on where the last one ended.

    fuzz/corpus.py [FOLDER]      another folder in place of fuzz/corpus"""

import hashlib
import io
import json
import pathlib
import re
import sys
import tarfile

FUZZ = pathlib.Path(__file__).resolve().parent
CASES = FUZZ.parent / "testdata" / "conformance"
LARGEST = 4096
TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`')
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}")


def as_bytes(value):
    if isinstance(value, dict) and list(value) == ["b64"]:
        import base64

        return base64.b64decode(value["b64"])
    if isinstance(value, str):
        return value.encode()
    return json.dumps(value).encode()


def literals(template):
    """The texts that a template writes down, without their quotes."""
    for literal in TEXT.findall(template.decode("utf-8", "replace")):
        if literal[0] == "`":
            yield literal[1:-1].encode()
            continue
        try:
            yield json.loads(literal).encode("utf-8", "replace")
        except ValueError:
            yield literal[1:-1].encode()


class Corpus:
    def __init__(self, top):
        self.top = top
        self.added = {}

    def add(self, target, data):
        if len(data) > LARGEST:
            return
        folder = self.top / target
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / hashlib.sha1(data).hexdigest()
        if not path.exists():
            path.write_bytes(data)
            self.added[target] = self.added.get(target, 0) + 1


def add_case(corpus, case, words):
    template = as_bytes(case.get("template", ""))
    values = as_bytes(case.get("values", ""))
    words.update(WORD.findall(template.decode("utf-8", "replace")))
    if len(template) < 600:
        corpus.add("lexer", template)
        corpus.add("parser", template)
    uses_values = b"Values" in template
    corpus.add("render", (values if uses_values and len(values) < 1500 else b"") + b"\0" + template)
    schema = case.get("files", {}).get("values.schema.json")
    if schema is not None:
        corpus.add("schema", as_bytes(schema) + b"\0" + values)
    texts = [values] + [as_bytes(v) for k in ("files", "work") for v in case.get(k, {}).values()]
    for text in texts:
        if 0 < len(text) < 1500:
            corpus.add("yaml_in", text)
            corpus.add("yaml_round_trip", text)
    args = [*case.get("args", []), *case.get("argv", [])]
    for flag, value in zip(args, args[1:]):
        if flag.startswith("--set"):
            corpus.add("set", value.encode("utf-8", "replace"))
    written = list(literals(template))
    joined = b"\n".join(written[:2])
    if b"egex" in template:
        corpus.add("regexp", joined)
    if b"semver" in template:
        corpus.add("semver", joined)
    if b"Glob" in template or b"osBase" in template:
        name = next(iter(case.get("files", {"a/b": ""})))
        for text in written:
            corpus.add("glob", text + b"\n" + name.encode())
    if b"Toml" in template or b"Json" in template:
        for text in [*written, *texts]:
            corpus.add("json_toml", text)
    if b"Yaml" in template:
        for text in written:
            corpus.add("yaml_in", text)
            corpus.add("yaml_round_trip", text)


def tar_of(files, format=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for name, text in files:
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    # One of the two blocks at the end, no filling up to a record.
    data = out.getvalue().rstrip(b"\0")
    return data + b"\0" * (-len(data) % 512 + 512)


def add_archives(corpus):
    chart = b"apiVersion: v2\nname: c\nversion: 1.2.3\n"
    dependencies = chart + b"dependencies: [{name: d, version: 1.x, condition: d.on, alias: e}]\n"
    for files in (
        [("c/Chart.yaml", chart)],
        [("c/Chart.yaml", chart), ("c/values.yaml", b"a: 1\n"), ("c/templates/a.yaml", b"kind: A\na: {{ .Values.a }}\n")],
        [("c/Chart.yaml", dependencies), ("c/charts/d/Chart.yaml", chart.replace(b"name: c", b"name: d"))],
        [("c/Chart.yaml", dependencies), ("c/Chart.lock", b"dependencies: []\n"), ("c/values.schema.json", b'{"type":"object"}')],
        [("c/Chart.yaml", chart), ("c/.helmignore", b"*.txt\n!a\n"), ("c/crds/a.yaml", b"kind: B\n"), ("c/a.txt", b"")],
        [("c/Chart.yaml", chart), ("c/" + "long/" * 30 + "a", b"1")],
        [("c/../x", b""), ("/c/Chart.yaml", chart)],
    ):
        corpus.add("archive", tar_of(files))
        corpus.add("archive", tar_of(files, tarfile.GNU_FORMAT))
        corpus.add("archive", tar_of(files, tarfile.PAX_FORMAT))


def quoted(word):
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    top = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FUZZ / "corpus"
    corpus, words = Corpus(top), set()
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            add_case(corpus, json.loads(line), words)
    for path in sorted((CASES / "cli").glob("*.txt")):
        text = path.read_text(errors="replace")
        for value in re.findall(r"--set(?:-[a-z]+)?[ =]'?([^'\s]+)", text):
            corpus.add("set", value.encode())
        for schema in re.findall(r"^=== \S*values\.schema\.json\n(.*?)^=== ", text, flags=re.M | re.S):
            corpus.add("schema", schema.encode() + b"\0a: 1\nb: x\n")
        for index in re.findall(r"^=== \S*index\.yaml\n(.*?)^=== ", text, flags=re.M | re.S):
            corpus.add("index", index.encode())
        for part in re.split(r"^=== .*\n", text, flags=re.M)[1:]:
            if 0 < len(part) < 800 and ": " in part:
                corpus.add("yaml_in", part.encode())
                corpus.add("yaml_round_trip", part.encode())
    add_archives(corpus)
    marks = ["{{", "}}", "{{-", "-}}", "{{/*", "*/}}", ":=", "$", ".Values", "| ", "{{ end }}", "{{ else }}"]
    dictionary = top / "template.dict"
    dictionary.write_text("".join(quoted(word) + "\n" for word in marks + sorted(words) if len(word) < 25))
    for target, count in sorted(corpus.added.items()):
        print(f"{target}: {count} inputs added")


if __name__ == "__main__":
    main()
