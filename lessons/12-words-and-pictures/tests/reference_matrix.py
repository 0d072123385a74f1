"""Lesson 12: matrix, own labels, angles, twins and changes of the comparison, measured with PyTorch.

The softmaxes and cross-entropies are PyTorch's, the ranking is counted sign by sign, and the changed towers are run
from their inputs, so that page and reference agree only where both are right.
"""

from __future__ import annotations

import json
import math
from itertools import combinations
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from training.data.text.templates import PHOTO, Language
from training.data.text.tokenizer import Tokenizer, read_tokenizer
from training.diffusion.noise import philox
from training.export.read import load_any, read_model_config
from training.measure.gallery import picture
from training.models.clip import CLIP, END
from training.paths import ROOT
from training.tasks.retrieval import averaged, embed_texts

# The lesson's defaults: see pairs.ts, own-labels.ts, class-sets.ts, twins.ts, sample-ranking.svelte.ts.
PAIRS = ("1F410", "1F34E", "1F697")
PHOTO_PAIR, PHOTO_NAME = "sunflower", "Sunflower"
LABELS = ("sunflower", "rose", "lemon", "dog", "car", "church")
SETS = {
    "dogs": ("golden_retriever", "beagle", "samoyed", "shih_tzu", "border_terrier", "cat"),
    "mixed": ("sheep", "horse", "bus", "pizza", "piano", "mountain"),
}
TWINS: dict[str, dict[Language, tuple[str, str, str]]] = {
    "no": {"en": ("a dog", "no dog", "a car"), "zh": ("狗", "没有狗", "汽车")},
    "count": {
        "en": ("one apple", "three apples", "a car"),
        "zh": ("一个苹果", "三个苹果", "汽车"),
    },
    "order": {
        "en": ("a dog on a horse", "a horse on a dog", "a car"),
        "zh": ("狗在马上面", "马在狗上面", "汽车"),
    },
}
SAMPLE, SEED = 100, 12


class Signs:
    """The page's list of signs and their pixels on white."""

    def __init__(self) -> None:
        found: dict[str, Any] = json.loads((ROOT / "static" / "emoji" / "emoji.json").read_text("utf-8"))
        self.concepts: list[list[Any]] = found["concepts"]
        self.tile, self.columns = int(found["tile"]), int(found["columns"])
        with Image.open(ROOT / "static" / "emoji" / found["file"]) as image:
            sheet = image.convert("RGBA")
        white = Image.new("RGBA", sheet.size, "white")
        self.sheet = np.asarray(Image.alpha_composite(white, sheet).convert("RGB"))

    def pixels(self, index: int) -> Tensor:
        """[3, 64, 64] in [-1, 1]: a sign as the model is given it."""
        row, column = divmod(index, self.columns)
        tile = self.sheet[row * self.tile :, column * self.tile :][: self.tile, : self.tile]
        return torch.from_numpy(tile.copy()).permute(2, 0, 1).float() / 127.5 - 1

    def named(self, sign: str) -> int:
        """The place of a sign in the list."""
        return next(i for i, concept in enumerate(self.concepts) if concept[0] == sign)

    def sample(self) -> list[int]:
        """Places of the sample's signs: English names spread evenly over the list, each once."""
        last = {concept[1]: i for i, concept in enumerate(self.concepts)}
        places = list(last.values())
        return [places[math.floor((i + 0.5) * len(places) / SAMPLE)] for i in range(SAMPLE)]


def degrees(a: Tensor, b: Tensor) -> float:
    """The angle between two vectors."""
    return float(torch.rad2deg(torch.acos(F.cosine_similarity(a.double(), b.double(), dim=0).clamp(-1, 1))))


