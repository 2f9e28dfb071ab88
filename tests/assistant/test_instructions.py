"""What a model is told before it reads the conversation."""

from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from assistant.instructions import instructions
from assistant.state import TurnState, read_state, write_state
from prompts import load, use_folder
from tools.blocks import CartView
from tools.view import CartTotals

NOW = "2026-11-23T09:00+00:00"


@pytest.fixture
def own_prompts(tmp_path: Path) -> Iterator[Callable[[str, str], None]]:
    """Writes prompts of a shop's own and has them used."""

    def write(name: str, text: str) -> None:
        (tmp_path / name).write_text(text, "utf-8")
        use_folder(tmp_path)

    yield write
    use_folder(None)


def state(*, now: str = NOW, channel: str = "web", cart_version: int = 1) -> TurnState:
    cart = CartView(
        id="cart",
        version=cart_version,
        currency="USD",
        lines=[],
        totals=CartTotals(items="0.00", total="0.00"),
    )
    return TurnState(
        now=now, shop="Greenleaf", channel=channel, locale="en-US", currency="USD", cart=cart
    )


def test_what_never_changes_comes_first_and_the_state_last() -> None:
    told = instructions(state())

    assert told.text.startswith(load("assistant").text)
    assert told.text.endswith(write_state(state()))
    assert read_state(told.text) == state()


def test_two_turns_of_a_shop_begin_alike_up_to_the_moment() -> None:
    first, second = (
        instructions(state(now=now, cart_version=version)).text
        for now, version in ((NOW, 1), ("2027-01-02T03:04+00:00", 2))
    )

    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))
    assert shared == first.index(NOW) + len("202")
    assert shared > 0.95 * len(first)


@pytest.mark.parametrize(
    ("channel", "style"),
    [
        ("web", "channel_web"),
        ("cli", "channel_web"),
        ("sms", "channel_text"),
        ("whatsapp", "channel_whatsapp"),
        ("telegram", "channel_telegram"),
        ("voice", "channel_voice"),
    ],
)
def test_each_channel_has_its_style(channel: str, style: str) -> None:
    assert load(style).text in instructions(state(channel=channel)).text


def test_a_small_model_gets_the_short_prompt() -> None:
    small, whole = instructions(state(), small=True), instructions(state())

    assert small.text.startswith(load("assistant.small").text)
    assert len(small.text) < len(whole.text) / 2
    assert small.digest != whole.digest


def test_the_digest_tells_words_apart_and_not_states() -> None:
    digests = {instructions(state(channel=one)).digest for one in ("web", "sms", "voice")}

    assert len(digests) == 3
    assert instructions(state(now="2027-01-02T03:04+00:00")).digest in digests


def test_a_variant_changes_only_the_prompts_it_has(
    own_prompts: Callable[[str, str], None],
) -> None:
    before = instructions(state(), variant="calm")
    own_prompts("assistant.calm.md", "Be calm.")
    calm, bold = (instructions(state(), variant=one) for one in ("calm", "bold"))

    assert calm.text == before.text.replace(load("assistant").text, "Be calm.")
    assert bold.text == before.text
    assert (calm.variant, bold.variant) == ("calm", "bold")
    assert bold.digest == before.digest == instructions(state()).digest != calm.digest


def test_a_changed_repair_prompt_is_another_set_of_prompts(
    own_prompts: Callable[[str, str], None],
) -> None:
    before = instructions(state())
    own_prompts("repair.md", "{problem} {facts} {already_said}")

    assert instructions(state()).text == before.text
    assert instructions(state()).digest != before.digest
