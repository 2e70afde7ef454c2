#!/usr/bin/env python3
"""Writes THIRD-PARTY.txt: the licences of the jars in caravan.jar, and the texts that they bring.

usage: third-party.py BOM TEXTS NOTICES OUTPUT

BOM is a CycloneDX file, TEXTS the folder that maven-dependency-plugin:unpack-dependencies made, NOTICES a
file with the texts of jars that bring none. Texts that several jars bring are written once.
"""

import hashlib
import json
import sys
from pathlib import Path

RULE = "=" * 100


def licences(component: dict) -> str:
    names = []
    for each in component.get("licenses", []):
        licence = each.get("license", {})
        names.append(each.get("expression") or licence.get("id") or licence.get("name"))
    return " or ".join(name for name in names if name)


def is_covered(component: dict, jars: set[str]) -> bool:
    """Whether its licence has a text here: its own, or that of LICENSE."""
    name = f"{component['name']}-{component['version']}"
    return name in jars or "Apache-2.0" in licences(component)


def main(bom: Path, texts: Path, notices: Path, output: Path) -> None:
    found: dict[str, tuple[str, list[str]]] = {}
    for file in sorted(path for path in texts.glob("*-jar/**/*") if path.is_file()):
        text = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").strip("\n")
        jar = file.relative_to(texts).parts[0].removesuffix("-jar")
        digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
        found.setdefault(digest, (text, []))[1].append(f"{jar}: {file.name}")

    own = {}
    for section in notices.read_text().split("## ")[1:]:
        names, text = section.split("\n", 1)
        found[names] = (text.strip("\n"), names.split())
        own |= dict.fromkeys(names.split(), names)

    components = json.loads(bom.read_text())["components"]
    jars = {place.split(":")[0] for _, places in found.values() for place in places}
    unknown = [each["name"] for each in components if each["name"] not in own and not is_covered(each, jars)]
    if unknown:
        sys.exit(f"neither a text nor a common licence is known of {', '.join(unknown)}")
    lines = [
        "Caravan is licensed under Apache-2.0, see LICENSE. caravan.jar contains these works of others.",
        "Where two licences are named, the work may be used under either.",
        "",
    ]
    for each in sorted(components, key=lambda one: (one.get("group", ""), one["name"])):
        lines.append(f"{each.get('group', '')}:{each['name']}:{each['version']}  {licences(each)}")
    for text, places in found.values():
        lines += ["", RULE, *places, RULE, "", text]
    output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
