"""Building the emoji pack and reading it; every fault is a sentence, and nothing half-written stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.__main__ import main
from training.data.emoji import pack as packing
from training.data.emoji.atlas import credits, shrink_alpha, tile, webp, write_credits
from training.data.emoji.pack import SIDES, build_emoji, load_emoji, pack_folder
from training.data.emoji.packages import STYLES, Package, fetch, read_members
from training.data.emoji.render import DRAWN, render, shrink, svg
from training.data.emoji.summary import build_or_keep, summary
from training.errors import TrainingError
from training.tests.emoji_packages import archive, fake, iconify, needs_sharp, packages, pin

SIGN = '<svg xmlns="http://www.w3.org/2000/svg" width="192" height="192" viewBox="0 0 8 8">'


def files() -> set[str]:
    """What lies in the pack's folder."""
    return {path.name for path in pack_folder().iterdir()}


@needs_sharp
def test_builds_and_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    packages(monkeypatch)
    build_emoji()
    for side in SIDES:
        found = load_emoji(side)
        assert found.images.shape == (13, side, side, 3) and found.images.dtype == np.uint8
        assert isinstance(found.images, np.memmap)
    assert list(found.concepts) == ["1F410", "2764", "1F469-200D-1F33E", "1F468-200D-1F9B0", "1F44C"]
    assert [picture.style for picture in found.pictures[:4]] == ["noto", "plain", "few", "noto"]
    assert found.concept_index.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4]
    assert found.style_index.tolist() == [0, 1, 2] * 3 + [0, 1] * 2
    assert sorted(found.rows("train", "pair", "concept")) == list(range(13))
    few = found.styles[found.pictures[2].style]
    assert (few.licence, few.author, few.version) == ("CC-BY-4.0", "few people", "1.0.0")
    assert few.licence_url == "https://example.org/few/licence" and found.names.licence == "MIT"
    # The style's colour to the left, white to the right, and the heart's bar two eighths high.
    assert found.images[4, 10, 10].tolist() == [0, 255, 0]
    assert found.images[4, 90, 90].tolist() == [255, 255, 255]
    assert found.images[4, :, 72].tolist() == [[0] * 3] * 24 + [[255] * 3] * 72
    assert files() == {"packages", "emoji.json", *(f"{side}.npy" for side in SIDES)}
    assert any("13 pictures of 5 concepts" in line for line in summary(found))


@needs_sharp
def test_a_whole_pack_is_kept_and_a_damaged_one_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    packages(monkeypatch)
    build_or_keep()
    before = (pack_folder() / "emoji.json").stat().st_mtime_ns
    build_or_keep()
    assert (pack_folder() / "emoji.json").stat().st_mtime_ns == before
    path = pack_folder() / "32.npy"
    data = path.read_bytes()
    for damaged in (data[:-5], data[:-1] + bytes([data[-1] ^ 1])):
        path.write_bytes(damaged)
        with pytest.raises(TrainingError, match=r"32\.npy is missing or damaged; run `python -m training data emoji`"):
            load_emoji(32)
    build_or_keep()
    assert path.read_bytes() == data
    path.unlink()
    with pytest.raises(TrainingError, match=r"32\.npy is missing"):
        load_emoji(32)


@needs_sharp
def test_a_damaged_list(monkeypatch: pytest.MonkeyPatch) -> None:
    packages(monkeypatch)
    build_emoji()
    path = pack_folder() / "emoji.json"
    whole = path.read_text()
    meta = json.loads(whole)
    meta["pictures"][3]["concept"] = "FFFF"
    shorter = {**json.loads(whole), "pictures": json.loads(whole)["pictures"][:-1]}
    bare = {"recipe": packing.recipe()}
    for text in (whole[:500], "{}", json.dumps(bare), json.dumps(meta), json.dumps(shorter)):
        path.write_text(text)
        with pytest.raises(TrainingError, match=r"emoji\.json is damaged .*run `python -m training data emoji`"):
            load_emoji(64)
    path.write_text(whole)
    monkeypatch.setattr(packing, "PAIRS", 0.2)
    with pytest.raises(TrainingError, match=r"built from other packages or with another split"):
        load_emoji(64)


def test_no_pack_and_no_such_side() -> None:
    with pytest.raises(TrainingError, match=r"emoji\.json is missing; run `python -m training data emoji`"):
        load_emoji(64)
    with pytest.raises(TrainingError, match=r"no pictures of 48 pixels; choose 32, 64 or 96"):
        load_emoji(48)


