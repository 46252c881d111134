"""Drives a helm by the PyPI package pyhelm3: `with_pyhelm.py HELM CHART FOLDER`.

Prints what it got as JSON. FOLDER holds a repository, which is served on loopback and pulled from.
"""
import asyncio
import functools
import hashlib
import http.server
import json
import pathlib
import sys
import threading

from pyhelm3 import Client, Command


async def main(helm, chart, folder):
    command = Command(executable=helm)
    values = {"replicaCount": 2, "ingress": {"enabled": True}}
    rendered = await command.template("shop", chart, values, namespace="prod", include_crds=True)
    result = {
        "version": await command.version(),
        "client version": str(command.client_version()),
        "template": list(rendered),
        "show chart": await command.show_chart(chart),
        "show readme": await command.show_readme(chart),
        "show values": await command.show_values(chart),
        "show crds": list(await command.show_crds(chart)),
    }
    client = Client(command, executable=helm)
    found = await client.get_chart(chart)
    result["chart"] = [found.metadata.name, found.metadata.version, await found.values()]
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    repository = f"http://127.0.0.1:{server.server_port}"
    pulled = await command.pull("web", repo=repository, version=">=0.1.0")
    files = sorted(path for path in pathlib.Path(pulled).rglob("*") if path.is_file())
    result["pull"] = [[str(path.relative_to(pulled)), digest(path)] for path in files]
    server.shutdown()
    json.dump(result, sys.stdout, indent=1, sort_keys=True, default=str)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


asyncio.run(main(*sys.argv[1:]))
