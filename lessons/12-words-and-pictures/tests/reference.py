"""Lesson 12: what a text finds among signs and photos, where two towers meet, and the plane of the map; measured.

The signs go through the picture tower anew, from the atlas's pixels, so that the stored index is held to them too; the
map's plane is found by a singular value decomposition, where the page asks for eigenvectors.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import torch

from training.data.text.tokenizer import read_tokenizer
from training.export.read import load_any
from training.measure.embed import atlas_signs
from training.measure.gallery import picture
from training.models.clip import CLIP
from training.paths import ROOT
from training.references.common import Reference
from training.tasks.retrieval import embed_pictures, embed_texts

# The lesson's defaults, and what its first step asks for.
PICTURE, WORD = "sunflower", "goat"
TEXTS = {"goat": "goat", "zh": "山羊", "sign": "🐐", "letters": "xqvz", "empty": ""}
NEAREST = 5


def beside(name: str) -> ModuleType:
    """A script that lies beside this one."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference() -> Reference:
    """The numbers of lesson 12."""
    ref = Reference()
    folder = ROOT / "models" / "clip"
    model = load_any(folder)
    assert isinstance(model, CLIP)
    encode = read_tokenizer(folder / "tokenizer.json").encode
    signs = embed_pictures(model, atlas_signs(ROOT / "static" / "emoji", model.cfg.image), bf16=False)
    said = dict(zip(TEXTS, embed_texts(model, encode, list(TEXTS.values()), bf16=False), strict=True))
    first: dict[str, list[int]] = {}
    for name, text in said.items():
        cosines = signs @ text
        order = cosines.argsort(descending=True, stable=True)[:NEAREST]
        first[name] = order.tolist()
        ref.put(f"find.{name}.first", order.float(), f"[{NEAREST}]: places of the signs nearest to “{TEXTS[name]}”")
        ref.put(f"find.{name}", cosines[order[0]], "cosine of the nearest")
        ref.put(f"find.{name}.least", cosines.min(), "cosine of the farthest")
    ref.put("find.same", len(set(first["goat"]) & set(first["zh"])), "signs that both languages have among the nearest")
    with torch.inference_mode():
        seen = model.pictures(picture(PICTURE, "clip"))[0]
        ref.put("scale", model.scale(), "what cosines are multiplied by")
        ref.put("meeting.cosine", seen @ said[WORD], f"of the picture {PICTURE} and the text “{WORD}”")
        ref.put("meeting.logit", model.scale() * (seen @ said[WORD]), "the same, scaled")
    centred = signs.double() - signs.double().mean(0)
    _, singular, directions = torch.linalg.svd(centred, full_matrices=False)
    ref.put("map.share", singular[:2].square().sum() / singular.square().sum(), "part of the variance in the plane")
    axes = directions[:2]
    largest = axes.gather(1, axes.abs().argmax(1, keepdim=True)).sign()
    ref.put("map.first", (centred[0] @ (axes * largest).T), "[2]: place of the first sign")
    for key, value in beside("reference_matrix").reference_matrix().items():
        ref.put(key, value)
    return ref
