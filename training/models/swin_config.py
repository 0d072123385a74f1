"""The configuration of the pyramid with exchangeable attention, and what follows from it.

Source: Liu et al., "Swin Transformer" (2021), section 3; the linear kinds after Cai et al., "EfficientViT" (2023).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from training.errors import TrainingError
from training.models.blocks import check_choice, from_json, to_json

WINDOW_KINDS = ("window", "shifted-window")
LINEAR_KINDS = ("linear", "multi-scale-linear")
KINDS = ("global", *WINDOW_KINDS, *LINEAR_KINDS)


@dataclass(frozen=True)
class StageShape:
    """One stage: width D, heads, MLP width M. What blocks.py asks of a model is the same for all stages."""

    dim: int
    heads: int
    mlp: int
    qkv_bias: bool
    norm_eps: float
    gelu: str
    layer_scale: bool = False


@dataclass(frozen=True)
class SwinConfig:
    """Sizes and options; `image` is the side that `grid` and the model folder speak of, the network takes others too.

    `dim` is the first stage's width and doubles with each stage. `attention`: global, window, shifted-window, linear
    or multi-scale-linear. `relative_bias`: a table for each block of the window kinds. `mlp`: plain, or depthwise with
    a 3x3 convolution for each channel between its layers.
    """

    image: int = 64
    channels: int = 3
    patch: int = 4
    dim: int = 64
    depths: list[int] = field(default_factory=lambda: [2, 4])
    heads: list[int] = field(default_factory=lambda: [2, 4])
    window: int = 4
    attention: str = "shifted-window"
    relative_bias: bool = True
    positions: str = "none"
    mlp: str = "plain"
    mlp_ratio: float = 4
    classes: int = 1000
    qkv_bias: bool = True
    norm_eps: float = 1e-5
    gelu: str = "erf"

    def __post_init__(self) -> None:
        check_choice("attention", self.attention, KINDS)
        check_choice("positions", self.positions, ("none", "sincos2d"))
        check_choice("mlp", self.mlp, ("plain", "depthwise"))
        check_choice("gelu", self.gelu, ("erf", "tanh"))
        if not self.depths or len(self.depths) != len(self.heads) or min(self.depths) < 1:
            raise TrainingError(
                f"depths {self.depths} and heads {self.heads} do not fit; give a number of blocks and of heads a stage."
            )
        for shape in self.stages:
            if shape.dim % shape.heads:
                raise TrainingError(
                    f"dim {shape.dim} is not divisible by heads {shape.heads}; choose heads that divide it."
                )
        if self.relative_bias and not self.windowed:
            raise TrainingError(f"relative_bias needs windows, and attention is '{self.attention}'; set it to false.")
        if self.positions == "sincos2d" and self.dim % 4:
            raise TrainingError(f"dim {self.dim} is not divisible by 4, which sincos2d needs; choose another.")
        self.check_side(self.image)

    @property
    def windowed(self) -> bool:
        """Whether attention stays inside of windows."""
        return self.attention in WINDOW_KINDS

    @property
    def grid(self) -> int:
        """Tokens along a side of the first stage, for pictures of `image` pixels."""
        return self.image // self.patch

    @property
    def stages(self) -> list[StageShape]:
        """Widths and heads, stage by stage."""
        return [
            StageShape(
                self.dim * 2**s, heads, int(self.dim * 2**s * self.mlp_ratio), self.qkv_bias, self.norm_eps, self.gelu
            )
            for s, heads in enumerate(self.heads)
        ]

    def check_side(self, side: int) -> None:
        """Raises TrainingError where pictures of that side cannot be cut into patches, merged patches and windows."""
        step = self.patch * 2 ** (len(self.depths) - 1) * (self.window if self.windowed else 1)
        if side % step:
            windows = f" and windows of {self.window}" if self.windowed else ""
            raise TrainingError(
                f"image {side} does not hold whole patches of {self.patch}{windows} in {len(self.depths)} stages; "
                f"choose a multiple of {step}."
            )

    def window_of(self, grid: int, block: int) -> tuple[int, int]:
        """(window, shift) of a block number in a stage of that grid.

        Where the grid is no larger than the window, the window is the grid, not shifted. 0, 0 without windows.
        """
        if not self.windowed:
            return 0, 0
        if grid <= self.window:
            return grid, 0
        return self.window, self.window // 2 if self.attention == "shifted-window" and block % 2 else 0

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> SwinConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "Swin")


def multiply_adds(cfg: SwinConfig, side: int | None = None) -> int:
    """Multiply-adds of one picture of that side: every matrix product and convolution, nothing else."""
    side = side or cfg.image
    cfg.check_side(side)
    grid = side // cfg.patch
    total = grid**2 * cfg.channels * cfg.patch**2 * cfg.dim
    for s, (shape, depth) in enumerate(zip(cfg.stages, cfg.depths, strict=True)):
        d, m, each = shape.dim, shape.mlp, shape.dim // shape.heads
        if s:
            grid //= 2
            total += grid**2 * 2 * d * d  # 4 (D/2) to D
        for block in range(depth):
            window, _ = cfg.window_of(grid, block)
            if cfg.attention in LINEAR_KINDS:
                scales = 2 if cfg.attention == "multi-scale-linear" else 1
                token = 3 * d * d + scales * d * (d + 2 * each + 1)
                token += (scales - 1) * 3 * d * (25 + each)
            else:
                token = 4 * d * d + 2 * d * (window or grid) ** 2
            token += 2 * d * m + (9 * m if cfg.mlp == "depthwise" else 0)
            total += grid**2 * token
    return total + cfg.stages[-1].dim * cfg.classes
