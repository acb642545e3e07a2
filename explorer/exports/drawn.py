"""What a figure or a pack is asked about and how it looks: the same for page and command line."""

from __future__ import annotations

from datetime import date

from explorer.cover_state import CoverState
from explorer.exports.upload import Given
from graph.model import Record


class Choices(Record, frozen=True, kw_only=True):
    """What a figure is asked about beside the selection.

    Attributes
    ----------
    level, population, radius_km, kind, measure
        Of the coverage figures; as on the page *Couverture*. `kind` None is the first known.
    territory, against : str or None
        Of the portrait; by default the one of which most is known, and its département beside it.
    structure : str or None
        Of the fiche partenaire.
    metric : str
        Of the ranking: an id of :data:`graph.analysis.METRICS`.
    """

    level: str = CoverState().level
    population: str = "concerned"
    radius_km: float | None = None
    kind: str | None = None
    measure: str = "state"
    territory: str | None = None
    against: str | None = None
    structure: str | None = None
    metric: str = "degree"


class Subject(Choices, frozen=True, kw_only=True):
    """What is drawn of the selection: a figure and its choices, or a pack.

    Attributes
    ----------
    figure : str
        An id of :data:`explorer.services.figures.FIGURES`.
    pack : str or None
        An id of :data:`explorer.services.packs.PACKS`, in place of a figure.
    per, since
        Of the packs (:class:`explorer.services.packs.PackSpec`).
    """

    figure: str = "territoire"
    pack: str | None = None
    per: str = "arrondissement"
    since: date | None = None


class Look(Record, frozen=True, kw_only=True):
    """How it looks: the sheet, theme, logo and mark; `template` of slides, `dpi` of a PNG."""

    page: str = "16:9"
    orientation: str = "landscape"
    theme: str = "light"
    logo: Given | None = None
    mark: str | None = None
    dpi: int = 200
    template: Given | None = None
