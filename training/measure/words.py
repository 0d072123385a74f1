"""Measuring a painter from words by what it paints of pairs: is it the sign that was asked for, in its style?

Two judges look, neither of which the painter was trained with: our CLIP's picture tower ranks the name that was asked
for among others, and a linear judge of its pooled features names the style. Both are measured on the real pictures,
too, as what can be reached; and beside each sample stands the nearest training picture. Pairs are held out (of the
concept only other styles were seen), or seen: the same concepts in a style that training showed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from training.data.emoji.pack import EmojiSet
from training.data.pairs import Words, make_words
from training.data.text.templates import LANGUAGES, Language
from training.data.text.tokenizer import read_tokenizer
from training.export.read import read_metrics, read_model_config
from training.export.write import write_json
from training.measure.distances import nearest
from training.measure.painter import AT_ONCE, AnyRecipe, Painter
from training.measure.painters import CodePainter, read_any_painter
from training.measure.ridge import Ridge
from training.measure.samples import weights_key, write_whole
from training.measure.sheet import sheet
from training.models.clip import CLIP
from training.paths import cache_folder
from training.tasks.accuracy import to_input
from training.tasks.retrieval import embed_texts
from training.tasks.told import spread_over
from training.train.runs import signs_at

AMONG = 100
TOP = 5


def look(clip: CLIP, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture tower's pooled features [n, D] and embeddings [n, E] of uint8 pictures [n, S, S, 3]."""
    pooled, embedded = [], []
    with torch.inference_mode():
        for start in range(0, len(images), AT_ONCE):
            found = clip.visual.pool(clip.visual.features(to_input(images[start : start + AT_ONCE]), None, None))
            pooled.append(found.float().numpy())
            embedded.append(torch.nn.functional.normalize(clip.visual.proj(found), dim=-1).numpy())
    return np.concatenate(pooled), np.concatenate(embedded)


def look_once(clip: CLIP, images: np.ndarray, key: str) -> tuple[np.ndarray, np.ndarray]:
    """`look`, kept in the cache folder under a name for these weights and pictures."""
    path = cache_folder() / "samples" / f"signs-{key}.npy"
    if path.is_file():
        both = np.load(path)
    else:
        both = np.concatenate(look(clip, images), axis=1)
        write_whole(path, both)
    return both[:, : -clip.cfg.embed], both[:, -clip.cfg.embed :]


def ranks(embedded: np.ndarray, things: np.ndarray, words: Words, texts: np.ndarray, language: Language) -> np.ndarray:
    """Of each picture [n, E] the rank of its thing's name among 99 other names, 1 the nearest: int64 [n].

    `texts` [concepts, E]: embeddings of the names in the language. Others are of another kin and another name, drawn by
    a seed from all concepts.
    """
    rng = np.random.default_rng(0)
    names = words.names(language)[: words.concepts]
    found = []
    for picture, thing in zip(embedded, things, strict=True):
        others = [k for k in range(len(names)) if words.kin[k] != words.kin[thing] and names[k] != names[thing]]
        chosen = rng.permutation(others)[: AMONG - 1]
        found.append(1 + int((texts[chosen] @ picture >= texts[thing] @ picture).sum()))
    return np.array(found, np.int64)


def seen_twins(emoji: EmojiSet, held: np.ndarray) -> np.ndarray:
    """Of each held-out picture one of the same concept that training showed, the next style round the list: int64 [m].

    Each once. A concept of which no other style was seen has none and is left out.
    """
    trained = {(emoji.concept_index[row], emoji.style_index[row]): row for row in emoji.rows("train")}
    found: list[int] = []
    count = len(emoji.styles)
    for row in held:
        concept, style = emoji.concept_index[row], emoji.style_index[row]
        turn = [trained.get((concept, (style + k) % count)) for k in range(1, count)]
        found += [int(own) for own in turn if own is not None][:1]
    return np.array(list(dict.fromkeys(found)), np.int64)


@dataclass(frozen=True)
class Judge:
    """The judges and what they look at: signs, words, CLIP, names' embeddings [concepts, E], and who names a style."""

    emoji: EmojiSet
    words: Words
    clip: CLIP
    texts: dict[Language, np.ndarray]
    style: Ridge

    @classmethod
    def of(cls, clip: CLIP, emoji: EmojiSet, key: str) -> Judge:
        """Judges by a CLIP; `key` names its weights in the cache folder."""
        words = make_words(emoji, [])
        encode = read_tokenizer().encode
        names = {la: words.names(la)[: words.concepts] for la in LANGUAGES}
        texts = {la: embed_texts(clip, encode, names[la], bf16=False).numpy() for la in LANGUAGES}
        trained = emoji.rows("train")
        pooled, _ = look_once(clip, emoji.images, f"{key}-{len(emoji)}")
        return cls(emoji, words, clip, texts, Ridge(pooled[trained], emoji.style_index[trained], len(emoji.styles)))

    def names(self, rows: np.ndarray, language: Language) -> list[str]:
        """Bare names of these pictures' concepts."""
        names = self.words.names(language)
        return [names[thing] for thing in self.emoji.concept_index[rows]]

    def say(self, pictures: np.ndarray, rows: np.ndarray, language: Language) -> Verdict:
        """What is said of pictures uint8 [n, S, S, 3] that were asked for by the names of `rows`, in their styles."""
        pooled, embedded = look(self.clip, pictures)
        things = self.emoji.concept_index[rows]
        return Verdict(ranks(embedded, things, self.words, self.texts[language], language), self.style(pooled))


