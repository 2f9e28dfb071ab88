"""The last turns of conversations, kept in Redis so that a turn need not read them from SQL."""

import json
from collections.abc import Sequence
from typing import Any, cast

from redis import Redis

from knowledge.state.connection import SharedState

TTL_SECONDS = 6 * 3600


class ConversationWindows:
    """A cache: believed only when it holds exactly the turn that SQL says is the newest."""

    def __init__(self, state: SharedState, *, turns: int) -> None:
        self._state = state
        self._turns = turns

    def read(self, conversation_id: str, newest: int) -> list[dict[str, Any]] | None:
        """The last turns, oldest first; None when SQL must be asked."""

        def work(redis: Redis) -> list[str]:
            return cast("list[str]", redis.lrange(_key(conversation_id), -self._turns, -1))

        nothing: list[str] = []
        turns = [json.loads(text) for text in self._state.attempt(work, nothing)]
        expected = range(max(1, newest - self._turns + 1), newest + 1)
        return turns if [turn["seq"] for turn in turns] == list(expected) else None

    def replace(self, conversation_id: str, turns: Sequence[dict[str, Any]]) -> None:
        """Hold these turns; each has its ``seq``."""

        def work(redis: Redis) -> None:
            with redis.pipeline() as pipe:
                pipe.delete(_key(conversation_id))
                if turns:
                    pipe.rpush(_key(conversation_id), *[json.dumps(turn) for turn in turns])
                    pipe.expire(_key(conversation_id), TTL_SECONDS)
                pipe.execute()

        self._state.attempt(work, None)

    def append(self, conversation_id: str, turn: dict[str, Any]) -> None:
        """Add a turn; a window that Redis does not hold is not begun in its middle."""

        def work(redis: Redis) -> None:
            with redis.pipeline() as pipe:
                if turn["seq"] == 1:
                    pipe.delete(_key(conversation_id))
                    pipe.rpush(_key(conversation_id), json.dumps(turn))
                else:
                    pipe.rpushx(_key(conversation_id), json.dumps(turn))
                pipe.ltrim(_key(conversation_id), -self._turns, -1)
                pipe.expire(_key(conversation_id), TTL_SECONDS)
                pipe.execute()

        self._state.attempt(work, None)


def _key(conversation_id: str) -> str:
    return f"smartcart:window:{conversation_id}"
