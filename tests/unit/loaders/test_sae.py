"""SAE tables: synthetic rows for every trap, then the real 2023 tables of Île-de-France."""

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.model import Fact, SourceRecord, StructureClaim
from graph.resolve import conflicts
from graph.store.port import LoadBatch, ReadReport
from loaders import sae
from loaders.base import LoadContext
from loaders.sae.tables import TABLES
from loaders.sae.values import NotACountError, count_of

ID_HEADER = "bor;an;fi;rs;rscom;fi_ej;stj;stjr;cat;espic;sir;dep;COMINSEE;ARMT;CPO;LIBCOM"
ID_ROW = (
    "ID;2023;940000573;CHI DE CRETEIL;;940110018;14;1;355;1;26940115400019;94;94028;;94010;CRETEIL"
)
MCO_HEADER = "BOR;AN;FI;RS;FI_EJ;LIT_MED;LIT_CHI;LIT_OBS;LIT_MCO;PLA_MED;PLA_CHI;PLA_OBS;PLA_MCO"
MCO_ROW = "MCO;2023;940000573;CHI DE CRETEIL;940110018;271;62;88;421;55;30;4;89"


def put(folder: Path, name: str, *lines: str, encoding: str = "latin-1") -> Path:
    path = folder / f"synthetic_{name}"
    path.write_bytes("\n".join([*lines, ""]).encode(encoding))
    return path


def load(*paths: Path, **context: object) -> LoadBatch:
    return sae.read(paths, LoadContext(**context))  # type: ignore[arg-type]


def claim(batch: LoadBatch, table: str, number: str = "940000573") -> StructureClaim:
    (found,) = [c for c in batch.claims if c.source == f"sae-{table}" and c.id == number]
    assert isinstance(found, StructureClaim)
    return found


def counted(batch: LoadBatch) -> tuple[int, int, int, int]:
    report = batch.report
    assert report.read == report.kept + report.skipped + report.rejected
    return report.read, report.kept, report.skipped, report.rejected


def codes(batch: LoadBatch) -> set[str]:
    return {item.code for item in [*batch.report.rejections, *batch.report.warnings]}


class StoreOf:
    """What a loader asks of a store, answered from claims."""

    def __init__(self, *claims: StructureClaim, sources: tuple[SourceRecord, ...] = ()) -> None:
        self._claims = claims
        self._sources = sources

    def structures(self, query):
        return [item for item in self._claims if item.kind in query.kinds]

    def sources(self):
        return list(self._sources)


def test_id_gives_name_status_kind_and_place(tmp_path):
    batch = load(put(tmp_path, "a.csv", ID_HEADER, ID_ROW))
    found = claim(batch, "id")
    assert (found.name, found.kind, found.level) == ("CHI DE CRETEIL", "HOPITAL", "ET")
    assert (found.category, found.legal_status) == ("355", "public")
    assert (found.legal_entity, found.commune) == ("940110018", "94028")
    assert found.siret == "26940115400019"
    assert found.locator == "SAE 2023, table ID, FI=940000573"
    assert batch.parts == {"94:id"}
    assert batch.sources[0].vintage == "2023"
    assert counted(batch) == (1, 1, 0, 0)


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_the_case_of_the_header_does_not_matter(tmp_path, change):
    batch = load(put(tmp_path, "a.csv", change(ID_HEADER), ID_ROW))
    assert claim(batch, "id").commune == "94028"


@pytest.mark.parametrize(
    ("stj", "stjr", "cat", "espic", "status", "kind"),
    [
        ("14", "1", "355", "1", "public", "HOPITAL"),
        ("73", "2", "365", "0", "commercial", "CLINIQUE"),
        ("63", "3", "365", "6", "espic", "HOPITAL"),
        ("60", "3", "109", "7", "non_lucratif", "HOPITAL"),
        ("95", "2", "127", "0", "commercial", "HAD"),
        ("89", "3", "697", "6", "espic", "GROUPEMENT"),
        ("", "2", "365", "", "commercial", "CLINIQUE"),
        ("", "3", "365", "", None, None),
    ],
)
def test_legal_status_comes_from_its_codes(tmp_path, stj, stjr, cat, espic, status, kind):
    header = "BOR;AN;FI;RS;FI_EJ;STJ;STJR;CAT;ESPIC;COMINSEE"
    row = f"ID;2023;940000573;X;940110018;{stj};{stjr};{cat};{espic};94028"
    found = claim(load(put(tmp_path, "a.csv", header, row)), "id")
    assert (found.legal_status, found.kind) == (status, kind)


