"""How a figure should look: what a person may ask, light to import."""

from __future__ import annotations

from typing import Literal

from explorer.exports.upload import Given
from graph.model import Record

FIGURE_FILES: tuple[tuple[str, str], ...] = (
    ("territoire", "reseau"),
    ("reseau", "reseau-seul"),
    ("couverture", "couverture"),
    ("matrice", "matrice"),
    ("frise", "frise"),
    ("classement", "classement"),
    ("portrait", "portrait"),
    ("fiche", "fiche"),
)
"""Ids of the figures in the order in which they are offered, and the first word of their files."""

FIGURE_IDS = tuple(name for name, _ in FIGURE_FILES)
MARKS = ("travail", "confidentiel")
DPI = (72, 600)
"""Fewest and most points an inch of a PNG."""


class FigureSpec(Record, frozen=True, kw_only=True):
    """How a figure should look.

    Attributes
    ----------
    kind : str
        One of :data:`FIGURE_IDS`.
    page, orientation, theme : str
        Of :mod:`explorer.figures.paper`.
    title : str or None
        Worded by a person; None for the one proposed, which states the finding.
    logo : str, Upload or None
        An image file (PNG or JPEG): its path, or the file itself.
    mark : str or None
        One of :data:`MARKS`.
    dpi : int
        Points an inch of a PNG.
    """

    kind: str = "territoire"
    page: str = "16:9"
    orientation: str = "landscape"
    theme: str = "light"
    title: str | None = None
    logo: Given | None = None
    mark: str | None = None
    dpi: int = 200
    language: Literal["fr", "en"] = "fr"
    format: str = "png"
