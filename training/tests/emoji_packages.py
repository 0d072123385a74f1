"""Three tiny styles and a list of names as npm packages, made by the tests: nothing is fetched."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest

from training.data.emoji import pack
from training.data.emoji.packages import STYLES, Package, sha512
from training.paths import ROOT, cache_folder

# What a test that draws needs; the project's own installation has both.
needs_sharp = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules" / "sharp").is_dir(), reason="node or sharp is missing"
)

# hexcode: (English, Chinese, group)
SIGNS = {
    "1F410": ("goat", "山羊", 3),
    "2764-FE0F": ("red heart", "红心", 0),
    "1F469-200D-1F33E": ("woman farmer", "女农民", 1),
    "1F468-200D-1F9B0": ("man: red hair", "男人: 红发", 1),
    "1F44C": ("OK hand", "OK", 1),
    "1F522": ("input numbers", "输入数字", 8),
    "1F3FB": ("light skin tone", "较浅肤色", 2),
    "1F1E8-1F1F3": ("flag: China", "旗: 中国", 9),
}
GROUPS = ["smileys-emotion", "people-body", "component", "animals-nature", *"4567", "symbols", "flags"]


def archive(path: Path, files: dict[str, Any]) -> Path:
    """A package's tar file, as npm packs it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as tar:
        for name, value in files.items():
            data = json.dumps(value).encode()
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def iconify(style: str, colour: str, hexcodes: list[str], spdx: str) -> dict[str, Any]:
    """A style of 8×8 pictures: the left half in its colour, and a bar whose height is the sign's place."""
    body = f'<path fill="{colour}" d="M0 0h4v8H0z"/>'
    icons = {f"sign-{i}": {"body": f'{body}<path d="M5 0h2v{i + 1}H5z"/>'} for i in range(len(hexcodes))}
    info = {
        "name": style.title(),
        "author": {"name": f"{style} people", "url": f"https://example.org/{style}"},
        "license": {"title": spdx, "spdx": spdx, "url": f"https://example.org/{style}/licence"},
    }
    chars = {hexcode.lower().replace("-fe0f", ""): f"sign-{i}" for i, hexcode in enumerate(hexcodes)}
    return {
        "icons.json": {"prefix": style, "width": 8, "height": 8, "icons": icons, "aliases": {}},
        "chars.json": chars,
        "info.json": info,
    }


def names() -> dict[str, Any]:
    """The list of names in both languages; the order is not that of the file."""
    en, zh = [], []
    for i, (hexcode, (english, chinese, group)) in enumerate(SIGNS.items()):
        row = {"hexcode": hexcode, "order": i, "group": group, "subgroup": 0}
        en.append({**row, "label": english, "tags": [english, "Sign’s", " two  words ", "..."]})
        zh.append({**row, "label": chinese, "tags": ["标志", "lol"]})
    letter = {"hexcode": "1F1E6", "label": "regional indicator A"}
    return {
        "package.json": {"author": "List Maker", "license": "MIT"},
        "en/data.json": [letter, *reversed(en)],
        "zh/data.json": zh,
        "meta/groups.json": {"groups": {str(i): name for i, name in enumerate(GROUPS)}, "subgroups": {"0": "some"}},
    }


def pin(file: Path, package: Package) -> Package:
    """The package with the hash of its file."""
    return Package(package.name, package.version, sha512(file), package.licence)


def packages(monkeypatch: pytest.MonkeyPatch, **changed: dict[str, Any]) -> Path:
    """Put the tiny packages into the cache and pin them; `noto`, `plain`, `few` or `names` may be given changed files.

    `few` has three signs only. Returns the folder of the packages.
    """
    folder = cache_folder() / "emoji" / "packages"
    every = list(SIGNS)
    files = {
        "noto": iconify("noto", "#ff0000", every, "Apache-2.0"),
        "plain": iconify("plain", "#00ff00", every, "MIT"),
        "few": iconify("few", "#0000ff", every[:3], "CC-BY-4.0"),
    }
    pinned = {}
    for id, own in files.items():
        package = Package(f"@sets/{id}", "1.0.0", "", own["info.json"]["license"]["spdx"])
        pinned[id] = pin(archive(folder / package.file, {**own, **changed.get(id, {})}), package)
    for id in list(STYLES):
        monkeypatch.delitem(STYLES, id)
    for id, package in pinned.items():
        monkeypatch.setitem(STYLES, id, package)
    list_of = Package("list", "2.0.0", "", "MIT")
    monkeypatch.setattr(
        pack, "NAMES", pin(archive(folder / list_of.file, {**names(), **changed.get("names", {})}), list_of)
    )
    return folder


def fake(folder: Path, name: str, script: str) -> Path:
    """A program of that name, a shell script, in a folder of its own to be the PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder
