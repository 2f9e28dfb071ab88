"""Lexicons of the catalogs that the offline model is tested on."""

import json
from functools import cache
from pathlib import Path

from assistant.offline.language import load_language
from assistant.offline.lexicon import lexicon_of
from assistant.offline.understand import Understanding

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "knowledge" / "sample" / "products.jsonl"
CATALOGS = {
    "grocery": ROOT / "tests" / "evals" / "catalogs" / "market.jsonl",
    "hardware": ROOT / "tests" / "data" / "hardware.jsonl",
    "cafe": ROOT / "tests" / "data" / "cafe.jsonl",
}


@cache
def understanding_of(catalog: str) -> Understanding:
    path = CATALOGS.get(catalog, SAMPLE)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lexicon = lexicon_of((row["title"], row.get("brand"), row.get("category")) for row in rows)
    return Understanding(load_language(), lexicon, "USD")
