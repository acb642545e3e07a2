"""What a question on coverage needs of the store, and nothing else: territories, structures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec
import shapely

from explorer.selection import Selection
from explorer.services.network import NetworkAnswer, network_of
from explorer.services.registers import activity_registers, registers_of
from explorer.services.territory_reading import territories_of
from graph.analysis.demand import Shape
from graph.analysis.people import Population
from graph.analysis.proximity import check_radius
from graph.analysis.service_areas import Atlas, Communes, service_rule
from graph.analysis.situation import Situation
from graph.errors import UsageError
from graph.identifiers import split_ref, territory_ref
from graph.model import Record, Structure, Territory
from graph.store.port import GraphStore, StructureQuery, TerritoryQuery
from graph.vocabulary import KINDS, LEVELS

SERVICE_KINDS = tuple(
    kind
    for kind in KINDS
    if kind
    not in {
        *("GHT", "GROUPEMENT", "RESEAU", "GROUPE", "FILIERE", "INSTITUTION", "URPS"),
        *("ASSOCIATION", "INSTANCE", "GESTIONNAIRE", "AUTRE"),
    }
)
"""Kinds that people of a territory turn to: those of a coverage table where none is named."""

ALSO_OFFERED_BY = {"HAD": frozenset({"HOPITAL", "CLINIQUE", "GROUPEMENT"})}
"""Kinds under which holders of the authorisation of another kind are registered (DOMAIN.md)."""

_FREE_LEVELS = frozenset({"cpts", "set"})
_SHORTEST_DEGREE_KM = 69.0
"""Kilometres of a degree of longitude in the north of France: no degree there is shorter."""


class CoverageQuestion(Record, frozen=True, kw_only=True):
    """What is asked: whose partners, where, of which kinds, for whom.

    Focus, day, themes, statuses and inheritance of `selection` decide who is a partner. Its kinds
    are the columns (all that serve people if empty) and its territories say where; `radius_km`
    None asks for no reach; `minutes` asks for it in time. Who lives and serves up to `around_km`
    outside is read as well. `stays` by commune count in place of people where there are any.
    `drawn` are territories that no store has (a polygon file, the whole country): they are the rows
    then, whatever the territories of the selection. Without `outlines` communes are read without
    their polygons: nothing is drawn or measured then.
    """

    selection: Selection
    level: str
    population: Population = "concerned"
    radius_km: float | None = None
    minutes: float | None = None
    around_km: float | None = None
    demand: Shape = "grid"
    activity: str | None = None
    stays: dict[str, float] = {}  # noqa: RUF012 - msgspec copies defaults
    drawn: tuple[Territory, ...] = ()
    outlines: bool = True

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds asked about, in the order in which people read them."""
        return tuple(k for k in KINDS if k in self.selection.kinds) or SERVICE_KINDS


class Ground(NamedTuple):
    """The territories that answer a question, by reference, and what is known around them."""

    atlas: Atlas
    refs: tuple[str, ...]
    communes: Communes


class CoverageGround(NamedTuple):
    """The situation of a question, and the territories that are its rows."""

    situation: Situation
    ground: Ground
    network: NetworkAnswer


def usual_territories(store: GraphStore, refs: Sequence[str]) -> frozenset[str]:
    """Return the territories of the settings that are loaded; all of them where none is."""
    held = {item.id for item in store.territories(TerritoryQuery(ids=frozenset(refs)))}
    return frozenset(held or refs)


def read_ground(store: GraphStore, question: CoverageQuestion) -> CoverageGround:
    """Return the situation that answers `question`.

    Raises
    ------
    UsageError
        A focus, territory or level that is not known, or a radius that cannot be meant.
    """
    if question.level not in LEVELS:
        raise UsageError("unknown_level", value=question.level, allowed=", ".join(LEVELS))
    if question.radius_km is not None:
        check_radius(question.radius_km * 1000)
    # kinds and territories choose rows and columns here: a partner elsewhere stays a partner
    asked = msgspec.structs.replace(
        question.selection, kinds=frozenset(), territories=frozenset(), supply=False
    )
    answer = network_of(store, asked)
    territories = _Territories(store, question.drawn, outlines=question.outlines)
    refs = tuple(item.id for item in question.drawn) or territories.rows(
        question.selection.territories, question.level
    )
    communes = territories.read_around(refs)
    area = territories.departements(communes)
    area = _area(store, area, max(question.radius_km or 0, question.around_km or 0) or None)
    if question.around_km:
        territories.read_inside(area)
    structures = _structures(store, question, area, answer)
    structures = territories.read_served(structures)
    registers = registers_of(store, question.kinds, area)
    if question.activity is not None:
        registers = activity_registers(store, registers, question.activity)
    situation = Situation(
        atlas=territories.atlas(),
        structures=structures,
        network=answer.network,
        cooperations=tuple(answer.cooperations.values()),
        memberships=answer.memberships,
        registers=registers,
    )
    return CoverageGround(situation, Ground(situation.atlas, refs, communes), answer)


