"""Where commands print to: answers to standard output, failures and progress to standard error."""

import json
import sys
from typing import Any

import typer
from rich.console import Console

from connectors.settings import Settings, load_settings

# A model's name such as openai-compatible:x is no emoji.
output = Console(highlight=False, emoji=False)
errors = Console(stderr=True, highlight=False, emoji=False)


def settings_of(context: typer.Context, **decided: object) -> Settings:
    """Settings with what was given on the command line. Raises ``InvalidSettings``."""
    return load_settings(**{**(context.obj or {}), **decided})


def print_json(document: Any) -> None:  # noqa: ANN401 - any JSON
    """One line for a program to read."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()
