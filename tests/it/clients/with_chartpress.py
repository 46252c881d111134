"""Publishes a chart by the PyPI package chartpress, which runs the helm on PATH: `with_chartpress.py CHART WORK`.

The repository it publishes to is a git repository in the folder WORK. Prints the digest of the tar stream and the entry of the
index.
"""
import gzip
import hashlib
import json
import os
import pathlib
import subprocess
import sys

import chartpress

chart, work = map(pathlib.Path, sys.argv[1:])
os.chdir(work)
subprocess.run(["git", "init", "--quiet", "--initial-branch", "gh-pages", "pages"], check=True)
author = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
subprocess.run(["git", "-C", "pages", *author, "commit", "--quiet", "--allow-empty", "--message", "begin"], check=True)
os.environ.update(GIT_AUTHOR_NAME="t", GIT_AUTHOR_EMAIL="t@example.com", GIT_COMMITTER_NAME="t", GIT_COMMITTER_EMAIL="t@example.com")
# The pages of a project lie at GitHub otherwise.
chartpress._get_git_remote_url = lambda _: str(work / "pages")
chartpress.publish_pages("web", "0.1.0", "anybody/pages", "https://charts.example.com", chart_path=str(chart), push=False)
published = work / "web-0.1.0"
archive = (published / "web-0.1.0.tgz").read_bytes()
index = chartpress.yaml.load((published / "index.yaml").read_text())
entry = dict(index["entries"]["web"][0])
correct = entry.pop("digest") == hashlib.sha256(archive).hexdigest()
entry.pop("created")
tar = hashlib.sha256(gzip.decompress(archive)).hexdigest()
print(json.dumps({"digest is right": correct, "tar": tar, "entry": entry}, indent=1, sort_keys=True, default=list))