def test_contradicting_status_columns_leave_it_unknown(tmp_path):
    row = ID_ROW.replace(";14;1;", ";14;2;")
    batch = load(put(tmp_path, "a.csv", ID_HEADER, row))
    assert claim(batch, "id").legal_status is None
    assert codes(batch) == {"sae.status_conflict"}


def test_paris_is_told_by_its_arrondissement(tmp_path):
    row = "ID;2023;750000481;XV-XX;;750110025;10;1;355;1;;75;75056;75112;75571;PARIS CEDEX 12"
    batch = load(put(tmp_path, "a.csv", ID_HEADER, row))
    assert claim(batch, "id", "750000481").commune == "75112"
    assert batch.parts == {"75:id"}


def test_beds_places_and_their_breakdown(tmp_path):
    found = claim(load(put(tmp_path, "a.csv", MCO_HEADER, MCO_ROW)), "mco")
    assert found.capacity == {"lits_mco": 421.0, "places_mco": 89.0}
    assert found.activities == ("mco",)
    assert [(fact.topic, fact.value) for fact in found.facts] == [
        ("lits_medecine", 271),
        ("lits_chirurgie", 62),
        ("lits_obstetrique", 88),
        ("places_medecine", 55),
        ("places_chirurgie", 30),
        ("places_obstetrique", 4),
    ]
    assert {(fact.unit, fact.date) for fact in found.facts} == {
        ("lits", "2023"),
        ("places", "2023"),
    }


def test_an_empty_cell_is_unknown_and_a_zero_is_zero(tmp_path):
    rows = [
        "MCO;2023;940000573;X;940110018;;;;;;;;",
        "MCO;2023;940000599;Y;940110042;0;;;0;;;;0",
    ]
    batch = load(put(tmp_path, "a.csv", MCO_HEADER, *rows))
    assert claim(batch, "mco").capacity == {}
    assert claim(batch, "mco", "940000599").capacity == {"lits_mco": 0.0, "places_mco": 0.0}
    assert claim(batch, "mco").activities == ()


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        *[("12", 12), ("", None), (".", None), ("12,0", 12), ("12.00", 12), ("1 962", 1962)],
        *[("12 lits", 12), ("1 lit", 1), ("0", 0), ("1\u202f962 lits", 1962)],
    ],
)
def test_counts(cell, count):
    assert count_of(cell, "lits") == count


@pytest.mark.parametrize(
    "cell", ["12 places", "1.962", "-3", "environ 10", "12+3", "12 lits 3", "1 96", "12,5", "½"]
)
def test_what_may_mean_two_things_is_no_count(cell):
    with pytest.raises(NotACountError):
        count_of(cell, "lits")


def test_a_cell_that_is_no_count_is_said_and_stays_unknown(tmp_path):
    row = MCO_ROW.replace(";421;", ";421 places;")
    batch = load(put(tmp_path, "a.csv", MCO_HEADER, row))
    assert claim(batch, "mco").capacity == {"places_mco": 89.0}
    (warning,) = batch.report.warnings
    assert (warning.code, warning.field, warning.value) == ("sae.count", "LIT_MCO", "421 places")


def test_a_total_that_is_not_the_sum_of_its_parts_is_said(tmp_path):
    batch = load(put(tmp_path, "a.csv", MCO_HEADER, MCO_ROW.replace(";421;", ";422;")))
    assert claim(batch, "mco").capacity["lits_mco"] == 422.0
    assert codes(batch) == {"sae.sum"}


