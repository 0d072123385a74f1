"""Numbers the lessons show, computed a second time in PyTorch: tests/golden/lesson-NN.safetensors."""
