"""The pyramid with exchangeable attention: windows, shift, mask, bias, linear attention, pruning, published sizes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch

from training.errors import TrainingError
from training.models.swin import Swin, position_table
from training.models.swin_attention import EPSILON, linear_attention
from training.models.swin_config import KINDS, LINEAR_KINDS, SwinConfig, multiply_adds
from training.models.windows import (
    MASKED,
    join,
    keep_most_active,
    partition,
    relative_index,
    roll,
    shift_mask,
    token_gate,
    window_scores,
)


def small(attention: str = "shifted-window", **options: Any) -> SwinConfig:
    """Two stages of 16 and 32 channels on pictures of 32 pixels, grids 8 and 4."""
    values: dict[str, Any] = {
        "image": 32, "patch": 4, "dim": 16, "depths": [2, 2], "heads": [1, 2], "window": 4, "classes": 5,
        "attention": attention, "relative_bias": "window" in attention, "positions": "sincos2d",
    }  # fmt: skip
    return SwinConfig(**(values | options))


def model_of(cfg: SwinConfig) -> Swin:
    """A network whose biases and norms are not at their neutral start."""
    torch.manual_seed(0)
    model = Swin(cfg).eval()
    for parameter in model.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    return model


# Parameters and multiply-adds at 224: Liu et al. 2021, table 1 (28 M, 4.5 G; 50 M, 8.7 G; 88 M, 15.4 G).
PUBLISHED = [
    ("T", 96, [2, 2, 6, 2], [3, 6, 12, 24], 28.3e6, 4.5e9),
    ("S", 96, [2, 2, 18, 2], [3, 6, 12, 24], 49.6e6, 8.7e9),
    ("B", 128, [2, 2, 18, 2], [4, 8, 16, 32], 87.8e6, 15.4e9),
]


@pytest.mark.parametrize(("name", "dim", "depths", "heads", "parameters", "macs"), PUBLISHED)
def test_published_sizes(
    name: str, dim: int, depths: list[int], heads: list[int], parameters: float, macs: float
) -> None:
    cfg = SwinConfig(image=224, dim=dim, depths=depths, heads=heads, window=7)
    with torch.device("meta"):
        count = sum(p.numel() for p in Swin(cfg).parameters())
    assert abs(count - parameters) < 0.05e6, name
    assert abs(multiply_adds(cfg) - macs) < 0.05e9, name


def test_timm_names() -> None:
    state = Swin(small()).state_dict()
    shapes = {
        "patch_embed.proj.weight": (16, 3, 4, 4),
        "patch_embed.norm.weight": (16,),
        "layers.1.downsample.norm.weight": (64,),
        "layers.1.downsample.reduction.weight": (32, 64),
        "layers.0.blocks.1.attn.relative_position_bias_table": (49, 1),
        "layers.1.blocks.0.attn.qkv.weight": (96, 32),
        "layers.1.blocks.1.mlp.fc2.bias": (32,),
        "norm.bias": (32,),
        "head.fc.weight": (5, 32),
    }
    assert {name: tuple(state[name].shape) for name in shapes} == shapes
    assert not [name for name in state if name.startswith("layers.0.downsample")]
    many = Swin(small("multi-scale-linear", mlp="depthwise")).state_dict()
    assert many["layers.1.blocks.0.attn.aggreg.0.weight"].shape == (96, 1, 5, 5)
    assert many["layers.1.blocks.0.attn.aggreg.1.weight"].shape == (96, 16, 1, 1)
    assert many["layers.1.blocks.0.attn.proj.weight"].shape == (32, 64)
    assert many["layers.1.blocks.0.mlp.dwconv.weight"].shape == (128, 1, 3, 3)


def expected_names(cfg: SwinConfig) -> dict[str, tuple[int, ...]]:
    """Every tensor that is captured, with its shape, for a batch of two."""
    b = 2
    grid = cfg.grid
    shapes: dict[str, tuple[int, ...]] = {
        "x": (b, 3, cfg.image, cfg.image),
        "patches": (b, grid**2, 48),
        "patch_embed.proj": (b, grid**2, cfg.dim),
        "patch_embed": (b, grid**2, cfg.dim),
        "pos_added": (b, grid**2, cfg.dim),
    }
    for s, stage in enumerate(cfg.stages):
        d, h = stage.dim, stage.heads
        if s:
            grid //= 2
            shapes[f"layers.{s}.downsample.merged"] = shapes[f"layers.{s}.downsample.norm"] = (b, grid**2, 2 * d)
            shapes[f"layers.{s}.downsample"] = (b, grid**2, d)
        n = grid**2
        for i in range(cfg.depths[s]):
            block = f"layers.{s}.blocks.{i}"
            window, shift = cfg.window_of(grid, i)
            windows = n // window**2 if window else 1
            at, t = ((b, windows), window**2) if window else ((b,), n)
            shapes |= {f"{block}{part}": (b, n, d) for part in ("", ".norm1", ".attn.residual", ".norm2", ".mlp.fc2")}
            shapes |= {f"{block}.mlp.{part}": (b, n, stage.mlp) for part in ("fc1", "gelu")}
            if cfg.mlp == "depthwise":
                shapes |= {f"{block}.mlp.{part}": (b, n, stage.mlp) for part in ("dwconv", "gelu2")}
            shapes |= {f"{block}.attn.qkv": (*at, t, 3 * d), f"{block}.attn.proj": (*at, t, d)}
            scales = 2 if cfg.attention == "multi-scale-linear" else 1
            shapes[f"{block}.attn.merged"] = (*at, t, scales * d)
            each = (*at, scales * h, t, d // h)
            shapes |= {f"{block}.attn.{part}": each for part in ("q", "k", "v", "out")}
            if cfg.attention in LINEAR_KINDS:
                shapes |= {f"{block}.attn.{part}": each for part in ("q_relu", "k_relu")}
                shapes[f"{block}.attn.kv"] = (b, scales * h, d // h, d // h)
                shapes[f"{block}.attn.normaliser"] = (b, scales * h, n, 1)
                if scales == 2:
                    shapes |= {f"{block}.attn.aggreg.{part}": (b, n, 3 * d) for part in (0, 1)}
                continue
            shapes |= {f"{block}.attn.{part}": (*at, h, t, t) for part in ("scores", "probs")}
            if window:
                shapes |= {f"{block}.windows": (*at, t, d), f"{block}.unrolled": (b, n, d)}
                shapes[f"layers.{s}.{'shifted_' if shift else ''}window_scores"] = (b, windows)
            if cfg.relative_bias:
                shapes[f"{block}.attn.biased"] = (*at, h, t, t)
            if shift:
                shapes |= {f"{block}.rolled": (b, n, d), f"{block}.attn.mask": (windows, t, t)}
                shapes[f"{block}.attn.masked"] = (*at, h, t, t)
    last = cfg.stages[-1].dim
    return shapes | {"norm": (b, n, last), "pooled": (b, last), "logits": (b, 5), "probs": (b, 5)}


@pytest.mark.parametrize("side", [32, 64])
@pytest.mark.parametrize("attention", KINDS)
@pytest.mark.parametrize("mlp", ["plain", "depthwise"])
def test_captured_names_and_shapes(attention: str, mlp: str, side: int) -> None:
    capture: dict[str, torch.Tensor] = {}
    model = model_of(small(attention, mlp=mlp))
    x = torch.randn(2, 3, side, side)
    logits = model(x, capture)
    assert {k: tuple(v.shape) for k, v in capture.items()} == expected_names(small(attention, mlp=mlp, image=side))
    torch.testing.assert_close(model(x), logits)
    logits.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in model.parameters())


def test_windows_are_cut_and_joined() -> None:
    x = torch.arange(64.0).reshape(1, 64, 1)
    windows = partition(x, 8, 4)
    assert windows[0, 1, :, 0].tolist() == [8 * r + c for r in range(4) for c in range(4, 8)]
    assert torch.equal(join(windows, 8, 4), x)
    assert roll(x, 8, -2)[0, 0, 0] == 8 * 2 + 2  # row 2, column 2 comes to the first place
    assert torch.equal(roll(roll(x, 8, -2), 8, 2), x)


@pytest.mark.parametrize(("grid", "window", "shift"), [(8, 4, 2), (12, 4, 2), (14, 7, 3), (4, 2, 1)])
def test_mask_against_its_definition(grid: int, window: int, shift: int) -> None:
    """Two tokens of a rolled window see each other only where rolling tore neither of them away from the other."""
    mask = shift_mask(grid, window, shift)
    place = partition(roll(torch.arange(grid**2).reshape(1, -1, 1), grid, -shift), grid, window)[0, :, :, 0]
    for w, a, b in itertools.product(range(len(mask)), range(window**2), range(window**2)):
        (row, column), (other, another) = divmod(int(place[w, a]), grid), divmod(int(place[w, b]), grid)
        together = abs(row - other) < window and abs(column - another) < window
        assert mask[w, a, b] == (0.0 if together else MASKED)
    assert (mask.flatten(1) != 0).any(1).sum() == 2 * (grid // window) - 1


def test_no_token_sees_across_the_edge() -> None:
    """In a shifted block the picture's first row changes nothing in its last, though they share a rolled window."""
    cfg = small(depths=[2, 1], relative_bias=False)
    block = model_of(cfg).get_submodule("layers.0.blocks.1")
    x = torch.randn(1, 64, 16)
    changed = x.clone()
    changed[:, :8] = torch.randn(1, 8, 16)
    moved = (block(x, 8, None, None, "") - block(changed, 8, None, None, "")).abs().amax(-1)[0].reshape(8, 8)
    assert (moved[:2] > 0).all() and moved[6:].max() == 0