def test_rows_of_detail_are_left_aside_and_the_total_is_taken(tmp_path):
    lines = [
        "BOR;AN;FI;RS;FI_EJ;GDE;AUT;LIT;JLI;PLA;SEJHC;JOUHC;JOUHP;EMSSR",
        "SSR;2023;940000599;Y;940110042;SSR_A;;30;;5;;900;;",
        "SSR;2023;940000599;Y;940110042;SSR_A50;1;30;;5;;900;;",
        "SSR;2023;940000599;Y;940110042;SSR_TOT;;30;;5;;900;;0",
        "SSR;2023;940000573;X;940110018;SSR_A;;30;;5;;900;;",
    ]
    batch = load(put(tmp_path, "a.csv", *lines))
    found = claim(batch, "ssr", "940000599")
    assert found.capacity == {"lits_smr": 30.0, "places_smr": 5.0}
    assert found.activities == ("smr",)
    assert counted(batch) == (4, 1, 3, 0)
    assert codes(batch) == {"sae.no_total"}


def test_psychiatric_places_add_day_and_night(tmp_path):
    lines = [
        "BOR;AN;FI;FI_EJ;DIS;CAP_HTP;CAP_HDJ;CAP_HDN",
        "PSY;2019;940000573;940110018;GEN;30;10;2",
        "PSY;2019;940000573;940110018;TOT;30;15;2",
    ]
    found = claim(load(put(tmp_path, "a.csv", *lines)), "psy")
    assert found.capacity == {"lits_psychiatrie": 30.0, "places_psychiatrie": 17.0}
    assert found.name is None


def test_emergency_visits_by_unit(tmp_path):
    lines = [
        "BOR;AN;FI;RS;FI_EJ;URG;PASSU;LIT_UHCD",
        "URGENCES2;2023;940000573;X;940110018;GEN;60001;10",
        "URGENCES2;2023;940000573;X;940110018;PED;30002;",
    ]
    found = claim(load(put(tmp_path, "a.csv", *lines)), "urgences2")
    assert [(fact.topic, fact.value) for fact in found.facts] == [
        ("passages_urgences_generales", 60001),
        ("lits_uhcd_generales", 10),
        ("passages_urgences_pediatriques", 30002),
    ]
    assert found.activities == ("urgences",)


@pytest.mark.parametrize(
    ("flags", "activities"),
    [
        ("1;1;0;0", ("urgences",)),
        ("1;1;0;1", ("urgences", "urgences_pediatriques")),
        ("0;0;0;0", ()),
    ],
)
def test_an_authorisation_of_zero_is_no_activity(tmp_path, flags, activities):
    lines = [
        "BOR;AN;FI;RS;FI_EJ;AUTSU;AUTGEN;AUTSAIS;AUTPED",
        f"URGENCES;2023;940000573;X;940110018;{flags}",
    ]
    assert claim(load(put(tmp_path, "a.csv", *lines)), "urgences").activities == activities


def test_tables_are_parts_of_their_own(tmp_path):
    batch = load(
        put(tmp_path, "a.csv", ID_HEADER, ID_ROW), put(tmp_path, "b.csv", MCO_HEADER, MCO_ROW)
    )
    assert batch.series == "sae"
    assert batch.parts == {"94:id", "94:mco"}
    assert {(item.source, item.part) for item in batch.claims} == {
        ("sae-id", "94:id"),
        ("sae-mco", "94:mco"),
    }


def test_only_the_departements_asked_for(tmp_path):
    row = MCO_ROW.replace("940000573", "750000499")
    batch = load(put(tmp_path, "a.csv", MCO_HEADER, MCO_ROW, row), departements=("94",))
    assert [item.id for item in batch.claims] == ["940000573"]
    assert batch.parts == {"94:mco"}
    assert counted(batch) == (2, 1, 1, 0)


