"""What a message is read in: whom the shopper buys for, and what is under way."""

from dataclasses import dataclass

from assistant.state import TurnState


@dataclass(frozen=True, slots=True)
class Situation:
    """``checkout`` tells that one is under way; ``missing`` what it asked for last."""

    members: tuple[str, ...] = ()
    checkout: bool = False
    missing: str | None = None
    swaps_shown: bool = False

    @classmethod
    def of_state(cls, state: TurnState) -> "Situation":
        ordering = state.pending is not None and state.pending.action == "place_order"
        draft = state.checkout
        return cls(
            members=tuple(one.name for one in state.household),
            checkout=ordering or (draft is not None and bool(draft.missing)),
            missing=None if draft is None else draft.missing,
            swaps_shown=any(one.kind == "swap" and one.replaces for one in state.shown),
        )
