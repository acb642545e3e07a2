"""Reading a whole register: file, sheet, headings, rows, duplicates, into one load."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from graph.dates import PartialDate, partial
from graph.errors import UsageError
from graph.identifiers import fold
from graph.model import AnyClaim, SourceRecord, Structure, StructureClaim
from graph.store.port import LoadBatch, StructureQuery, TerritoryQuery
from graph.vocabulary import LEVELS
from loaders.base import LoadContext, Reporter, checksum
from loaders.communes import CommuneIndex
from loaders.conventions.fields import heading
from loaders.conventions.own_side import own_side
from loaders.conventions.parties import PartyReader
from loaders.conventions.places import Places
from loaders.conventions.privacy import clean_text
from loaders.conventions.profile import Profile, load_profile
from loaders.conventions.row import Row, RowErrors
from loaders.conventions.rows import Draft, RowReader
from loaders.conventions.sheets import Chosen, choose_sheet, read_rows
from loaders.conventions.values import Reading
from loaders.conventions.workbook import Workbook, open_register
from loaders.french_dates import DateError, parse_date
from loaders.matching import Named, NameIndex

LOADER = "conventions"
SOURCE = "register"
TITLE = "Registre des conventions"
SHOWN_LINES = 12
FINESS_LENGTH = 9
STEP = 2000


def read_register(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read a directorate's register of conventions.

    Parameters
    ----------
    paths : sequence of Path
        One file: CSV, XLSX, XLSB, XLS or ODS.
    context : LoadContext
        `store` gives the structures to match. `options`: ``profile`` (name or path of a mapping),
        ``sheet``, ``focus`` (id of the group), ``aliases`` (``CHIC=940110018;…``), ``date`` (the
        day that the register describes; else that of its last change) and ``persons`` (``yes``
        loads the names of referents).

    Raises
    ------
    InputError
        The file cannot be read as a register; the message says why and what to do.
    UsageError
        Several files, or an unknown sheet, profile or date.
    """
    if len(paths) != 1:
        raise UsageError("register.one_file", count=len(paths))
    path = paths[0]
    profile = load_profile(context.options["profile"]) if "profile" in context.options else None
    book = open_register(path)
    sheet = context.options.get("sheet") or (profile.sheet if profile else None)
    chosen = choose_sheet(book, sheet, profile)
    vintage = _vintage(book, context)
    reporter = Reporter()
    _about_the_file(book, chosen, reporter)
    rows = read_rows(chosen, _warner(reporter, chosen))
    reader = _row_reader(context, profile or Profile(), vintage)
    drafts = _read_all(rows, reader, reporter, context)
    drafts = _without_duplicates(drafts, reporter)
    _check_links(drafts, reporter)
    return LoadBatch(
        loader=LOADER,
        series=LOADER,
        sources=(_source(vintage),),
        claims=_claims(drafts),
        report=reporter.report,
        file=path.name,
        checksum=checksum([path]),
        guarded=True,
    )


def _source(vintage: PartialDate) -> SourceRecord:
    return SourceRecord(id=SOURCE, family="register", title=TITLE, date=vintage, vintage=vintage)


def _vintage(book: Workbook, context: LoadContext) -> PartialDate:
    """Return the day that the register describes: asked, else that of its last change."""
    asked = context.options.get("date")
    if asked:
        try:
            return parse_date(asked)
        except DateError:
            raise UsageError("register.date", value=asked) from None
    changed = book.modified or date.fromtimestamp(book.path.stat().st_mtime)  # noqa: DTZ012 - the user's day
    return partial(changed.isoformat())


def _warner(reporter: Reporter, chosen: Chosen) -> Callable[[str], Callable[..., None]]:
    headings = {column.field: column.heading for column in chosen.header.columns if column.field}

    def for_row(locator: str) -> Callable[..., None]:
        def warn(field: str, code: str, value: str | None = None, **params: Any) -> None:  # noqa: ANN401 - passed on
            shown = _shown(code, value)
            at = headings.get(field, field)
            reporter.warn(locator, f"register.{code}", field=at, value=shown, **params)

        return warn

    return for_row


def _row_reader(context: LoadContext, profile: Profile, vintage: PartialDate) -> RowReader:
    store = context.store
    structures = store.structures(StructureQuery()) if store else []
    territories = store.territories(TerritoryQuery(levels=frozenset(LEVELS))) if store else []
    places = Places(CommuneIndex.bundled(), territories)
    own = own_side(
        context.options.get("focus"),
        structures,
        store.memberships() if store else [],
        _aliases(context.options.get("aliases", "")),
    )
    names = NameIndex(_named(structures, context), places.name)
    words = profile.words()
    parties = PartyReader(names, own, places, SOURCE, profile.separators, words, _nowhere)
    persons = context.options.get("persons") == "yes"
    reading = Reading("", profile.date_order, words, places, persons, _nowhere)
    return RowReader(reading, parties, vintage, SOURCE)


def _named(structures: Sequence[Structure], context: LoadContext) -> Iterator[Named]:
    for done, item in enumerate(structures):
        if context.progress is not None and done % STEP == 0:
            context.progress("progress.register_names", done, len(structures))
        yield Named(item.id, item)


def _nowhere(*_args: object, **_params: object) -> None:
    """Stand where each row puts its own reporter."""


def _aliases(stated: str) -> dict[str, str]:
    pairs = (item.split("=", 1) for item in stated.split(";") if "=" in item)
    return {name.strip(): structure.strip() for name, structure in pairs}