@dataclass(frozen=True)
class Verdict:
    """Of each picture the rank of the name asked for, and the style that it is taken for: int64 [n] both."""

    rank: np.ndarray
    style: np.ndarray

    def shares(self, asked: np.ndarray) -> dict[str, float]:
        """Shares of pictures whose name is first, among the five first, and whose style is the one asked for."""
        return {
            "first": round(float((self.rank == 1).mean()), 4),
            "top5": round(float((self.rank <= TOP).mean()), 4),
            "style": round(float((self.style == asked).mean()), 4),
        }

    def of(self, which: np.ndarray) -> Verdict:
        """The same of some pictures, bool [n]."""
        return Verdict(self.rank[which], self.style[which])


def by_style(verdict: Verdict, asked: np.ndarray, styles: list[str]) -> dict[str, Any]:
    """The shares in each style that was asked for, with how many pictures they are of."""
    return {
        style: {"pairs": int((asked == k).sum()), **verdict.of(asked == k).shares(asked[asked == k])}
        for k, style in enumerate(styles)
        if (asked == k).any()
    }


def reads_codes(folder: Path) -> bool:
    """Whether a model folder's painter makes codes, by itself or on another."""
    return read_model_config(folder)["architecture"] in ("autoregressive", "residual-mlp")


def measure_words(
    folder: Path, recipe: AnyRecipe, count: int, seed: int = 0, pairs: Path | None = None
) -> dict[str, Any]:
    """Figures of what is painted of up to `count` held-out pairs and of as many seen, into metrics.json (`words`).

    `pairs`: a picture of triples (sample, nearest training picture, the real picture itself), held-out pairs alone.
    """
    painter = read_any_painter(folder)
    emoji = signs_at(painter.side)
    judge = Judge.of(painter.clip, emoji, weights_key(folder.parent / read_model_config(folder)["text"]["model"]))
    held = spread_over(emoji.rows("pair"), count)
    result: dict[str, Any] = {
        "command": f"python -m training words models/{folder.name} --count {count} {recipe.flags()} --seed {seed}",
        "among": AMONG,
        "passes": painter.passes(recipe),
        "held": judged(painter, judge, recipe, held, seed, pairs),
        "seen": judged(painter, judge, recipe, seen_twins(emoji, held), seed),
    }
    write_json(folder / "metrics.json", {**read_metrics(folder), "words": result})
    return result


def judged(
    painter: Painter | CodePainter,
    judge: Judge,
    recipe: AnyRecipe,
    rows: np.ndarray,
    seed: int,
    pairs: Path | None = None,
) -> dict[str, Any]:
    """The pictures of `rows` painted by their names in each language, what the judges say, and of the real ones too."""
    emoji = judge.emoji
    asked = emoji.style_index[rows]
    result: dict[str, Any] = {"pairs": len(rows)}
    for language in LANGUAGES:
        pictures = painter.paint(judge.names(rows, language), asked, recipe, seed).permute(0, 2, 3, 1).numpy()
        said, real = judge.say(pictures, rows, language), judge.say(emoji.images[rows], rows, language)
        result[language] = {
            **said.shares(asked),
            "real": real.shares(asked),
            "byStyle": by_style(said, asked, list(emoji.styles)),
            **neighbours(pictures, emoji, emoji.rows("train"), rows, pairs if language == "en" else None),
        }
    return result


def flat(images: np.ndarray) -> np.ndarray:
    """Pictures as rows of numbers."""
    return images.reshape(len(images), -1).astype(np.float32)


def near_training(pictures: np.ndarray, emoji: EmojiSet, trained: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row of the nearest training picture to each, and its distance: root mean square over pixels of 0 … 255."""
    among = flat(emoji.images[trained])
    rows, distance = nearest(flat(pictures), among)
    return trained[rows], distance / among.shape[1] ** 0.5


def neighbours(
    pictures: np.ndarray, emoji: EmojiSet, trained: np.ndarray, asked: np.ndarray, out: Path | None
) -> dict[str, Any]:
    """How near samples lie to training pictures (root mean square over pixels of 0 … 255), and what those show.

    `same`: the nearest is the very picture asked for; `sameSign`: it shows the sign asked for; `sameStyle`: it has the
    style asked for. `ofReal`: the distance of the real picture to its nearest training picture, 0 for one of them.
    """
    near, distance = near_training(pictures, emoji, trained)
    _, usual = near_training(emoji.images[asked], emoji, trained)
    if out is not None:
        triples = np.stack([pictures, emoji.images[near], emoji.images[asked]], axis=1)
        image = Image.fromarray(
            sheet(torch.from_numpy(triples.reshape(-1, *pictures.shape[1:])).permute(0, 3, 1, 2), 24)
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        image.save(out)
    return {
        "same": round(float((near == asked).mean()), 4),
        "sameSign": round(float((emoji.concept_index[near] == emoji.concept_index[asked]).mean()), 4),
        "sameStyle": round(float((emoji.style_index[near] == emoji.style_index[asked]).mean()), 4),
        "nearest": round(float(np.median(distance)), 2),
        "ofReal": round(float(np.median(usual)), 2),
    }
