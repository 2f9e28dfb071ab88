import pytest

from tests.stand_ins.fault_table import (
    CHAT_KINDS,
    CHAT_VENDORS,
    FAULTS,
    FILE,
    IN_VECTORS,
    OF_TALK,
    VECTOR_KINDS,
    VECTOR_VENDORS,
    chat_table,
    vector_table,
    written,
)


def test_the_table_has_a_line_for_every_fault_and_no_empty_cell() -> None:
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]

    talk, vectors = rows[: len(CHAT_KINDS) + 1], rows[len(CHAT_KINDS) + 1 :]
    assert talk[0] == ["kind", *CHAT_VENDORS]
    assert vectors[0] == ["kind", *VECTOR_VENDORS]
    assert [row[0] for row in talk[1:]] == list(CHAT_KINDS)
    assert [row[0] for row in vectors[1:]] == list(VECTOR_KINDS)
    assert all(all(row) for row in rows)
    assert {*IN_VECTORS, *OF_TALK} == set(FAULTS)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_table_is_what_the_real_clients_make_of_each_fault() -> None:
    assert written(chat_table(), vector_table()) == FILE.read_text("utf-8")
