"""The weights of one network as the start of another: a ViT and a masked autoencoder's encoder have the same blocks."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from training.errors import TrainingError
from training.models.mae import MAE
from training.models.resize import pi_resize, resize_positions
from training.models.vit import ViT
from training.models.vivit import ViViT
from training.models.vivit_config import ENCODER, JOINT

WRITES = ("attn.proj.weight", "attn.proj.bias", "mlp.fc2.weight", "mlp.fc2.bias")


def check_alike(one: ViT | MAE, other: ViT | MAE) -> None:
    """Raises TrainingError unless both have the same blocks, and a ViT is a plain one with a class token."""
    for key in ("channels", "dim", "depth", "heads", "mlp_ratio", "qkv_bias"):
        a, b = getattr(one.cfg, key), getattr(other.cfg, key)
        if a != b:
            raise TrainingError(f"The start has {key} {a} and the network that takes it {b}; make them alike.")
    for vit in (one, other):
        if not isinstance(vit, ViT):
            continue
        cfg = vit.cfg
        if vit.cls_token is None or vit.pos_embed is None or cfg.registers or cfg.pre_norm or cfg.layer_scale:
            raise TrainingError("Only a plain ViT with a class token and learned positions takes or is a start.")


def blocks_of(model: nn.Module) -> dict[str, Any]:
    """The state of blocks and last LayerNorm."""
    return {k: v for k, v in model.state_dict().items() if k.startswith(("blocks.", "norm."))}


@torch.no_grad()
def encoder_from_vit(mae: MAE, vit: ViT) -> None:
    """Take blocks, class token and patch kernel of a ViT; the decoder stays as it is.

    The encoder's positions are fixed sines, larger than learned ones. LayerNorm does not see the size of a token, so
    everything that writes to the residual stream is multiplied by the ratio of the two sizes: the network computes
    what it did, but for the code of the positions, which it has to learn anew. Their mean over the grid, which says
    nothing about a place, is taken off the bias of the patches.
    """
    check_alike(vit, mae)
    assert vit.cls_token is not None and vit.pos_embed is not None
    learned = vit.pos_embed[0, int(vit.cfg.cls_position) :]
    offset = learned.mean(0)
    fixed = mae.positions[0]
    scale = (fixed - fixed.mean(0)).norm(dim=1).mean() / (learned - offset).norm(dim=1).mean().clamp(min=1e-6)
    state = blocks_of(vit)
    for name, value in state.items():
        state[name] = value * scale if name.endswith(WRITES) else value
    mae.load_state_dict(state, strict=False)
    first = vit.pos_embed[0, 0] if vit.cfg.cls_position else 0.0
    mae.cls_token.copy_((vit.cls_token + first) * scale)
    mae.patch_embed.proj.weight.copy_(pi_resize(vit.patch_embed.proj.weight.float(), mae.cfg.patch) * scale)
    bias = vit.patch_embed.proj.bias
    assert bias is not None and mae.patch_embed.proj.bias is not None
    mae.patch_embed.proj.bias.copy_((bias + offset) * scale - fixed.mean(0))


@torch.no_grad()
def vit_from_encoder(vit: ViT, mae: MAE) -> None:
    """Take the encoder of a masked autoencoder; its sines become the start of the learned positions."""
    check_alike(mae, vit)
    if vit.cfg.cls_position or (vit.cfg.image, vit.cfg.patch) != (mae.cfg.image, mae.cfg.patch):
        raise TrainingError("The ViT needs the autoencoder's image and patch, and no position for its class token.")
    assert vit.cls_token is not None and vit.pos_embed is not None
    vit.load_state_dict(blocks_of(mae), strict=False)
    vit.cls_token.copy_(mae.cls_token)
    vit.pos_embed.copy_(mae.positions)
    vit.patch_embed.load_state_dict(mae.patch_embed.state_dict())


@torch.no_grad()
def vit_from_vit(vit: ViT, other: ViT) -> None:
    """Take a ViT for another side or patch: its kernel and positions are resized; the classifier stays fresh."""
    check_alike(other, vit)
    if vit.cfg.cls_position != other.cfg.cls_position:
        raise TrainingError("Both ViTs have a position for the class token, or neither; make them alike.")
    assert vit.cls_token is not None and vit.pos_embed is not None
    assert other.cls_token is not None and other.pos_embed is not None
    vit.load_state_dict(blocks_of(other), strict=False)
    vit.cls_token.copy_(other.cls_token)
    first = int(vit.cfg.cls_position)
    vit.pos_embed[:, :first] = other.pos_embed[:, :first]
    vit.pos_embed[:, first:] = resize_positions(other.pos_embed[:, first:], vit.cfg.grid)
    vit.patch_embed.proj.weight.copy_(pi_resize(other.patch_embed.proj.weight.float(), vit.cfg.patch))
    assert vit.patch_embed.proj.bias is not None and other.patch_embed.proj.bias is not None
    vit.patch_embed.proj.bias.copy_(other.patch_embed.proj.bias)


def joins(whole: ViViT, model: ViViT) -> bool:
    """Whether `frames_from_clips` is the start meant: of all tokens together, for an encoder of single times."""
    return whole.cfg.attention == JOINT and model.cfg.attention == ENCODER


def frames_from_clips(model: ViViT, whole: ViViT) -> None:
    """Take of a video transformer whose tokens all see one another what an encoder of single times shares with it.

    Kernel, CLS token, blocks and norm are taken, and of the positions those of a place, the mean over all times. The
    encoder over the times and the head stay as they are. The paper starts its own from networks of pictures (section
    3.4); from chance this network stood at chance after 800 steps of 32 clips.
    """
    ours = model.state_dict()
    state = {
        key: value
        for key, value in whole.state_dict().items()
        if not key.startswith("head.") and key in ours and value.shape == ours[key].shape
    }
    missing = [key for key in ours if not key.startswith(("head.", "temporal.", "pos_embed")) and key not in state]
    if missing:
        raise TrainingError(f"The start does not fit: {missing[0]} is not in it with this shape; choose equal sizes.")
    learned = whole.pos_embed[0]
    places = learned[1:].reshape(whole.cfg.times, whole.cfg.places, -1).mean(0)
    state["pos_embed"] = torch.cat([learned[:1], places])[None]
    model.load_state_dict(state, strict=False)