def test_a_file_of_another_departement_removes_nothing(tmp_path):
    row = MCO_ROW.replace("940000573", "750000499")
    batch = load(put(tmp_path, "a.csv", MCO_HEADER, row), departements=("94",))
    assert (batch.claims, batch.parts) == ([], frozenset())


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_years_the_latest_is_kept_whatever_the_order(tmp_path, order):
    files = [
        put(tmp_path, "old.csv", MCO_HEADER, MCO_ROW.replace("2023", "2022").replace("421", "400")),
        put(tmp_path, "new.csv", MCO_HEADER, MCO_ROW),
    ]
    batch = load(*(files[k] for k in order))
    assert claim(batch, "mco").capacity["lits_mco"] == 421.0
    assert counted(batch) == (2, 1, 1, 0)
    assert "sae.older_year" in codes(batch)


def test_a_year_older_than_the_stored_one_is_said(tmp_path):
    stored = SourceRecord(id="sae-mco", family="sae", title="t", vintage="2024")
    batch = load(put(tmp_path, "a.csv", MCO_HEADER, MCO_ROW), store=StoreOf(sources=(stored,)))
    assert codes(batch) == {"sae.older"}


def test_a_header_below_lines_of_title(tmp_path):
    path = put(tmp_path, "a.csv", "Statistique annuelle, tables, 2023", "", MCO_HEADER, MCO_ROW)
    batch = load(path)
    assert claim(batch, "mco").capacity["lits_mco"] == 421.0
    assert counted(batch) == (1, 1, 0, 0)


def test_renamed_columns_are_named(tmp_path):
    path = put(tmp_path, "a.csv", MCO_HEADER.replace("LIT_MCO", "LITS_MCO"), MCO_ROW)
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.code == "tabular.columns_alike"
    assert str(caught.value.params["alike"]).startswith("LIT_MCO ≈ LITS_MCO")


def test_columns_that_a_table_is_also_read_by_are_named_when_they_miss(tmp_path):
    path = put(tmp_path, "a.csv", MCO_HEADER.replace("LIT_CHI", "CHIR"), MCO_ROW)
    batch = load(path)
    (said,) = [item for item in batch.report.warnings if item.code == "sae.columns"]
    assert said.value == "LIT_CHI"
    assert "lits_chirurgie" not in {fact.topic for fact in claim(batch, "mco").facts}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("a;b;c", "1;2;3"), "tabular.columns"),
        (("BOR;AN;FI", "BLOCS;2023;940000573"), "sae.other_table"),
        (("BOR;FI;X", "MCO;940000573;1"), "tabular.columns"),
    ],
)
def test_another_file_is_refused(tmp_path, lines, code):
    with pytest.raises(InputError) as caught:
        load(put(tmp_path, "a.csv", *lines))
    assert caught.value.code == code
    assert caught.value.message("fr") != caught.value.message("en")


def test_bad_rows_are_named_and_the_others_kept(tmp_path):
    rows = [
        MCO_ROW,
        MCO_ROW.replace("940000573", "94000573"),
        MCO_ROW.replace("MCO;2023", "MCO;23"),
        MCO_ROW,
        "MCO;2023;940000599;coupée",
        MCO_ROW.replace("MCO;2023;940000573", "BLOCS;2023;940000599"),
    ]
    batch = load(put(tmp_path, "a.csv", MCO_HEADER, *rows))
    assert counted(batch) == (6, 1, 0, 5)
    assert {(item.row, item.code) for item in batch.report.rejections} == {
        ("synthetic_a.csv, ligne 3", "sae.bad_number"),
        ("synthetic_a.csv, ligne 4", "sae.year"),
        ("synthetic_a.csv, ligne 5", "sae.duplicate"),
        ("synthetic_a.csv, ligne 6", "sae.cells"),
        ("synthetic_a.csv, ligne 7", "sae.table"),
    }
    for item in batch.report.rejections:
        assert item.reason("fr") != item.reason("en")


def test_a_lost_zero_is_put_back_where_the_departement_confirms_it(tmp_path):
    row = ID_ROW.replace("940000573", "10000024").replace(";94;94028;", ";01;01451;")
    batch = load(put(tmp_path, "a.csv", ID_HEADER, row))
    assert claim(batch, "id", "010000024").commune == "01451"
    assert codes(batch) == {"sae.lost_zero"}


