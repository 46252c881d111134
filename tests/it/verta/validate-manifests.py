"""Judges manifests by the schemas of Kubernetes, strictly: JSON on standard input, a line for each wrong on standard output.

Input: a list of {"version": "1.25" or "newest", "document": "text of one YAML document"}. A kind without a schema is
wrong too; which of them are meant is for the caller to say.
"""
import functools
import json
import sys

import yaml
from kubernetes_validate import utils


class Loader(yaml.SafeLoader):
    """Refuses two members of one name, of which the API server would keep one."""


def mapping(loader, node):
    seen = set()
    for key, _ in node.value:
        name = loader.construct_object(key, deep=True)
        if name in seen:
            raise yaml.YAMLError(f"two members {name!r} in line {key.start_mark.line + 1}")
        seen.add(name)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
# The schemas are read anew for each document otherwise.
utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)


def wrong(version, text):
    document = yaml.load(text, Loader)
    name = f"{document['kind']} {document['metadata']['name']}"
    try:
        utils.validate(document, version, strict=True)
    except utils.SchemaNotFoundError:
        return f"{version}: no schema: {document['apiVersion']}/{document['kind']}"
    except utils.ValidationError as error:
        place = "/".join(str(part) for part in error.absolute_path)
        return f"{version}: {name}: /{place}: {error.message}"
    return None


def main():
    newest = utils.latest_version()
    for item in json.load(sys.stdin):
        version = newest if item["version"] == "newest" else item["version"]
        try:
            found = wrong(version, item["document"])
        except yaml.YAMLError as error:
            found = f"{version}: {error}"
        if found:
            print(found.replace("\n", " "))


main()
