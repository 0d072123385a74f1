"""U-ViT: a ViT that denoises, with time and class as tokens and long skips between its halves.

Source: Bao et al. 2022, "All are Worth Words: A ViT Backbone for Diffusion Models" (arXiv 2209.12152),
figure 1 and section 3; parameter names are those of the authors' checkpoints.
B batch, N patches, T tokens = extras + N, D width, K classes, P = p p C, L text tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from training.models.blocks import (
    Block,
    Capture,
    check_choice,
    check_sizes,
    from_json,
    keep,
    patchify,
    sincos2d,
    sinusoid,
    to_json,
    unpatchify,
)

SKIPS = ("concat", "add", "project-add", "add-project", "none")


@dataclass(frozen=True)
class UViTConfig:
    """Sizes and options. `depth` is even and gives depth + 1 blocks; `classes` 0 is unconditional.

    `context_tokens` L above 0: so many text tokens stand between time and patches, a linear layer of features that are
    `context_dim` wide (the authors' text-to-image network has 77 of CLIP's, 768 wide, and masks none of them).
    """

    image: int = 32
    channels: int = 3
    patch: int = 2
    dim: int = 512
    depth: int = 12
    heads: int = 8
    mlp_ratio: float = 4
    classes: int = 10
    null_class: bool = True
    qkv_bias: bool = False
    norm_eps: float = 1e-5
    gelu: str = "erf"
    positions: str = "learned"
    skip: str = "concat"
    conv: bool = True
    time_mlp: bool = False
    context_tokens: int = 0
    context_dim: int = 768

    def __post_init__(self) -> None:
        check_sizes(self.image, self.patch, self.dim, self.heads)
        check_choice("gelu", self.gelu, ("erf", "tanh"))
        check_choice("positions", self.positions, ("learned", "sincos2d", "none"))
        check_choice("skip", self.skip, SKIPS)

    @property
    def half(self) -> int:
        """n: blocks before, and after, the middle one."""
        return self.depth // 2

    @property
    def grid(self) -> int:
        """Patches along a side."""
        return self.image // self.patch

    @property
    def extras(self) -> int:
        """Tokens before the patches: the label (if any), the time and the text's."""
        return 1 + int(self.classes > 0) + self.context_tokens

    @property
    def mlp(self) -> int:
        """Width M of the MLP."""
        return int(self.dim * self.mlp_ratio)

    @property
    def layer_scale(self) -> bool:
        """Never; blocks ask."""
        return False

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> UViTConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "U-ViT")


class PatchEmbed(nn.Module):
    """The linear projection of flattened patches, stored as a convolution kernel."""

    def __init__(self, channels: int, dim: int, patch: int) -> None:
        super().__init__()
        self.patch = patch
        self.proj = nn.Conv2d(channels, dim, patch, patch)

    def forward(self, x: Tensor, capture: Capture | None, name: str = "patch_embed") -> Tensor:
        """x [B, C, H, W] to [B, N, D], kept under `name`."""
        patches = keep(capture, "patches", patchify(x, self.patch))
        return keep(capture, name, nn.functional.linear(patches, self.proj.weight.flatten(1), self.proj.bias))