def _about_the_file(book: Workbook, chosen: Chosen, reporter: Reporter) -> None:
    """Warn of what a reader of the file might not see."""
    where = f"feuille « {chosen.sheet.name} »" if chosen.sheet.name else book.path.name
    notes = chosen.sheet.read_notes()
    if book.open_elsewhere:
        reporter.warn(where, "register.open_elsewhere", value=book.path.name)
    if book.legacy_encoding:
        reporter.warn(where, "register.legacy_encoding", value=book.path.name)
    if chosen.others:
        reporter.warn(where, "register.other_sheets", value=", ".join(chosen.others))
    if not notes.checked:
        reporter.warn(where, "register.hidden_not_checked", value=book.format)
    hidden = sorted(row for row in notes.hidden_rows if row > chosen.header.position + 1)
    if hidden:
        shown = ", ".join(map(str, hidden[:SHOWN_LINES])) + (
            "…" if len(hidden) > SHOWN_LINES else ""
        )
        reporter.warn(where, "register.hidden_rows", value=shown, n=len(hidden))
    for column in chosen.header.columns:
        if column.field and column.at + 1 in notes.hidden_columns:
            reporter.warn(where, "register.hidden_column", field=column.heading)
        _about_the_column(where, chosen, column.heading, reporter)


def _about_the_column(where: str, chosen: Chosen, words: str, reporter: Reporter) -> None:
    column = next(item for item in chosen.header.columns if item.heading == words)
    if column.how == "close" and column.field:
        reporter.warn(where, "register.heading_close", field=words, value=heading(column.field))
    elif column.how == "unknown":
        near = ", ".join(f"{heading(item.field)} ({item.score:.0f} %)" for item in column.proposals)
        reporter.warn(where, "register.heading_unknown", field=words, value=near or "–")


def _read_all(
    rows: Sequence[Row], reader: RowReader, reporter: Reporter, context: LoadContext
) -> list[Draft]:
    drafts = []
    for done, row in enumerate(rows):
        if context.progress is not None:
            context.progress("progress.register", done, len(rows))
        reporter.read(row.lines)
        remarks = len(reporter.report.warnings)
        try:
            drafts.append(reader.read(row))
        except RowErrors as error:
            # how a row was understood is no matter once it is refused
            del reporter.report.warnings[remarks:]
            _reject(row, error, reporter)
    if drafts and reader.parties.own.focus is None:
        reporter.warn("–", "register.own_side_not_known")
    return drafts


def _reject(row: Row, found: RowErrors, reporter: Reporter) -> None:
    """Report all that is wrong with a row; it counts once for each of its lines."""
    for position, error in enumerate(found.errors):
        report = reporter.reject_also if position else reporter.reject
        shown = _shown(error.code, error.value)
        code = f"register.{error.code}"
        report(row.locator, code, field=error.field, value=shown, **error.params)
    reporter.report.rejected += row.lines - 1


def _shown(code: str, value: str | None) -> str | None:
    """Return a cell as the report repeats it: without what may be a person's.

    A number of eight or nine figures given as a FINESS number is none of a patient's.
    """
    if value and code.startswith("finess_") and len(value) <= FINESS_LENGTH:
        return value
    return clean_text(value).text if value else value


def _without_duplicates(drafts: Sequence[Draft], reporter: Reporter) -> list[Draft]:
    """Keep one of several identical rows; refuse rows that differ under one number."""
    by_id: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_id[fold(draft.claim.id)].append(draft)
    kept = []
    for same in by_id.values():
        contents = {msgspec.json.encode(_bare(draft)) for draft in same}
        if len(contents) > 1:
            for draft in same:
                others = ", ".join(item.row.locator for item in same if item is not draft)
                reporter.reject(
                    draft.row.locator,
                    "register.number_twice",
                    field=draft.row.headings.get("number") or heading("title"),
                    value=draft.claim.id,
                    others=others,
                )
                reporter.report.rejected += draft.row.lines - 1
            continue
        kept.append(same[0])
        reporter.keep(same[0].row.lines)
        for draft in same[1:]:
            reporter.skip(draft.row.lines)
            reporter.warn(
                draft.row.locator,
                "register.row_twice",
                value=draft.claim.id,
                first=same[0].row.locator,
            )
    return kept


def _bare(draft: Draft) -> object:
    return msgspec.structs.replace(draft.claim, locator="", id="")


def _check_links(drafts: Sequence[Draft], reporter: Reporter) -> None:
    """Point children at the convention that they name, as it is written there."""
    known = {fold(draft.claim.id): draft.claim.id for draft in drafts}
    for place, draft in enumerate(drafts):
        claim = draft.claim
        for name in ("parent", "replaces", "replaced_by"):
            number = getattr(claim, name)
            if number is None:
                continue
            if fold(number) not in known:
                reporter.warn(
                    draft.row.locator, "register.link_unknown", field=heading(name), value=number
                )
            elif known[fold(number)] != number:
                claim = msgspec.structs.replace(claim, **{name: known[fold(number)]})
        drafts[place] = draft._replace(claim=claim)  # type: ignore[index]


def _claims(drafts: Sequence[Draft]) -> list[AnyClaim]:
    """Return the claims of the load, each structure once, where it is first spoken of."""
    structures: dict[str, StructureClaim] = {}
    for draft in drafts:
        for item in draft.created:
            at = msgspec.structs.replace(item, locator=draft.row.locator)
            known = structures.setdefault(item.id, at)
            structures[item.id] = _merged(known, at)
    return [*(draft.claim for draft in drafts), *structures.values()]


def _merged(known: StructureClaim, other: StructureClaim) -> StructureClaim:
    """Complete what one row says of a structure with what another says."""
    return msgspec.structs.replace(
        known,
        name=known.name or other.name,
        kind=known.kind or other.kind,
        commune=known.commune or other.commune,
    )
