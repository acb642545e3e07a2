"""Items of a big JSON document, one at a time: memory holds one item and a block of text.

The standard library's scanner parses each item whole, which takes a third of the time of a parser
that reports every token; the text around the items is walked here.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any, NoReturn

BLOCK = 1 << 20
"""Bytes read at a time; an item that is longer makes the blocks grow."""
_LONGEST_LITERAL = 16
"""An error that close to the end of the text may only mean that the text goes on."""
_BLANKS = " \t\r\n"


class JsonError(Exception):
    """The document is malformed or, where `cut` is set, stops before its end."""

    def __init__(self, why: str, *, cut: bool) -> None:
        super().__init__(why)
        self.why = why
        self.cut = cut


def array_items(stream: IO[bytes], name: str) -> Iterator[Any]:
    """Yield the items of the arrays called `name` at the root of a JSON object.

    Parameters
    ----------
    stream : binary file
        The document, in UTF-8; it is walked to its end.
    name : str
        Key of the array.

    Raises
    ------
    JsonError
        The document is malformed or cut, at the place where it is.
    """
    text = _Text(stream)
    text.expect("{")
    if text.next_is("}"):
        text.end()
        return
    while True:
        key = text.value()
        text.expect(":")
        if text.starts("["):
            for item in text.items():
                if key == name:
                    yield item
        else:
            text.value()
        if text.expect(",}") == "}":
            break
    text.end()


def without_mark(stream: IO[bytes]) -> IO[bytes]:
    """Return `stream` behind the byte order mark that Windows programs put in front."""
    if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        stream.seek(0)
    return stream


class _Text:
    """The text of a document, read as far as it is needed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._scan = json.JSONDecoder(strict=False, parse_constant=_no_constant).raw_decode
        self._text = ""
        self._at = 0
        self._before = 0
        self._complete = False

    def items(self) -> Iterator[Any]:
        """Yield the items of the array that starts here."""
        self.expect("[")
        if self.next_is("]"):
            return
        while True:
            yield self.value()
            if self.expect(",]") == "]":
                return

    def value(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value that starts here."""
        self._skip_blanks()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error) or not self._more():
                    self._fail(error.msg, error.pos, cut=self._may_go_on(error))
            except (ValueError, RecursionError) as error:
                self._fail(str(error), self._at, cut=False)
            else:
                # a number may go on in the next block
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value

    def starts(self, letter: str) -> bool:
        """Tell whether what comes next is `letter`."""
        self._skip_blanks()
        return self._text.startswith(letter, self._at)

    def next_is(self, letter: str) -> bool:
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
            self._fail(f"expecting {' or '.join(letters)}", self._at, cut=not found)
        self._at += 1
        return found

    def end(self) -> None:
        """Check that nothing follows."""
        self._skip_blanks()
        if self._at < len(self._text):
            self._fail("trailing garbage", self._at, cut=False)

    def _skip_blanks(self) -> None:
        while True:
            while self._text[self._at : self._at + 1] in _BLANKS and self._at < len(self._text):
                self._at += 1
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
        near = error.pos >= len(self._text) - _LONGEST_LITERAL
        return near or error.msg.startswith("Unterminated string")

    def _fail(self, why: str, at: int, *, cut: bool) -> NoReturn:
        raise JsonError(f"{why} (char {self._before + at})", cut=cut) from None


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON value"
    raise ValueError(message)
