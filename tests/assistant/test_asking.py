from pathlib import Path
from typing import Any, cast

from langchain_core.language_models import FakeListChatModel

from assistant.asking import said_so_far
from assistant.providers.minds import Minds
from assistant.turn_context import TurnContext
from prompts import use_folder


def test_whoever_goes_on_is_told_in_the_words_of_the_turns_variant(tmp_path: Path) -> None:
    (tmp_path / "cut_off.calm.md").write_text("Calmly go on.", "utf-8")
    mind = Minds.one(FakeListChatModel(responses=[]))[0]
    nobody = cast("Any", None)
    context = TurnContext(nobody, nobody, nobody, variant="calm", cut_off={0: "I can"})
    use_folder(tmp_path)
    try:
        told = [one.text for one in said_so_far(context, mind)]
    finally:
        use_folder(None)

    assert told == ["I can", "Calmly go on."]
