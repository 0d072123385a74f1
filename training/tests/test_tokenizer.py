"""The tokenizer: any text has tokens, the same ones everywhere and always."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from training.data.text.learn import learn
from training.data.text.pieces import normalise, pieces
from training.data.text.tokenizer import BYTES, END, PAD, START, TOKENIZER, UNITS, Tokenizer, read_tokenizer
from training.errors import TrainingError

GOLDEN = Path(__file__).with_name("golden") / "tokens.json"
PHRASES = ["goat", "goat head", "billy goat", "a goat's head", "山羊", "山羊头", "12 goats", "OK"]
ODD = [
    "",
    "   ",
    "goat",
    " Goat  and 山羊 ",
    "ＦＵＬＬ　ｗｉｄｔｈ",
    "o’clock — “yes”",
    "🐐 and 👩‍🌾",
    "naïve İstanbul ΟΔΟΣ straße",
    "<end><pad>",
    "龘𠀀不存在",
    "山羊goat山羊",
    "...!?",
    "\x00\x07\x85\u2028",
    "مرحبا שלום हिन्दी",
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """The project's own."""
    return read_tokenizer()


@pytest.mark.parametrize("text", ODD)
def test_round_trip(tokenizer: Tokenizer, text: str) -> None:
    """Nothing is lost but what normalising takes; no token of a text is a special one."""
    ids = tokenizer.ids(text)
    assert tokenizer.decode(ids) == normalise(text)
    assert all(BYTES <= id < len(tokenizer) for id in ids)
    assert normalise(normalise(text)) == normalise(text)


def test_any_text_has_tokens(tokenizer: Tokenizer) -> None:
    """Random code points of every plane, also put together as halves of pairs."""
    rng = random.Random(1)
    for _ in range(300):
        text = "".join(chr(rng.choice([rng.randrange(0x250), rng.randrange(0x11000), rng.randrange(0x110000)]))
                       for _ in range(rng.randrange(1, 30)))  # fmt: skip
        assert tokenizer.decode(tokenizer.ids(text)) == normalise(text)
        assert len(tokenizer.encode(text)) == tokenizer.context


def test_pieces() -> None:
    assert pieces(normalise("A goat's 山羊 (x2)")) == [" a", " goat", "'", "s", "山", "羊", "(", "x2", ")"]
    assert normalise("男人： 红发　ok") == "男人:红发ok"
    assert normalise("\ud83d goat") == "\ufffd goat"
    assert normalise("a\u200b b\u00a0c") == "a\u200b b c"


def test_a_word_is_the_same_wherever_it_stands(tokenizer: Tokenizer) -> None:
    goat = tokenizer.ids("goat")
    assert tokenizer.ids("a drawing of GOAT")[-len(goat) :] == goat
    assert tokenizer.ids("goat  head")[: len(goat)] == goat


def test_rows(tokenizer: Tokenizer) -> None:
    """Empty, short and far too long: exactly the context, one start, one end, and padding behind it."""
    assert tokenizer.encode("") == [START, END] + [PAD] * (tokenizer.context - 2)
    row = tokenizer.encode("goat")
    assert row == [START, *tokenizer.ids("goat"), END] + [PAD] * (tokenizer.context - 2 - len(tokenizer.ids("goat")))
    for text in ("山羊" * 20_000, "goat" * 5_000, "🐐" * 1_000):
        row = tokenizer.encode(text)
        assert len(row) == tokenizer.context and row[0] == START and row[-1] == END and PAD not in row
        assert row[1:-1] == tokenizer.ids(text)[: tokenizer.context - 2]


def test_learning_knows_no_order() -> None:
    found = learn(PHRASES, UNITS + 20, 8)
    assert found == learn(list(reversed(PHRASES)), UNITS + 20, 8)
    assert found.units == "头山羊"
    assert len(found) <= UNITS + 20
    assert [found.tokens[id] for id in found.ids("goat")] == [b" goat"]
    assert len(found.encode("山羊")) == 8


def test_a_merge_is_the_most_frequent_pair() -> None:
    """By hand: `ab` occurs three times, then ` ab` as often; what occurs once is never merged."""
    found = learn(["ab", "ab", "ab", "xy"], 1000, 8)
    assert [found.tokens[UNITS + i] for i in range(2)] == [b" a", b" ab"]
    assert len(found.merges) == 2


def test_characters_must_fit() -> None:
    with pytest.raises(TrainingError, match=r"261 tokens are too few for 3 Chinese characters; allow 262"):
        learn(PHRASES, 261, 8)


def test_saved_and_read(tmp_path: Path) -> None:
    found = learn(PHRASES, UNITS + 20, 8)
    path = tmp_path / "t.json"
    found.save(path)
    assert read_tokenizer(path) == found
    with pytest.raises(TrainingError, match="is missing; run `python -m training tokenizer`"):
        read_tokenizer(tmp_path / "none.json")
    whole = json.loads(path.read_text())
    later = UNITS + len(found.units) + 1
    for changed in ({"schema": "x"}, {"merges": [[later, later]]}, {"merges": [[0, 4]]}, {"merges": 3}, {"context": 2}):
        path.write_text(json.dumps({**whole, **changed}))
        with pytest.raises(TrainingError, match=r"t\.json is damaged"):
            read_tokenizer(path)
    path.write_text("{")
    with pytest.raises(TrainingError, match=r"t\.json is damaged"):
        read_tokenizer(path)


def test_the_file_is_small(tokenizer: Tokenizer) -> None:
    assert len(tokenizer) == 4000 and TOKENIZER.stat().st_size < 40_000


def test_golden_tokens(tokenizer: Tokenizer) -> None:
    """What both languages are held to: texts, their pieces and their rows of ids."""
    rows = json.loads(GOLDEN.read_text())["rows"]
    assert len(rows) > 60
    for row in rows:
        assert pieces(normalise(row["text"])) == row["pieces"]
        assert tokenizer.encode(row["text"]) == row["ids"], row["text"]
    assert {row["text"] for row in rows} >= set(ODD)
