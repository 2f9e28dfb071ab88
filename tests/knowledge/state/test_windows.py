from knowledge.state.connection import SharedState
from knowledge.state.windows import ConversationWindows


def turn(seq: int) -> dict[str, object]:
    return {"seq": seq, "parts": [{"type": "user", "text": f"turn {seq}"}]}


def test_the_last_turns_are_read_back(state: SharedState, name: str) -> None:
    windows = ConversationWindows(state, turns=3)
    for seq in range(1, 6):
        windows.append(name, turn(seq))

    assert windows.read(name, 5) == [turn(3), turn(4), turn(5)]


def test_a_window_that_misses_a_turn_is_not_believed(state: SharedState, name: str) -> None:
    windows = ConversationWindows(state, turns=3)
    windows.append(name, turn(1))
    windows.append(name, turn(2))

    assert windows.read(name, 3) is None
    assert windows.read(name, 1) is None


def test_a_forgotten_window_is_not_begun_in_its_middle(state: SharedState, name: str) -> None:
    windows = ConversationWindows(state, turns=3)
    windows.append(name, turn(7))

    assert windows.read(name, 7) is None


def test_a_rebuilt_window_goes_on(state: SharedState, name: str) -> None:
    windows = ConversationWindows(state, turns=3)
    windows.replace(name, [turn(4), turn(5)])
    assert windows.read(name, 5) is None
    windows.replace(name, [turn(3), turn(4), turn(5)])
    windows.append(name, turn(6))

    assert windows.read(name, 6) == [turn(4), turn(5), turn(6)]


def test_without_redis_sql_is_asked(lost: SharedState, name: str) -> None:
    windows = ConversationWindows(lost, turns=3)
    windows.append(name, turn(1))
    windows.replace(name, [turn(1)])

    assert windows.read(name, 1) is None
