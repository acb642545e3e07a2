"""Exports: what a file is asked of, and the material that it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PureWindowsPath

import msgspec

from explorer.exports.drawn import Look, Subject
from explorer.exports.material import Material
from explorer.exports.naming import file_name
from explorer.exports.options import Options
from explorer.exports.registry import Format
from explorer.selection import Selection
from explorer.services.coverage import CoverageAnswer, coverage_of
from explorer.services.coverage_reading import CoverageQuestion, usual_territories
from explorer.services.drawn import naming_of
from explorer.services.network import NetworkAnswer, left_out_of, network_of
from explorer.services.view import Language, backdrop_of, placer_of, view_from
from explorer.viewmodel.build import folded_into
from explorer.viewmodel.model import ViewModel
from explorer.viewmodel.placing import Place, Placer
from graph.analysis.watch import SILENT, Watch
from graph.errors import InputError
from graph.model import Territory
from graph.store.port import GraphStore, StructureQuery, TerritoryQuery


class Request(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a file is asked of; every writer of the registry takes one.

    Attributes
    ----------
    store : GraphStore
        Open as long as files are written.
    selection : Selection
        Focus, date and filters; ``restricted`` says whether restricted agreements are in.
    options : Options
        Whether columns that may name persons are in, and how a CSV is written.
    language : {'fr', 'en'}
        Language of headings and words.
    behind : tuple of str
        References of the territories behind the network, as on screen.
    title : str or None
        Worded by the user (:func:`explorer.exports.naming.checked_title`); None for the view's
        own, which states what is shown.
    subject, look : Subject, Look
        Of figures and packs: what is drawn, and how.
    watch : Watch
        Hears how far a pack is, and may stop it.
    """

    store: GraphStore
    selection: Selection
    options: Options = Options()
    language: Language
    behind: tuple[str, ...] = ()
    title: str | None = None
    subject: Subject = Subject()
    look: Look = Look()
    watch: Watch = SILENT

    @cached_property
    def left_out(self) -> int:
        """Return how many restricted agreements would make ties, were they in."""
        return left_out_of(self.store, self.selection)

    @cached_property
    def material(self) -> Material:
        """Return the network and what stands around it, read once.

        Raises
        ------
        UsageError
            The focus is not in the store.
        InputError
            Nothing answers the selection.
        """
        return _material(self)


def _material(request: Request) -> Material:
    store, answer = request.store, network_of(request.store, request.selection)
    shown = answer.network.structures | set(answer.supply)
    if not shown:
        raise InputError("export.empty", day=request.selection.on.isoformat())
    placer = placer_of(store, answer)
    view = view_from(store, answer, backdrop_of(store, request.behind), request.language)
    drawn = frozenset(item.ref for item in view.territories)
    query = TerritoryQuery(ids=drawn, geometry=True)
    return Material(
        view=_titled(view, request.title),
        answer=answer,
        places=_places(shown, placer),
        drawn_with=folded_into(answer, placer),
        territories=_by_id(store.territories(query)) if drawn else (),
        communes=_communes(store, answer, shown),
        sources={item.id: item for item in store.sources()},
        entities=_entities(store, answer, shown),
        options=request.options,
        coverage=_coverage(request),
        left_out=request.left_out,
    )


def _by_id(territories: Iterable[Territory]) -> tuple[Territory, ...]:
    """Return territories in one order, whatever store they come from."""
    return tuple(sorted(territories, key=lambda item: item.id))


def _coverage(request: Request) -> CoverageAnswer | None:
    """Return who serves the territories of the selection, or those behind the network."""
    level, selection = request.options.coverage, request.selection
    if level is None:
        return None
    where = selection.territories or usual_territories(request.store, request.behind)
    asked = msgspec.structs.replace(selection, territories=frozenset(where))
    return coverage_of(request.store, CoverageQuestion(selection=asked, level=level))


def _places(shown: frozenset[str], placer: Placer) -> dict[str, Place]:
    found = {key: placer.place(key) for key in sorted(shown)}
    return {key: place for key, place in found.items() if place is not None}


def _communes(store: GraphStore, answer: NetworkAnswer, shown: frozenset[str]) -> dict[str, str]:
    codes = {item.commune for key, item in answer.structures.items() if key in shown}
    refs = frozenset(f"commune:{code}" for code in codes if code)
    named = store.territories(TerritoryQuery(ids=refs)) if refs else []
    return {item.code: item.name or item.code for item in named}


def _entities(store: GraphStore, answer: NetworkAnswer, shown: frozenset[str]) -> dict[str, str]:
    wanted = {item.legal_entity for key, item in answer.structures.items() if key in shown}
    ids = frozenset(key for key in wanted if key)
    found = store.structures(StructureQuery(ids=ids)) if ids else []
    return {item.id: item.name for item in found if item.name}


def _titled(view: ViewModel, title: str | None) -> ViewModel:
    if title is None:
        return view
    caption = msgspec.structs.replace(view.caption, title=title)
    return msgspec.structs.replace(view, caption=caption)


def useful_name(request: Request, form: Format) -> str:
    """Return the name that a file gets where none was given."""
    first, about = naming_of(request) if form.drawn else (form.figure, None)
    return file_name(first, about or _focus_name(request), request.selection.on, form.extension)


def _focus_name(request: Request) -> str | None:
    focus = request.selection.focus
    if focus is None:
        return None
    found = request.store.structures(StructureQuery(ids=frozenset({focus})))
    return (found[0].name if found else None) or focus


def loaded_files(store: GraphStore) -> frozenset[str]:
    """Return the names of the files that loads were read from: not to be written over."""
    named = (name for load in store.loads() for name in (load.file or "").split(", "))
    return frozenset(PureWindowsPath(name).name for name in named if name)


def has_partners(material: Material) -> bool:
    """Tell whether anything but the group itself is in the file."""
    network = material.answer.network
    return network.focus is None or bool(network.partners) or bool(material.answer.supply)


def target_of(out: Path, request: Request, form: Format) -> Path:
    """Return the file to write: `out` itself, or one with a useful name in the folder `out`."""
    return out / useful_name(request, form) if out.is_dir() else out