def test_utf8_values_inside_a_latin1_file(tmp_path):
    path = tmp_path / "synthetic_mixed.csv"
    path.write_bytes(
        MCO_HEADER.encode()
        + b"\n"
        + MCO_ROW.replace("CHI DE CRETEIL", "CHI DE CRÉTEIL").encode("latin-1")
        + b"\n"
        + MCO_ROW.replace("940000573;CHI DE CRETEIL", "940000599;HÔPITAL").encode("latin-1")
        + b"\n"
        + MCO_ROW.replace("940000573;CHI DE CRETEIL", "940000649;CHÂTEAU").encode()
        + b"\n"
    )
    batch = load(path)
    names = {item.name for item in batch.claims if isinstance(item, StructureClaim)}
    assert names == {"CHI DE CRÉTEIL", "HÔPITAL", "CHÂTEAU"}
    assert [item.row for item in batch.report.warnings] == ["synthetic_mixed.csv, ligne 4"]


GHT = (
    "NOM_COURT_GHT;CODE_GHT;NOM_COMPLET_GHT;LIT_MCO;PLA_MCO;LIT_SSR;NB_ETAB",
    "IDF-10;11210;94 NORD;72;4;249;3",
    "IDF-11;11111;94 EST;817;134;72;3",
)


def test_groups_are_joined_by_code_only(tmp_path):
    known = StructureClaim(
        id="ght:940110018",
        source="s",
        locator="l",
        kind="GHT",
        name="Hôpitaux Confluence",
        other_names=("11111",),
    )
    batch = load(put(tmp_path, "GHT_2023r.csv", *GHT), store=StoreOf(known))
    (found,) = batch.claims
    assert isinstance(found, StructureClaim)
    assert (found.id, found.part) == ("ght:940110018", "94:ght")
    assert found.other_names == ("94 EST", "IDF-11", "11111")
    assert found.capacity == {}
    assert found.facts[:2] == (
        Fact(
            topic="etablissements",
            value=3,
            unit="établissements",
            modality="constate",
            date="2023",
        ),
        Fact(topic="lits_mco", value=817, unit="lits", modality="constate", date="2023"),
    )
    assert counted(batch) == (2, 1, 1, 0)
    assert [item.value for item in batch.report.warnings] == ["IDF-10 / 11210 / 94 NORD"]


def test_a_group_code_that_two_groups_bear_joins_none(tmp_path):
    two = [
        StructureClaim(id=f"ght:94011000{n}", source="s", locator="l", kind="GHT", name="94 EST")
        for n in (1, 2)
    ]
    batch = load(put(tmp_path, "a.csv", *GHT), store=StoreOf(*two))
    assert batch.claims == []
    assert "sae.ght_ambiguous" in codes(batch)


def test_every_table_names_its_columns_in_capitals():
    for table in TABLES:
        assert all(name == name.upper() for name in table.columns())


@pytest.fixture(scope="module")
def real(shared_data) -> LoadBatch:
    return sae.read(sorted(shared_data.glob("sae_2023_*_idf.csv")), LoadContext())