@needs_sharp
def test_a_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    packages(monkeypatch)

    def stop(path: Path, _: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", stop)
    with pytest.raises(TrainingError, match=r"32\.npy could not be written .*No space left.*set PATCHWORK_CACHE"):
        build_emoji()
    assert files() == {"packages"}


@needs_sharp
def test_the_command_says_a_fault_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = iconify("plain", "#00ff00", ["1F410"], "MIT")
    blank["icons.json"]["icons"]["sign-0"]["body"] = "<g/>"
    packages(monkeypatch, plain=blank)
    assert main(["data", "emoji"]) == 2
    assert "plain 1F410 is blank; look at its SVG" in capsys.readouterr().err


@needs_sharp
def test_a_picture_that_cannot_be_drawn(tmp_path: Path) -> None:
    pictures = [("good", f"{SIGN}</svg>"), ("bad one", f"{SIGN}<g"), ("good", f"{SIGN}</svg>")]
    with pytest.raises(TrainingError, match=r"could not be drawn \(bad one: "):
        list(render(pictures, tmp_path))


@needs_sharp
def test_draws_in_order_and_shrinks_exactly(tmp_path: Path) -> None:
    """Twenty greys come back in their order; a smaller side is the mean of whole squares."""
    greys = [f'{SIGN}<path fill="rgb({i},{i},{i})" d="M0 0h8v8H0z"/></svg>' for i in range(0, 200, 10)]
    drawn = list(render([(str(i), text) for i, text in enumerate(greys)], tmp_path))
    assert [int(picture[5, 5, 0]) for picture in drawn] == list(range(0, 200, 10))
    (half,) = render([("half", f'{SIGN}<path fill="#f00" fill-opacity="0.5" d="M0 0h4v8H0z"/></svg>')], tmp_path, 4)
    assert half[9, 9].tolist() in ([255, 0, 0, 127], [255, 0, 0, 128])
    assert half[9, 150, 3] == 0


@pytest.mark.parametrize("side", SIDES)
def test_shrinks_as_pillow_averages(side: int) -> None:
    """The mean of whole squares of pixels, by another implementation."""
    picture = np.random.default_rng(0).integers(0, 255, (DRAWN, DRAWN, 3), dtype=np.uint8)
    expected = np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BOX)).astype(int)
    assert np.abs(shrink(picture[None], side)[0] - expected).max() <= 1
    assert (shrink(np.full_like(picture, 255), side) == 255).all()


def test_a_flipped_picture_and_one_that_is_turned() -> None:
    icons = {
        "prefix": "set", "width": 8, "height": 8, "icons": {"left": {"body": "<b/>", "left": 1, "height": 9}},
        "aliases": {"right": {"parent": "left", "hFlip": True}, "down": {"parent": "left", "rotate": 1}},
    }  # fmt: skip
    assert 'viewBox="1 0 8 9"><b/></svg>' in svg(icons, "left")
    assert '<g transform="translate(10 0) scale(-1 1)"><b/></g>' in svg(icons, "right")
    with pytest.raises(TrainingError, match=r"set: down is left turned otherwise than by hFlip"):
        svg(icons, "down")
    with pytest.raises(TrainingError, match=r"set has no picture called up"):
        svg(icons, "up")


def test_another_licence(monkeypatch: pytest.MonkeyPatch) -> None:
    packages(monkeypatch, noto=iconify("noto", "#f00", ["1F410"], "GPL-3.0"))
    with pytest.raises(TrainingError, match=r"@sets/noto states the licence GPL-3\.0, not Apache-2\.0"):
        build_emoji()


def test_packages_that_are_not_as_expected(tmp_path: Path) -> None:
    broken = tmp_path / "a.tgz"
    broken.write_bytes(archive(tmp_path / "b.tgz", {"x.json": list(range(3000))}).read_bytes()[:-600])
    with pytest.raises(TrainingError, match=r"a\.tgz cannot be read .*delete it and run this again"):
        read_members(broken, ["x.json"])
    with pytest.raises(TrainingError, match=r"b\.tgz has no y\.json"):
        read_members(tmp_path / "b.tgz", ["x.json", "y.json"])


COPY = 'while [ "$1" != --pack-destination ]; do shift; done; /bin/cp "{came}" "$2/{file}"'


