"""Reads the tables of words and figures that come with the scoring rules."""

from pathlib import Path
from typing import Any

import yaml

# The one in C, where PyYAML was built with it: the tables are read at every start.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_table(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - it is a safe one
