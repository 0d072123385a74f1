"""Contrast of pictures and words: every picture of a batch against every text of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import Config
from training.data.augment import augment
from training.data.emoji.pack import EmojiSet
from training.data.pairs import make_words
from training.data.pictures import Label, PictureSet
from training.data.signs import draw_signs
from training.data.text.templates import LANGUAGES, PHOTO, Language
from training.data.text.tokenizer import PAD, Tokenizer
from training.errors import TrainingError
from training.models.clip import CLIP, CLIPConfig
from training.tasks.base import Batch, Parts, Rows, Task
from training.tasks.distil.soft_labels import divergence
from training.tasks.frozen import FrozenViews, freeze
from training.tasks.retrieval import among, averaged, embed_pictures, embed_texts

AMONG = 100


def soft_cross_entropy(logits: Tensor, true: Tensor) -> Tensor:
    """Mean over the rows that have a true column; the target is shared equally by those.

    The logits of other columns may be minus infinity.
    """
    share = true.float() / true.sum(1, keepdim=True).clamp(min=1)
    logs = logits.log_softmax(-1).masked_fill(~true, 0.0)
    return -(share * logs).sum() / true.any(1).sum()


def contrast_loss(logits: Tensor, true: Tensor, neither: Tensor) -> Tensor:
    """Symmetric cross-entropy of logits [B, B], pictures down and texts across.

    Each row's and column's target is shared by all that is true of it (Yang et al. 2022, "Unified Contrastive Learning
    in Image-Text-Label Space", arXiv 2204.03610), and what is neither true nor false takes no part. With the diagonal
    alone true this is Radford et al. 2021, figure 3.
    """
    left = logits.masked_fill(neither, float("-inf"))
    return (soft_cross_entropy(left, true) + soft_cross_entropy(left.T, true.T)) / 2


class Contrast(Task):
    """Signs and photos in fixed shares of a batch, with a text each; photos also against the names of all classes.

    `logits`: a teacher's, float [n, K] in the order of the training photos. `photos` None: signs alone.
    """

    def __init__(
        self,
        config: Config,
        emoji: EmojiSet,
        photos: PictureSet | None,
        val: PictureSet | None,
        labels: list[Label],
        tokenizer: Tokenizer,
        device: torch.device,
        logits: np.ndarray | None = None,
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, CLIPConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture clip.")
        if (len(tokenizer), tokenizer.context) != (cfg.vocabulary, cfg.context):
            raise TrainingError(
                f"{config.source} [model] has vocabulary {cfg.vocabulary} and context {cfg.context}, the tokenizer "
                f"{len(tokenizer)} and {tokenizer.context}; set them so."
            )
        torch.manual_seed(config.seed)
        super().__init__(config, CLIP(cfg, config.train.drop_path), device)
        self.cfg, self.emoji, self.photos, self.val = cfg, emoji, photos, val
        self.words = make_words(emoji, labels)
        self.encode = lru_cache(maxsize=100_000)(tokenizer.encode)
        self.logits = None if logits is None else torch.from_numpy(np.array(logits))
        self.signs = emoji.rows("train")
        shown = round(config.train.batch * config.contrast.photos) if photos is not None else 0
        if shown == config.train.batch:
            raise TrainingError(f"{config.source} [contrast] photos leaves no place for a sign; lower it.")
        self.sign_rows = Rows(len(self.signs), config.train.batch - shown, config.seed)
        self.photo_rows = Rows(len(photos), shown, config.seed) if photos is not None and shown else None
        self.rows = self.photo_rows or self.sign_rows
        self.frozen = config.contrast.frozen
        self.sign_views: FrozenViews | None = None
        self.photo_views: FrozenViews | None = None
        if self.frozen:
            freeze(self.net().visual, self.frozen)
            self.sign_views = self.views(0, len(self.signs), config.contrast.views)
            if photos is not None and shown:
                self.photo_views = self.views(1, len(photos), max(1, config.contrast.views // 4))

    def net(self) -> CLIP:
        """The two towers."""
        assert isinstance(self.model, CLIP)
        return self.model

    def views(self, kind: int, count: int, views: int) -> FrozenViews:
        """A place for what the frozen blocks make of so many pictures."""
        return FrozenViews(self.net().visual, self.frozen, count, views, self.config.seed, kind)

    def see(self, step: int, signs: np.ndarray, photos: np.ndarray | None, rng: np.random.Generator) -> Tensor:
        """A step's pictures [B, C, S, S], signs before photos, or their tokens [B, T, D] where blocks are frozen.

        `signs` are places among the signs that are trained on, `photos` rows of the photo pack.
        """
        habits, crops = self.config.contrast, self.config.augment

        def sign(row: int, own: np.random.Generator) -> Tensor:
            return draw_signs(self.emoji.images[self.signs[row : row + 1]], habits, own)

        def photo(row: int, own: np.random.Generator) -> Tensor:
            assert self.photos is not None
            chosen = slice(row, row + 1)
            return augment(self.photos.images[chosen], self.photos.sizes[chosen], self.cfg.image, crops, own).x

        if self.sign_views is not None:
            with self.autocast():
                tokens = [self.sign_views(signs, step, sign)]
                if photos is not None and self.photo_views is not None:
                    tokens.append(self.photo_views(photos, step, photo))
            return torch.cat(tokens)
        x = [draw_signs(self.emoji.images[self.signs[signs]], habits, rng)]
        if photos is not None and self.photos is not None:
            x.append(augment(self.photos.images[photos], self.photos.sizes[photos], self.cfg.image, crops, rng).x)
        return torch.cat(x)

    def pictures(self, x: Tensor) -> Tensor:
        """What `see` gave, to [B, E] of length 1."""
        if not self.frozen:
            return self.net().pictures(x)
        return F.normalize(self.net().visual.upper(x, self.frozen).float(), dim=-1)

    def ids(self, texts: list[str]) -> Tensor:
        """Token ids int64 [n, T] on the device; T is the context, less the columns where every text is at its end."""
        ids = torch.tensor([self.encode(text) for text in texts], device=self.device)
        return ids[:, : int((ids != PAD).sum(1).max())]

    def batch(self, step: int) -> Batch:
        """Pictures, a text each, what is true of what; and of the photos their labels and the names of all classes."""
        if self.world > 1:
            raise TrainingError("Contrast needs its whole batch in one process; start it without torchrun.")
        habits = self.config.contrast
        rng = np.random.default_rng([self.config.seed, step])
        signs, shown = self.sign_rows(step), None
        if self.photo_rows is not None:
            shown = np.sort(self.photo_rows(step))
        at = self.signs[signs]
        things, media = [self.emoji.concept_index[at]], [self.emoji.style_index[at]]
        x = self.see(step, signs, shown, rng)
        batch: Batch = {"labels": None, "teacher": None, "names": None}
        if self.photos is not None and shown is not None:
            labels = self.photos.labels[shown]
            things.append(labels + self.words.concepts)
            media.append(np.full(len(shown), self.words.photo))
            language: Language = LANGUAGES[int(rng.integers(2))]
            template = ("{}", *PHOTO[language])[int(rng.integers(1 + len(PHOTO[language])))]
            names = self.words.names(language)[self.words.concepts :]
            batch["names"] = self.ids([template.format(name) for name in names])
            batch["labels"] = torch.from_numpy(labels).long().to(self.device)
            if self.logits is not None:
                batch["teacher"] = self.logits[torch.from_numpy(shown)].float().to(self.device)
        thing, medium = np.concatenate(things), np.concatenate(media)
        texts = [self.words.draw(int(t), int(m), habits, rng) for t, m in zip(thing, medium, strict=True)]
        true, neither = self.words.match(thing, medium, texts)
        return {
            **batch,
            "x": x.to(self.device),
            "ids": self.ids([text.text for text in texts]),
            "true": torch.from_numpy(true).to(self.device),
            "neither": torch.from_numpy(neither).to(self.device),
        }

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """The contrast, and the cross-entropy of the photos' classes by their names; with a teacher its soft labels."""
        model = self.net()
        model.clip_scale()
        with self.autocast():
            pictures, texts = self.pictures(batch["x"]), model.texts(batch["ids"])
            names = None if batch["names"] is None else model.texts(batch["names"])
        scale = model.scale()
        loss = contrast_loss(scale * pictures @ texts.T, batch["true"], batch["neither"])
        parts: Parts = {"contrast": loss.detach(), "scale": scale.detach()}
        if names is not None and self.config.contrast.classes > 0:
            logits = scale * pictures[-len(batch["labels"]) :] @ names.T
            ce = F.cross_entropy(logits, batch["labels"], label_smoothing=self.config.train.label_smoothing)
            parts["ce"] = ce.detach()
            if batch["teacher"] is not None:
                soft = divergence(logits, batch["teacher"], self.config.teacher.temperature)
                parts["soft"] = soft.detach()
                ce = ce + self.config.teacher.soft_weight * soft
            loss = loss + self.config.contrast.classes * ce
        return loss, parts

    def fresh_model(self) -> nn.Module:
        return CLIP(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Held-out signs among 100 by their names, whole held-out concepts likewise, held-out photos by their class."""
        if not isinstance(model, CLIP):
            return {}
        bf16 = self.config.train.bf16
        found: dict[str, Any] = {}
        for split in ("pair", "concept"):
            rows = self.emoji.rows(split)
            if len(rows) < 2:
                continue
            things = self.emoji.concept_index[rows]
            pictures = embed_pictures(model, self.emoji.images[rows], bf16)
            for language in LANGUAGES:
                names = self.words.names(language)
                texts = embed_texts(model, self.encode, [names[thing] for thing in things], bf16)
                share = among(pictures, texts, things, self.words, language, AMONG)
                found[f"{split}-{language}"] = round(share, 4)
        if self.val is not None:
            rows = np.sort(np.random.default_rng(0).permutation(len(self.val))[: self.config.train.eval_count])
            found |= self.photo_accuracy(model, self.val.images[rows], self.val.labels[rows])
        return found

    def photo_accuracy(self, model: CLIP, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
        """Top-1 by averaged sentences in each language, and in both together."""
        bf16 = self.config.train.bf16
        pictures = embed_pictures(model, images, bf16)
        classes: dict[str, Tensor] = {
            language: averaged(
                model, self.encode, self.words.names(language)[self.words.concepts :], PHOTO[language], bf16
            )
            for language in LANGUAGES
        }
        classes["both"] = classes["en"] + classes["zh"]
        return {
            f"photo-{key}": round(
                float(((pictures @ F.normalize(rows, dim=-1).T).argmax(1).numpy() == labels).mean()), 4
            )
            for key, rows in classes.items()
        }
