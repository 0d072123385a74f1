"""Pictures: shards decoded once, crops and augmentation."""