def test_relative_index() -> None:
    index = relative_index(2, 2)
    assert index.tolist() == [[4, 3, 1, 0], [5, 4, 2, 1], [7, 6, 4, 3], [8, 7, 5, 4]]
    whole, part = relative_index(4, 4), relative_index(2, 4)
    assert sorted(set(whole.flatten().tolist())) == list(range(49))
    assert part[0, 3] == whole[0, 5] and part[3, 0] == whole[5, 0]  # the same offset, the same row


def test_linear_attention_in_both_orders() -> None:
    torch.manual_seed(1)
    q, k, v = torch.randn(3, 2, 3, 50, 8)
    slow = torch.zeros_like(v)
    for b, h, i in itertools.product(range(2), range(3), range(50)):
        weights = torch.stack([(q[b, h, i].relu() * k[b, h, j].relu()).sum() for j in range(50)])
        slow[b, h, i] = (weights[:, None] * v[b, h]).sum(0) / (weights.sum() + EPSILON)
    torch.testing.assert_close(linear_attention(q, k, v), slow, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(linear_attention(q, k, v, quadratic=True), slow, atol=1e-5, rtol=1e-5)


def test_one_window_is_global_attention() -> None:
    """A grid no larger than the window: windows, shifted or not, are attention over all tokens."""
    whole = model_of(small("global", relative_bias=False, depths=[2], heads=[2]))
    for attention in ("window", "shifted-window"):
        other = Swin(small(attention, window=8, relative_bias=False, depths=[2], heads=[2])).eval()
        other.load_state_dict(whole.state_dict())
        x = torch.randn(1, 3, 32, 32)
        torch.testing.assert_close(other(x), whole(x))


def test_merging_takes_the_neighbours_in_swins_order() -> None:
    capture: dict[str, torch.Tensor] = {}
    model_of(small())(torch.randn(1, 3, 32, 32), capture)
    before = capture["layers.0.blocks.1"].reshape(8, 8, 16)
    corners = [before[0::2, 0::2], before[1::2, 0::2], before[0::2, 1::2], before[1::2, 1::2]]
    assert torch.equal(capture["layers.1.downsample.merged"][0], torch.cat(corners, -1).reshape(16, 64))


def test_scores_and_what_is_kept() -> None:
    x = torch.randn(3, 64, 16)
    scores = window_scores(x, 8, 4, 2)
    rolled = x.reshape(3, 8, 8, 16).roll((-2, -2), (1, 2))
    assert torch.allclose(scores[1, 2], rolled[1, 4:, :4].abs().mean(-1).square().sum().sqrt())
    kept = keep_most_active(torch.tensor([[3.0, 1.0, 2.0, 4.0]]), 0.5)
    assert kept.tolist() == [[1, 0, 0, 1]]
    assert keep_most_active(scores, 0.24).min() == 1 and keep_most_active(scores, 0.25).sum() == 9
    gate = token_gate(torch.tensor([1.0, 1.0, 1.0, 0.0]), 8, 4, 2).reshape(8, 8)
    assert gate[7, 7] == 0 and gate[0, 0] == 0 and gate[5, 7] == 1 and gate.sum() == 48  # the torn window


@pytest.mark.parametrize("attention", ["window", "shifted-window"])
def test_pruned_windows_pass_unchanged(attention: str) -> None:
    model = model_of(small(attention))
    x = torch.randn(2, 3, 32, 32)
    capture: dict[str, torch.Tensor] = {}
    masks = {
        "layers.0.keep": torch.tensor([1.0, 0.0, 1.0, 1.0]),
        "layers.0.shifted_keep": torch.tensor([1.0, 1.0, 0.0, 1.0]),
    }
    model(x, capture, masks)
    steps = [capture["pos_added"], capture["layers.0.blocks.0"], capture["layers.0.blocks.1"]]
    for index, name in enumerate(["keep", "shifted_keep" if attention == "shifted-window" else "keep"]):
        shift = 2 if name == "shifted_keep" else 0
        before, after = (partition(roll(t, 8, -shift), 8, 4) for t in steps[index : index + 2])
        pruned = masks[f"layers.0.{name}"] == 0
        assert torch.equal(before[:, pruned], after[:, pruned])
        assert (before[:, ~pruned] != after[:, ~pruned]).flatten(2).any(-1).all()


@pytest.mark.parametrize("attention", ["window", "shifted-window"])
def test_nothing_pruned_is_the_same(attention: str) -> None:
    model = model_of(small(attention))
    x = torch.randn(2, 3, 64, 64)
    plain = model(x)
    assert torch.equal(model(x, ratios=[0.0, 0.0]), plain)
    ones = {f"layers.{s}.{part}": torch.ones(w) for s, w in ((0, 16), (1, 4)) for part in ("keep", "shifted_keep")}
    torch.testing.assert_close(model(x, masks=ones), plain)
    assert not torch.allclose(model(x, ratios=[0.5, 0.0]), plain)


def test_ratios_choose_by_the_scores_of_the_stage() -> None:
    model = model_of(small())
    x = torch.randn(1, 3, 64, 64)
    capture: dict[str, torch.Tensor] = {}
    pruned = model(x, capture, ratios=[0.3, 0.6])
    shares = {"layers.0.": 0.3, "layers.1.": 0.6}
    masks = {
        f"{stage}{part}keep": keep_most_active(capture[f"{stage}{part}window_scores"], share)
        for stage, share in shares.items()
        for part in ("", "shifted_")
    }
    assert [int(mask.sum()) for mask in masks.values()] == [12, 12, 2, 2]
    torch.testing.assert_close(model(x, masks=masks), pruned)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"image": 48}, r"choose a multiple of 32"),
        ({"attention": "linear", "relative_bias": False, "image": 36}, r"choose a multiple of 8\."),
        ({"attention": "global", "relative_bias": True}, "relative_bias needs windows"),
        ({"attention": "local"}, "'attention' is 'local'"),
        ({"heads": [3, 2]}, "not divisible by heads 3"),
        ({"depths": [2]}, "a number of blocks and of heads a stage"),
        ({"mlp": "wide"}, "'mlp' is 'wide'"),
    ],
)
def test_what_cannot_be_built(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TrainingError, match=sentence):
        small(**options)


def test_a_picture_of_another_side_is_refused() -> None:
    with pytest.raises(TrainingError, match="image 40 does not hold whole patches of 4 and windows of 4"):
        Swin(small())(torch.zeros(1, 3, 40, 40))


def test_what_is_kept_of_a_measured_pass_serves_training() -> None:
    for kept in (shift_mask, relative_index, position_table):
        kept.cache_clear()
    with torch.inference_mode():
        made = [shift_mask(8, 4, 2), relative_index(4, 4), position_table(8, 16)]
    assert not any(tensor.is_inference() for tensor in made)
    assert shift_mask(8, 4, 2) is made[0]