class _Territories:
    """Territories as they are read, each once."""

    def __init__(
        self, store: GraphStore, drawn: Iterable[Territory] = (), *, outlines: bool = True
    ) -> None:
        self._store = store
        self._outlines = outlines
        self._known: dict[str, Territory] = {item.id: item for item in drawn}

    def rows(self, asked: frozenset[str], level: str) -> tuple[str, ...]:
        """Return the territories of `level` that share a commune with those asked."""
        lost = asked - self._read(ids=asked)
        if lost:
            raise UsageError("unknown_territory", value=", ".join(sorted(lost)))
        inside = self._inside(asked)
        if level == "commune":
            return tuple(sorted(territory_ref(level, code) for code in inside))
        if level in _FREE_LEVELS:
            free = self._read(levels=frozenset({level}))
            return tuple(sorted(ref for ref in free if self._inside({ref}) & inside))
        found = {ref for code in inside for ref in self._parents(code, level)}
        self._read(ids=frozenset(found))
        return tuple(sorted(found & self._known.keys()))

    def read_around(self, refs: Iterable[str]) -> Communes:
        """Read the communes of the régions around `refs`; return those of `refs`."""
        rows = frozenset(refs)
        communes = self._inside(rows)
        regions = frozenset(ref for code in communes for ref in self._parents(code, "region"))
        self._read(ids=self.departements(communes))
        self._read_communes(regions)
        return communes

    def read_inside(self, refs: frozenset[str]) -> None:
        """Read the communes of `refs`."""
        self._read_communes(refs)

    def read_served(self, structures: Collection[Structure]) -> list[Structure]:
        """Read what `structures` serve; leave out those that serve only communes elsewhere."""
        kept = [item for item in structures if self._may_serve(item)]
        self._inside({ref for item in kept for ref in item.covers})
        return kept

    def departements(self, communes: Communes) -> frozenset[str]:
        """Return the départements of `communes`."""
        return frozenset(ref for code in communes for ref in self._parents(code, "departement"))

    def atlas(self) -> Atlas:
        """Return all that was read."""
        return Atlas(self._known.values())

    def _may_serve(self, item: Structure) -> bool:
        if service_rule(item.kind or "") == "place" and not item.covers:
            return True
        return not item.covers or any(
            ref in self._known or not ref.startswith("commune:") for ref in item.covers
        )

    def _inside(self, refs: Collection[str]) -> Communes:
        """Return the codes of the communes of `refs`, reading whatever they are made of."""
        wave = set(refs)
        every: set[str] = set()
        while wave := wave - every:
            every |= wave
            self._read(ids=frozenset(wave))
            wave = {ref for each in wave for ref in self._members(each)}
        self._read_communes(frozenset(ref for ref in every if not ref.startswith("commune:")))
        if any(self._only_drawn(ref) for ref in refs):
            self._read(levels=frozenset({"commune"}))
        atlas = self.atlas()
        return frozenset().union(*(atlas.communes(ref) for ref in refs))

    def _members(self, ref: str) -> tuple[str, ...]:
        return self._known[ref].members if ref in self._known else ()

    def _only_drawn(self, ref: str) -> bool:
        """Tell whether a territory is known by its polygon alone."""
        item = self._known.get(ref)
        return (
            item is not None
            and item.level in _FREE_LEVELS
            and not item.members
            and item.geometry is not None
        )

    def _parents(self, code: str, level: str) -> Iterable[str]:
        known = self._known.get(territory_ref("commune", code))
        return (ref for ref in (known.parents if known else ()) if split_ref(ref)[0] == level)

    def _read_communes(self, parents: frozenset[str]) -> None:
        if parents:
            self._read(levels=frozenset({"commune"}), parents=parents, geometry=self._outlines)

    def _read(self, *, geometry: bool = True, **asked: frozenset[str]) -> frozenset[str]:
        """Read what is asked and not known yet; return the references found."""
        ids = asked.get("ids")
        if ids is not None and ids <= self._known.keys():
            return ids
        query = TerritoryQuery(**asked, geometry=geometry)
        found = {item.id: item for item in territories_of(self._store, query)}
        self._known |= found
        return frozenset(found)


def _area(
    store: GraphStore, departements: frozenset[str], radius_km: float | None
) -> frozenset[str]:
    """Return the départements asked and those that a radius reaches across their borders."""
    if radius_km is None or not departements:
        return departements
    drawn = territories_of(store, TerritoryQuery(levels=frozenset({"departement"}), geometry=True))
    shapes = {item.id: shapely.from_wkb(item.geometry) for item in drawn if item.geometry}
    own = [shapes[ref] for ref in departements if ref in shapes]
    if not own:
        return departements
    middle = shapely.union_all(own)
    limit = radius_km / _SHORTEST_DEGREE_KM
    near = {ref for ref, area in shapes.items() if shapely.dwithin(middle, area, limit)}
    return departements | near


def _structures(
    store: GraphStore, question: CoverageQuestion, area: frozenset[str], answer: NetworkAnswer
) -> list[Structure]:
    """Return who may serve: by place within `area`, by zone or perimeter wherever they sit."""
    at_place = frozenset(kind for kind in question.kinds if service_rule(kind) == "place")
    by_zone = frozenset(question.kinds) - at_place
    by_zone |= frozenset().union(*(ALSO_OFFERED_BY.get(kind, frozenset()) for kind in by_zone))
    day = question.selection.on
    found = dict(answer.structures)
    if at_place and area:
        query = StructureQuery(kinds=at_place, territories=area, open_on=day)
        found |= {item.id: item for item in store.structures(query)}
    if by_zone:
        query = StructureQuery(kinds=by_zone, open_on=day)
        found |= {item.id: item for item in store.structures(query)}
    return list(found.values())
