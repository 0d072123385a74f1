"""Lesson 1: what the model answers at patch sizes that it was trained for, and at two that it has never seen."""

from __future__ import annotations

import torch

from training.measure.gallery import picture
from training.references.common import Reference, labels, model

PICTURE = "golden-retriever"
#: The sizes of the lesson: those of training, and the two of “Break it”.
TRAINED = (8, 14, 16, 28, 32)
UNSEEN = (7, 56)


def reference() -> Reference:
    """Answers for the lesson's first picture."""
    out = Reference()
    x = picture(PICTURE)
    with torch.inference_mode():
        for patch in (*TRAINED, *UNSEEN):
            probs = model()(x, patch)[0].softmax(-1)
            out.put(f"probs-{patch}", probs, f"[K]: the answer at {patch} pixels, {labels()[int(probs.argmax())]}")
    return out
