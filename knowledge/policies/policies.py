"""What the shop promises: policy pages cut into sections, searched by words."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.db.rows.shop import PolicyRow
from knowledge.errors import InvalidInput
from knowledge.policies.passages import PassageIndex
from knowledge.ports import Clock

_HEADING = re.compile(r"^(#{1,3})\s+(.*?)\s*#*$")


@dataclass(frozen=True, slots=True)
class PolicySection:
    """``source`` is the file a shopper or auditor can look it up in."""

    id: str
    policy: str
    section: str
    text: str
    source: str
    position: int


class Policies:
    """Never commits: the unit of work does."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def load(self, folder: Path) -> int:
        """Replace all policies by the Markdown files of a folder; returns how many sections.

        Raises ``InvalidInput`` when there are none, so that a wrong path empties nothing.
        """
        sections = [
            section
            for path in sorted(folder.glob("*.md"))
            for section in read_policy(path.read_text(encoding="utf-8"), path.name)
        ]
        if not sections:
            raise InvalidInput(f"There are no policies in {folder}.")
        self._session.execute(delete(PolicyRow))
        now = self._clock.now()
        self._session.add_all(
            PolicyRow(
                id=section.id,
                policy=section.policy,
                section=section.section,
                text=section.text,
                source=section.source,
                position=position,
                updated_at=now,
            )
            for position, section in enumerate(sections)
        )
        self._session.flush()
        return len(sections)

    def all(self) -> list[PolicySection]:
        rows = self._session.scalars(select(PolicyRow).order_by(PolicyRow.position))
        return [
            PolicySection(row.id, row.policy, row.section, row.text, row.source, row.position)
            for row in rows
        ]

    def search(self, question: str, limit: int = 3) -> list[PolicySection]:
        """The sections that answer best; none when nothing fits."""
        sections = self.all()
        index = PassageIndex(
            [(f"{section.policy} {section.section}", section.text) for section in sections]
        )
        return [sections[number] for number in index.search(question, limit)]


def read_policy(markdown: str, source: str) -> list[PolicySection]:
    """Cut a page at its headings. Text before the first one belongs to the page itself."""
    policy = source.removesuffix(".md").replace("-", " ").replace("_", " ").capitalize()
    section, lines = "", list[str]()
    found: list[PolicySection] = []

    def close() -> None:
        text = "\n".join(lines).strip()
        if text:
            digest = hashlib.sha256(f"{source}\n{section}\n{len(found)}".encode()).hexdigest()
            found.append(
                PolicySection(digest[:32], policy, section or policy, text, source, len(found))
            )
        lines.clear()

    for line in markdown.splitlines():
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        close()
        if len(heading[1]) == 1:
            policy, section = heading[2], ""
        else:
            section = heading[2]
    close()
    return found
