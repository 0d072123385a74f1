"""Sections of a configuration that one task alone reads: what it is taught, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from training.errors import TrainingError


@dataclass(frozen=True)
class ContrastConfig:
    """Pairs of pictures and words. `photos`: their share of a batch; `classes`: the weight of their class by its name.

    How often a text is Chinese, is the name and no keyword, is a sentence (`template`), or names the style, too.
    Signs are turned by up to `turn` degrees, drawn up to `zoom` larger or smaller, moved by up to `move` of their side,
    and a share `paper` of them lies on coloured paper. The picture tower's first `frozen` blocks stay as they began; a
    sign then has `views` views, a photo a quarter of them, kept in memory (see tasks/frozen.py). With 0 all learn.
    """

    photos: float = 0.4
    classes: float = 1.0
    chinese: float = 0.5
    name: float = 0.6
    template: float = 0.4
    style: float = 0.1
    turn: float = 12.0
    zoom: float = 0.2
    move: float = 0.08
    paper: float = 0.5
    frozen: int = 0
    views: int = 12

    def __post_init__(self) -> None:
        if self.frozen < 0 or self.views < 1:
            raise TrainingError("[contrast] frozen counts blocks from 0, views are at least 1.")
        for key in ("photos", "chinese", "name", "template", "style", "paper"):
            if not 0 <= getattr(self, key) <= 1:
                raise TrainingError(f"[contrast] {key} is {getattr(self, key)}; use a share from 0 to 1.")
        if not 0 <= self.zoom < 1:
            raise TrainingError(f"[contrast] zoom is {self.zoom}; use a share from 0 to below 1.")


@dataclass(frozen=True)
class MaskConfig:
    """What a masked autoencoder learns beside He et al.'s square error; with both weights 0 nothing.

    `edges` weighs the absolute error of neighbouring pixels' differences, `features` the square error of the features
    that the exported ViT in the folder `judge` has after its `blocks` at `patch`. See tasks/painting.py.
    """

    edges: float = 0.0
    features: float = 0.0
    judge: str = "models/vit-flexi"
    patch: int = 16
    blocks: list[int] = field(default_factory=lambda: [3, 6, 9])

    def __post_init__(self) -> None:
        if self.edges < 0 or self.features < 0:
            raise TrainingError("[mask] edges and features are weights; use 0 or more.")
        if self.features and (not self.blocks or min(self.blocks) < 1):
            raise TrainingError("[mask] blocks names no block; use numbers from 1 up.")


@dataclass(frozen=True)
class LatentConfig:
    """What a painter from words stands on: model folders of its autoencoder (a vq where it makes codes) and of the CLIP
    whose text tower it reads; a residual MLP also on its `generator` of codes.

    A generator of codes sees each sign in so many `views`, the first as it is, the others as `[contrast]` says (turn,
    zoom, move, paper), and all of them mirrored as often as `[augment] flip` says. Style and text are both left out as
    often as `[diffusion] class_drop` says, and besides the style alone with `style_drop`, the text alone with
    `text_drop`. Which texts are drawn: `[contrast]` chinese, name, template, style.
    """

    autoencoder: str = "models/kl-f8"
    text: str = "models/clip"
    generator: str = "models/scales-words"
    views: int = 1
    style_drop: float = 0.1
    text_drop: float = 0.05

    def __post_init__(self) -> None:
        for key in ("style_drop", "text_drop"):
            if not 0 <= getattr(self, key) <= 0.5:
                raise TrainingError(f"[latent] {key} is {getattr(self, key)}; use a share from 0 to 0.5.")
        if self.views < 1:
            raise TrainingError(f"[latent] views is {self.views}; use 1 or more.")


@dataclass(frozen=True)
class DetectionConfig:
    """What a DETR learns: the weights of its loss and of its matching, and what helps in training alone.

    `empty`: how much "no object" counts in the cross-entropy. `class_cost`: the weight of the class in the matching;
    `box` (L1) and `giou` weigh both there and in the loss. `groups` of queries learn side by side, the first is kept.
    `dense`: the weight of a head on the encoder's tokens (0: none). `places` above 0: queries begin
    as the sines of places and look around them so sharply (see begin_at_places); with 0 at random, as published.
    """

    empty: float = 0.1
    class_cost: float = 1.0
    box: float = 5.0
    giou: float = 2.0
    groups: int = 4
    dense: float = 1.0
    places: float = 0.0

    def __post_init__(self) -> None:
        if self.groups < 1:
            raise TrainingError(f"[detection] groups is {self.groups}; use 1 or more.")
        for key in ("empty", "class_cost", "box", "giou", "dense", "places"):
            if getattr(self, key) < 0:
                raise TrainingError(f"[detection] {key} is a weight; use 0 or more.")


@dataclass(frozen=True)
class AutoencodeConfig:
    """What an autoencoder learns beside the absolute error of its pixels. Shares are of a batch or of its signs.

    `photos`: their share; `whole`: how many signs are taken as they are, the others as `[contrast]` says (turn, zoom,
    move, paper). `features` weighs the square error of the features that the exported ViT in the folder `judge` has
    after its `blocks` at `patch`. `kl`: the weight of the divergence from N(0, 1), a latent number. `codebook` weighs
    the square error of the codes, and `commitment` that of the encoder, as a share of it. A code that is used `restart`
    times as rarely as the mean, or less, is replaced. A share `continuous` of the pictures is decoded from latents that
    are not codes, so that what codes leave out can be given back (HART, Tang et al. 2024, section 3.2).
    """

    photos: float = 0.25
    whole: float = 0.5
    features: float = 0.0
    judge: str = "models/vit-flexi"
    patch: int = 16
    blocks: list[int] = field(default_factory=lambda: [3, 6])
    kl: float = 5e-4
    codebook: float = 1.0
    commitment: float = 0.25
    restart: float = 0.1
    continuous: float = 0.0

    def __post_init__(self) -> None:
        for key in ("features", "kl", "codebook", "commitment", "restart"):
            if getattr(self, key) < 0:
                raise TrainingError(f"[autoencode] {key} is a weight; use 0 or more.")
        if not 0 <= self.photos < 1 or not 0 <= self.whole <= 1 or not 0 <= self.continuous < 1:
            raise TrainingError(
                "[autoencode] photos, whole and continuous are shares; use 0 to 1, photos and continuous below 1."
            )
        if self.features and (not self.blocks or min(self.blocks) < 1):
            raise TrainingError("[autoencode] blocks names no block; use numbers from 1 up.")
