"""Names and keywords as phrases that a text model reads."""

from __future__ import annotations

import re
from collections.abc import Iterable

HAN = "\u3400-\u4dbf\u4e00-\u9fff"


def english(phrase: str) -> str:
    """Lower case, one blank between words, plain apostrophes and hyphens."""
    plain = phrase.replace("’", "'").replace("–", "-")
    return " ".join(plain.lower().split())


def chinese(phrase: str) -> str:
    """No blanks at the ends; a colon behind a Chinese character is the Chinese one (`男人: 红发` to `男人：红发`)."""
    return re.sub(rf"(?<=[{HAN}])\s*:\s*", "：", " ".join(phrase.split()))


def english_phrases(name: str, keywords: Iterable[str]) -> tuple[str, ...]:
    """The name, then every keyword with a letter or digit; none twice."""
    said = [english(keyword) for keyword in keywords]
    return tuple(dict.fromkeys([english(name), *(word for word in said if re.search(r"\w", word))]))


def chinese_phrases(name: str, keywords: Iterable[str]) -> tuple[str, ...]:
    """The name, then every keyword with a Chinese character; none twice, in whatever case its letters are."""
    said = [chinese(keyword) for keyword in keywords]
    found = [chinese(name), *(word for word in said if re.search(f"[{HAN}]", word))]
    first = {word.lower(): word for word in reversed(found)}
    return tuple(first[word] for word in dict.fromkeys(word.lower() for word in found))


def words(phrases: Iterable[str]) -> set[str]:
    """The different words of English phrases: runs of letters, digits, hyphens and apostrophes."""
    return {word for phrase in phrases for word in re.findall(r"[\w'-]+", english(phrase))}
