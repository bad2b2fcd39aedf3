"""A text file's bytes: their digest, their encoding, and a UTF-8 copy where they are in another one."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from data_access.errors import SourceError

CHUNK = 1 << 20
SAMPLE = 1 << 18
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SET_ENCODING = 'save the file as UTF-8, or set encoding, like encoding = "cp1252"'


@dataclass(frozen=True)
class Text:
    """A file as UTF-8 text at `path` (itself or a copy); name: of the file; lines: each ended by a line feed, the last
    one perhaps not."""

    name: str
    path: Path
    lines: int


def digest(path: Path) -> str:
    """Of the content."""
    made = hashlib.blake2b(digest_size=16)
    for chunk in _chunks(path):
        made.update(chunk)
    return made.hexdigest()


def as_utf8(path: Path, encoding: str, copy: Path) -> Text:
    """The file as UTF-8, written to `copy` where it is not; SourceError for bytes that are no text in `encoding`
    ("auto": UTF-8, UTF-16 with its mark, or GB18030)."""
    with open(path, "rb") as file:
        start = file.read(4)
    known = next((name for mark, name in _BOMS if start.startswith(mark)), None)
    if encoding not in ("auto", "utf-8"):
        return _transcoded(path, encoding, copy)
    if known is not None:
        return _transcoded(path, known, copy)
    problem, lines = _scan(path)
    if problem is None:
        return Text(path.name, path, lines)
    if encoding == "utf-8":
        raise SourceError(f"{path.name} line {problem} is not UTF-8", _SET_ENCODING)
    if not _looks_chinese(path):
        raise SourceError(f"{path.name} line {problem} is neither UTF-8 nor GB18030", _SET_ENCODING)
    return _transcoded(path, "gb18030", copy)


def sample(path: Path, encoding: str) -> str:
    """The beginning of the file as text, with a replacement sign for what is none."""
    with open(path, "rb") as file:
        data = file.read(SAMPLE)
    known = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding == "auto":
        encoding = known or ("utf-8" if _decodes(data, "utf-8") else "gb18030")
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
    return text.removeprefix("\ufeff")


def _chunks(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _scan(path: Path) -> tuple[int | None, int]:
    """The line of the first bytes that are not UTF-8 (None without any), and the number of lines; SourceError for NUL
    bytes, which no text has."""
    decoder, feeds, last = codecs.getincrementaldecoder("utf-8")(), 0, b"\n"
    for chunk in chain(_chunks(path), (b"",)):
        if b"\0" in chunk:
            line = feeds + 1 + chunk.count(b"\n", 0, chunk.index(b"\0"))
            raise SourceError(f"{path.name} line {line} holds NUL bytes", "it is damaged or no text; export it again")
        try:
            decoder.decode(chunk, not chunk)
        except UnicodeDecodeError as error:
            return feeds + 1 + error.object.count(b"\n", 0, error.start), feeds
        feeds += chunk.count(b"\n")
        last = chunk[-1:] or last
    return None, feeds + (last != b"\n")


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(path: Path) -> bool:
    """Western text often decodes as GB18030 by chance: it then has rare ideographs of a high byte and a plain letter,
    while those of Chinese text nearly all have two high bytes."""
    ideographs = plain = 0
    decoder = codecs.getincrementaldecoder("gb18030")()
    for chunk in _chunks(path):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
        for data in (char.encode("gb18030") for char in text[:SAMPLE] if "\u4e00" <= char <= "\u9fff"):
            ideographs += 1
            plain += data[1] < 0x80
    return plain * 4 <= ideographs


def _transcoded(path: Path, encoding: str, copy: Path) -> Text:
    decoder, line, last = codecs.getincrementaldecoder(encoding)(), 1, "\n"
    with open(copy, "wb") as target:
        for chunk in chain(_chunks(path), (b"",)):
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                line += error.object.count(b"\n", 0, error.start)
                raise SourceError(
                    f"{path.name} line {line} is not {encoding.removesuffix('-sig').upper()}", _SET_ENCODING
                ) from error
            if "\0" in text:
                raise SourceError(f"{path.name} holds NUL bytes", "it is damaged or no text; export it again")
            target.write(text.encode("utf-8", "replace"))
            line += text.count("\n")
            last = text[-1:] or last
    return Text(path.name, copy, line - (last == "\n"))
