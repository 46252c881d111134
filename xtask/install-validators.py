#!/usr/bin/env python3
"""Installs the programs with which others judge what the project makes, in versions that are known.

    install-validators.py FOLDER

FOLDER/venv gets kubernetes-validate (schemas of Kubernetes), FOLDER/node_modules the validator of GitHub workflows.
Does nothing if FOLDER already holds them. Needs pip; without npm the second one is left out, and it says so.
"""
import os
import shutil
import subprocess
import sys

PYTHON = ["kubernetes-validate==1.37.0"]
NODE = ["@action-validator/core@0.6.0", "@action-validator/cli@0.6.0"]


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}")


def main():
    folder = os.path.abspath(sys.argv[1])
    # Written last, so that what was begun and not ended is begun anew.
    node = NODE if shutil.which("npm") else []
    stamp, wanted = os.path.join(folder, "installed"), "\n".join(PYTHON + node)
    if os.path.exists(stamp) and open(stamp).read() == wanted:
        return
    os.makedirs(folder, exist_ok=True)
    venv = os.path.join(folder, "venv")
    run(sys.executable, "-m", "venv", venv)
    run(os.path.join(venv, "bin", "python"), "-m", "pip", "install", "--quiet", *PYTHON)
    if node:
        run("npm", "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel", "error", *node)
    else:
        print("npm is not there: the GitHub workflows will not be validated")
    with open(stamp, "w") as file:
        file.write(wanted)


if __name__ == "__main__":
    main()
