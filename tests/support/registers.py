"""Synthetic registers of conventions, in every format: no agreement written here exists.

The structures around them are synthetic too, except that names and numbers of public hospitals are
used where matching them is what is tested. XLS and encrypted containers are written byte by byte:
no library of ours writes them.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from graph.model import (
    AnyClaim,
    CooperationClaim,
    MembershipClaim,
    SourceRecord,
    StructureClaim,
    TerritoryClaim,
    membership_id,
)
from graph.store.port import LoadBatch, ReadReport
from loaders.base import LoadContext
from tests.support.memory_store import MemoryStore

FOCUS = "ght:990000009"
NORTH, SOUTH = "990000017", "990000025"
NORTH_SITE, SOUTH_SITE = "990000033", "990000041"
BOYER, GALIEN, SAINT_CAMILLE, MONTSOURIS = "940300502", "910803543", "940000649", "750150104"
EMMAUS_SHELTER, BICHAT = "990000058", "750100232"
CHEMINOTS, DRAVEIL, RIS = "910009539", "910150085", "910500040"
CRETEIL, BRUNOY, YERRES, VILLENEUVE = "94028", "91114", "91691", "94078"

_COLUMNS = ("id", "name", "kind", "level", "category", "legal_entity", "commune", "other_names")
_STRUCTURES = """
ght:990000009|GHT synthétique|GHT
990000017|CHI Nord synthétique|HOPITAL|EJ||||NORD
990000025|CHI Sud synthétique|HOPITAL|EJ||||SUD
990000033|NORD|HOPITAL|ET|355|990000017|94028
990000041|SUD|HOPITAL|ET|355|990000025|94078
940300502|CLINIQUE DU DR BOYER|CLINIQUE|ET|365||94078
910803543|HOPITAL PRIVE CLAUDE GALIEN|CLINIQUE|ET|365||91514
940000649|HOPITAL SAINT CAMILLE|HOPITAL|ET|365||94015
750150104|INSTITUT MUTUALISTE MONTSOURIS|HOPITAL|ET|365||75114
990000058|CHU BICHAT|AUTRE|ET|219||75118
750100232|CHU BICHAT|HOPITAL|ET|101||75118
910009539|GH LES CHEMINOTS|HOPITAL|EJ
910150085|GH LES CHEMINOTS|HOPITAL|ET|109|910009539|91201
910500040|GH LES CHEMINOTS|HOPITAL|ET|109|910009539|91521
990000066|CMS HENRI DRET|CMS|ET|124||94078
990000074|EHPAD LES TILLEULS|EHPAD|ET|500||91114
990000082|EHPAD LES TILLEULS|EHPAD|ET|500||91691
dac:dac-94-nord|DAC 94 Nord|DAC
groupe:diaconesses|GH Diaconesses – Croix Saint-Simon|GROUPE
association:reanimation-et-soins|Réanimation et soins|ASSOCIATION
010000024|CH DE L'AIN SYNTHETIQUE|HOPITAL|ET|355||01053
"""


def _structure(line: str) -> StructureClaim:
    values: dict[str, Any] = {
        name: value for name, value in zip(_COLUMNS, line.split("|"), strict=False) if value
    }
    if "other_names" in values:
        values["other_names"] = (values["other_names"],)
    return StructureClaim(source="synthetic", locator=values["id"], **values)


def synthetic_store() -> MemoryStore:
    """Return a store with a made-up group of two hospitals and the partners around it."""
    claims: list[AnyClaim] = [_structure(line) for line in _STRUCTURES.split("\n") if line]
    for member in (NORTH, SOUTH):
        key = membership_id(member, FOCUS, "partie")
        claims.append(
            MembershipClaim(
                id=key, source="synthetic", locator=key, member=member, group=FOCUS, role="partie"
            )
        )
    for level, code, name in (
        ("departement", "94", "Val-de-Marne"),
        ("set", "nord", "Bassin nord"),
    ):
        claims.append(
            TerritoryClaim(
                id=f"{level}:{code}",
                source="synthetic",
                locator=code,
                level=level,
                code=code,
                name=name,
            )
        )
    store = MemoryStore()
    source = SourceRecord(id="synthetic", family="finess", title="Structures synthétiques")
    store.apply(
        LoadBatch(
            loader="synthetic",
            series="synthetic",
            sources=(source,),
            claims=claims,
            report=ReadReport(),
        )
    )
    return store


def context(store: MemoryStore | None = None, **options: str) -> LoadContext:
    """Return a context around the synthetic store; the register is dated 1 March 2026."""
    stated = {"focus": FOCUS, "date": "2026-03-01", **options}
    return LoadContext(
        store=store or synthetic_store(),
        options={name: value for name, value in stated.items() if value},
    )


def agreements(batch: LoadBatch) -> dict[str, CooperationClaim]:
    """Return the agreements of a batch by id."""
    return {claim.id: claim for claim in batch.claims if isinstance(claim, CooperationClaim)}


Rows = Sequence[Mapping[str, object]]


def table(rows: Rows) -> list[list[object]]:
    """Return rows as cells under the union of their headings."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return [list(headings), *([row.get(name, "") for name in headings] for row in rows)]


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    """Write a register as delimited text."""
    lines = (delimiter.join(_quoted(str(cell), delimiter) for cell in row) for row in table(rows))
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def _quoted(cell: str, delimiter: str) -> str:
    special = any(mark in cell for mark in (delimiter, '"', "\n"))
    return '"' + cell.replace('"', '""') + '"' if special else cell


