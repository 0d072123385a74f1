"""CLIP: a picture tower and a text tower that meet in one space.

Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision", arXiv 2103.00020,
sections 2.3 to 2.5 and figure 3. The picture tower is the ViT of vit.py with timm's names; the text tower is named as
in OpenAI's code where it has the same parts, its blocks as timm's. Unlike there, GELU is the exact one, and no
LayerNorm stands before the picture tower's blocks.

B batch, T tokens, L texts, D width, E the space's dimensions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import Block, Capture, check_sizes, from_json, keep, to_json
from training.models.resize import pi_resize, resize_positions
from training.models.vit import ViT, ViTConfig

FIRST_SCALE, LARGEST_SCALE = math.log(1 / 0.07), math.log(100)
END = 2  # the id of <end>, see data/text/tokenizer.py


@dataclass(frozen=True)
class TextConfig:
    """What the text tower's blocks must know: see blocks.BlockShape."""

    dim: int
    depth: int
    heads: int
    mlp: int
    norm_eps: float
    qkv_bias: bool = True
    gelu: str = "erf"
    layer_scale: bool = False


@dataclass(frozen=True)
class CLIPConfig:
    """Both towers; `embed` is E, `vocabulary` and `context` (T of a text) are the tokenizer's."""

    image: int = 64
    channels: int = 3
    patch: int = 8
    dim: int = 192
    depth: int = 12
    heads: int = 3
    mlp_ratio: float = 4
    norm_eps: float = 1e-6
    vocabulary: int = 4000
    context: int = 24
    text_dim: int = 192
    text_depth: int = 4
    text_heads: int = 3
    embed: int = 128

    def __post_init__(self) -> None:
        check_sizes(self.image, self.patch, self.dim, self.heads)
        if self.text_dim % self.text_heads:
            raise TrainingError(
                f"text_dim {self.text_dim} is not divisible by text_heads {self.text_heads}; "
                "choose heads that divide it."
            )

    @property
    def visual(self) -> ViTConfig:
        """The picture tower; positions are added before the CLS token, as vit-flexi has it."""
        return ViTConfig(
            self.image, self.channels, self.patch, self.dim, self.depth, self.heads, self.mlp_ratio,
            classes=1, norm_eps=self.norm_eps, cls_position=False,
        )  # fmt: skip

    @property
    def text(self) -> TextConfig:
        """The text tower."""
        mlp = int(self.text_dim * self.mlp_ratio)
        return TextConfig(self.text_dim, self.text_depth, self.text_heads, mlp, self.norm_eps)

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> CLIPConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "CLIP")


class PictureTower(ViT):
    """The ViT without its head, and a projection without bias."""

    def __init__(self, cfg: CLIPConfig, drop_path: float = 0.0) -> None:
        super().__init__(cfg.visual, drop_path)
        del self.head
        self.proj = nn.Linear(cfg.dim, cfg.embed, bias=False)
        nn.init.normal_(self.proj.weight, std=cfg.dim**-0.5)

    def forward(self, x: Tensor, patch: int | None = None, capture: Capture | None = None) -> Tensor:
        """Pictures [B, C, H, W] in [-1, 1] to [B, E], of any length."""
        keep(capture, "x", x)
        pooled = keep(capture, "pooled", self.pool(self.features(x, patch, capture)))
        return keep(capture, "proj", self.proj(pooled))

    def lower(self, x: Tensor, blocks: int) -> Tensor:
        """Pictures [B, C, H, W] to the tokens [B, T, D] after the first `blocks` blocks."""
        tokens = self.embed(x, self.cfg.patch)
        for block in self.blocks[:blocks]:
            tokens = block(tokens)
        return tokens

    def upper(self, tokens: Tensor, blocks: int) -> Tensor:
        """What `lower` gave for the same number of blocks, to [B, E], of any length.

        Only the class token is read in the end, so that the last MLP is spared the others; without drop path this is
        what `forward` gives.
        """
        if blocks == len(self.blocks):
            return self.project(tokens[:, 0])
        for block in self.blocks[blocks:-1]:
            tokens = block(tokens)
        last = self.blocks[-1]
        assert isinstance(last, Block)
        mixed = tokens + last.ls1(last.attn(last.norm1(tokens), None, ""))
        read = mixed[:, 0]
        return self.project(read + last.ls2(last.mlp(last.norm2(read), None, "")))

    def project(self, read: Tensor) -> Tensor:
        """Class tokens [B, D] to [B, E]."""
        projected: Tensor = self.proj(self.norm(read))
        return projected

    def start(self, vit: ViT) -> None:
        """Take a classifier's weights, its kernel and positions resized (see resize.py).

        Raises TrainingError for one of another width, depth or number of heads.
        """
        own, other = self.cfg, vit.cfg
        for key in ("channels", "dim", "depth", "heads", "mlp_ratio", "pool", "cls_position", "positions", "registers"):
            if getattr(own, key) != getattr(other, key):
                raise TrainingError(
                    f"The picture tower's {key} is {getattr(own, key)}, that of train.start {getattr(other, key)}; "
                    "make them equal or start from nothing."
                )
        state = {key: value.detach().clone() for key, value in vit.state_dict().items() if not key.startswith("head.")}
        state["patch_embed.proj.weight"] = pi_resize(state["patch_embed.proj.weight"], own.patch)
        state["pos_embed"] = resize_positions(state["pos_embed"], own.grid)
        self.load_state_dict({**state, "proj.weight": self.proj.weight.detach().clone()})


