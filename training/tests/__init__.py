"""Tests of the training package; they need neither data nor network."""
