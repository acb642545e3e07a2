"""Text that Streamlit would read as Markdown, made to be shown as it is written."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_JOINER = "\u2060"
"""Word joiner: invisible, no line break. It parts what Streamlit turns into links, symbols or
emoji after it has read the backslashes."""

_RECOGNISED = re.compile(
    r"(?<=\w)(?=@)"  # an address
    r"|(?<=:)(?=[\w/+-])|(?<=\w)(?=:)"  # a protocol, an emoji, a colour
    r"|(?<=[-<>=~|])(?=[-<>=~|])"  # arrows and dashes
    r"|(?<=www)(?=\.)",
    re.IGNORECASE,
)


def plain(words: str) -> str:
    """Return `words` so that Markdown shows exactly these characters, on one line.

    Streamlit never renders raw HTML here; this keeps it from making links, headings, colours,
    formulas or emoji out of names and values that come from files.
    """
    one_line = " ".join(words.split())
    return _PUNCTUATION.sub(r"\\\1", _RECOGNISED.sub(_JOINER, one_line))
