"""The commands of `python -m training`, a module each: found by the folder, listed nowhere.

A module's docstring is the command's help, `arguments(parser)` declares what it is told and `run(args)` does it.
Torch, NumPy and all that imports them are imported inside `run`, so that help answers at once.
"""
