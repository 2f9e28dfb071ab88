"""The model that needs no key: a LangChain chat model that understands shopping language."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from assistant.offline.choose import Chooser
from assistant.offline.handlers import HANDLERS
from assistant.offline.language import load_language
from assistant.offline.lexicon import Lexicon, LexiconSource
from assistant.offline.memory import KEY
from assistant.offline.phrase import Phrasing
from assistant.offline.plan import Decision, Desk, decide
from assistant.offline.resolve import Resolver
from assistant.offline.scene import Call, Scene, read_scene
from assistant.offline.situation import Situation
from assistant.offline.understand import Reading, Understanding

_PIECES = re.compile(r"\S+\s*")
_NO_USAGE = UsageMetadata(input_tokens=0, output_tokens=0, total_tokens=0)


class OfflineModel(BaseChatModel):
    """Plans anew at each call from the messages alone, so that any process can go on with a turn.

    ``lexicon_source`` gives the words of the catalog as they are now.
    """

    lexicon_source: LexiconSource
    language: str = "en"
    _last: tuple[Lexicon, str, Understanding] | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "offline"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"language": self.language}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,  # noqa: ANN401 - as the base has it
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Only the names count; ``tool_choice`` has no meaning here."""
        del tool_choice
        names = [
            tool.name
            if isinstance(tool, BaseTool)
            else convert_to_openai_tool(tool)["function"]["name"]
            for tool in tools
        ]
        return self.bind(tools=names, **kwargs)

    def read(self, scene: Scene) -> Reading:
        """What is understood of the shopper's message."""
        return self.understanding(scene.currency).read(
            scene.text, scene.memory, Situation.of_state(scene.state)
        )

    def understanding(self, currency: str) -> Understanding:
        lexicon = self.lexicon_source()
        last = self._last
        if last is not None and last[0] is lexicon and last[1] == currency:
            return last[2]
        made = Understanding(load_language(self.language), lexicon, currency)
        self._last = (lexicon, currency, made)
        return made

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - as the base has it
    ) -> ChatResult:
        del stop, run_manager
        message = self._answer(messages, kwargs.get("tools"))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - as the base has it
    ) -> Iterator[ChatGenerationChunk]:
        del stop
        message = self._answer(messages, kwargs.get("tools"))
        for chunk in _chunks(message):
            generation = ChatGenerationChunk(message=chunk)
            if run_manager is not None:
                run_manager.on_llm_new_token(chunk.text, chunk=generation)
            yield generation

    def _answer(self, messages: Sequence[BaseMessage], tools: Sequence[Any] | None) -> AIMessage:
        scene = read_scene(messages)
        reading = self.read(scene)
        decision = self._decide(scene, reading, tools)
        return _message(decision, scene)

    def _decide(self, scene: Scene, reading: Reading, tools: Sequence[Any] | None) -> Decision:
        understanding = self.understanding(scene.currency)
        chooser = _chooser(self.language)
        desk = Desk(
            scene=scene,
            resolver=Resolver(
                scene.state, scene.memory, chooser, understanding.shop_words.brand_of
            ),
            chooser=chooser,
            phrasing=Phrasing(understanding.language, scene.currency, scene.seed, scene.said),
            can_search=lambda said: understanding.shop_words.names_product(tuple(said.split())),
            names_a_kind=understanding.lexicon.names_a_kind,
            is_department=understanding.shop_words.is_department,
            read_items=lambda said: understanding.items.several(understanding.pieces(said)),
        )
        names = frozenset(map(_name, tools or ()))
        return decide(reading.acts, desk, HANDLERS, names)


@lru_cache(maxsize=8)
def _chooser(language: str) -> Chooser:
    shopping = load_language(language).shopping
    return Chooser(shopping["synonyms"], shopping["title_stops"], shopping["size_words"])


def _name(tool: Any) -> str:  # noqa: ANN401 - a name, a schema or a tool
    if isinstance(tool, str):
        return tool
    return str(convert_to_openai_tool(tool)["function"]["name"])


def _message(decision: Decision, scene: Scene) -> AIMessage:
    if decision.calls:
        return AIMessage(
            "",
            tool_calls=[
                {
                    "name": call.name,
                    "args": dict(call.arguments),
                    "id": _call_id(call, scene),
                    "type": "tool_call",
                }
                for call in decision.calls
            ],
            usage_metadata=_NO_USAGE,
        )
    return AIMessage(
        decision.text,
        additional_kwargs={KEY: decision.memory.record()},
        usage_metadata=_NO_USAGE,
    )


def _call_id(call: Call, scene: Scene) -> str:
    """The same for the same call of the same turn, so that a resumed turn repeats it."""
    digest = hashlib.sha256(f"{scene.seed} {scene.rounds} {call.key}".encode())
    return f"call_{digest.hexdigest()[:20]}"


def _chunks(message: AIMessage) -> Iterator[AIMessageChunk]:
    if message.tool_calls:
        yield AIMessageChunk(
            content="",
            tool_calls=message.tool_calls,
            additional_kwargs=message.additional_kwargs,
            usage_metadata=_NO_USAGE,
            chunk_position="last",
        )
        return
    for piece in _PIECES.findall(message.text):
        yield AIMessageChunk(content=piece)
    yield AIMessageChunk(
        content="",
        additional_kwargs=message.additional_kwargs,
        usage_metadata=_NO_USAGE,
        chunk_position="last",
    )
