"""DiT: a transformer that denoises, its time and class told to every block by adaptive LayerNorm.

Source: Peebles & Xie 2022, "Scalable Diffusion Models with Transformers" (arXiv 2212.09748), section 3.2
and figure 3; written from the formulas. Parameter names are those of the authors' checkpoints.
B batch, N patches (= tokens), D width, C channels, P = p p C.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from training.models.blocks import (
    Attention,
    Capture,
    Mlp,
    check_choice,
    check_sizes,
    from_json,
    keep,
    sincos2d,
    sinusoid,
    to_json,
    unpatchify,
)
from training.models.uvit import PatchEmbed

PARTS = ("shift_msa", "scale_msa", "gate_msa", "shift_mlp", "scale_mlp", "gate_mlp")


@dataclass(frozen=True)
class DiTConfig:
    """Sizes and options; the only `condition` that is trained here is adaln-zero."""

    image: int = 32
    channels: int = 3
    patch: int = 2
    dim: int = 384
    depth: int = 12
    heads: int = 6
    mlp_ratio: float = 4
    classes: int = 10
    null_class: bool = True
    qkv_bias: bool = True
    norm_eps: float = 1e-6
    gelu: str = "tanh"
    positions: str = "sincos2d"
    time_frequencies: int = 256
    learn_sigma: bool = False
    condition: str = "adaln-zero"

    def __post_init__(self) -> None:
        check_sizes(self.image, self.patch, self.dim, self.heads)
        check_choice("gelu", self.gelu, ("erf", "tanh"))
        check_choice("positions", self.positions, ("sincos2d", "none"))
        check_choice("condition", self.condition, ("adaln-zero",))

    @property
    def grid(self) -> int:
        """Patches along a side."""
        return self.image // self.patch

    @property
    def mlp(self) -> int:
        """Width M of the MLP."""
        return int(self.dim * self.mlp_ratio)

    @property
    def layer_scale(self) -> bool:
        """Never; the gates of adaLN-Zero play that part."""
        return False

    @property
    def out_channels(self) -> int:
        """C, or 2 C with a learned variance."""
        return self.channels * (2 if self.learn_sigma else 1)

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> DiTConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "DiT")


class TimeEmbedder(nn.Module):
    """sinusoid, Linear, SiLU, Linear: t [B] to [B, D]."""

    def __init__(self, dim: int, frequencies: int) -> None:
        super().__init__()
        self.frequencies = frequencies
        self.mlp = nn.Sequential(nn.Linear(frequencies, dim), nn.SiLU(), nn.Linear(dim, dim))

    def forward(self, t: Tensor, capture: Capture | None, name: str = "t_embedder") -> Tensor:
        x = keep(capture, f"{name}.sinusoid", sinusoid(t, self.frequencies))
        x = keep(capture, f"{name}.mlp.0", self.mlp[0](x))
        x = keep(capture, f"{name}.mlp.1", self.mlp[1](x))
        return keep(capture, name, self.mlp[2](x))


class LabelEmbedder(nn.Module):
    """A row for each class and one for none: y [B] to [B, D]."""

    def __init__(self, rows: int, dim: int) -> None:
        super().__init__()
        self.embedding_table = nn.Embedding(rows, dim)

    def forward(self, y: Tensor) -> Tensor:
        rows: Tensor = self.embedding_table(y.long())
        return rows


def modulate(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """(1 + scale) x + shift; x [B, N, D], shift and scale [B, D]."""
    return x * (1 + scale[:, None]) + shift[:, None]


class DiTBlock(nn.Module):
    """x + a1 MHSA((1 + g1) LN(x) + b1), then the same with the MLP; zero at the start, so x to x."""

    def __init__(self, cfg: DiTConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps, elementwise_affine=False)
        self.attn = Attention(cfg)
        self.norm2 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps, elementwise_affine=False)
        self.mlp = Mlp(cfg)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(cfg.dim, 6 * cfg.dim))
        self.drop_path = drop_path

    def drop(self, branch: Tensor) -> Tensor:
        """Stochastic depth: a branch is left out of a sample with probability drop_path."""
        if not self.training or self.drop_path == 0.0:
            return branch
        keep_rate = 1 - self.drop_path
        return branch * (branch.new_empty(branch.shape[0], 1, 1).bernoulli_(keep_rate) / keep_rate)

    def forward(self, x: Tensor, c_silu: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, N, D], SiLU(c) [B, D] to [B, N, D]."""
        values = keep(capture, f"{name}.adaLN_modulation", self.adaLN_modulation[1](c_silu))
        part = {key: keep(capture, f"{name}.{key}", v) for key, v in zip(PARTS, values.chunk(6, -1), strict=True)}
        normed = keep(capture, f"{name}.norm1", self.norm1(x))
        normed = keep(capture, f"{name}.modulated1", modulate(normed, part["shift_msa"], part["scale_msa"]))
        branch = part["gate_msa"][:, None] * self.attn(normed, capture, f"{name}.attn")
        x = x + self.drop(keep(capture, f"{name}.attn.gated", branch))
        keep(capture, f"{name}.attn.residual", x)
        normed = keep(capture, f"{name}.norm2", self.norm2(x))
        normed = keep(capture, f"{name}.modulated2", modulate(normed, part["shift_mlp"], part["scale_mlp"]))
        branch = part["gate_mlp"][:, None] * self.mlp(normed, capture, f"{name}.mlp")
        x = x + self.drop(keep(capture, f"{name}.mlp.gated", branch))
        return keep(capture, name, x)


