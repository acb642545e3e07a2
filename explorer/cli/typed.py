"""What the values of options are: types that say in the reader's language what they refuse.

Click's own types refuse in English and do not keep the value; a function as a type is a plain part
of its interface.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

FILE = click.Path(path_type=Path, readable=False)
"""A path of any kind: what reads or writes it says what is wrong with it, so this refuses none."""
LAST_PORT = 65535


class Refused(click.BadParameter):
    """A value that an option does not take.

    Parameters
    ----------
    key : str
        Message of the catalogue, ``usage.<key>``, that `name` of the option and `said` go into.
    **said : object
        The value, and what is allowed.
    """

    def __init__(self, key: str, /, **said: object) -> None:
        super().__init__(key)
        self.key = f"usage.{key}"
        self.said = said


def whole(value: str | int) -> int:
    """Return a whole number."""
    try:
        return int(value)
    except ValueError:
        raise Refused("not_whole", value=value) from None


def number(value: str | float) -> float:
    """Return a number, with a point before its decimals."""
    try:
        return float(value)
    except ValueError:
        raise Refused("not_number", value=value) from None


def port_number(value: str | int) -> int:
    """Return the number of a port."""
    found = whole(value)
    if not 1 <= found <= LAST_PORT:
        raise Refused("not_between", value=found, low=1, high=LAST_PORT)
    return found


def one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    """Return the type of what is one of `words`."""

    def choice(value: str) -> str:
        if value not in words:
            raise Refused("not_one_of", value=value, allowed=", ".join(words))
        return value

    return choice
