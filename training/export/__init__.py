"""Model folders: written from a run, read again."""
