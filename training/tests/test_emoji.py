"""Words, kins and the split of the emoji pack."""

from __future__ import annotations

from collections import Counter

import pytest

from training.data.emoji.concepts import bare, kin, read_concepts
from training.data.emoji.packages import NAMES, STYLES
from training.data.emoji.split import split_pictures
from training.data.emoji.text import chinese, chinese_phrases, english, english_phrases, words
from training.errors import TrainingError
from training.tests.emoji_packages import names

STYLE_IDS = ["noto", "twemoji", "fluent", "openmoji"]


def test_phrases_are_normalised() -> None:
    assert english("  Woman’s   Boot ") == "woman's boot"
    assert english("5–0") == "5-0"
    assert chinese(" 男人: 红发 ") == "男人：红发"
    assert chinese("12:00") == "12:00"
    assert english_phrases("OK hand", ["ok", "OK Hand", "...", "<3", "ok"]) == ("ok hand", "ok", "<3")
    assert chinese_phrases("OK", ["ok", "好的", "好的 ", "T恤", "t恤"]) == ("OK", "好的", "T恤")
    assert words(["T-Rex’s egg", "egg, red"]) == {"t-rex's", "egg", "red"}


def test_concepts_are_drawings_of_things() -> None:
    """Symbols, flags, skin tones and letters are left out; the order is the list's own."""
    found = read_concepts(*list(names().values())[1:])
    assert [concept.name_en for concept in found] == ["goat", "red heart", "woman farmer", "man: red hair", "OK hand"]
    goat, heart, _, man, hand = found
    assert heart.hexcode == "2764"
    assert goat.en == ("goat", "sign's", "two words") and goat.zh == ("山羊", "标志")
    assert (goat.group, goat.subgroup) == ("animals-nature", "some")
    assert man.name_zh == "男人：红发" and hand.zh[0] == "OK"


def test_a_sign_without_a_chinese_name() -> None:
    files = names()
    files["zh/data.json"][0]["label"] = ""
    with pytest.raises(TrainingError, match=r"no Chinese name of 1F410 \(goat\)"):
        read_concepts(*list(files.values())[1:])


def test_kin() -> None:
    farmers = ["1F9D1-200D-1F33E", "1F468-200D-1F33E", "1F469-200D-1F33E"]
    assert {kin(hexcode) for hexcode in farmers} == {"1F9D1-200D-1F33E"}
    runners = ["1F3C3", "1F3C3-200D-2640-FE0F", "1F3C3-200D-27A1-FE0F", "1F3C3-200D-2642-FE0F-200D-27A1-FE0F"]
    assert {kin(hexcode) for hexcode in runners} == {"1F3C3"}
    assert kin("1F46A") == kin("1F469-200D-1F469-200D-1F467") == kin("1F9D1-200D-1F9D1-200D-1F9D2")
    assert kin("1F46D") == kin("1F9D1-200D-1F91D-200D-1F9D1")
    assert kin("1F410") == "1F410" and kin("2764-FE0F-200D-1F525") == "2764-200D-1F525"
    assert bare("2764-fe0f") == "2764"


def many(count: int = 3000) -> list[tuple[str, str]]:
    """Made-up concepts; every fifth lacks a style, every fiftieth two, every hundredth three."""
    found = []
    for i in range(count):
        lacking = 3 if i % 100 == 0 else 2 if i % 50 == 0 else 1 if i % 5 == 0 else 0
        found += [(f"{0x20000 + i:X}", style) for style in STYLE_IDS[lacking:]]
    return found


def test_split_shares() -> None:
    """About 8 % of the concepts, and about 10 % of the other pairs."""
    pictures = many()
    sides = split_pictures(pictures)
    assert set(sides) == set(pictures)
    whole = {hexcode for (hexcode, _), side in sides.items() if side == "concept"}
    assert 0.065 < len(whole) / 3000 < 0.095
    rest = Counter(side for side in sides.values() if side != "concept")
    assert 0.08 < rest["pair"] / (rest["pair"] + rest["train"]) < 0.11


def test_split_leaves_enough_to_learn_from() -> None:
    """Whole concepts are held in all styles; the others have two seen styles or all, and at most two held ones."""
    sides = split_pictures(many())
    by_concept: dict[str, list[str]] = {}
    for (hexcode, _), side in sides.items():
        by_concept.setdefault(hexcode, []).append(side)
    held: Counter[int] = Counter()
    for of in by_concept.values():
        if "concept" in of:
            assert set(of) == {"concept"}
            continue
        seen = of.count("train")
        assert seen >= min(2, len(of)) and of.count("pair") <= max(0, len(of) - 2)
        held[of.count("pair")] += 1
    assert set(held) == {0, 1, 2}
    for style in STYLE_IDS:
        own = Counter(side for (_, of), side in sides.items() if of == style)
        assert own["train"] > 8 * own["pair"] > 0


def test_split_follows_names_alone() -> None:
    """Neither the order nor new concepts move anything, and variants of one sign go together."""
    pictures = many()
    sides = split_pictures(pictures)
    assert split_pictures(reversed(pictures)) == sides
    more = split_pictures([("1F410", style) for style in STYLE_IDS] + pictures)
    assert {picture: more[picture] for picture in pictures} == sides
    variants = [("-200D-".join([sex, f"{0x20000 + i:X}"]), style)
                for i in range(500) for sex in ("1F468", "1F469", "1F9D1") for style in STYLE_IDS]  # fmt: skip
    found = split_pictures(variants)
    together = {(kin(hexcode), style, side) for (hexcode, style), side in found.items()}
    assert len(together) == 500 * 4 and {side for _, _, side in together} == {"train", "pair", "concept"}


def test_split_stays_as_it_was() -> None:
    """Models were trained with this one: a few pictures by name."""
    pictures = [(f"1F4{i:02X}", style) for i in range(40) for style in STYLE_IDS]
    sides = split_pictures(pictures)
    assert sorted({hexcode for (hexcode, _), side in sides.items() if side == "concept"}) == WHOLE
    assert sorted(f"{hexcode} {style}" for (hexcode, style), side in sides.items() if side == "pair") == HELD


WHOLE = ["1F406", "1F40C"]
HELD = [
    "1F400 fluent",
    "1F401 noto",
    "1F402 fluent",
    "1F404 fluent",
    "1F40F fluent",
    "1F414 fluent",
    "1F416 fluent",
    "1F416 noto",
    "1F418 twemoji",
    "1F41B twemoji",
    "1F41C openmoji",
    "1F41D twemoji",
    "1F420 openmoji",
    "1F421 fluent",
    "1F422 fluent",
    "1F427 fluent",
]


def test_versions_and_hashes_are_pinned() -> None:
    """A SHA-512 is 64 bytes, 88 characters of base64; the licences are those that the credits name."""
    for package in (*STYLES.values(), NAMES):
        assert len(package.sha512) == 88 and package.version.count(".") == 2
    assert [STYLES[id].licence for id in STYLE_IDS] == ["Apache-2.0", "CC-BY-4.0", "MIT", "CC-BY-SA-4.0"]
