"""Figures, pictures and plots of models, for their metrics.json and cards."""
