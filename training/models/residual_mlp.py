"""What codes leave out, given back by a small network that denoises each place by itself.

Sources: Tang et al. 2024, "HART" (arXiv 2410.10812), section 3.2 (codes and a continuous residual); Li et al. 2024,
"Autoregressive Image Generation without Vector Quantization" (arXiv 2406.11838), section 3.2 and appendix, whose names
the parameters have. B batch, N places, E width of a latent, H width of the generator, W width, F frequencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn.functional import silu

from training.errors import TrainingError
from training.models.blocks import Capture, from_json, keep, to_json
from training.models.dit import TimeEmbedder


@dataclass(frozen=True)
class ResidualMLPConfig:
    """Sizes. `latent` E and `grid` are the tokenizer's, `codes` K its codebook, `hidden` H the width of the generator.

    `residual_scale` is one over the deviation of the residual of the training pictures; the network works on residuals
    times this number. It is measured, and is 1 before.
    """

    latent: int = 8
    grid: int = 8
    codes: int = 512
    hidden: int = 192
    width: int = 256
    depth: int = 3
    time_frequencies: int = 256
    residual_scale: float = 1.0

    def __post_init__(self) -> None:
        if min(self.latent, self.grid, self.codes, self.hidden, self.width, self.depth) < 1:
            raise TrainingError("latent, grid, codes, hidden, width and depth count from 1.")
        if self.time_frequencies % 2 or self.residual_scale <= 0:
            raise TrainingError("time_frequencies is even, and residual_scale is above 0.")

    @property
    def places(self) -> int:
        """N: places of the grid."""
        return self.grid**2

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ResidualMLPConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "residual MLP")


class ResBlock(nn.Module):
    """x + a MLP((1 + g) LN(x) + b), where b, g and a are told by the condition of each place."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.in_ln = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 3 * width))

    def forward(self, x: Tensor, c_silu: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x and SiLU(c) [B, N, W] to [B, N, W]."""
        told = keep(capture, f"{name}.adaLN_modulation", self.adaLN_modulation[1](c_silu))
        shift, scale, gate = told.chunk(3, -1)
        h = keep(capture, f"{name}.norm", self.in_ln(x))
        h = keep(capture, f"{name}.modulated", h * (1 + scale) + shift)
        for index, layer in enumerate(self.mlp):
            h = keep(capture, f"{name}.mlp.{index}", layer(h))
        return keep(capture, name, x + keep(capture, f"{name}.gated", gate * h))


class FinalLayer(nn.Module):
    """LN, shift and scale by c, Linear; zero at the start."""

    def __init__(self, cfg: ResidualMLPConfig) -> None:
        super().__init__()
        self.norm_final = nn.LayerNorm(cfg.width, eps=1e-6, elementwise_affine=False)
        self.linear = nn.Linear(cfg.width, cfg.latent)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(cfg.width, 2 * cfg.width))

    def forward(self, x: Tensor, c_silu: Tensor, capture: Capture | None) -> Tensor:
        """x and SiLU(c) [B, N, W] to [B, N, E]."""
        told = keep(capture, "final_layer.adaLN_modulation", self.adaLN_modulation[1](c_silu))
        shift, scale = told.chunk(2, -1)
        h = keep(capture, "final_layer.norm", self.norm_final(x))
        h = keep(capture, "final_layer.modulated", h * (1 + scale) + shift)
        return keep(capture, "prediction", self.linear(h))


class ResidualMLP(nn.Module):
    """Predicts x0, eps, v or u (as trained) of the noisy residual of each place, told what the generator made of it."""

    def __init__(self, cfg: ResidualMLPConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.input_proj = nn.Linear(cfg.latent, cfg.width)
        self.time_embed = TimeEmbedder(cfg.width, cfg.time_frequencies)
        self.cond_embed = nn.Linear(cfg.hidden, cfg.width)
        self.code_embed = nn.Embedding(cfg.codes, cfg.width)
        self.res_blocks = nn.ModuleList(ResBlock(cfg.width) for _ in range(cfg.depth))
        self.final_layer = FinalLayer(cfg)
        self._initialise()

    def _initialise(self) -> None:
        """As MAR's code: Xavier linears, 0.02 for the time's and the codes', zero gates and last layer."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        for table in (self.time_embed.mlp[0], self.time_embed.mlp[2], self.code_embed):
            nn.init.normal_(table.weight, std=0.02)  # type: ignore[arg-type]
        told = [block.adaLN_modulation[1] for block in self.res_blocks]  # type: ignore[index]
        for layer in (*told, self.final_layer.adaLN_modulation[1], self.final_layer.linear):
            nn.init.zeros_(layer.weight)  # type: ignore[arg-type, union-attr]
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type, union-attr]

    def forward(self, x: Tensor, t: Tensor, hidden: Tensor, codes: Tensor, capture: Capture | None = None) -> Tensor:
        """The prediction [B, N, E] for noisy residuals x [B, N, E] at network times t [B].

        hidden [B, N, H]: what the generator's last norm gave at the last scale; codes [B, N]: those drawn there.
        """
        for name, value in (("x", x), ("t", t), ("hidden", hidden), ("codes", codes)):
            keep(capture, name, value.float())
        time = self.time_embed(t, capture, "time_embed")
        told = keep(capture, "cond_embed", self.cond_embed(hidden))
        entry = keep(capture, "code_embed", self.code_embed(codes.long()))
        c = keep(capture, "c", time[:, None] + told + entry)
        c_silu = keep(capture, "c_silu", silu(c))
        h = keep(capture, "input_proj", self.input_proj(x))
        for index, block in enumerate(self.res_blocks):
            h = block(h, c_silu, capture, f"res_blocks.{index}")
        found: Tensor = self.final_layer(h, c_silu, capture)
        return found
