"""Patchwork's training package: data, models, training, evaluation and export."""

__version__ = "0.1.0"
