"""The one system message of a turn: prompt, how the channel speaks, and the state."""

from assistant.state import TurnState, write_state
from prompts import Prompt, load

_CHANNELS = {"voice": "channel_voice", "sms": "channel_text", "whatsapp": "channel_text"}


def instructions(state: TurnState) -> str:
    """The state stands last: what comes before it is the same in every turn and can be cached."""
    channel = load(_CHANNELS.get(state.channel, "channel_web"))
    return f"{load('assistant').text}\n\n# This channel\n{channel.text}\n\n# State\n" + write_state(
        state
    )


def prompt_in_use() -> Prompt:
    return load("assistant")
