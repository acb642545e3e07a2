"""What a figure is asked about."""

from __future__ import annotations

from explorer.exports.drawn import Choices
from explorer.selection import Selection


class FigureQuestion(Choices, frozen=True, kw_only=True):
    """What a figure is asked about.

    Attributes
    ----------
    selection : Selection
        Focus, day and filters, as on screen.
    behind : tuple of str
        References of the territories behind the network (a setting).
    places : mapping of id to (x, y), or None
        Layout of the network alone, in any unit, y upwards; None for that of the screen.
    """

    selection: Selection
    behind: tuple[str, ...] = ()
    places: dict[str, tuple[float, float]] | None = None
