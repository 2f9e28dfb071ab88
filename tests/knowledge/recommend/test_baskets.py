from pathlib import Path

import pytest

from knowledge.errors import InvalidInput
from knowledge.recommend.baskets import read_baskets


def test_reads_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "baskets.jsonl"
    file.write_text('{"basket": ["a", "b", "a"], "shopper": "s1"}\n\n{"basket": []}\n')

    assert list(read_baskets(file)) == [("a", "b"), ()]


def test_reads_comma_separated_lines(tmp_path: Path) -> None:
    file = tmp_path / "baskets.csv"
    file.write_text("a, b\nc,\n")

    assert list(read_baskets(file)) == [("a", "b"), ("c",)]


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"basket": "a"}', '{"basket": [1]}', "{}"])
def test_says_which_line_is_wrong(tmp_path: Path, line: str) -> None:
    file = tmp_path / "baskets.jsonl"
    file.write_text('{"basket": ["a"]}\n' + line)

    with pytest.raises(InvalidInput, match="line 2"):
        list(read_baskets(file))
