"""Writes a run as Markdown for people to read: a page for each case, and an index."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.evaluation.records import CaseRecord, RunRecord, ToolRecord, TurnRecord
from connectors.evaluation.reliability import percentile
from connectors.evaluation.scores import cost_words, score

_MICROS = 1_000_000


def write_transcripts(run: RunRecord, folder: Path) -> Path:
    """One file per case with all its repetitions. Returns the index."""
    folder.mkdir(parents=True, exist_ok=True)
    names = _file_names(run)
    for case_id, repetitions in run.by_case().items():
        (folder / names[case_id]).write_text(_joined(_page(run, repetitions)), "utf-8")
    index = folder / "index.md"
    index.write_text(_joined(_index(run, names)), "utf-8")
    return index


def _index(run: RunRecord, names: dict[str, str]) -> Iterator[str]:
    scores = score(run)
    yield f"# {scores.passed} of {scores.cases} cases passed with {run.model}"
    yield ""
    variant = f", prompts {run.variant}" if run.variant else ""
    cost = cost_words(scores.cost, scores.unpriced)
    yield (
        f"{run.started_at:%Y-%m-%d %H:%M} UTC, each case {run.repeat}x, {run.parallel} at once"
        f"{variant}; {scores.turns_passed} of {scores.turns} turns passed; {cost}"
        f" for {scores.tokens} tokens; {run.seconds:.1f} s."
    )
    if scores.by_reason:
        reasons = ", ".join(f"{reason} {count}" for reason, count in scores.by_reason.items())
        yield ""
        yield f"Failed expectations: {reasons}."
    yield ""
    yield "| case | kind | passed | p50 | cost | first failure |"
    yield "|---|---|---|---|---|---|"
    # What failed is what people look for.
    for case_id, cases in sorted(run.by_case().items(), key=lambda item: _share(item[1])):
        seconds = percentile([turn.seconds for case in cases for turn in case.turns], 50)
        yield (
            f"| [{_cell(case_id)}]({names[case_id]}) | {_cell(cases[0].kind)}"
            f" | {sum(case.passed for case in cases)} of {len(cases)}"
            f" | {'' if seconds is None else f'{seconds:.2f} s'}"
            f" | {_cost([turn for case in cases for turn in case.turns])}"
            f" | {_cell(_first_failure(cases))} |"
        )


def _page(run: RunRecord, repetitions: Sequence[CaseRecord]) -> Iterator[str]:
    first = repetitions[0]
    yield f"# {first.id}"
    yield ""
    tags = f", tagged {', '.join(first.tags)}" if first.tags else ""
    passed = sum(case.passed for case in repetitions)
    yield f"{first.kind}{tags}; {run.model}; passed {passed} of {len(repetitions)}."
    for case in repetitions:
        if len(repetitions) > 1:
            yield ""
            yield f"## Repetition {case.repetition}: {_verdict(passed=case.passed)}"
        for number, turn in enumerate(case.turns, 1):
            yield ""
            yield from _turn(number, turn)
        if case.broken is not None:
            yield ""
            yield f"**Ended here:** {case.broken}"


def _turn(number: int, turn: TurnRecord) -> Iterator[str]:
    yield f"### Turn {number}: {_verdict(passed=not turn.why)}"
    yield ""
    yield "**Shopper**"
    yield ""
    yield _quoted(turn.said)
    for tool in turn.tools:
        yield ""
        yield from _tool(tool)
    yield ""
    yield "**Assistant**" + ("" if turn.outcome == "answered" else f" ({turn.outcome})")
    yield ""
    yield _quoted(turn.text)
    yield ""
    for block in turn.blocks:
        yield f"- shown: {_line(block)}"
    yield f"- cart: {_line('; '.join(turn.cart) or 'empty')}; total {turn.total}"
    if turn.budget is not None:
        yield f"- budget: {turn.budget}"
    if turn.confirmation is not None:
        yield f"- waits for a yes: {_line(turn.confirmation)}"
    tokens = sum(call.input_tokens + call.output_tokens for call in turn.calls)
    yield (
        f"- {turn.seconds:.2f} s, {turn.answered_by}, {len(turn.calls)} calls, {tokens} tokens,"
        f" {_cost([turn])}"
    )
    for why in turn.why:
        yield f"- **failed** {_line(why)}"


def _tool(tool: ToolRecord) -> Iterator[str]:
    failed = "" if tool.ok else " (error)"
    arguments = json.dumps(tool.arguments, ensure_ascii=False)
    yield f"**Tool** {tool.name}{failed}"
    yield ""
    # Indented text is shown as it stands, whatever is in it.
    for line in (arguments, *tool.result.splitlines()):
        yield f"    {line}"


def _verdict(*, passed: bool) -> str:
    return "passed" if passed else "failed"


def _first_failure(cases: Sequence[CaseRecord]) -> str:
    for case in cases:
        for turn in case.turns:
            if turn.why:
                return turn.why[0]
        if case.broken is not None:
            return case.broken
    return ""


def _share(cases: Sequence[CaseRecord]) -> float:
    return sum(case.passed for case in cases) / len(cases)


def _cost(turns: Sequence[TurnRecord]) -> str:
    micros = [call.cost_micros for turn in turns for call in turn.calls]
    return cost_words(sum(one or 0 for one in micros) / _MICROS, micros.count(None))


def _file_names(run: RunRecord) -> dict[str, str]:
    """By case, each name once, also on disks that do not tell small letters from capitals."""
    names: dict[str, str] = {}
    for number, case_id in enumerate(run.by_case(), 1):
        short = re.sub(r"[^a-z0-9]+", "-", case_id.casefold()).strip("-")[:60]
        name = f"{short or 'case'}.md"
        names[case_id] = f"{number}-{name}" if name in {*names.values(), "index.md"} else name
    return names


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines()) or ">"


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _joined(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"
