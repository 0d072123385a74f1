"""The model: parameter counts, shapes, captured names, gradients."""

from __future__ import annotations

import pytest
import torch

from training.errors import TrainingError
from training.models.vit import ViT, ViTConfig

# Parameters of the published configurations at 224 with 1000 classes: Dosovitskiy et al. 2021, table 1; Ti and S of
# Touvron et al. 2021.
PUBLISHED = [
    ("Ti/16", dict(dim=192, depth=12, heads=3, patch=16), 5_717_416),
    ("S/16", dict(dim=384, depth=12, heads=6, patch=16), 22_050_664),
    ("B/32", dict(dim=768, depth=12, heads=12, patch=32), 88_224_232),
    ("B/16", dict(dim=768, depth=12, heads=12, patch=16), 86_567_656),
    ("B/8", dict(dim=768, depth=12, heads=12, patch=8), 86_576_872),
    ("L/16", dict(dim=1024, depth=24, heads=16, patch=16), 304_326_632),
    ("H/14", dict(dim=1280, depth=32, heads=16, patch=14), 632_045_800),
]


@pytest.mark.parametrize(("name", "sizes", "count"), PUBLISHED)
def test_parameter_counts(name: str, sizes: dict[str, int], count: int) -> None:
    with torch.device("meta"):
        model = ViT(ViTConfig(**sizes))  # type: ignore[arg-type]
    assert sum(p.numel() for p in model.parameters()) == count, name


def test_b16_state_dict_shapes() -> None:
    with torch.device("meta"):
        state = ViT(ViTConfig(dim=768, depth=12, heads=12)).state_dict()
    expected = {
        "cls_token": (1, 1, 768),
        "pos_embed": (1, 197, 768),
        "patch_embed.proj.weight": (768, 3, 16, 16),
        "blocks.0.attn.qkv.weight": (2304, 768),
        "blocks.0.attn.qkv.bias": (2304,),
        "blocks.11.attn.proj.weight": (768, 768),
        "blocks.11.mlp.fc1.weight": (3072, 768),
        "blocks.11.mlp.fc2.weight": (768, 3072),
        "norm.weight": (768,),
        "head.weight": (1000, 768),
    }
    assert {key: tuple(state[key].shape) for key in expected} == expected
    block = sum(v.numel() for k, v in state.items() if k.startswith("blocks.0."))
    assert block == 7_087_872