def test_fetches_once_and_again_where_it_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    came = archive(tmp_path / "came.tgz", {"x.json": 1})
    package = pin(came, Package("@sets/one", "1.2.3", "", "MIT"))
    folder = tmp_path / "packages"
    monkeypatch.setenv("PATH", str(fake(tmp_path / "bin", "npm", COPY.format(came=came, file=package.file))))
    path = fetch(package, folder)
    assert path.name == "sets-one-1.2.3.tgz" and read_members(path, ["x.json"]) == {"x.json": 1}
    path.write_bytes(b"damaged")
    assert fetch(package, folder).read_bytes() == came.read_bytes()
    shutil.rmtree(tmp_path / "bin")
    assert fetch(package, folder) == path
    assert [found.name for found in folder.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            "echo 'npm error code ENOTFOUND' >&2; exit 1",
            r"could not fetch @sets/one@1\.2\.3 \(ENOTFOUND\); check the net",
        ),
        ("echo 'npm error code EAI_AGAIN' >&2; exit 1", r"\(EAI_AGAIN\); check the network and the registry"),
        ("echo 'npm ERR! code ETARGET' >&2; exit 1", r"has no @sets/one@1\.2\.3 \(ETARGET\)"),
        ("echo 'npm error code ENOSPC' >&2; exit 1", r"could not be written .*no space left.*set PATCHWORK_CACHE"),
        ("exit 3", r"could not fetch @sets/one@1\.2\.3 \(status 3\)"),
        ("exit 0", r"npm packed no sets-one-1\.2\.3\.tgz"),
        (COPY.format(came="/etc/passwd", file="sets-one-1.2.3.tgz"), r"came with another SHA-512 .*was not kept"),
    ],
)
def test_faults_of_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, sentence: str) -> None:
    monkeypatch.setenv("PATH", str(fake(tmp_path / "bin", "npm", script)))
    folder = tmp_path / "packages"
    with pytest.raises(TrainingError, match=sentence):
        fetch(Package("@sets/one", "1.2.3", "A" * 88, "MIT"), folder)
    assert list(folder.iterdir()) == []


def test_programs_that_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TrainingError, match=r"npm was not found, and @sets/one@1\.2\.3 is fetched with it"):
        fetch(Package("@sets/one", "1.2.3", "", "MIT"), tmp_path / "packages")
    with pytest.raises(TrainingError, match=r"node was not found"):
        list(render([("a", SIGN)], tmp_path))
    missing = "echo \"Error: Cannot find package 'sharp' imported from render.mjs\" >&2; exit 1"
    monkeypatch.setenv("PATH", str(fake(tmp_path / "bin", "node", missing)))
    with pytest.raises(TrainingError, match=r"sharp was not found.*`npm ci`"):
        list(render([("a", SIGN)], tmp_path))


@needs_sharp
def test_atlas_and_credits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages(monkeypatch)
    path = tmp_path / "CREDITS.md"
    path.write_text("# Pictures\n\n| photo |\n")
    page = tmp_path / "page"
    assert main(["data", "emoji", "--atlas", str(page), "--credits", str(path)]) == 0
    listed = json.loads((page / "emoji.json").read_text())
    assert listed["style"]["licence"] == "Apache-2.0" and listed["columns"] == 3
    assert listed["concepts"][3][:3] == ["1F468-200D-1F9B0", "man: red hair", "男人：红发"]
    assert [listed["groups"][row[3]] for row in listed["concepts"]] == [
        "animals-nature", "smileys-emotion", "people-body", "people-body", "people-body"
    ]  # fmt: skip
    with Image.open(page / "noto.webp") as image:
        assert image.size == (192, 128) and image.mode == "RGBA"
        red, clear = image.getpixel((64 + 10, 64 + 10)), image.getpixel((64 + 60, 64 + 60))
    assert isinstance(red, tuple) and red[0] > 240 and red[3] == 255
    assert isinstance(clear, tuple) and clear[3] == 0
    first = path.read_text()
    assert first.startswith("# Pictures\n\n| photo |\n\n## Emoji\n")
    assert "| Few | few people | [CC-BY-4.0](https://example.org/few/licence) |" in first
    assert f"npm {STYLES['noto'].name} 1.0.0" in first
    write_credits(load_emoji(64), path)
    assert path.read_text() == first and credits(load_emoji(64)) in first
    with pytest.raises(TrainingError, match=r"none\.md is missing"):
        write_credits(load_emoji(64), tmp_path / "none.md")


def test_transparent_pixels_give_no_colour() -> None:
    """Half black and opaque, half white and transparent: black at half the alpha, not grey."""
    picture = np.zeros((DRAWN, DRAWN, 4), np.uint8)
    picture[:, ::2, 3] = 255
    picture[:, 1::2, :3] = 255
    assert shrink_alpha(picture, 96)[3, 3].tolist() == [0, 0, 0, 128]
    sheet = tile([picture, picture, picture], 2)
    assert sheet.shape == (2 * DRAWN, 2 * DRAWN, 4) and (sheet[DRAWN:, DRAWN:] == 0).all()


def test_an_atlas_that_is_too_large() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 4), dtype=np.uint8)
    with pytest.raises(TrainingError, match=r"cannot be made smaller"):
        webp(noise, 100)
    assert len(webp(noise, 100_000)) < 100_000
