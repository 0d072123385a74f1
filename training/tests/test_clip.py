"""The two towers: names, the causal mask, what is read at the end token, the scale, and the start from a ViT."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from training.data.text.tokenizer import read_tokenizer
from training.errors import TrainingError
from training.export.clip import TEXTS, export_clip
from training.export.read import load_any
from training.export.write import digest
from training.models.clip import CLIP, LARGEST_SCALE, CLIPConfig
from training.models.vit import ViT, ViTConfig
from training.tests.helpers import LABELS
from training.tests.sign_pack import sign_config, sign_tokenizer

SMALL = CLIPConfig(
    image=32, patch=8, dim=32, depth=2, heads=2, vocabulary=50, context=10, text_dim=24, text_depth=2, text_heads=3,
    embed=16,
)  # fmt: skip


def model() -> CLIP:
    """A small CLIP whose biases and norms are not at their neutral start."""
    torch.manual_seed(0)
    clip = CLIP(SMALL).eval()
    for parameter in clip.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    return clip


def rows() -> torch.Tensor:
    """Two texts of ids [2, 10]: of three tokens, and of none."""
    return torch.tensor([[1, 9, 8, 7, 2, 0, 0, 0, 0, 0], [1, 2, 0, 0, 0, 0, 0, 0, 0, 0]])


def test_names() -> None:
    names = set(dict(CLIP(SMALL).named_parameters()))
    assert names >= {
        "logit_scale", "visual.cls_token", "visual.pos_embed", "visual.patch_embed.proj.weight", "visual.norm.weight",
        "visual.blocks.1.attn.qkv.weight", "visual.proj.weight", "text.token_embedding.weight",
        "text.positional_embedding", "text.blocks.1.mlp.fc2.bias", "text.ln_final.weight",
        "text.text_projection.weight",
    }  # fmt: skip
    assert not any("head" in name for name in names)
    assert not names & {"visual.proj.bias", "text.text_projection.bias"}


def test_size() -> None:
    """The configuration of the page: under 12 MB at 8 bits a weight."""
    with torch.device("meta"):
        count = sum(p.numel() for p in CLIP(CLIPConfig()).parameters())
    assert 7.9e6 < count < 8.1e6


def test_lengths_and_logits() -> None:
    clip, x = model(), torch.rand(3, 3, 32, 32) * 2 - 1
    pictures, texts = clip.pictures(x), clip.texts(rows())
    assert pictures.shape == (3, 16) and texts.shape == (2, 16)
    assert torch.allclose(pictures.norm(dim=-1), torch.ones(3)) and torch.allclose(texts.norm(dim=-1), torch.ones(2))
    assert torch.allclose(clip(x, rows()), clip.logit_scale.exp() * pictures @ texts.T)


def test_what_follows_the_end_changes_nothing() -> None:
    clip = model()
    other = rows()
    other[0, 5:] = torch.tensor([9, 8, 2, 7, 6])
    assert torch.allclose(clip.texts(rows()), clip.texts(other), atol=1e-6)
    assert torch.allclose(clip.texts(rows()[:, :5]), clip.texts(rows()), atol=1e-6)
    changed = rows()
    changed[0, 1] = 10
    assert (clip.texts(changed)[0] - clip.texts(rows())[0]).abs().max() > 1e-3


def test_every_path_is_causal_and_the_same() -> None:
    """With gradients, without, and with capture: three computations of one attention."""
    clip = model()
    capture: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        fused, kept = clip.texts(rows()), clip.texts(rows(), capture)
    plain = clip.texts(rows())
    assert torch.allclose(fused, plain, atol=1e-5) and torch.allclose(kept, plain, atol=1e-5)
    probs = capture["blocks.0.attn.probs"]
    assert torch.equal(probs, probs.tril()) and torch.allclose(probs.sum(-1), torch.ones_like(probs[..., 0]))
    with torch.no_grad():
        seen: dict[str, torch.Tensor] = {}
        clip.pictures(torch.zeros(1, 3, 32, 32), seen)
    assert (seen["blocks.0.attn.probs"] > 0).all()


def test_the_scale_is_held() -> None:
    clip = CLIP(SMALL)
    assert clip.scale().item() == pytest.approx(1 / 0.07)
    clip.logit_scale.data.fill_(6.0)
    clip.clip_scale()
    assert clip.logit_scale.item() == pytest.approx(LARGEST_SCALE) and clip.scale().item() == pytest.approx(100)
    clip.scale().backward()  # type: ignore[no-untyped-call]
    assert clip.logit_scale.grad is not None and clip.logit_scale.grad.item() == pytest.approx(100)
    clip.logit_scale.data.fill_(math.log(50))
    clip.clip_scale()
    assert clip.scale().item() == pytest.approx(50)


def test_starts_from_a_vit_of_another_size() -> None:
    """The tower then computes what the ViT does at its own patch size of 8 on pictures of 32."""
    vit = ViT(ViTConfig(image=64, patch=16, dim=32, depth=2, heads=2, classes=5, cls_position=False)).eval()
    for parameter in vit.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    clip = model()
    projection = clip.visual.proj.weight.clone()
    clip.visual.start(vit)
    x = torch.rand(2, 3, 32, 32) * 2 - 1
    assert torch.allclose(clip.visual.features(x), vit.features(x, 8), atol=1e-5)
    assert torch.equal(clip.visual.proj.weight, projection)
    with pytest.raises(TrainingError, match=r"depth is 2, that of train\.start 3"):
        clip.visual.start(ViT(ViTConfig(image=64, patch=16, dim=32, depth=3, heads=2, classes=5, cls_position=False)))


def test_json_and_mistakes() -> None:
    assert CLIPConfig.from_json(SMALL.to_json()) == SMALL
    assert SMALL.to_json()["textDim"] == 24
    with pytest.raises(TrainingError, match="text_dim 24 is not divisible by text_heads 5"):
        CLIPConfig(text_dim=24, text_heads=5)
    with pytest.raises(TrainingError, match="image 60 is not divisible by patch 8"):
        CLIPConfig(image=60)


@pytest.mark.parametrize("bits", [16, 8])
def test_exported_and_read(tmp_path: Path, bits: int) -> None:
    """The folder holds the model, its tokenizer and golden tensors that the model read from it gives again."""
    tokenizer, folder, file = sign_tokenizer(), tmp_path / "model", tmp_path / "words.json"
    tokenizer.save(file)
    config = sign_config(tokenizer)
    torch.manual_seed(0)
    made = CLIP(config.model)  # type: ignore[arg-type]
    export_clip(folder, config, made.state_dict(), LABELS, file, True, bits)
    values = json.loads((folder / "config.json").read_text())
    assert values["architecture"] == "clip" and values["labels"][1]["zh"] == "类 1"
    assert values["tokenizer"] == {"file": "tokenizer.json", **digest(folder / "tokenizer.json")}
    assert values["templates"]["photo"]["zh"][0] == "一张{}的照片"
    assert read_tokenizer(folder / "tokenizer.json") == tokenizer
    loaded = load_any(folder)
    assert isinstance(loaded, CLIP) and loaded.logit_scale.shape == ()
    golden = load_file(folder / "golden.safetensors")
    assert golden["g/text.ids"].tolist() == [tokenizer.encode(text) for text in TEXTS]
    with torch.inference_mode():
        logits = loaded(torch.from_numpy(golden["g/visual.x"]), torch.from_numpy(golden["g/text.ids"]).long())
    assert np.allclose(golden["g/logits"], logits.numpy(), atol=1e-4) and logits.shape == (1, len(TEXTS))
    assert {"g/visual.blocks.1.attn.probs", "g/text.blocks.1", "g/visual.embedding", "g/text.embedding"} <= set(golden)
    other = sign_config(tokenizer, {"model": {"image": 32}})
    with pytest.raises(TrainingError, match="export with the tokenizer of the training"):
        export_clip(folder, other, made.state_dict(), LABELS, file, True)