class TextTower(nn.Module):
    """A causal transformer; a text's feature is read at its `<end>`, the one token that has seen all of it."""

    def __init__(self, cfg: CLIPConfig) -> None:
        super().__init__()
        dim = cfg.text_dim
        self.token_embedding = nn.Embedding(cfg.vocabulary, dim)
        self.positional_embedding = nn.Parameter(torch.empty(cfg.context, dim))
        self.blocks = nn.ModuleList(Block(cfg.text, causal=True) for _ in range(cfg.text_depth))
        self.ln_final = nn.LayerNorm(dim, eps=cfg.norm_eps)
        self.text_projection = nn.Linear(dim, cfg.embed, bias=False)
        self._initialise(cfg)

    def _initialise(self, cfg: CLIPConfig) -> None:
        """As in OpenAI's code: by the width, and what adds to the residual stream by the depth, too."""
        dim, inward = cfg.text_dim, (2 * cfg.text_depth * cfg.text_dim) ** -0.5
        for name, module in self.blocks.named_modules():
            if isinstance(module, nn.Linear):
                std = dim**-0.5 if name.endswith("qkv") else (2 * dim) ** -0.5 if name.endswith("fc1") else inward
                nn.init.normal_(module.weight, std=std)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        nn.init.normal_(self.positional_embedding, std=0.01)
        nn.init.normal_(self.text_projection.weight, std=dim**-0.5)

    def stream(self, ids: Tensor, capture: Capture | None = None) -> Tensor:
        """Ids int64 [B, T] to the tokens [B, T, D] after the last block."""
        x = keep(capture, "token_embedding", self.token_embedding(ids))
        x = keep(capture, "tokens", x + self.positional_embedding[: ids.shape[1]])
        for index, block in enumerate(self.blocks):
            x = block(x, capture, f"blocks.{index}")
        return x

    def last_hidden_state(self, ids: Tensor) -> Tensor:
        """Ids int64 [B, T] to features [B, T, D] of every token, what text-to-image networks read (see U-ViT, LDM).

        A token has seen those before it alone, so that the first L features are those of the first L ids.
        """
        normed: Tensor = self.ln_final(self.stream(ids))
        return normed

    def forward(self, ids: Tensor, capture: Capture | None = None) -> Tensor:
        """Ids int64 [B, T], T at most the context, each row with an `<end>`, to [B, E], of any length.

        What follows `<end>` changes nothing, for no earlier token sees it.
        """
        x = self.stream(ids, capture)
        if capture is not None:
            keep(capture, "last_hidden_state", self.ln_final(x))
        end = (ids == END).int().argmax(1)
        pooled = keep(capture, "pooled", x[torch.arange(len(x), device=x.device), end])
        normed = keep(capture, "ln_final", self.ln_final(pooled))
        return keep(capture, "text_projection", self.text_projection(normed))


class CLIP(nn.Module):
    """Both towers and the logarithm of the scale that similarities are multiplied by."""

    def __init__(self, cfg: CLIPConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        self.visual = PictureTower(cfg, drop_path)
        self.text = TextTower(cfg)
        self.logit_scale = nn.Parameter(torch.tensor(FIRST_SCALE))

    def pictures(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """Pictures [B, C, H, W] in [-1, 1] to float32 [B, E] of length 1."""
        return keep(capture, "embedding", F.normalize(self.visual(x, capture=capture).float(), dim=-1))

    def texts(self, ids: Tensor, capture: Capture | None = None) -> Tensor:
        """Ids int64 [B, T] to float32 [B, E] of length 1."""
        return keep(capture, "embedding", F.normalize(self.text(ids, capture).float(), dim=-1))

    def scale(self) -> Tensor:
        """What similarities are multiplied by."""
        return self.logit_scale.exp()

    @torch.no_grad()
    def clip_scale(self) -> None:
        """Hold the scale at 100 at most. The value is cut and not the gradient, so that it can come down again."""
        self.logit_scale.clamp_(max=LARGEST_SCALE)

    def forward(self, x: Tensor, ids: Tensor, capture: Capture | None = None) -> Tensor:
        """Logits float32 [B, L] of pictures and texts: the scale times the cosines.

        With `capture` every tensor of the towers is kept under `visual.` and `text.`, and `logits` and `probs`, the
        share of each text in what a picture is said to be.
        """
        seen: Capture = {}
        read: Capture = {}
        pictures = self.pictures(x, None if capture is None else seen)
        texts = self.texts(ids, None if capture is None else read)
        if capture is not None:
            capture |= {f"visual.{name}": value for name, value in seen.items()}
            capture |= {f"text.{name}": value for name, value in {"ids": ids, **read}.items()}
        logits = keep(capture, "logits", self.scale() * pictures @ texts.T)
        keep(capture, "probs", logits.softmax(-1))
        return logits
