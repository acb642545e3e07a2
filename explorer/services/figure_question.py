"""What a figure is asked about."""

from __future__ import annotations

from explorer.cover_state import CoverState
from explorer.selection import Selection
from graph.model import Record


class FigureQuestion(Record, frozen=True, kw_only=True):
    """What a figure is asked about.

    Attributes
    ----------
    selection : Selection
        Focus, day and filters, as on screen.
    behind : tuple of str
        References of the territories behind the network (a setting).
    level, population, radius_km, kind, measure
        Of the coverage figures; as on the page *Couverture*. `kind` None is the first known.
    territory, against : str or None
        Of the portrait; by default the one of which most is known, and its département beside it.
    structure : str or None
        Of the fiche partenaire.
    metric : str
        Of the ranking: an id of :data:`graph.analysis.METRICS`.
    places : mapping of id to (x, y), or None
        Layout of the network alone, in any unit, y upwards; None for that of the screen.
    """

    selection: Selection
    behind: tuple[str, ...] = ()
    level: str = CoverState().level
    population: str = "concerned"
    radius_km: float | None = None
    kind: str | None = None
    measure: str = "state"
    territory: str | None = None
    against: str | None = None
    structure: str | None = None
    metric: str = "degree"
    places: dict[str, tuple[float, float]] | None = None
