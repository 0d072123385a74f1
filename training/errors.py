"""The one exception this package raises for a mistake that a person can mend."""

from __future__ import annotations


class TrainingError(Exception):
    """A sentence that names the file (or key, or step) and the remedy.

    The command line prints it without a traceback and exits with status 2.
    """
