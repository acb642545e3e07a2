"""One view model feeds canvas, table and figures alike (DESIGN.md section 3).

Everything here is ready to be drawn: texts are in the reader's language, positions are in metres,
colours and symbols are chosen. Nothing here computes, and nothing knows of Streamlit or a store.

Coordinates are metres in the projection named by :attr:`ViewModel.crs` (Lambert-93, EPSG:2154, for
metropolitan France), x to the east and y to the north. Texts are plain: never HTML.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["focus", "focus_site", "partner", "neighbour", "supply"]
"""The focus itself; another structure of the focus set; a partner; a structure beyond them that the
reader asked for (neighbours of one, a chain between two); supply shown without a tie."""

Change = Literal["new", "ended", "kept"]
"""Between two days, the earlier first: only on the later, only on the earlier, on both."""

Placement = Literal["place", "rattachement"]
"""At its own position; or at another one's (support, perimeter), which the screen must say."""

TieStyle = Literal["solid", "dashed", "inferred"]
"""Stated; attested, term not stated; inferred or inherited (drawn dotted)."""

Via = Literal["EJ", "groupement"]
Fill = Literal["inside", "outside"]
OutlineWeight = Literal["heavy", "thin"]


class View(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of the view records: immutable, compared by value."""


class ViewNode(View, frozen=True, kw_only=True):
    """A structure as drawn.

    Attributes
    ----------
    label, short_label : str
        The full name, and the one written beside the symbol.
    x, y : float or None
        Metres; both None when no position is known (see :class:`Unplaced`).
    placement : {'place', 'rattachement'} or None
        None when it has no position.
    precision : str or None
        One of :data:`graph.vocabulary.PRECISIONS`.
    statuses : tuple of str
        Statuses of its cooperations with the focus set, without repeats.
    symbol, colour, size
        From :mod:`explorer.palette`, or from what the reader chose to colour or size by. `size`
        is the radius in pixels at any zoom.
    lines : tuple of str
        What the tooltip and the text alternative say below the name.
    unfolded : tuple of float or None
        Where it is drawn in the layout *réseau*: units of :mod:`graph.analysis.layout`, y upwards.
        None where no layout was asked for.
    group, code : str or None
        What it is coloured by, where not by kind: the group in words, and the sign of the legend
        that is written in the symbol, so that colour does not speak alone.
    value : float or None
        The measure it is sized by; None where it is sized by role, or has no value.
    change : {'new', 'ended', 'kept'} or None
        Where two days are compared.
    stands_for : tuple of str
        Ids drawn as this one: the main establishment of a legal entity.
    """

    id: str
    label: str
    short_label: str
    kind: str
    kind_label: str
    role: Role
    x: float | None = None
    y: float | None = None
    placement: Placement | None = None
    precision: str | None = None
    commune: str | None = None
    statuses: tuple[str, ...] = ()
    symbol: str = "dot"
    colour: str = "#5B6770"
    size: float = 7.0
    lines: tuple[str, ...] = ()
    unfolded: tuple[float, float] | None = None
    group: str | None = None
    code: str | None = None
    value: float | None = None
    change: Change | None = None
    stands_for: tuple[str, ...] = ()


class ViewTie(View, frozen=True, kw_only=True):
    """A tie as drawn: one line between two structures, whatever its number of agreements.

    Attributes
    ----------
    type : str
        Type of its cooperations, or ``membership``; ``multiple`` when they differ.
    status : str or None
        The status that decides how it is drawn; None for a membership.
    cooperations : tuple of str
        Ids of the agreements it stands for; empty for a membership.
    via : {'EJ', 'groupement'} or None
        How it is inherited; always named on screen.
    label : str
        What the tie says in words, for tooltip and text alternative.
    change : {'new', 'ended', 'kept'} or None
        Where two days are compared.
    """

    id: str
    source: str
    target: str
    type: str
    label: str
    style: TieStyle = "solid"
    status: str | None = None
    cooperations: tuple[str, ...] = ()
    via: Via | None = None
    change: Change | None = None


class ViewTerritory(View, frozen=True, kw_only=True):
    """A territory polygon behind the network.

    Attributes
    ----------
    ref : str
        ``level:code``.
    rings : tuple of tuple of float
        Outer rings and holes, each ``(x0, y0, x1, y1, …)`` in metres, drawn by the even-odd rule.
    fill : {'inside', 'outside'}
        Whether it belongs to the territory looked at, or only gives context.
    outline : {'heavy', 'thin'}
        Heavy for départements and arrondissements, thin for communes.
    label_at : tuple of float or None
        Where its name is written; None where it is not.
    """

    ref: str
    level: str
    name: str
    rings: tuple[tuple[float, ...], ...]
    fill: Fill = "inside"
    outline: OutlineWeight = "thin"
    label_at: tuple[float, float] | None = None


class LegendKind(View, frozen=True, kw_only=True):
    """A kind present in the view: `key` is what nodes carry, `count` how many do."""

    key: str
    label: str
    symbol: str
    colour: str
    count: int


class LegendTie(View, frozen=True, kw_only=True):
    """A tie style present in the view."""

    style: TieStyle
    label: str
    count: int


class LegendGroup(View, frozen=True, kw_only=True):
    """A group that structures are coloured by: `code` is what is written in their symbols."""

    code: str
    label: str
    colour: str
    count: int


class LegendSize(View, frozen=True, kw_only=True):
    """A value of the measure that structures are sized by, in words, and its radius in pixels."""

    label: str
    size: float


class LegendChange(View, frozen=True, kw_only=True):
    """What a sign of change stands for; `what` tells structures from ties."""

    what: Literal["node", "tie"]
    change: Change
    label: str
    count: int


class Caption(View, frozen=True, kw_only=True):
    """What stands around a figure: the finding, the date, the sources, the filters in words."""

    title: str
    date: str
    sources: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    projection: str = "Lambert-93"


class Unplaced(View, frozen=True, kw_only=True):
    """A structure without a position: listed beside the map, with the reason in words."""

    id: str
    label: str
    kind: str
    kind_label: str
    reason: str


class ViewModel(View, frozen=True, kw_only=True):
    """Everything that one view shows.

    `nodes` holds placed and unplaced structures alike; `description` is the text alternative.
    `legend_groups`, `legend_sizes` and `legend_changes` are empty unless the reader chose to colour
    by something else than the kind, to size by a measure, or to compare two days; `group_title`,
    `size_title` and `change_title` are then their headings, `notes` what must be said with them.
    """

    language: Literal["fr", "en"]
    caption: Caption
    description: str
    nodes: tuple[ViewNode, ...] = ()
    ties: tuple[ViewTie, ...] = ()
    territories: tuple[ViewTerritory, ...] = ()
    legend_kinds: tuple[LegendKind, ...] = ()
    legend_ties: tuple[LegendTie, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    crs: str = "EPSG:2154"
    legend_groups: tuple[LegendGroup, ...] = ()
    group_title: str = ""
    legend_sizes: tuple[LegendSize, ...] = ()
    size_title: str = ""
    legend_changes: tuple[LegendChange, ...] = ()
    change_title: str = ""
    notes: tuple[str, ...] = ()
