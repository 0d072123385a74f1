"""A CLIP's folder: config, weights, golden tensors, and the tokenizer beside them.

Keys of golden.safetensors: `g/visual.<tensor>` for the golden picture, `g/text.<tensor>` for the golden texts, whose
ids are `g/text.ids`, and `g/logits`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import Label
from training.data.text.templates import DRAWING, PHOTO, STYLED
from training.data.text.tokenizer import Tokenizer, read_tokenizer
from training.errors import TrainingError
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import digest, preprocessing, write_model
from training.models.clip import CLIP, CLIPConfig

TEXTS = ("goat", "一张山羊的照片", "", "a drawing of 🐐 and a very long text that does not end before the row is full")


def export_clip(
    folder: Path,
    config: Config,
    weights: dict[str, Tensor],
    labels: list[Label],
    tokenizer: Path,
    whole: bool,
    bits: int = 16,
) -> None:
    """Write the folder; `tokenizer`: the file that the text tower was trained with; `whole`: golden tensors in full.

    `bits`: see write_model. Raises TrainingError for a tokenizer of another size or a full disk.
    """
    cfg = config.model
    assert isinstance(cfg, CLIPConfig)
    words = read_tokenizer(tokenizer)
    if (len(words), words.context) != (cfg.vocabulary, cfg.context):
        raise TrainingError(
            f"{tokenizer} has {len(words)} tokens and rows of {words.context}, {config.source} {cfg.vocabulary} and "
            f"{cfg.context}; export with the tokenizer of the training."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tokenizer, folder / "tokenizer.json")
    except OSError as error:
        raise TrainingError(f"{folder} could not be written ({error}); free some space and export again.") from error
    values = {
        "name": config.name,
        "architecture": "clip",
        "config": cfg.to_json(),
        "preprocessing": preprocessing(cfg.image, config.data.fit),
        "labels": [vars(label) for label in labels],
        "tokenizer": {"file": "tokenizer.json", **digest(folder / "tokenizer.json")},
        "templates": {"drawing": DRAWING, "styled": STYLED, "photo": PHOTO},
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, CLIP)
        return clip_golden(model, words, whole)

    write_model(folder, values, weights, golden, bits)


def clip_golden(model: CLIP, tokenizer: Tokenizer, whole: bool) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of the golden picture and of four texts."""
    tensors: Arrays = {}
    meta = {"sample": "full" if whole else RULE}
    capture: dict[str, Tensor] = {}
    ids = torch.tensor([tokenizer.encode(text) for text in TEXTS])
    x = torch.from_numpy(golden_picture(model.cfg.image, model.cfg.channels))
    with torch.inference_mode():
        model(x, ids, capture)
    for name, value in capture.items():
        small = whole or name in ("visual.x", "text.ids", "logits") or name.endswith("embedding")
        store(tensors, meta, f"g/{name}", value.contiguous(), small)
    return tensors, meta
