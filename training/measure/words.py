"""Measuring a painter from words by what it paints of held-out pairs: is it the sign that was asked for, in its style?

Two judges look, neither of which the painter was trained with: our CLIP's picture tower ranks the name that was asked
for among others, and a linear judge of its pooled features names the style. Both are measured on the real held-out
pictures, too, as what can be reached; and beside each sample stands the nearest training picture.
"""

from __future__ import annotations

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
from training.measure.painters import AnyRecipe, read_painter
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
AT_ONCE = 64


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


def ranked_first(
    clip: CLIP, embedded: np.ndarray, things: np.ndarray, words: Words, language: Language, seed: int = 0
) -> np.ndarray:
    """Of each picture [n, E], whether the name of its thing is nearer to it than 99 other names: bool [n].

    Others are of another kin and another name, drawn by the seed from all concepts.
    """
    rng = np.random.default_rng(seed)
    names = words.names(language)[: words.concepts]
    texts = embed_texts(clip, read_tokenizer().encode, names, bf16=False).numpy()
    found = []
    for picture, thing in zip(embedded, things, strict=True):
        others = [k for k in range(len(names)) if words.kin[k] != words.kin[thing] and names[k] != names[thing]]
        chosen = rng.permutation(others)[: AMONG - 1]
        found.append(bool((texts[chosen] @ picture < texts[thing] @ picture).all()))
    return np.array(found)


def reads_codes(folder: Path) -> bool:
    """Whether a model folder's painter makes codes, by itself or on another."""
    return read_model_config(folder)["architecture"] in ("autoregressive", "residual-mlp")


def measure_words(
    folder: Path, recipe: AnyRecipe, count: int, seed: int = 0, pairs: Path | None = None
) -> dict[str, Any]:
    """Figures of what is painted of up to `count` held-out pairs, into the folder's metrics.json (`words`).

    `pairs`: a picture of triples (sample, nearest training picture, the held-out picture itself).
    """
    painter = read_painter(folder)
    emoji = signs_at(painter.side)
    words = make_words(emoji, [])
    held = spread_over(emoji.rows("pair"), count)
    things, styles = emoji.concept_index[held], emoji.style_index[held]
    key = f"{weights_key(folder.parent / read_model_config(folder)['text']['model'])}-{len(emoji)}"
    pooled, _ = look_once(painter.clip, emoji.images, key)
    _, real = look(painter.clip, emoji.images[held])
    trained = emoji.rows("train")
    judge = Ridge(pooled[trained], emoji.style_index[trained], len(emoji.styles))
    result: dict[str, Any] = {
        "command": f"python -m training words models/{folder.name} --count {count} {recipe.flags()} --seed {seed}",
        "pairs": len(held),
        "passes": painter.passes(recipe),
        "judgeOfStyles": round(float((judge(pooled[held]) == styles).mean()), 4),
    }
    for language in LANGUAGES:
        names = [words.names(language)[thing] for thing in things]
        pictures = painter.paint(names, styles, recipe, seed).permute(0, 2, 3, 1).numpy()
        features, embedded = look(painter.clip, pictures)
        result[language] = {
            "first": round(float(ranked_first(painter.clip, embedded, things, words, language).mean()), 4),
            "firstOfReal": round(float(ranked_first(painter.clip, real, things, words, language).mean()), 4),
            "style": round(float((judge(features) == styles).mean()), 4),
            **neighbours(pictures, emoji, trained, held, pairs if language == "en" else None),
        }
    metrics = read_metrics(folder)
    write_json(folder / "metrics.json", {**metrics, "words": result})
    return result


def neighbours(
    pictures: np.ndarray, emoji: EmojiSet, trained: np.ndarray, held: np.ndarray, out: Path | None
) -> dict[str, Any]:
    """How near samples lie to training pictures (root mean square over pixels of 0 … 255), and what those show.

    `sameSign`: the nearest is the sign asked for, in another style; `sameStyle`: it has the style asked for.
    `ofReal`: the same distance of the real held-out pictures.
    """

    def flat(images: np.ndarray) -> np.ndarray:
        return images.reshape(len(images), -1).astype(np.float32)

    among = flat(emoji.images[trained])
    rows, distance = nearest(flat(pictures), among)
    _, usual = nearest(flat(emoji.images[held]), among)
    near = trained[rows]
    if out is not None:
        triples = np.stack([pictures, emoji.images[near], emoji.images[held]], axis=1).reshape(-1, *pictures.shape[1:])
        image = Image.fromarray(sheet(torch.from_numpy(triples).permute(0, 3, 1, 2), 24))
        out.parent.mkdir(parents=True, exist_ok=True)
        image.save(out)
    root = among.shape[1] ** 0.5
    return {
        "sameSign": round(float((emoji.concept_index[near] == emoji.concept_index[held]).mean()), 4),
        "sameStyle": round(float((emoji.style_index[near] == emoji.style_index[held]).mean()), 4),
        "nearest": round(float(np.median(distance)) / root, 2),
        "ofReal": round(float(np.median(usual)) / root, 2),
    }
