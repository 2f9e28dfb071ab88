"""Opens a product file as bytes or lines: unpacked, decoded, and within limits."""

import codecs
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from knowledge.catalog.import_report import UnreadableImport

MAX_FILE_BYTES = 4 << 30
"""Unpacked; a few kilobytes of gzip can hold terabytes."""
MAX_LINE_BYTES = 4_000_000
MAX_DOCUMENT_BYTES = 64 << 20
"""Of what has to be in memory at once, such as a page of HTML."""
HEAD_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"
_UTF8_BOM = codecs.BOM_UTF8
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_TEXT = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet",
    b"PK\x05\x06": "an empty ZIP archive",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"(\xb5/\xfd": "packed with zstd",
    b"7z\xbc\xaf": "a 7z archive",
}


class Source:
    """One product file. ``bytes_read`` counts what was taken from the disk."""

    def __init__(self, path: Path) -> None:
        """Raise ``UnreadableImport`` when there is no such file, or it is no text."""
        self.path = path
        self.bytes_total = 0
        self._raw: BinaryIO | None = None
        try:
            self.bytes_total = path.stat().st_size
            with self.open() as stream:
                self.head = stream.read(HEAD_BYTES)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnreadableImport(f"{path.name} cannot be opened: {reason}.") from error
        finally:
            self.close()
        for signature, kind in _NOT_TEXT.items():
            if self.head.startswith(signature):
                raise UnreadableImport(f"The file is not a product feed: it is {kind}.")
        self.encoding = "utf-16" if self.head.startswith(_UTF16_BOMS) else "utf-8"

    @property
    def head_text(self) -> str:
        """The beginning, to tell what the file is by."""
        if self.encoding == "utf-16":
            even = self.head[: len(self.head) // 2 * 2]
            return even.decode("utf-16", "replace").lstrip("\ufeff")
        return self.head.removeprefix(_UTF8_BOM).decode("utf-8", "replace")

    @property
    def bytes_read(self) -> int:
        return self._raw.tell() if self._raw is not None and not self._raw.closed else 0

    def open(self) -> io.BufferedReader:
        """From the start, unpacked."""
        self.close()
        raw = self.path.open("rb")
        self._raw = raw
        if raw.peek(2)[:2] == _GZIP:
            return io.BufferedReader(_Limited(gzip.GzipFile(fileobj=raw), MAX_FILE_BYTES))
        if self.bytes_total > MAX_FILE_BYTES:
            raise UnreadableImport(f"The file is larger than {MAX_FILE_BYTES >> 30} GB.")
        return raw

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()

    def document(self) -> bytes:
        """Everything at once, in UTF-8."""
        data = self.open().read(MAX_DOCUMENT_BYTES + 1)
        if len(data) > MAX_DOCUMENT_BYTES:
            raise UnreadableImport(
                f"The file is larger than {MAX_DOCUMENT_BYTES >> 20} MB, too large for its format."
            )
        if self.encoding == "utf-16":
            data = data.decode("utf-16").encode()
        return data.removeprefix(_UTF8_BOM)

    def byte_lines(self) -> Iterator[tuple[int, bytes | None]]:
        """(line number, line in UTF-8); None in place of a line that is too long."""
        if self.encoding == "utf-16":
            for number, decoded in enumerate(self._decoded("utf-16"), 1):
                yield number, decoded.encode()
            return
        stream = self.open()
        number = 0
        while line := stream.readline(MAX_LINE_BYTES):
            number += 1
            if number == 1:
                line = line.removeprefix(_UTF8_BOM)
            if len(line) < MAX_LINE_BYTES or line.endswith(b"\n"):
                yield number, line
                continue
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            yield number, None

    def lines(self, encoding: str | None = None) -> Iterator[str]:
        """Decoded, with their ends. ``encoding`` where the owner has said it."""
        if encoding and codecs.lookup(encoding).name != "utf-8":
            yield from self._decoded(encoding)
            return
        for number, line in self.byte_lines():
            if line is None:
                raise UnreadableImport(f"Line {number} is longer than {MAX_LINE_BYTES:,} bytes.")
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise UnreadableImport(
                    f"Line {number} is not text in UTF-8 (byte {error.start + 1}). "
                    "Save the file as UTF-8, or name its encoding in a mapping file."
                ) from error

    def _decoded(self, encoding: str) -> Iterator[str]:
        text = io.TextIOWrapper(self.open(), encoding, newline="\n")
        try:
            while line := text.readline(MAX_LINE_BYTES):
                yield line
        finally:
            text.detach()  # or it would close the file when it is collected


class _Limited(io.RawIOBase):
    """Refuses to unpack more than a limit."""

    def __init__(self, inner: gzip.GzipFile, limit: int) -> None:
        self._inner = inner
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableImport("The file is too large once it is unpacked.")
        buffer[: len(data)] = data
        return len(data)
