import re
from pathlib import Path

from knowledge.db.base import Row
from knowledge.db.erd import diagram

DOCUMENT = (Path(__file__).parents[3] / "docs" / "data-model.md").read_text("utf-8")


def test_the_diagram_is_what_the_models_are() -> None:
    drawn = re.findall(r"```mermaid\n(.*?)\n```", DOCUMENT, re.DOTALL)

    assert drawn == [diagram()], "run: python -m knowledge.db.erd"


def test_every_table_is_explained() -> None:
    prose = DOCUMENT[: DOCUMENT.index("```mermaid")]
    explained = set(re.findall(r"`(\w+)(?:\.\w+)?`", prose))

    assert set(Row.metadata.tables) - explained == set()


def test_every_table_has_a_sentence_in_the_code() -> None:
    assert [row.__name__ for row in Row.__subclasses__() if not row.__doc__] == []
