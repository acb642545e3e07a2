"""Accessibility files: synthetic ones of every shape and trap, then the real copies."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from graph.errors import InputError
from graph.model import Fact, SourceRecord, TerritoryClaim
from graph.resolve import conflicts, resolve
from graph.store.port import LoadBatch
from loaders import apl
from loaders.apl.columns import DOCTORS_UNIT, layout_of
from loaders.apl.communes import NotANumberError, number_of
from loaders.base import LoadContext

CODE = "Code commune INSEE"
ALL = "APL aux médecins généralistes"
YOUNG = "APL aux médecins généralistes de 65 ans et moins"
PEOPLE = "Population standardisée 2020 pour la médecine générale"
HEADER = [CODE, "Commune", ALL, YOUNG, PEOPLE, "Population totale 2020"]
CRETEIL = ["94028", "Créteil", 4.54, 4.15, 87404.7, 92566]
CHEVILLY = ["94021", "Chevilly-Larue", 2.5, 1.95, 19000.0, 20000]


def book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def sheet(*rows: list[object]) -> list[list[object]]:
    """Return a sheet like those of DREES: title, header on row 8, a row of units."""
    title: list[list[object]] = [["L'accessibilité potentielle localisée (APL)"], *[[]] * 6]
    units: list[object] = ["", "", "consultations/an", "consultations/an", "hab.", "hab."]
    return [*title, list(HEADER), units, *rows, [], ["Source : synthétique"]]


def text(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def load(*paths: Path, **context: object) -> LoadBatch:
    return apl.read(paths, LoadContext(**context))  # type: ignore[arg-type]


def figures(batch: LoadBatch, ident: str) -> dict[tuple[str, str], float]:
    return {(fact.topic, str(fact.date)): fact.value for fact in claim(batch, ident).figures}


def claim(batch: LoadBatch, ident: str) -> TerritoryClaim:
    (found,) = [item for item in batch.claims if item.id == ident]
    assert isinstance(found, TerritoryClaim)
    return found


def counted(batch: LoadBatch) -> tuple[int, int, int, int]:
    report = batch.report
    assert report.read == report.kept + report.skipped + report.rejected
    return report.read, report.kept, report.skipped, report.rejected


def codes(batch: LoadBatch) -> set[str]:
    return {item.code for item in [*batch.report.rejections, *batch.report.warnings]}


def test_a_workbook_with_a_sheet_a_year(tmp_path):
    rows = {
        "Paramètres": [["rien"]],
        "APL_2022": sheet(CRETEIL),
        "APL 2023": sheet(["94028", "Créteil", 5.13, 4.74, 87000.0, 92600]),
    }
    batch = load(book(tmp_path / "synthetic.xlsx", rows))
    assert figures(batch, "commune:94028") == {
        ("apl_generalistes", "2022"): 4.54,
        ("apl_generalistes", "2023"): 5.13,
        ("apl_generalistes_65", "2022"): 4.15,
        ("apl_generalistes_65", "2023"): 4.74,
        ("population_standardisee", "2022"): 87404.7,
        ("population_standardisee", "2023"): 87000.0,
        ("population_totale", "2020"): 92566.0,
    }
    first = claim(batch, "commune:94028").figures[0]
    assert (first.unit, first.qualifier) == ("consultations/an", None)
    assert batch.sources[0].id == "apl-generalistes"
    assert batch.sources[0].vintage == "2023"
    assert batch.parts == {"94:generalistes"}
    assert counted(batch) == (2, 2, 0, 0)


def test_the_threshold_is_included(tmp_path):
    near = ["94022", "Choisy-le-Roi", 2.501, 2.0, 40000.0, 45000]
    batch = load(book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(CRETEIL, CHEVILLY, near)}))
    tagged = {
        item.id: [fact.qualifier for fact in item.figures if fact.topic == "apl_generalistes"]
        for item in batch.claims
    }
    assert tagged == {
        "commune:94028": [None],
        "commune:94021": ["sous_dotee"],
        "commune:94022": [None],
    }
    assert apl.is_underserved(2.5)
    assert not apl.is_underserved(2.51)


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_text_table_below_its_title(tmp_path, mark):
    row = ["94028", "Créteil", "4.54", "4.15", "87404.7", "92566"]
    path = text(
        tmp_path / "synthetic_2022.csv",
        "Accessibilité, potentielle, localisée, 2022, DREES",
        "",
        mark.join(HEADER),
        mark.join(row),
    )
    batch = load(path)
    assert figures(batch, "commune:94028")["apl_generalistes", "2022"] == 4.54
    assert claim(batch, "commune:94028").figures[0].unit == DOCTORS_UNIT


def test_parquet_of_several_professions(tmp_path):
    table = pa.table(
        {
            "id": ["D94", "94028", "75056"],
            "pop_be_s": [1.0, 87404.688, 0.0],
            "apl_inf": [2.0, 96.431, 0.0],
            "apl_gen_2015": [3.0, 2.893, 0.0],
            "apl_gen": [3.47, 4.559, 0.0],
        }
    )
    pq.write_table(table, tmp_path / "synthetic_2022.parquet")
    batch = load(tmp_path / "synthetic_2022.parquet")
    assert figures(batch, "commune:94028") == {
        ("apl_generalistes", "2015"): 2.893,
        ("apl_generalistes", "2022"): 4.559,
        ("apl_infirmieres", "2022"): 96.431,
        ("population_standardisee", "2022"): 87404.688,
    }
    units = {fact.topic: fact.unit for fact in claim(batch, "commune:94028").figures}
    assert units["apl_infirmieres"] is None, "no copy states the unit of the nurses"
    assert counted(batch) == (3, 1, 1, 1)
    assert codes(batch) == {"apl.unweighted", "apl.city"}


def test_json_of_one_departement(tmp_path):
    content = {
        "annees": [2022, 2023],
        "dep": [3.65, 3.89],
        "france": [3.79, 3.75],
        "c": {"94028": [[4.54, 4.15], [5.13, 4.74]]},
    }
    path = text(tmp_path / "synthetic.json", json.dumps(content))
    batch = load(path)
    assert figures(batch, "departement:94") == {
        ("apl_generalistes", "2022"): 3.65,
        ("apl_generalistes", "2023"): 3.89,
    }
    assert claim(batch, "departement:94").figures[0].note == apl.PUBLISHED
    assert figures(batch, "commune:94028")["apl_generalistes_65", "2023"] == 4.74
    assert counted(batch) == (1, 1, 0, 0)


def test_professions_are_sources_of_their_own(tmp_path):
    nurses = [
        [CODE, "Commune", "APL aux infirmières", "Population standardisée pour les infirmières"],
        ["", "", "ETP pour 100 000 habitants", ""],
        ["94028", "Créteil", 96.4, 88000.0],
    ]
    batch = load(
        book(tmp_path / "synthetic_a.xlsx", {"APL 2022": sheet(CRETEIL)}),
        book(tmp_path / "synthetic_b.xlsx", {"APL 2022": nurses}),
    )
    found = {item.source: item for item in batch.claims}
    assert set(found) == {"apl-generalistes", "apl-infirmieres"}
    assert {item.part for item in batch.claims} == {"94:generalistes", "94:infirmieres"}
    nurse = found["apl-infirmieres"].figures
    assert [(fact.topic, fact.unit) for fact in nurse] == [
        ("apl_infirmieres", "ETP pour 100 000 habitants"),
        ("population_standardisee_infirmieres", "habitants"),
    ]


def test_means_are_weighted_and_only_where_all_communes_are(tmp_path):
    members = apl.bundled().members["departement:94"]
    rows = [
        [code, "", 2.0 if n else 8.0, 1.0, 10.0 if n else 460.0, 1]
        for n, code in enumerate(members)
    ]
    batch = load(book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(*rows)}))
    # one commune of 460 people at 8, 46 communes of 10 people at 2: (3680 + 920) / 920
    mean = figures(batch, "departement:94")
    assert mean["apl_generalistes", "2022"] == 5.0
    assert mean["population_standardisee", "2022"] == 920.0
    assert claim(batch, "departement:94").figures[0].note == apl.WEIGHTED
    assert "region:11" not in {item.id for item in batch.claims}
    fewer = load(book(tmp_path / "synthetic_2.xlsx", {"APL 2022": sheet(*rows[:-1])}))
    assert "departement:94" not in {item.id for item in fewer.claims}


def test_a_departement_without_weights_has_no_mean(tmp_path):
    members = apl.bundled().members["departement:94"]
    rows = [[code, "", 2.0, 1.0, "" if n == 3 else 10.0, 1] for n, code in enumerate(members)]
    batch = load(book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(*rows)}))
    assert ("apl_generalistes", "2022") not in figures(batch, "departement:94")


def test_merged_communes_get_the_weighted_mean_of_their_parts(tmp_path):
    saint_denis = ["93066", "Saint-Denis", 3.0, 2.0, 300.0, 310]
    pierrefitte = ["93059", "Pierrefitte", 5.0, 4.0, 100.0, 105]
    batch = load(book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(saint_denis, pierrefitte)}))
    found = figures(batch, "commune:93066")
    assert found["apl_generalistes", "2022"] == 3.5
    assert found["population_standardisee", "2022"] == 400.0
    assert counted(batch) == (2, 2, 0, 0)
    assert codes(batch) == {"apl.merged"}


@pytest.mark.parametrize("weight", [100.0, ""])
def test_a_part_alone_is_refused(tmp_path, weight):
    rows = [["93059", "Pierrefitte", 5.0, 4.0, weight, 105]]
    if weight == "":
        rows.append(["93066", "Saint-Denis", 3.0, 2.0, 300.0, 310])
    batch = load(book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(*rows)}))
    assert batch.claims == []
    assert codes(batch) == {"apl.part"}
    assert counted(batch) == (len(rows), 0, 0, len(rows))


def test_a_sum_given_as_the_mean_of_a_merged_commune_is_refused(tmp_path):
    rows = [
        ["93001", "Aubervilliers", 3.0, 2.4, 100.0, 100],
        ["93005", "Aulnay-sous-Bois", 3.4, 2.6, 100.0, 100],
        ["93066", "Saint-Denis", 7.5, 6.4, 100.0, 100],
    ]
    years = {"APL 2022": sheet(*rows), "APL 2023": sheet(*rows)}
    batch = load(book(tmp_path / "synthetic.xlsx", years))
    assert {item.id for item in batch.claims} == {"commune:93001", "commune:93005"}
    assert {item.code for item in batch.report.rejections} == {"apl.sum"}
    assert counted(batch) == (6, 4, 0, 2)


def test_bad_rows_are_named(tmp_path):
    rows = [
        CRETEIL,
        ["94999", "Nulle part", 3.0, 2.0, 10.0, 10],
        ["75056", "Paris", 0, 0, 0, 0],
        ["94028", "Créteil", 9.0, 9.0, 9.0, 9],
        ["94021", "Chevilly-Larue", 0, 0, 0, 0],
        ["94022", "Choisy-le-Roi", "n.c.", -1, 40000.0, 45000],
        ["1004", "Ambérieu-en-Bugey", 3.1, 2.0, 10.0, 10],
    ]
    batch = load(book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(*rows)}))
    assert {(item.value, item.code) for item in batch.report.rejections} == {
        ("94999", "apl.code"),
        ("75056", "apl.city"),
        ("94028", "apl.twice"),
        ("94021", "apl.no_value"),
    }
    assert [(item.value, item.code) for item in batch.report.warnings] == [
        ("n.c.", "apl.number"),
        ("-1.0", "apl.number"),
        ("1004", "apl.lost_zero"),
    ]
    assert figures(batch, "commune:94022").keys() == {
        ("population_standardisee", "2022"),
        ("population_totale", "2020"),
    }
    assert figures(batch, "commune:01004")["apl_generalistes", "2022"] == 3.1
    assert counted(batch) == (7, 3, 0, 4)
    for item in [*batch.report.rejections, *batch.report.warnings]:
        assert item.reason("fr") != item.reason("en")


def test_zero_is_a_value_where_people_live(tmp_path):
    batch = load(
        book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(["94021", "", 0, 0, 19000.0, 20000])})
    )
    assert figures(batch, "commune:94021")["apl_generalistes", "2022"] == 0.0


@pytest.mark.parametrize("cell", ["12 lits", True, float("inf"), "-1", "1.2.3"])
def test_what_is_no_number(cell):
    with pytest.raises(NotANumberError):
        number_of(cell)


@pytest.mark.parametrize(
    ("cell", "number"), [("3,65", 3.65), (" 3.65 ", 3.65), ("s", None), (None, None), (0, 0.0)]
)
def test_numbers(cell, number):
    assert number_of(cell) == number
    assert number_of(float("nan")) is None


def test_the_year_must_be_known(tmp_path):
    lines = [f"{CODE};{ALL}", "94028;4.54"]
    with pytest.raises(InputError) as caught:
        load(text(tmp_path / "synthetic.csv", *lines))
    assert caught.value.code == "apl.no_year"
    batch = load(tmp_path / "synthetic.csv", options={"vintage": "2021"})
    assert figures(batch, "commune:94028") == {("apl_generalistes", "2021"): 4.54}


def test_files_of_something_else_are_refused(tmp_path):
    others = {
        "apl.no_table": text(tmp_path / "synthetic_a.csv", "a;b", "1;2"),
        "apl.json": text(tmp_path / "synthetic_b.json", '{"c": {}}'),
        "tabular.foreign.pdf": text(tmp_path / "synthetic_c.csv", "%PDF-1.4"),
    }
    (tmp_path / "synthetic_d.parquet").write_bytes(b"PAR1 cut")
    others["apl.parquet"] = tmp_path / "synthetic_d.parquet"
    (tmp_path / "synthetic_e.xlsx").write_bytes(b"PK\x03\x04 cut")
    others["apl.workbook"] = tmp_path / "synthetic_e.xlsx"
    found = {}
    for code, path in others.items():
        with pytest.raises(InputError) as caught:
            load(path)
        found[code] = caught.value.code
        assert caught.value.message("fr") != caught.value.message("en")
    assert found == {code: code for code in others}


def test_only_the_departements_asked_for(tmp_path):
    far = ["91027", "Athis-Mons", 3.0, 2.0, 30000.0, 35000]
    path = book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(CRETEIL, far)})
    batch = load(path, departements=("94",))
    assert {item.id for item in batch.claims} == {"commune:94028"}
    assert batch.parts == {"94:generalistes"}
    assert counted(batch) == (2, 1, 1, 0)


def test_an_older_year_is_said(tmp_path):
    class Store:
        def sources(self):
            return [SourceRecord(id="apl-generalistes", family="drees", title="t", vintage="2024")]

    path = book(tmp_path / "synthetic.xlsx", {"APL 2022": sheet(CRETEIL)})
    assert codes(load(path, store=Store())) == {"apl.older"}


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("APL aux médecins généralistes", "apl_generalistes"),
        ("APL aux médecins généralistes de 62 ans et moins", "apl_generalistes_62"),
        ("APL aux sages-femmes", "apl_sages_femmes"),
        ("APL aux masseurs-kinésithérapeutes de 65 ans et moins", "apl_kinesitherapeutes_65"),
        ("APL aux chirurgiens-dentistes", "apl_chirurgiens_dentistes"),
        ("APL aux infirmiers", "apl_infirmieres"),
    ],
)
def test_headings_are_told_by_their_words(title, topic):
    layout = layout_of(["Libellé", "Code commune INSEE", title])
    assert layout is not None
    assert (layout.code, layout.columns[2].topic) == (1, topic)
    assert layout_of([title, "autre"]) is None


def test_figures_of_several_sources_are_united_the_first_believed_first():
    def stated(source: str, family: str, *facts: Fact):
        one = TerritoryClaim(
            id="commune:94028", level="commune", code="94028", source=source, locator="l",
            figures=facts,
        )  # fmt: skip
        return one, SourceRecord(id=source, family=family, title="t")

    here = Fact(topic="apl_generalistes", value=4.54, date="2022")
    other = Fact(topic="apl_generalistes", value=9.0, date="2022")
    later = Fact(topic="apl_generalistes", value=5.13, date="2023")
    pairs = [stated("b", "insee", other, later), stated("a", "drees", here)]
    shown = resolve("territory", pairs)
    assert [(fact.value, fact.source) for fact in shown.figures] == [(4.54, "a"), (5.13, "b")]
    assert "figures" not in conflicts(pairs)


@pytest.fixture(scope="module")
def several(shared_data) -> LoadBatch:
    return load(shared_data / "apl_drees_2022_terribot_idf.parquet")


@pytest.fixture(scope="module")
def doctors(shared_data) -> LoadBatch:
    names = ("75", "94")
    return load(*(shared_data / f"apl_drees_2022-2024_rouages_{n}-sante.json" for n in names))


@pytest.mark.realdata
class TestRealCopies:
    def test_rows_worked_out_by_hand(self, several, doctors):
        # 1,295 rows: 8 départements and a region, Paris as a whole, Saint-Denis as a sum
        assert counted(several) == (1295, 1284, 9, 2)
        assert {(i.value, i.code) for i in several.report.rejections} == {
            ("75056", "apl.city"),
            ("93066", "apl.sum"),
        }
        assert counted(doctors) == (68, 67, 0, 1)

    def test_means_agree_with_those_published(self, several):
        # published for 2022: 3.65 in Val-de-Marne; Paris 4.69 in the second copy
        assert figures(several, "departement:94")["apl_generalistes", "2022"] == pytest.approx(
            3.65, abs=0.011
        )
        assert figures(several, "departement:75")["apl_generalistes", "2022"] == pytest.approx(
            4.69, abs=0.012
        )
        ids = {item.id for item in several.claims}
        assert "departement:93" not in ids, "Saint-Denis misses"
        assert "region:11" not in ids

    @pytest.mark.parametrize(("year", "mean"), [("2022", 3.65), ("2023", 3.89), ("2024", 3.91)])
    def test_later_years_weighted_by_the_population_of_2022(self, several, doctors, year, mean):
        codes = apl.bundled().members["departement:94"]
        weights = {
            code: figures(several, f"commune:{code}")["population_standardisee", "2022"]
            for code in codes
        }
        values = {
            code: figures(doctors, f"commune:{code}")["apl_generalistes", year] for code in codes
        }
        found = sum(values[code] * weights[code] for code in codes) / sum(weights.values())
        assert found == pytest.approx(mean, abs=0.012)
        assert figures(doctors, "departement:94")["apl_generalistes", year] == mean

    def test_the_two_copies_agree_on_val_de_marne(self, several, doctors):
        differences = [
            abs(
                figures(several, f"commune:{code}")["apl_generalistes", "2022"]
                - figures(doctors, f"commune:{code}")["apl_generalistes", "2022"]
            )
            for code in apl.bundled().members["departement:94"]
        ]
        assert len(differences) == 47
        assert max(differences) <= 0.0441