def write_xlsx(
    path: Path,
    cells: Sequence[Sequence[object]],
    *,
    sheet: str = "Registre",
    more: Callable[[Any, Any], None] | None = None,
) -> Path:
    """Write cells to a workbook; `more` gets the book and the sheet before they are closed."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(cells):
        page.write_row(number, 0, row)
    if more is not None:
        more(book, page)
    book.close()
    return path


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)


def write_ods(
    path: Path,
    cells: Sequence[Sequence[object]],
    *,
    hidden: Sequence[int] = (),
    spans: Mapping[tuple[int, int], int] | None = None,
    manifest: str = "",
) -> Path:
    """Write cells to an ODS file; `hidden` rows and vertical `spans` are counted from 1."""
    rows = []
    for number, row in enumerate(cells, 1):
        attribute = ' table:visibility="collapse"' if number in hidden else ""
        written = "".join(
            _ods_cell(value, (spans or {}).get((number, at), 1)) for at, value in enumerate(row, 1)
        )
        rows.append(f"<table:table-row{attribute}>{written}</table:table-row>")
    body = f'<table:table table:name="Registre">{"".join(rows)}</table:table>'
    content = f"{_ODS_HEAD}{body}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", content)
    return path


def _ods_cell(value: object, span: int) -> str:
    spanned = f' table:number-rows-spanned="{span}" table:number-columns-spanned="1"'
    attribute = spanned if span > 1 else ""
    if value == "":
        return f"<table:table-cell{attribute}/>"
    words = escape(str(value))
    return (
        f'<table:table-cell office:value-type="string"{attribute}><text:p>{words}</text:p>'
        "</table:table-cell>"
    )


def write_xls(path: Path, cells: Sequence[Sequence[str]], *, protected: bool = False) -> Path:
    """Write text cells to a BIFF8 workbook (Excel 97-2003) with one sheet."""
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    guard = _record(0x002F, struct.pack("<HHH", 1, 1, 1)) if protected else b""
    name = "Registre".encode("latin-1")
    bound_size = 4 + 6 + 2 + len(name)
    sheet_at = len(bof) + len(guard) + bound_size + 4
    bound = _record(0x0085, struct.pack("<IHBB", sheet_at, 0, len(name), 0) + name)
    end = _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    width = max(map(len, cells))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(cells), 0, width, 0))
    for row, values in enumerate(cells):
        for column, value in enumerate(values):
            if value:
                text = value.encode("utf-16-le")
                head = struct.pack("<HHHHB", row, column, 0, len(value), 1)
                sheet += _record(0x0204, head + text)
    return write_ole(path, {"Workbook": bof + guard + bound + end + sheet + end})


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def write_ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """Write an OLE container (the box of XLS files and of encrypted workbooks)."""
    padded = {
        name: data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0")
        for name, data in streams.items()
    }
    chains: list[int] = [_FAT, _END]
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    body = b""
    for number, (name, data) in enumerate(padded.items(), 1):
        start, count = len(chains), len(data) // _SECTOR
        chains.extend([*range(start + 1, start + count), _END])
        following = number + 1 if number < len(padded) else _FREE
        entries.append(_entry(name, 2, start, len(data), right=following))
        body += data
    fat = b"".join(struct.pack("<I", item) for item in chains).ljust(_SECTOR, b"\xff")
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0
    )
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    path.write_bytes(header + fat + directory + body)
    return path


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE
) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    entry += struct.pack("<III", _FREE, right, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)