class OutBlock(Block):
    """A block that first takes in the output of its partner among the in-blocks."""

    def __init__(self, cfg: UViTConfig, drop_path: float = 0.0) -> None:
        super().__init__(cfg, drop_path)
        self.kind = cfg.skip
        if cfg.skip in ("concat", "project-add", "add-project"):
            self.skip_linear = nn.Linear(cfg.dim * (2 if cfg.skip == "concat" else 1), cfg.dim)

    def join(self, x: Tensor, skip: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x and skip [B, T, D] to [B, T, D]; source: the paper's section 3.1, "long skip connections"."""
        if self.kind == "none":
            return x
        keep(capture, f"{name}.skip", skip)
        if self.kind == "concat":
            both = keep(capture, f"{name}.skip_cat", torch.cat([x, skip], dim=-1))
            return keep(capture, f"{name}.skip_linear", self.skip_linear(both))
        if self.kind == "project-add":
            skip = keep(capture, f"{name}.skip_linear", self.skip_linear(skip))
        x = keep(capture, f"{name}.skip_add", x + skip)
        if self.kind == "add-project":
            x = keep(capture, f"{name}.skip_linear", self.skip_linear(x))
        return x


class UViT(nn.Module):
    """Predicts x0, eps, v or u (as trained) of a noisy picture."""

    def __init__(self, cfg: UViTConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        dim = cfg.dim
        self.patch_embed = PatchEmbed(cfg.channels, dim, cfg.patch)
        if cfg.time_mlp:
            self.time_embed = nn.Sequential(nn.Linear(dim, 4 * dim), nn.SiLU(), nn.Linear(4 * dim, dim))
        if cfg.classes:
            self.label_emb = nn.Embedding(cfg.classes + int(cfg.null_class), dim)
        if cfg.context_tokens:
            self.context_embed = nn.Linear(cfg.context_dim, dim)
        count = cfg.extras + cfg.grid**2
        self.pos_embed = nn.Parameter(torch.zeros(1, count, dim)) if cfg.positions == "learned" else None
        if cfg.positions == "sincos2d":
            table = torch.cat([torch.zeros(cfg.extras, dim), sincos2d(cfg.grid, dim)])
            self.positions: Tensor
            self.register_buffer("positions", table[None], persistent=False)
        rates = [drop_path * i / max(cfg.depth, 1) for i in range(cfg.depth + 1)]
        n = cfg.half
        self.in_blocks = nn.ModuleList(Block(cfg, rates[i]) for i in range(n))
        self.mid_block = Block(cfg, rates[n])
        self.out_blocks = nn.ModuleList(OutBlock(cfg, rates[n + 1 + i]) for i in range(n))
        self.norm = nn.LayerNorm(dim, eps=cfg.norm_eps)
        self.decoder_pred = nn.Linear(dim, cfg.patch**2 * cfg.channels)
        self.final_layer = nn.Conv2d(cfg.channels, cfg.channels, 3, padding=1) if cfg.conv else None
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        if self.pos_embed is not None:
            nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def embed(self, x: Tensor, t: Tensor, y: Tensor | None, context: Tensor | None, capture: Capture | None) -> Tensor:
        """[label, time, text, patches] with positions: [B, T, D]."""
        patches = self.patch_embed(x, capture)
        time = keep(capture, "timestep_embedding", sinusoid(t, self.cfg.dim))
        if self.cfg.time_mlp:
            for index, layer in enumerate(self.time_embed):
                time = keep(capture, f"time_embed.{index}", layer(time))
        extras = [keep(capture, "time_token", time[:, None])]
        if self.cfg.classes:
            if y is None:
                raise ValueError("This U-ViT is class-conditional; give it y, the null class for none.")
            extras.insert(0, keep(capture, "label_token", self.label_emb(y.long())[:, None]))
        if self.cfg.context_tokens:
            if context is None or context.shape[1:] != (self.cfg.context_tokens, self.cfg.context_dim):
                raise ValueError(
                    f"This U-ViT reads {self.cfg.context_tokens} text tokens of {self.cfg.context_dim} values; give it "
                    "context of that shape, an empty text's for none."
                )
            extras.append(keep(capture, "context_tokens", self.context_embed(context)))
        tokens = keep(capture, "token_cat", torch.cat([*extras, patches], dim=1))
        if self.pos_embed is not None:
            tokens = tokens + self.pos_embed
        elif self.cfg.positions == "sincos2d":
            tokens = tokens + self.positions
        return keep(capture, "tokens", tokens)

    def forward(
        self,
        x: Tensor,
        t: Tensor,
        y: Tensor | None = None,
        capture: Capture | None = None,
        context: Tensor | None = None,
    ) -> Tensor:
        """The prediction [B, C, H, W] for noisy pictures x [B, C, H, W].

        t [B]: network time (after the time convention); y [B]: class indices, K for "no class"; context [B, L, Dc]:
        features of each text's tokens, see `context_tokens`.
        With `capture`, a dict, every tensor that the browser's graph names is put in it.
        """
        for name, value in (("x", x), ("t", t), ("y", y), ("context", context)):
            if value is not None:
                keep(capture, name, value.float())
        tokens = self.embed(x, t, y, context, capture)
        stack: list[Tensor] = []
        for index, block in enumerate(self.in_blocks):
            tokens = block(tokens, capture, f"in_blocks.{index}")
            stack.append(tokens)
        tokens = self.mid_block(tokens, capture, "mid_block")
        for index, block in enumerate(self.out_blocks):
            name = f"out_blocks.{index}"
            assert isinstance(block, OutBlock)
            tokens = block(block.join(tokens, stack.pop(), capture, name), capture, name)
        tokens = keep(capture, "norm", self.norm(tokens))
        values = keep(capture, "decoder_pred", self.decoder_pred(tokens))
        values = keep(capture, "patch_pred", values[:, self.cfg.extras :])
        image = keep(capture, "unpatchify", unpatchify(values, self.cfg.patch, self.cfg.channels))
        if self.final_layer is not None:
            image = keep(capture, "final_layer", self.final_layer(image))
        return keep(capture, "prediction", image)
