"""The error tree: one branch for each thing that the caller can do about it.

An error carries a message code and parameters; the words come from the message
catalogues, so that the same error reads in French on screen and in English in a log.
"""

from __future__ import annotations

import errno
from typing import ClassVar, NamedTuple

from graph.messages import catalogue, text


class MaillageError(Exception):
    """Base of every error that a user can meet.

    Parameters
    ----------
    code : str
        Message code; the text is ``error.<code>`` in ``graph/catalogue``.
    **params : object
        Values that the message shows: where (file, row, field), the value, what was
        allowed. What to do next is part of the message itself.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def message(self, language: str = "fr") -> str:
        """Return the message in `language`, ready to be shown."""
        said = {name: _in_words(value, language) for name, value in self.params.items()}
        return text(f"error.{self.code}", language, **said)

    def __str__(self) -> str:
        return self.message("en")


def _in_words(value: object, language: str) -> object:
    """Return a parameter as it is shown; what has a reason of its own is asked for it."""
    reason = getattr(value, "reason", None)
    return reason(language) if callable(reason) else value


class Cause(NamedTuple):
    """What the system answered, said in the reader's language where the catalogue knows it."""

    name: str
    said: str

    def reason(self, language: str) -> str:
        """Return the answer in words."""
        return catalogue(language).get(f"cause.{self.name}", self.said)


def cause_of(error: OSError) -> Cause:
    """Return why the system refused to open, read or write a file."""
    name = errno.errorcode.get(error.errno or 0, "")
    return Cause(name, error.strerror or str(error))


class UsageError(MaillageError):
    """The question is off (unknown option, id, kind, territory): ask it again, corrected."""

    exit_code = 2


class InputError(MaillageError):
    """A file or folder given cannot be read, or nothing in it could be kept: mend the file."""


class ConfirmationNeeded(MaillageError):  # noqa: N818 - nothing failed: it asks
    """The action is allowed, but would remove much: look, then ask again and confirm."""


class OutputError(MaillageError):
    """The result cannot be written: choose another place."""


class StoreError(MaillageError):
    """The store cannot be used as it is: nothing was changed."""

    exit_code = 4


class StoreBusy(StoreError):  # noqa: N818 - nothing failed: it waits
    """Another load holds the store: wait, then retry."""
