"""The training loop, and what a config becomes in it."""
