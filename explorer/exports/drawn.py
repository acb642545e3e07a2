"""What a figure or a pack is asked about and how it looks: the same for page and command line."""

from __future__ import annotations

from datetime import date

from explorer.cover_state import CoverState
from explorer.exports.upload import Given
from graph.model import Record


class Subject(Record, frozen=True, kw_only=True):
    """What is drawn of the selection.

    Attributes
    ----------
    figure : str
        An id of :data:`explorer.services.figures.FIGURES`.
    pack : str or None
        An id of :data:`explorer.services.packs.PACKS`, in place of a figure.
    per, since
        Of the packs (:class:`explorer.services.packs.PackSpec`).
    level, population, radius_km, kind, measure, territory, against, structure, metric
        Of the figures (:class:`explorer.services.figure_question.FigureQuestion`).
    """

    figure: str = "territoire"
    pack: str | None = None
    per: str = "arrondissement"
    since: date | None = None
    level: str = CoverState().level
    population: str = "concerned"
    radius_km: float | None = None
    kind: str | None = None
    measure: str = "state"
    territory: str | None = None
    against: str | None = None
    structure: str | None = None
    metric: str = "degree"


class Look(Record, frozen=True, kw_only=True):
    """How it looks: the sheet, theme, logo and mark; `template` of slides, `dpi` of a PNG."""

    page: str = "16:9"
    orientation: str = "landscape"
    theme: str = "light"
    logo: Given | None = None
    mark: str | None = None
    dpi: int = 200
    template: Given | None = None
