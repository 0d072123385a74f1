"""The configuration of a video transformer, and what follows from it.

Source: Arnab et al., "ViViT: A Video Vision Transformer" (2021), sections 3.2 and 3.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.errors import TrainingError
from training.models.blocks import check_choice, check_sizes, from_json, to_json

JOINT = "joint"
ENCODER = "factorised-encoder"
SELF_ATTENTION = "factorised-self-attention"
DOT_PRODUCT = "factorised-dot-product"
KINDS = (JOINT, ENCODER, SELF_ATTENTION, DOT_PRODUCT)


@dataclass(frozen=True)
class ViViTConfig:
    """Sizes and options. A clip has `frames` frames; a token is a tubelet of `tubelet` frames and patch x patch pixels.

    `attention`: joint (the paper's model 1), factorised-encoder (2), factorised-self-attention (3) or
    factorised-dot-product (4). `temporal_depth`: blocks over time after those over space, for model 2 alone. Models
    1 and 2 have CLS tokens, 3 and 4 the mean over all tokens.
    """

    frames: int = 8
    image: int = 64
    channels: int = 3
    tubelet: int = 2
    patch: int = 8
    dim: int = 128
    depth: int = 6
    temporal_depth: int = 2
    heads: int = 4
    mlp_ratio: float = 4
    classes: int = 12
    attention: str = JOINT
    qkv_bias: bool = True
    norm_eps: float = 1e-6
    gelu: str = "erf"

    def __post_init__(self) -> None:
        check_sizes(self.image, self.patch, self.dim, self.heads)
        check_choice("attention", self.attention, KINDS)
        check_choice("gelu", self.gelu, ("erf", "tanh"))
        if self.frames % self.tubelet:
            raise TrainingError(
                f"frames {self.frames} is not divisible by tubelet {self.tubelet}; choose a length that divides it."
            )
        if self.attention == DOT_PRODUCT and self.heads % 2:
            raise TrainingError(
                f"heads {self.heads} is odd; factorised-dot-product gives half of them to time, so use an even number."
            )

    @property
    def times(self) -> int:
        """How many tubelets lie behind one another, n_t."""
        return self.frames // self.tubelet

    @property
    def grid(self) -> int:
        """Side of the grid of patches; n_s is its square."""
        return self.image // self.patch

    @property
    def places(self) -> int:
        """Tokens of one time, n_s."""
        return self.grid**2

    @property
    def mlp(self) -> int:
        """Width M of the MLP."""
        return int(self.dim * self.mlp_ratio)

    @property
    def layer_scale(self) -> bool:
        """What blocks.py asks of a model; none here has it."""
        return False

    @property
    def has_cls(self) -> bool:
        """Whether tokens begin with a CLS token: models 3 and 4 reshape all tokens, so that it had no place."""
        return self.attention in (JOINT, ENCODER)

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ViViTConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "ViViT")
