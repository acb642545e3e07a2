"""The register template: ready to type in, explained, read back. Its examples are fictitious."""

import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from graph.errors import OutputError
from graph.messages import LANGUAGES, text
from graph.model import StructureClaim
from loaders.conventions import read_register, write_template
from loaders.conventions.examples import EXAMPLES
from loaders.conventions.fields import FIELDS, heading
from loaders.conventions.template import COLUMNS
from tests.support.registers import agreements, context, write_csv, write_xlsx


def _sheets(path: Path) -> dict[str, list[list[object]]]:
    with CalamineWorkbook.from_path(path) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheet_is_empty_and_ready(tmp_path: Path, language: str) -> None:
    sheets = _sheets(write_template(tmp_path / "modele.xlsx", language))
    register, examples, explained, lists = sheets.values()
    assert next(iter(sheets)) == text("register.sheet.register", language)
    assert register == [[heading(field.id, language) for field in COLUMNS]]
    assert examples[1] == register[0]
    assert len(examples) == 2 + len(EXAMPLES)
    cells = [str(row[0]) for row in explained]
    assert all(heading(field.id, language) in cells for field in COLUMNS)
    assert all(str(row[1]).strip() for row in explained[-len(COLUMNS) :])
    assert text("register.heading.type", language) in lists[0]


def test_menus_frozen_headings_and_comments(tmp_path: Path) -> None:
    path = write_template(tmp_path / "modele.xlsx")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
    assert sheet.count("<dataValidation ") == 10
    assert 'state="frozen"' in sheet
    assert comments.count("<comment ") == len(COLUMNS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_loads_as_no_row(tmp_path: Path, language: str) -> None:
    batch = read_register([write_template(tmp_path / "modele.xlsx", language)], context())
    assert (batch.report.read, batch.report.rejected, batch.claims) == (0, 0, [])
    assert [item.code for item in batch.report.warnings] == ["register.other_sheets"]


def test_the_same_template_twice_is_the_same_file(tmp_path: Path) -> None:
    first, again = write_template(tmp_path / "a.xlsx"), write_template(tmp_path / "b.xlsx")
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(again) as other:
        assert {n: one.read(n) for n in one.namelist()} == {
            n: other.read(n) for n in other.namelist()
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_pasted_into_the_register_load(tmp_path: Path, language: str) -> None:
    sheets = list(_sheets(write_template(tmp_path / "modele.xlsx", language)).values())
    pasted = write_xlsx(tmp_path / "registre.xlsx", [*sheets[0], *sheets[1][2:]])
    batch = read_register([pasted], context())
    assert batch.report.rejections == []
    assert batch.report.kept == len(EXAMPLES)
    found = agreements(batch)
    assert found["EXEMPLE-001"].renewals_limit == 2
    assert found["EXEMPLE-002"].indefinite is True
    assert found["EXEMPLE-002"].amount == 12500
    assert found["EXEMPLE-001-A1"].parent == "EXEMPLE-001"
    created = [claim.name for claim in batch.claims if isinstance(claim, StructureClaim)]
    assert len(created) == 3
    assert "register.masked_person" not in {item.code for item in batch.report.warnings}


def test_every_column_can_be_loaded(tmp_path: Path) -> None:
    """A register with one column of each kind, all filled, under the template's headings."""
    samples = {
        "date": "12/03/2024",
        "type": "Convention cadre",
        "pathway": "aval",
        "confidentiality": "interne",
        "direction": "recette",
        "yes_no": "oui",
        "alive": "vivante",
        "amount": "100",
        "function": "Direction",
        "mailbox": "direction@exemple.fr",
        "territory": "Créteil",
    }
    by_id = {
        "number": "1",
        "partners": "Clinique Boyer",
        "partner_finess": "940300502",
        "partner_commune": "Villeneuve-Saint-Georges",
        "partner_kind": "Clinique",
        "partner_role": "partie",
        "partner_level": "Établissement",
        "signatory": "NORD",
        "sites": "NORD",
        "status": "en vigueur",
        "end": "12/03/2027",
        "duration": "3 ans",
        "period": "du 12/03/2024 au 11/03/2027",
        "renewal": "oui",
        "renewal_period": "1 an",
        "renewals_limit": "2",
        "notice": "3 mois",
        "parent": "1",
        "amendment_effect": "rien",
        "replaces": "0",
        "replaced_by": "2",
        "approvals": "ARS",
        "approvals_given": "ARS",
        "suspended": "12/03/2025",
        "resumed": "12/04/2025",
    }
    row = {
        heading(field.id): by_id.get(field.id) or samples.get(field.reader, "texte")
        for field in FIELDS
    }
    batch = read_register([write_csv(tmp_path / "r.csv", [row])], context())
    assert batch.report.rejections == []
    claim = agreements(batch)["1"]
    read = {
        name for name in claim.__struct_fields__ if getattr(claim, name) not in (None, (), False)
    }
    assert {field.id for field in FIELDS if field.reader} - {"signatory_function"} <= read | {
        "annexes"
    }


def test_a_template_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_template(tmp_path / "modele.csv")
    assert caught.value.code == "register.template_extension"
    with pytest.raises(OutputError) as absent:
        write_template(tmp_path / "absent" / "modele.xlsx")
    assert absent.value.code == "register.unwritable"
    assert "modele.xlsx" in absent.value.message("fr")
