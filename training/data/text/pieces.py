"""From any text to pieces: what the tokenizer merges inside of, and never across.

Written so that a few lines in another language give the very same pieces: code points are walked one by one, and what
decides is a list of characters and three ranges.
"""

from __future__ import annotations

import unicodedata

BLANKS = " \t\n\v\f\r"
# What is written differently and means the same.
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def is_unit(char: str) -> bool:
    """A Chinese character or a Chinese stop, which is a piece of its own: U+3000-303F, 3400-4DBF, 4E00-9FFF."""
    return "\u3000" <= char <= "\u303f" or "\u3400" <= char <= "\u4dbf" or "\u4e00" <= char <= "\u9fff"


def is_mark(char: str) -> bool:
    """ASCII that is neither letter, digit nor blank: a piece of its own, too."""
    return "!" <= char <= "~" and not ("0" <= char <= "9" or "a" <= char <= "z" or "A" <= char <= "Z")


def normalise(text: str) -> str:
    """NFKC, lower case, plain quotes and dashes, and one blank between words.

    None stands at the ends or beside a Chinese character. A lone half of a surrogate pair becomes U+FFFD, as in every
    browser.
    """
    whole = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    plain = unicodedata.normalize("NFKC", whole).lower().translate(PLAIN)
    out: list[str] = []
    blank = False
    for char in plain:
        if char in BLANKS:
            blank = True
            continue
        if blank and out and not is_unit(char) and not is_unit(out[-1]):
            out.append(" ")
        blank = False
        out.append(char)
    return "".join(out)


def pieces(text: str) -> list[str]:
    """Pieces of a normalised text, in order: a unit, a mark, or a run of everything else, such as a word.

    A piece that follows a blank, or begins the text, begins with a blank; a unit never does. So `goat` is the same
    piece wherever it stands, and the pieces put together are the text.
    """
    found: list[str] = []
    start = True  # of the text, or behind a blank
    word = False  # whether the last piece can grow
    for char in text:
        if char == " ":
            start, word = True, False
        elif is_unit(char):
            found.append(char)
            start, word = False, False
        elif is_mark(char):
            found.append(" " + char if start else char)
            start, word = False, False
        elif word:
            found[-1] += char
        else:
            found.append(" " + char if start else char)
            start, word = False, True
    return found
