"""Numbers the lessons show, computed a second time in PyTorch: lessons/NN-slug/tests/golden.safetensors."""
