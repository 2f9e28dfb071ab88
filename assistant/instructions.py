"""The one system message of a turn: prompt, how the channel speaks, and the state."""

from dataclasses import dataclass

from assistant.state import TurnState, write_state
from prompts import digest_of, load, names

_CHANNELS = {
    "voice": "channel_voice",
    "sms": "channel_text",
    "whatsapp": "channel_whatsapp",
    "telegram": "channel_telegram",
}
_OTHERS = ("cut_off", "guard", "repair", "summary")
"""What else a model may be told about a turn; a change of these is another set of prompts too."""


@dataclass(frozen=True, slots=True)
class Instructions:
    """``digest`` tells which words were used; the state is no part of it."""

    text: str
    digest: str
    variant: str | None = None


def instructions(
    state: TurnState, *, variant: str | None = None, small: bool = False
) -> Instructions:
    """What never changes comes first and the state last: vendors keep what begins alike.

    ``small`` takes the short prompt, for models that can read little.
    """
    assistant = load("assistant.small" if small else "assistant", variant)
    channel = load(_CHANNELS.get(state.channel, "channel_web"), variant)
    text = f"{assistant.text}\n\n# This channel\n{channel.text}\n\n# State\n" + write_state(state)
    others = [load(name, variant) for name in _OTHERS if name in names()]
    return Instructions(text, digest_of([assistant, channel, *others]), variant)
