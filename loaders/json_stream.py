"""Big JSON documents, item by item: memory holds a block of text and its items.

``json.raw_decode`` parses any item and tells where it ends. Where a block holds many items that
begin alike, all but the last are handed to msgspec as one list, which is twice as quick. A text
that ends before its brackets are closed is no JSON: what msgspec takes was cut at the right place.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import types
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

import msgspec

from graph.errors import InputError
from loaders import tabular

BLOCK = 1 << 16
"""Bytes read at a time: small enough for the processor's cache. A longer item makes them grow."""
_MARGIN = 16
"""So near the end of what was read, an error or the end of a number may only be that of a block."""
_BLANKS = re.compile(r"[ \t\r\n]*")
_BEGINNING = re.compile(r'[ \t\r\n]*\{[ \t\r\n]*"[^"\\]*"')
_REST = re.compile(r"(?:\.|[eE][+-]?)?")
"""What may be left of a document that stops within a number, or before what must follow."""
_WORDS = ("true", "false", "null", "-")

_Items = Callable[[str], list[Any]]


class JsonError(Exception):
    """The document is malformed or, where `cut` is set, stops before its end."""

    def __init__(self, why: str, *, cut: bool) -> None:
        super().__init__(why)
        self.why = why
        self.cut = cut


@contextmanager
def reading(path: Path, area: str) -> Iterator[IO[bytes]]:
    """Open a document, compressed or not; whatever breaks on the way is named for what it is.

    Parameters
    ----------
    path : Path
        The file.
    area : str
        Area of the message catalogue that has ``json_cut`` and ``json_bad``.

    Raises
    ------
    InputError
        The JSON is cut or malformed, or the compressed file is.
    """
    with tabular.open_bytes(path) as stream:
        try:
            yield stream
        except JsonError as error:
            code = f"{area}.json_cut" if error.cut else f"{area}.json_bad"
            raise InputError(code, file=str(path), why=error.why) from None
        except EOFError:
            raise InputError("tabular.truncated_gzip", file=str(path)) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError("tabular.bad_gzip", file=str(path), why=str(error)) from None


def roots(
    stream: IO[bytes], *, whole: bool = True, shape: object = Any
) -> Iterator[tuple[str | None, Iterator[Any]]]:
    """Yield each member of a JSON object: its key, and the items of its array or its one value.

    As with :func:`itertools.groupby`, the items are those of the latest key only. A document that
    is an array is a single member without a key.

    Parameters
    ----------
    stream : binary file
        The document, in UTF-8 with or without a byte order mark.
    whole : bool
        Whether the document must end the file.
    shape : type
        What most items are like, so that what nobody reads need not be made: a typed dictionary
        names the members to keep. An item of another shape is given whole.

    Raises
    ------
    JsonError
        The document is malformed or cut, once it is read so far.
    """
    text = _Text(stream, _decoder_of(shape))
    if text.starts("["):
        yield from _member(text, None)
    elif text.expect("{") and not text.takes("}"):
        while True:
            key = text.key()
            text.expect(":")
            yield from _member(text, key)
            if text.expect(",}") == "}":
                break
    if whole:
        text.end()


def _member(text: _Text, key: str | None) -> Iterator[tuple[str | None, Iterator[Any]]]:
    items = text.items() if text.starts("[") else iter([text.value()])
    yield key, items
    for _ in items:
        pass


class _Text:
    """The text of a document, read as far as it is needed."""

    def __init__(self, stream: IO[bytes], many: _Items) -> None:
        self._stream = stream
        self._many = many
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._scan = json.JSONDecoder(parse_constant=_no_constant).raw_decode
        self._text = ""
        self._at = 0
        self._before = 0
        self._complete = False

    def items(self) -> Iterator[Any]:
        """Yield the items of the array that starts here."""
        self.expect("[")
        if self.takes("]"):
            return
        while True:
            while found := self._alike():
                yield from found
                self._more()
            yield self.value()
            if self.expect(",]") == "]":
                return

    def _alike(self) -> list[Any]:
        """Step over all but the last of the items in hand that begin alike, and return them."""
        begins = _BEGINNING.match(self._text, self._at)
        last = self._text.rfind(f"}},{begins[0]}", self._at) if begins else -1
        if last < 0:
            return []
        try:
            found = self._many(f"[{self._text[self._at : last + 1]}]")
        except (msgspec.MsgspecError, RecursionError):
            return []  # what looked like the beginning of an item lies within one, or is wrong
        self._at = last + 2
        return found

    def value(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value that starts here."""
        self._skip_blanks()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error) or not self._more():
                    self._fail(error.msg, error.pos, cut=self._is_cut(error))
            except (ValueError, RecursionError) as error:
                self._fail(str(error), self._at, cut=False)
            else:
                if end + _MARGIN < len(self._text) or not self._more():
                    self._at = end
                    return value

    def key(self) -> str:
        """Return the key that starts here."""
        if not self.starts('"'):
            self.expect('"')
        return str(self.value())

    def starts(self, letter: str) -> bool:
        """Tell whether what comes next is `letter`."""
        self._skip_blanks()
        return self._text.startswith(letter, self._at)

    def takes(self, letter: str) -> bool:
        """Step over `letter` if it comes next."""
        if self.starts(letter):
            self._at += 1
            return True
        return False

    def expect(self, letters: str) -> str:
        """Step over one of `letters`, which must come next, and return it."""
        self._skip_blanks()
        found = self._text[self._at : self._at + 1]
        if not found or found not in letters:
            cut = _REST.fullmatch(self._text, self._at) is not None
            self._fail(f"expecting {' or '.join(letters)}", self._at, cut=cut)
        self._at += 1
        return found

    def end(self) -> None:
        """Check that nothing follows."""
        self._skip_blanks()
        if self._at < len(self._text):
            self._fail("trailing garbage", self._at, cut=False)

    def _skip_blanks(self) -> None:
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text) or not self._more():
                return

    def _more(self) -> bool:
        """Read on; False at the end of the document."""
        if self._complete:
            return False
        rest = self._text[self._at :]
        data = self._stream.read(max(BLOCK, len(rest)))
        self._complete = not data
        try:
            added = self._decode(data, self._complete)
        except UnicodeDecodeError as error:
            self._fail(str(error), self._at, cut=self._complete)
        self._before += self._at
        self._text, self._at = rest + added, 0
        return True

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        near = error.pos >= len(self._text) - _MARGIN
        return near or error.msg.startswith("Unterminated string")

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Tell, at the end of the document, one that stops too early from one that is wrong."""
        rest = self._text[error.pos :]
        begun = _REST.fullmatch(rest.strip(" \t\r\n")) is not None
        begun = begun or any(word.startswith(rest) for word in _WORDS)
        return begun or error.msg.startswith(("Unterminated string", "Invalid \\u"))

    def _fail(self, why: str, at: int, *, cut: bool) -> NoReturn:
        raise JsonError(f"{why} (char {self._before + at})", cut=cut) from None


@cache
def _decoder_of(shape: object) -> _Items:
    decode: _Items = msgspec.json.Decoder(types.GenericAlias(list, (shape,))).decode
    return decode


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON value"
    raise ValueError(message)
