"""The configuration of a DETR, and what follows from it.

Source: Carion et al., "End-to-End Object Detection with Transformers" (2020), sections 3.2 and A.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.errors import TrainingError
from training.models.blocks import check_choice, check_sizes, from_json, to_json

PATCHES = "patches"
CNN = "cnn"
STEMS = (PATCHES, CNN)
GROUPS = 8


@dataclass(frozen=True)
class DETRConfig:
    """Sizes and options. A token is a place of the stem's map, one for each stride x stride pixels.

    `stem`: patches (one convolution of stride x stride pixels) or cnn (3x3 convolutions of stride 2, log2(stride) of
    them, each with a group norm of 8 groups and a ReLU, and twice as wide as the one before). `queries` slots are
    filled or stay empty. `classes` does not count "no object", which is the last row of the classifier.

    `positions_at_input`: the sines are added once to the tokens, too. As published they reach queries and keys, so
    that no value tells where it is from, and a box can be placed only because the borders of a ResNet's padded
    convolutions show in its features far inside. A stem of plain patches or of three convolutions does not tell.
    """

    image: int = 96
    channels: int = 3
    stem: str = CNN
    stride: int = 8
    dim: int = 128
    heads: int = 4
    ffn: int = 512
    encoder_depth: int = 3
    decoder_depth: int = 3
    queries: int = 16
    classes: int = 20
    positions_at_input: bool = False
    norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        check_sizes(self.image, self.stride, self.dim, self.heads)
        check_choice("stem", self.stem, STEMS)
        if self.dim % 4:
            raise TrainingError(f"dim {self.dim} is not divisible by 4, as two-dimensional sines need it.")
        if self.stem == CNN and (self.stride < 2 or self.stride & (self.stride - 1)):
            raise TrainingError(f"stride {self.stride} is no power of two, but a cnn stem halves the side each time.")
        if self.stem == CNN and self.widths[0] % GROUPS:
            raise TrainingError(
                f"dim {self.dim} makes the first convolution {self.widths[0]} wide, which {GROUPS} groups do not "
                "divide; use a larger dim or a smaller stride."
            )

    @property
    def grid(self) -> int:
        """Side of the stem's map; the tokens are its square."""
        return self.image // self.stride

    @property
    def widths(self) -> list[int]:
        """Channels after each convolution of the stem; the last has `dim`."""
        count = self.stride.bit_length() - 1 if self.stem == CNN else 1
        return [self.dim >> (count - 1 - i) for i in range(count)]

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> DETRConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "DETR")
