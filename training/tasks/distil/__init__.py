"""A student that learns from a larger teacher."""
