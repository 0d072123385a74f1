"""What a run teaches: classify, contrast, diffuse, mask. One object a task, one loop for all."""

from training.tasks.base import Task
from training.tasks.classify import Classify
from training.tasks.contrast import Contrast
from training.tasks.diffuse import Diffuse
from training.tasks.mask import Mask
from training.tasks.resolutions import Resolutions

__all__ = ["Classify", "Contrast", "Diffuse", "Mask", "Resolutions", "Task"]
