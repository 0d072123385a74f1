"""A network's weights as another's start: what is computed stays what it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from training.config import Config, parse_config
from training.errors import TrainingError
from training.models.mae import MAE, MAEConfig
from training.models.starts import encoder_from_vit, vit_from_encoder, vit_from_vit
from training.models.vit import ViT, ViTConfig
from training.train.optimizer import make_optimizers

CFG = ViTConfig(image=16, patch=4, dim=32, depth=2, heads=2, classes=4, cls_position=False)
MAE_CFG = MAEConfig(image=16, patch=4, dim=32, depth=2, heads=2, decoder_dim=16, decoder_depth=1, decoder_heads=2)


def shaken(model: nn.Module, seed: int) -> nn.Module:
    """With every parameter moved, so that no bias is 0 and no LayerNorm plain."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator), alpha=0.1)
    return model.eval()


def pictures() -> Tensor:
    return torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(9))


@torch.no_grad()
def test_an_encoder_from_a_vit_computes_the_same() -> None:
    """Where the learned positions are the sines in a smaller size, nothing is left to learn anew."""
    vit, mae = ViT(replace(CFG, norm_eps=1e-9)), MAE(replace(MAE_CFG, norm_eps=1e-9))
    shaken(vit, 1)
    shaken(mae, 2)
    fixed = mae.positions[0]
    assert vit.pos_embed is not None
    vit.pos_embed.copy_(((fixed - fixed.mean(0)) / 7 + 0.3)[None])
    encoder_from_vit(mae, vit)
    found = mae.encode(pictures(), torch.arange(16))
    torch.testing.assert_close(found, vit.features(pictures()), atol=2e-4, rtol=1e-3)


@torch.no_grad()
def test_a_vit_from_an_encoder_computes_the_same() -> None:
    vit, mae = ViT(CFG), MAE(MAE_CFG)
    shaken(vit, 1)
    shaken(mae, 2)
    head = vit.head.weight.clone()
    vit_from_encoder(vit, mae)
    torch.testing.assert_close(vit.features(pictures()), mae.encode(pictures(), torch.arange(16)))
    assert torch.equal(vit.head.weight, head)


@torch.no_grad()
def test_a_vit_from_a_vit() -> None:
    """The same features at the same size; at another patch those that the first computes at that patch."""
    other = ViT(CFG)
    shaken(other, 1)
    same, coarse = ViT(CFG), ViT(replace(CFG, patch=8))
    vit_from_vit(same, other)
    vit_from_vit(coarse, other)
    torch.testing.assert_close(same.features(pictures()), other.features(pictures()))
    torch.testing.assert_close(coarse.features(pictures()), other.features(pictures(), 8))


def test_unlike_networks_are_refused() -> None:
    with pytest.raises(TrainingError, match="depth 2 and the network that takes it 3"):
        vit_from_encoder(ViT(replace(CFG, depth=3)), MAE(MAE_CFG))
    with pytest.raises(TrainingError, match="no position for its class token"):
        vit_from_encoder(ViT(replace(CFG, cls_position=True)), MAE(MAE_CFG))
    with pytest.raises(TrainingError, match="plain ViT"):
        encoder_from_vit(MAE(MAE_CFG), ViT(replace(CFG, pool="gap")))


def started(scale: float) -> Config:
    values = {"name": "m", "architecture": "mae", "model": {"image": 16, "patch": 4, "dim": 32, "depth": 2, "heads": 2,
              "decoder_dim": 16, "decoder_depth": 1, "decoder_heads": 2},
              "train": {"start": "somewhere", "start_scale": scale}}  # fmt: skip
    return parse_config(values, "m.toml")


def test_a_started_encoder_learns_slower() -> None:
    model = MAE(MAE_CFG)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    (optimizer,) = make_optimizers(model, started(0.25))
    scales = {names[id(p)]: group["scale"] for group in optimizer.param_groups for p in group["params"]}
    assert len(scales) == len(names)
    for name, scale in scales.items():
        assert scale == (1.0 if name.startswith("decoder") or name == "mask_token" else 0.25), name
