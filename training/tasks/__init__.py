"""What a run teaches: classify, tell motions, detect, contrast, diffuse, mask, autoencode. One task, one loop."""

from training.tasks.autoencode import Autoencode
from training.tasks.base import Task
from training.tasks.classify import Classify
from training.tasks.clips import Clips
from training.tasks.contrast import Contrast
from training.tasks.detection import Detect
from training.tasks.diffuse import Diffuse
from training.tasks.latents import LatentDiffuse
from training.tasks.mask import Mask
from training.tasks.resolutions import Resolutions
from training.tasks.simclr import SimCLR

__all__ = [
    "Autoencode", "Classify", "Clips", "Contrast", "Detect", "Diffuse", "LatentDiffuse", "Mask", "Resolutions",
    "SimCLR", "Task",
]  # fmt: skip