def loss(logits: Tensor) -> float:
    """The symmetric contrastive loss of pairs on the diagonal."""
    own = torch.arange(len(logits))
    return float((F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2)


def permutation(n: int, seed: int) -> list[int]:
    """The page's seeded permutation: see src/lib/analysis/permute.ts."""
    out = list(range(n))
    counter = np.zeros((n, 4), dtype=np.uint64)
    counter[:, 0] = np.arange(n)
    words = philox(counter, (seed, 0)).reshape(-1)
    for taken, i in enumerate(range(n - 1, 0, -1)):
        j = math.floor((int(words[taken]) + 0.5) / 2**32 * (i + 1))
        out[i], out[j] = out[j], out[i]
    return out


def patches_shuffled(x: Tensor, patch: int) -> Tensor:
    """[B, 3, S, S] with the patches of each picture in the same other order."""
    columns = F.unfold(x, patch, stride=patch)
    order = permutation(columns.shape[-1], SEED)
    return F.fold(columns[:, :, order], x.shape[-2:], patch, stride=patch)


def ranking(logits: Tensor) -> tuple[float, float, float]:
    """Share of names whose own sign is first, ties shared; mean probability of the own sign; the loss."""
    first = 0.0
    for i, row in enumerate(logits.tolist()):
        close = [abs(value - row[i]) <= 1e-5 * max(1, abs(row[i])) for value in row]
        if all(same or value < row[i] for value, same in zip(row, close, strict=True)):
            first += 1 / sum(close)
    return first / len(logits), float(logits.softmax(1).diagonal().mean()), loss(logits)


def reference_matrix() -> dict[str, Tensor | float]:
    """Each number that the steps on matrix, labels, angles, limits and changes say, by its name."""
    model = load_any(ROOT / "models" / "clip")
    assert isinstance(model, CLIP)
    tokenizer: Tokenizer = read_tokenizer(ROOT / "models" / "clip" / "tokenizer.json")
    signs = Signs()
    out: dict[str, Tensor | float] = {}

    def texts(words: list[str]) -> Tensor:
        return embed_texts(model, tokenizer.encode, words, bf16=False)

    with torch.inference_mode():
        scale = float(model.scale())
        places = [signs.named(sign) for sign in PAIRS]
        photo = picture(PHOTO_PAIR, "clip")
        seen = model.pictures(torch.cat([torch.stack([signs.pixels(i) for i in places]), photo]))
        names = [str(signs.concepts[i][1]) for i in places]
        cosines = texts([*names, PHOTO_NAME]) @ seen.T
        out["matrix.loss"] = loss(scale * cosines)
        out["matrix.loss.1"] = loss(cosines)
        out["matrix.swapped"] = loss(scale * cosines[[1, 0, 2, 3]])

        for prompt, sentences in {"bare": ("{}",), "one": ("a photo of a {}",), "all": PHOTO["en"]}.items():
            rows = averaged(model, tokenizer.encode, LABELS, sentences, bf16=False)
            out[f"zero.{prompt}"] = (scale * rows @ model.pictures(photo)[0]).softmax(0)

        classes = read_model_config(ROOT / "models" / "vit-flexi")["labels"]
        ids = [label["id"] for label in classes]
        for language, prefix in (("en", "angles"), ("zh", "angles.zh")):
            table = texts([label[language] for label in classes])
            pairs = {(a, b): degrees(table[a], table[b]) for a, b in combinations(range(len(ids)), 2)}
            out[f"{prefix}.mean"] = sum(pairs.values()) / len(pairs)
            ends = {"nearest": min(pairs, key=pairs.__getitem__), "farthest": max(pairs, key=pairs.__getitem__)}
            for end, pair in ends.items():
                out[f"{prefix}.{end}"] = torch.tensor([*pair, pairs[pair]])
            for name, members in SETS.items():
                own = sorted(ids.index(member) for member in members)
                found = [pairs[pair] for pair in combinations(own, 2)]
                out[f"{prefix}.{name}.low"], out[f"{prefix}.{name}.high"] = min(found), max(found)

        for name, said in TWINS.items():
            for language, three in said.items():
                one, twin, other = texts(list(three))
                prefix = f"twins.{name}" if language == "en" else f"twins.zh.{name}"
                out[prefix], out[f"{prefix}.other"] = degrees(one, twin), degrees(one, other)

        sample = signs.sample()
        x = torch.stack([signs.pixels(i) for i in sample])
        rows = torch.tensor([tokenizer.encode(str(signs.concepts[i][1])) for i in sample])
        last = (rows == END).int().argmax(1)
        order, front = rows.clone(), rows.clone()
        for i, place in enumerate(last.tolist()):
            order[i, 1:place] = rows[i, 1:place].flip(0)
            front[i, 1], front[i, 2 : place + 1] = END, rows[i, 1:place]
        unit = model.pictures(x)
        changed = {
            "": scale * model.texts(rows) @ unit.T,
            ".scale": model.texts(rows) @ unit.T,
            ".end": scale * model.texts(front) @ unit.T,
            ".order": scale * model.texts(order) @ unit.T,
            ".patches": scale * model.texts(rows) @ model.pictures(patches_shuffled(x, model.cfg.patch)).T,
            ".lengths": scale * model.text(rows) @ model.visual(x).T,
        }
        for name, logits in changed.items():
            for key, value in zip(("first", "share", "loss"), ranking(logits), strict=True):
                out[f"break{name}.{key}"] = value
    return out
