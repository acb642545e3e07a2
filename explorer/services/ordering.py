"""From the choices of the page *Exports* to the request that the command line would make."""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from explorer.cover_state import CoverState
from explorer.export_state import COVERED, NO_LEVEL, NO_MARK, PACKS, ExportState
from explorer.exports.drawn import Look, Subject
from explorer.exports.options import COVERAGE, TABLES, Options
from explorer.exports.upload import Given
from explorer.selection import Selection
from explorer.services.exporting import Request
from explorer.services.figure_coverage import ESTIMATES
from explorer.services.view import Language
from graph.model import Record
from graph.store.port import GraphStore


class Own(Record, frozen=True, kw_only=True):
    """What a person gives beside the choices, and which no link holds.

    `title` None is the one proposed; `restricted` and `persons` let in what is left out else.
    """

    title: str | None = None
    logo: Given | None = None
    template: Given | None = None
    restricted: bool = False
    persons: bool = False


class Asked(Record, frozen=True, kw_only=True):
    """A selection, what the pages *Exports* and *Couverture* were asked, and a person's own."""

    selection: Selection
    state: ExportState
    cover: CoverState = CoverState()
    own: Own = Own()
    language: Language = "fr"
    behind: tuple[str, ...] = ()


def request_of(store: GraphStore, asked: Asked) -> Request:
    """Return the request of these choices."""
    return Request(
        store=store,
        selection=msgspec.structs.replace(asked.selection, restricted=asked.own.restricted),
        options=options_of(asked),
        language=asked.language,
        behind=asked.behind,
        title=asked.own.title,
        subject=subject_of(asked),
        look=look_of(asked),
    )


def subject_of(asked: Asked) -> Subject:
    """Return what is drawn; what this figure does not ask stays as by default."""
    what, state, cover = asked.state.what, asked.state, asked.cover
    if what in PACKS:
        return (
            Subject(pack=what, since=state.since)
            if what == "comite"
            else Subject(pack=what, per=state.per)
        )
    if what == "couverture":
        estimated = cover.measure in ESTIMATES
        return Subject(
            figure=what,
            level=cover.level,
            population=cover.population,
            kind=cover.kind,
            measure=cover.measure,
            radius_km=cover.radius_km if estimated else None,
        )
    if what == "matrice":
        return Subject(figure=what, level=cover.level, population=cover.population)
    if what == "portrait":
        level = cover.territory.partition(":")[0] if cover.territory else cover.level
        return Subject(
            figure=what,
            level=level,
            population=cover.population,
            territory=cover.territory,
            against=cover.against if cover.territory else None,
        )
    structure = state.structure if what == "fiche" else None
    metric = state.metric if what == "classement" else Subject().metric
    return Subject(figure=what, structure=structure, metric=metric) if state.drawn else Subject()


def look_of(asked: Asked) -> Look:
    """Return how it looks; resolution and template only where the format has one."""
    state, form = asked.state, asked.state.chosen_form
    return Look(
        page=state.sheet.replace("-", ":"),
        orientation=state.orientation,
        theme=state.theme,
        logo=asked.own.logo,
        mark=None if state.mark == NO_MARK else state.mark,
        dpi=state.dpi if form == "png" else Look().dpi,
        template=asked.own.template if form == "pptx" else None,
    )


def options_of(asked: Asked) -> Options:
    """Return what is asked of a file of data."""
    state = asked.state
    covered = state.coverage != NO_LEVEL and state.chosen_form in COVERED
    level = state.coverage if covered else None
    tables = TABLES if level is None else (*TABLES, COVERAGE)
    return Options(
        persons=asked.own.persons,
        coverage=level,
        separator=cast("Literal[';', ',']", state.separator),
        table=state.table if state.table in tables else TABLES[0],
    )