class FinalLayer(nn.Module):
    """LN, shift and scale by c, Linear to the pixels; zero at the start."""

    def __init__(self, cfg: DiTConfig) -> None:
        super().__init__()
        self.norm_final = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps, elementwise_affine=False)
        self.linear = nn.Linear(cfg.dim, cfg.patch**2 * cfg.out_channels)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(cfg.dim, 2 * cfg.dim))

    def forward(self, x: Tensor, c_silu: Tensor, capture: Capture | None) -> Tensor:
        """x [B, N, D], SiLU(c) [B, D] to [B, N, p p C']."""
        name = "final_layer"
        values = keep(capture, f"{name}.adaLN_modulation", self.adaLN_modulation[1](c_silu))
        shift, scale = values.chunk(2, dim=-1)
        keep(capture, f"{name}.shift", shift)
        keep(capture, f"{name}.scale", scale)
        normed = keep(capture, f"{name}.norm", self.norm_final(x))
        normed = keep(capture, f"{name}.modulated", modulate(normed, shift, scale))
        return keep(capture, f"{name}.linear", self.linear(normed))


class DiT(nn.Module):
    """Predicts x0, eps, v or u (as trained) of a noisy picture, and a variance if `learn_sigma`."""

    def __init__(self, cfg: DiTConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        self.x_embedder = PatchEmbed(cfg.channels, cfg.dim, cfg.patch)
        self.t_embedder = TimeEmbedder(cfg.dim, cfg.time_frequencies)
        if cfg.classes:
            self.y_embedder = LabelEmbedder(cfg.classes + int(cfg.null_class), cfg.dim)
        self.register_buffer("positions", sincos2d(cfg.grid, cfg.dim)[None], persistent=False)
        rates = [drop_path * i / max(cfg.depth - 1, 1) for i in range(cfg.depth)]
        self.blocks = nn.ModuleList(DiTBlock(cfg, rate) for rate in rates)
        self.final_layer = FinalLayer(cfg)
        self._initialise()

    def _initialise(self) -> None:
        """Source: the paper's section 4, "Training": Xavier linears, sigma 0.02 embeddings, zero gates."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias) if module.bias is not None else None
        nn.init.xavier_uniform_(self.x_embedder.proj.weight.data.view(self.cfg.dim, -1))
        nn.init.zeros_(self.x_embedder.proj.bias)  # type: ignore[arg-type]
        if self.cfg.classes:
            nn.init.normal_(self.y_embedder.embedding_table.weight, std=0.02)
        for index in (0, 2):
            nn.init.normal_(self.t_embedder.mlp[index].weight, std=0.02)  # type: ignore[arg-type]
        zero = [block.adaLN_modulation[1] for block in self.blocks]  # type: ignore[index]
        for layer in (*zero, self.final_layer.adaLN_modulation[1], self.final_layer.linear):
            nn.init.zeros_(layer.weight)  # type: ignore[arg-type, union-attr]
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type, union-attr]

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None, capture: Capture | None = None) -> Tensor:
        """The prediction [B, C, H, W] for noisy pictures x [B, C, H, W].

        t [B]: network time (after the time convention); y [B]: class indices, K for "no class".
        With `capture`, a dict, every tensor that the browser's graph names is put in it.
        """
        for name, value in (("x", x), ("t", t), ("y", y)):
            if value is not None:
                keep(capture, name, value.float())
        tokens = self.x_embedder(x, capture, "x_embedder")
        if self.cfg.positions == "sincos2d":
            tokens = tokens + self.positions
        keep(capture, "tokens", tokens)
        c = self.t_embedder(t, capture)
        if self.cfg.classes:
            if y is None:
                raise ValueError("This DiT is class-conditional; give it y, the null class for none.")
            c = c + keep(capture, "y_embedder", self.y_embedder(y))
        c_silu = keep(capture, "c_silu", nn.functional.silu(keep(capture, "c", c)))
        for index, block in enumerate(self.blocks):
            tokens = block(tokens, c_silu, capture, f"blocks.{index}")
        values = self.final_layer(tokens, c_silu, capture)
        image = keep(capture, "unpatchify", unpatchify(values, self.cfg.patch, self.cfg.out_channels))
        if self.cfg.learn_sigma:
            keep(capture, "variance", image[:, self.cfg.channels :])
        return keep(capture, "prediction", image[:, : self.cfg.channels])
