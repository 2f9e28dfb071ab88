"""Keeps standard output for what the command prints, whatever libraries write to it."""

import os
import sys


def keep_output_to_ourselves() -> None:
    """Lead file descriptor 1 nowhere and print through a copy of it.

    SciPy's solver HiGHS writes stray lines to the descriptor, past Python, and no option stops
    it; one of them in the JSON that a program reads is one too many.
    """
    ours = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    os.dup2(nowhere, 1)
    os.close(nowhere)
    old = sys.stdout
    sys.stdout = os.fdopen(
        ours,
        "w",
        encoding=old.encoding,
        errors=old.errors,
        buffering=1 if old.line_buffering else -1,
    )