@pytest.mark.realdata
class TestRealTables:
    def test_rows_worked_out_by_hand(self, real):
        assert counted(real) == (868, 868, 0, 0)
        assert {
            name: sum(item.source == f"sae-{name}" for item in real.claims)
            for name in ("id", "mco", "had", "usld", "urgences")
        } == {"id": 492, "mco": 224, "had": 15, "usld": 46, "urgences": 91}

    def test_102_of_275_are_non_profit(self, real):
        of_categories = [
            item
            for item in real.claims
            if item.source == "sae-id" and item.category in {"365", "128", "129", "109", "161"}
        ]
        assert len(of_categories) == 275
        non_profit = [i for i in of_categories if i.legal_status in {"espic", "non_lucratif"}]
        assert len(non_profit) == 102
        assert {item.kind for item in non_profit} == {"HOPITAL"}
        assert {i.kind for i in of_categories if i not in non_profit} == {"CLINIQUE"}

    def test_totals_of_the_files(self, real):
        def total(key):
            return sum(item.capacity.get(key, 0) for item in real.claims)

        assert (total("lits_mco"), total("places_mco")) == (31678, 7196)
        assert (total("lits_usld"), total("places_had")) == (3426, 4083)

    def test_the_15_holders_of_hospital_at_home(self, real):
        had = {item.id for item in real.claims if item.source == "sae-had"}
        kinds = {i.id: i.category for i in real.claims if i.source == "sae-id" and i.id in had}
        assert len(had) == 15
        assert sum(category == "127" for category in kinds.values()) == 7
        assert (kinds["750806226"], kinds["770021251"]) == ("101", "127")
        assert kinds["770021186"] == "697"
        assert all(i.activities == ("had",) for i in real.claims if i.source == "sae-had")

    def test_every_paris_row_has_its_arrondissement(self, real):
        paris = [i for i in real.claims if i.source == "sae-id" and i.part == "75:id"]
        assert len(paris) == 108
        assert all("75101" <= item.commune <= "75120" for item in paris)

    def test_confluence(self, real):
        creteil, villeneuve = (claim(real, "mco", n) for n in ("940000573", "940000599"))
        assert creteil.capacity == {"lits_mco": 421.0, "places_mco": 89.0}
        assert villeneuve.capacity == {"lits_mco": 396.0, "places_mco": 45.0}

    def test_the_group_table_joins_what_is_known_only(self, shared_data):
        path = shared_data / "sae_2023_GHT_2023r.csv"
        known = StructureClaim(
            id="ght:940110018", source="s", locator="l", kind="GHT", other_names=("11111",)
        )
        batch = load(path, store=StoreOf(known))
        assert counted(batch) == (135, 1, 134, 0)
        (found,) = batch.claims
        assert isinstance(found, StructureClaim)
        values = {fact.topic: fact.value for fact in found.facts}
        assert (values["lits_mco"], values["places_mco"]) == (421 + 396, 89 + 45)


@pytest.mark.realdata
def test_sae_and_finess_agree_on_a_hospital_or_the_conflict_is_listed(real, shared_data):
    from loaders import finess

    feed = finess.read(
        [shared_data / "finess-structures-mensuel-202607-echantillon.json.gz"], LoadContext()
    )
    sources = {item.id: item for item in (*real.sources, *feed.sources)}
    moved = _pairs("750150104", real, feed, sources)
    listed = conflicts(moved)
    assert {item.value for item in listed["legal_entity"]} == {"750720476", "750078115"}
    assert "category" not in listed
    assert "commune" not in listed


def test_two_tables_count_different_things_and_two_years_the_same(tmp_path):
    def pairs(*rows):
        batch = load(
            put(tmp_path, "a.csv", MCO_HEADER, rows[0]),
            put(tmp_path, "b.csv", "BOR;AN;FI;RS;FI_EJ;LIT;JOU", rows[1]),
        )
        other = StructureClaim(
            id="940000573", source="other", locator="l", capacity={"lits_mco": float(rows[2])}
        )
        sources = {item.id: item for item in batch.sources}
        sources["other"] = SourceRecord(id="other", family="seed", title="t")
        return [(item, sources[item.source]) for item in (*batch.claims, other)]

    usld = "USLD;2023;940000573;CHI DE CRETEIL;940110018;30;10566"
    assert "capacity" not in conflicts(pairs(MCO_ROW, usld, "421"))
    assert "capacity" in conflicts(pairs(MCO_ROW, usld, "420"))


def _pairs(number, real, feed, sources):
    found = [item for item in (*real.claims, *feed.claims) if item.id == number]
    assert {item.source for item in found} >= {"finess-json", "sae-id", "sae-mco"}
    return [(item, sources[item.source]) for item in found]


def test_the_report_type_is_the_port_one(tmp_path):
    assert isinstance(load(put(tmp_path, "a.csv", MCO_HEADER, MCO_ROW)).report, ReadReport)
