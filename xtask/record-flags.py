#!/usr/bin/env python3
"""Asks helm for the flags of all its commands: `record-flags.py HELM > testdata/commands/helm-flags.tsv`.

One line a flag: the command's words, the letter (or nothing), the name, what it takes (or nothing). Flags of every command stand
under the command of no words. A command without flags of its own has one line with its words alone.
"""
import os
import re
import subprocess
import sys

FLAG = re.compile(r"^ +(?:-(\w), )?--([\w-]+)(?: ([\w\[\]=\"]+))?   ")
helm = sys.argv[1]
env = dict(os.environ, HOME="/nonexistent")


def sections(words):
    text = subprocess.run([helm, *words, "--help"], capture_output=True, text=True, env=env, check=True).stdout
    found, name = {}, None
    for line in text.splitlines():
        if re.match(r"^(Usage|Aliases|Available Commands|Flags|Global Flags|Examples):$", line):
            name = line[:-1]
            found[name] = []
        elif name and line.strip():
            found[name].append(line)
        elif not line.strip():
            name = None
    return found


def walk(words):
    found = sections(words)
    print("\t".join([" ".join(words), "", "", ""]))
    for line in found.get("Flags", []):
        flag = FLAG.match(line)
        if flag and (flag[2] != "help" or not words):
            print("\t".join([" ".join(words), flag[1] or "", flag[2], flag[3] or ""]))
    for line in found.get("Available Commands", []):
        name = line.split()[0]
        if words or name != "help":
            walk([*words, name])


walk([])
