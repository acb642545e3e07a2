"""The price list read by columns says what a person says who reads it row by row."""

import csv
import io
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.dates import PartialDate
from graph.model import Fact, StructureClaim
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter
from loaders.kind_sources import EHPAD
from loaders.kind_sources.ehpad.numbers import finess_of
from loaders.kind_sources.ehpad.prices import PRICES, price_of

COLUMNS = ["finessEt", *(name for name, _, _ in PRICES), "DATE_MAJ"]
HEADER = [*COLUMNS[:10], "AUTRE_PRESTATION_INCLUSE", *COLUMNS[10:]]
VINTAGE, LAST_DAY = PartialDate("2023-02"), "2023-02-28"

numbers = st.sampled_from(["940000001", "940000002", "10000002", "2a0000014", "pas un numéro", ""])
prices = st.sampled_from(
    [
        *[""] * 8,
        "0",
        "NC",
        "58,45",
        " 58.4 ",
        "60 €",
        "400",
        "80",
        "80,01",
        "environ 60",
        "1 829,00",
    ]
)
DAYS = {
    "": None,
    "2023-01-05": "2023-01-05",
    "2023-01-06T10:11:12": "2023-01-06",
    "2023-01-06 09:00:00.000": "2023-01-06",
    "05/01/2023": "2023-01-05",
    "2023-03-01": "2023-03-01",
    "2023-02-30": "kind.price_date",
    "0001-01-01T00:00:00": "kind.price_date",
    "bientôt": "kind.price_date",
    "2999-01-01": "kind.price_date_future",
}
days = st.sampled_from(list(DAYS))
texts = st.sampled_from(["", "Coiffeur : 18 €; repas", 'Dit "bonjour"', "<b>a</b>\nb;c", '"'])
rows = st.tuples(numbers, *[prices] * 9, texts, *[prices] * 3, days).map(list)
tables = st.lists(
    st.tuples(rows, st.sampled_from([0, 0, 0, 0, 0, 0, 1, -1])).map(
        lambda made: [*made[0], "x"] if made[1] > 0 else made[0][: made[1] or None]
    ),
    max_size=8,
)


class Slow:
    """Reads one row after the other; of several of an establishment keeps the newest or last."""

    def __init__(self, departements: tuple[str, ...]) -> None:
        self.departements = departements
        self.reporter = Reporter()
        self.claims: dict[str, StructureClaim] = {}
        self.days: dict[str, str | None] = {}

    def read(self, lines: list[tuple[int, list[str]]]) -> LoadBatch:
        for number, cells in lines:
            if len(cells) != len(HEADER):
                self.reporter.read()
                counts = {"found": len(cells), "expected": len(HEADER)}
                self.reporter.reject(f"ligne {number}", "kind.cells", **counts)
        for number, cells in lines:
            if len(cells) == len(HEADER):
                self.reporter.read()
                self.row(f"ligne {number}", dict(zip(HEADER, cells, strict=True)))
        claims, report = list(self.claims.values()), self.reporter.report
        return LoadBatch(loader="", series="", sources=(), claims=claims, report=report)

    def row(self, where: str, row: dict[str, str]) -> None:
        number = finess_of(row["finessEt"])
        if number is None:
            self.reporter.reject(where, "kind.number", field="finessEt", value=row["finessEt"])
        elif self.departements and number[:2] not in self.departements:
            self.reporter.skip()
        else:
            said = DAYS[row["DATE_MAJ"]]
            day = said if said and said.startswith("2") else None
            facts = self.facts(where, row, PartialDate(day or VINTAGE))
            if facts is not None:
                remark = said if day is None else "kind.price_date_late" if day > LAST_DAY else None
                if remark:
                    shown = {"field": "DATE_MAJ", "value": row["DATE_MAJ"], "vintage": VINTAGE}
                    self.reporter.warn(where, remark, **shown)
                self.keep(where, number, day, facts)

    def facts(self, where: str, row: dict[str, str], day: PartialDate) -> list[Fact] | None:
        facts: list[Fact] = []
        for column, topic, highest in PRICES:
            cell = row[column].strip()
            if cell in {"", "0", "NC"}:
                continue
            wrong: dict[str, Any] = {"field": column, "value": cell}
            price = price_of(cell)
            if price is None:
                self.reporter.reject(where, "kind.price", **wrong)
                return None
            if price > highest:
                self.reporter.reject(where, "kind.price_month", highest=highest, **wrong)
                return None
            facts.append(Fact(topic=topic, value=price, unit="EUR/jour", date=day))
        return facts

    def keep(self, where: str, number: str, day: str | None, facts: list[Fact]) -> None:
        same: dict[str, Any] = {"field": "finessEt", "value": number}
        before = self.days.get(number)
        if number not in self.claims:
            self.reporter.keep()
        elif before and day and before != day:
            self.reporter.skip()
            self.reporter.warn(where, "kind.twice_dated", date=max(before, day), **same)
            if day < before:
                return
        else:
            self.reporter.skip()
            self.reporter.warn(where, "kind.twice", **same)
        self.days[number] = day
        self.claims[number] = claim(number, facts)


def claim(number: str, facts: list[Fact]) -> StructureClaim:
    topics = " ".join(fact.topic for fact in facts)
    offered = {
        "hebergement_temporaire": "prix_hebergement_temporaire" in topics,
        "accueil_de_jour": "tarif_accueil_de_jour" in topics,
    }
    return StructureClaim(
        id=number,
        source="cnsa-prices",
        locator=f"finessEt {number}",
        part=number[:2],
        level="ET",
        facts=tuple(facts),
        activities=tuple(name for name, holds in offered.items() if holds),
    )


def same(read: LoadBatch, expected: LoadBatch) -> None:
    assert read.report == expected.report
    assert list(read.claims) == list(expected.claims)


def loaded(path: Path, departements: tuple[str, ...] = ()) -> LoadBatch:
    return EHPAD.read([path], LoadContext(departements=departements))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(tables, st.sampled_from([(), ("94",)]), st.sampled_from(["", "Prix synthétiques\n\n"]))
def test_a_text_is_read_as_row_by_row(
    table: list[list[str]],
    departements: tuple[str, ...],
    titles: str,
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerows([HEADER, *table])
    text = titles + out.getvalue()
    lines, before = [], 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            lines.append((before + 1, [cell.strip() for cell in cells]))
        before = reader.line_num
    below = lines[2:] if titles else lines[1:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prix_202302.csv"
        path.write_text(text, encoding="utf-8")
        same(loaded(path, departements), Slow(departements).read(below))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(st.lists(rows, max_size=8))
def test_a_workbook_is_read_as_row_by_row(table: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prix_202302.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, cells in enumerate([HEADER, *table]):
                for place, cell in enumerate(cells):
                    sheet.write_string(number, place, cell)
        lines = [(k, [cell.strip() for cell in row]) for k, row in enumerate(table, 2) if any(row)]
        same(loaded(path), Slow(()).read(lines))


def test_the_days_of_this_module_are_past() -> None:
    assert date.fromisoformat(LAST_DAY) < date.today()  # noqa: DTZ011