def contract_shapes(cfg: ViTConfig, patch: int) -> dict[str, tuple[int, ...]]:
    """Every tensor that the browser's graph names, with its shape, for batch 2."""
    grid = cfg.image // patch
    n = grid * grid
    t, d, h, m = n + 1 + cfg.registers, cfg.dim, cfg.heads, cfg.mlp
    shapes: dict[str, tuple[int, ...]] = {
        "x": (2, cfg.channels, cfg.image, cfg.image),
        "patches": (2, n, patch * patch * cfg.channels),
        "patch_embed": (2, n, d),
        "cls_cat": (2, n + 1, d),
        "tokens": (2, t, d),
        "norm": (2, t, d),
        "pooled": (2, d),
        "logits": (2, cfg.classes),
        "probs": (2, cfg.classes),
    }
    if not cfg.cls_position:
        shapes["pos_added"] = (2, n, d)
    if cfg.pre_norm:
        shapes["norm_pre"] = (2, t, d)
    for i in range(cfg.depth):
        b = f"blocks.{i}"
        for name in ("norm1", "attn.merged", "attn.proj", "attn.residual", "norm2", "mlp.fc2"):
            shapes[f"{b}.{name}"] = (2, t, d)
        shapes |= {b: (2, t, d), f"{b}.attn.qkv": (2, t, 3 * d)}
        shapes |= {f"{b}.attn.{name}": (2, h, t, d // h) for name in ("q", "k", "v", "out")}
        shapes |= {f"{b}.attn.{name}": (2, h, t, t) for name in ("scores", "probs")}
        shapes |= {f"{b}.mlp.{name}": (2, t, m) for name in ("fc1", "gelu")}
    return shapes


@pytest.mark.parametrize("patch", [4, 8, 16])
@pytest.mark.parametrize("options", [{}, {"cls_position": False}, {"pre_norm": True, "registers": 2}])
def test_captured_names_and_shapes(patch: int, options: dict[str, bool | int]) -> None:
    cfg = ViTConfig(image=32, patch=8, dim=32, depth=2, heads=2, classes=5, **options)  # type: ignore[arg-type]
    capture: dict[str, torch.Tensor] = {}
    ViT(cfg)(torch.randn(2, 3, 32, 32), patch, capture)
    assert {k: tuple(v.shape) for k, v in capture.items()} == contract_shapes(cfg, patch)


def test_capture_changes_nothing_and_relations_hold() -> None:
    torch.manual_seed(0)
    cfg = ViTConfig(image=32, patch=8, dim=32, depth=2, heads=2, classes=5, cls_position=False)
    model = ViT(cfg).eval()
    x = torch.randn(2, 3, 32, 32)
    capture: dict[str, torch.Tensor] = {}
    torch.testing.assert_close(model(x), model(x, 8, capture), atol=1e-5, rtol=1e-5)
    q, k = capture["blocks.1.attn.q"], capture["blocks.1.attn.k"]
    torch.testing.assert_close(capture["blocks.1.attn.scores"], q @ k.transpose(-2, -1) / 16**0.5)
    torch.testing.assert_close(capture["blocks.1.attn.probs"].sum(-1), torch.ones(2, 2, 17))
    residual = capture["blocks.0"] + capture["blocks.1.attn.proj"]
    torch.testing.assert_close(capture["blocks.1.attn.residual"], residual)
    torch.testing.assert_close(capture["cls_cat"][:, 1:], capture["pos_added"])
    # patches are flattened (channel, row, column)
    torch.testing.assert_close(capture["patches"][0, 5], x[0, :, 8:16, 8:16].reshape(-1))


def test_patch_embedding_is_the_convolution() -> None:
    model = ViT(ViTConfig(image=32, patch=8, dim=32, depth=1, heads=2))
    x = torch.randn(2, 3, 32, 32)
    conv = model.patch_embed.proj(x).flatten(2).transpose(1, 2)
    torch.testing.assert_close(model.patch_embed(x, 8, None), conv, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("patch", [4, 8, 16])
def test_gradients_reach_every_parameter(patch: int) -> None:
    torch.manual_seed(0)
    cfg = ViTConfig(
        image=32, patch=8, dim=32, depth=2, heads=2, classes=5, registers=1, pre_norm=True, layer_scale=True
    )
    model = ViT(cfg)
    model(torch.randn(4, 3, 32, 32), patch).square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_gap_has_no_class_token() -> None:
    cfg = ViTConfig(image=32, patch=8, dim=32, depth=1, heads=2, pool="gap", cls_position=False)
    capture: dict[str, torch.Tensor] = {}
    model = ViT(cfg)
    model(torch.randn(1, 3, 32, 32), 8, capture)
    assert model.cls_token is None
    torch.testing.assert_close(capture["pooled"], capture["norm"].mean(1))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (dict(dim=30, heads=4), "not divisible by heads"),
        (dict(image=30, patch=16), "not divisible by patch"),
        (dict(pool="max"), "pool"),
    ],
)
def test_impossible_sizes_are_named(values: dict[str, int], words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        ViTConfig(**values)  # type: ignore[arg-type]


def test_json_names_round_trip_and_unknown_key() -> None:
    cfg = ViTConfig(dim=192, heads=3, cls_position=False)
    values = cfg.to_json()
    assert values["mlpRatio"] == 4 and values["clsPosition"] is False and values["normEps"] == 1e-6
    assert ViTConfig.from_json(values) == cfg
    with pytest.raises(TrainingError, match="'mlp_ratio'"):
        ViTConfig.from_json({**values, "mlp_ratio": 4})
