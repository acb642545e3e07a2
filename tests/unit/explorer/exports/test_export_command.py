"""``maillage export``: every format, useful names, same bytes, refusals that leave nothing."""

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli import main
from explorer.exports.naming import LONGEST_TITLE, checked_title, file_name
from explorer.exports.registry import FORMATS, format_of
from explorer.services import packs
from graph.errors import UsageError
from graph.messages import LANGUAGES
from tests.support.confluence_synthetic import FOCUS

EXTENSIONS = [item.extension for item in FORMATS]
DATED = {
    "explorer",
    "lxml",
    "matplotlib",
    "networkx",
    "openpyxl",
    "PIL",
    "pptx",
    "xlsxwriter",
    "zipfile",
}
"""Packages that write files and may ask for the day."""
EVERY = [argument for item in EXTENSIONS for argument in ("--format", item)]
VIEW = ("--focus", FOCUS, "--as-of", "2026-01-01")
THERE = ("--territory", "departement:99")


def run(url: str, *arguments: object, language: str = "fr", view=VIEW) -> Result:
    words = ["--store", url, "--lang", language, "export", *map(str, arguments), *view]
    return CliRunner().invoke(main, words)


def refused(result: Result, code: int, *said: str) -> None:
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert all(word in result.stderr for word in said), result.stderr


@pytest.fixture(scope="module")
def written(url, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    result = run(url, folder, *EVERY)
    assert result.exit_code == 0, result.output
    assert [Path(line).name for line in result.stdout.splitlines()] == [
        file_name(item.figure, "Groupe synthétique", dt.date(2026, 1, 1), item.extension)
        for item in FORMATS
    ]
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_every_format_is_written_under_a_useful_name(written):
    found = contents(written)
    assert {name.rpartition(".")[2] for name in found} == set(EXTENSIONS)
    assert "reseau_synthetique_2026-01-01.xlsx" in found
    assert "echeances_synthetique_2026-01-01.ics" in found
    assert all(found.values())


def moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the clock say 2031 to whatever asks in Python."""

    class Later(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2031, 5, 6, 7, 8, 9, tzinfo=tz)

        @classmethod
        def utcnow(cls):
            return cls(2031, 5, 6, 7, 8, 9)

    late = dt.datetime(2031, 5, 6, tzinfo=dt.UTC).timestamp()
    local, universal = time.localtime(late), time.gmtime(late)
    monkeypatch.setattr(time, "time", lambda: late)
    monkeypatch.setattr(time, "localtime", lambda seconds=None: local)
    monkeypatch.setattr(time, "gmtime", lambda seconds=None: universal)
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in DATED:
            for held, value in list(vars(module).items()):
                if value is dt.datetime:
                    monkeypatch.setattr(module, held, Later)


def test_another_day_writes_the_same_bytes(url, written, tmp_path, monkeypatch):
    moved(monkeypatch)
    result = run(url, tmp_path, *EVERY)
    monkeypatch.undo()
    assert result.exit_code == 0, result.output
    assert contents(tmp_path) == contents(written)


def test_another_process_elsewhere_writes_the_same_bytes(url, written, tmp_path):
    code = "from explorer.cli import main; main()"
    slow = {"html", "gpkg", "png", "svg", "pdf"}  # imports take seconds
    quick = [item for item in EXTENSIONS if item not in slow]
    asked = [word for item in quick for word in ("--format", item)]
    words = ["--store", url, "--lang", "fr", "export", str(tmp_path), *asked, *VIEW]
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code, *words], check=True, env=elsewhere)
    again, first = contents(tmp_path), contents(written)
    assert len(again) == len(quick)
    assert again == {name: first[name] for name in again}


def test_a_file_is_replaced_and_it_is_said(url, tmp_path):
    target = tmp_path / "liens.csv"
    assert run(url, target).stderr == run(url, tmp_path / "autre.CSV").stderr
    again = run(url, target, "--table", "ties", "--separator", ",")
    assert (again.exit_code, "remplacé" in again.stderr) == (0, True)
    assert target.read_bytes().startswith(b"\xef\xbb\xbfIdentifiant,De")


def test_a_register_that_was_loaded_is_not_written_over(url, tmp_path):
    register = tmp_path / "registre synthétique.xlsx"
    register.write_bytes(b"mine")
    refused(run(url, register), 3, "--force", register.name)
    assert register.read_bytes() == b"mine"
    assert run(url, register, "--force").exit_code == 0
    assert register.read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("out", "arguments", "code", "said"),
    [
        ("plan.dwg", (), 2, ("dwg", *EXTENSIONS)),
        ("plan", (), 2, ("extension", *EXTENSIONS)),
        ("", (), 2, ("--format", *EXTENSIONS)),
        ("", ("--format", "dwg"), 2, ("dwg", *EXTENSIONS)),
        ("a.csv", ("--format", "xlsx"), 2, ("a.csv", "xlsx")),
        ("a.csv", ("--table", "gens"), 2, ("gens", "structures")),
        ("a.csv", ("--table", "coverage"), 2, ("coverage", "structures")),
        ("a.csv", ("--with-coverage", "quartier"), 2, ("quartier", "arrondissement")),
        ("a.csv", ("--separator", "|"), 2, ("|", ";")),
        ("a.csv", ("--kind", "PRISON"), 2, ("PRISON",)),
        ("a.csv", ("--territory", "commune:0"), 2, ("commune:0",)),
        ("a.csv", ("--wrong",), 2, ("--wrong",)),
        ("a.csv", ("--title", "t" * 500), 2, ("500", str(LONGEST_TITLE))),
        ("a.html", ("--title", "<script>alert(1)</script>"), 2, ("<script>",)),
        ("a" * 300 + ".csv", (), 3, ("écrit",)),
        ("nulle-part/a.csv", (), 3, ("nulle-part",)),
        ("a.ics", ("--theme", "Précarité"), 3, ("échéance",)),
        ("a.png", ("--figure", "camembert"), 2, ("camembert", "territoire", "fiche")),
        ("a.png", ("--figure", "fiche"), 2, ("fiche", "maillage find")),
        ("a.png", ("--figure", "fiche", "--structure", "rien"), 2, ("rien",)),
        ("a.png", ("--dpi", "601"), 2, ("601", "600")),
        ("a.png", ("--page", "A5"), 2, ("A5", "A4")),
        ("a.png", ("--logo", "nulle-part.png"), 3, ("nulle-part.png",)),
        ("a.png", ("--logo", __file__), 3, ("PNG ou JPEG",)),
        ("a.pptx", ("--template", "nulle-part.pptx"), 3, ("nulle-part.pptx",)),
        ("a.pptx", ("--template", __file__), 3, (".pptx",)),
        ("a.pdf", ("--template", __file__), 2, ("--template", "pdf")),
        ("a.csv", ("--figure", "frise", "--mark", "travail"), 2, ("--figure, --mark", "csv")),
        ("a.png", ("--pack", "atlas"), 2, ("png", "pptx")),
        ("a.pdf", ("--pack", "livre"), 2, ("livre", "comite")),
        ("a.pdf", ("--pack", "comite", "--since", "2027", *THERE), 2, ("2027",)),
        ("a.pdf", ("--pack", "comite", "--since", "hier"), 2, ("hier",)),
        ("a.pdf", ("--pack", "comite", "--figure", "frise"), 2, ("--figure", "--pack")),
        ("a.pdf", ("--pack", "atlas", "--per", "cpts", *THERE), 3, ()),
        (
            "a.svg",
            ("--figure", "couverture", "--radius-km", "900", "--measure", "access"),
            2,
            ("900",),
        ),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_nothing(
    url, tmp_path, out, arguments, code, said
):
    refused(run(url, tmp_path / out, *arguments), code, *said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["pdf", "pptx"])
def test_a_pack_that_is_interrupted_leaves_nothing(url, tmp_path, monkeypatch, form):
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(packs, "essentials_page", stopped)
    refused(run(url, tmp_path / f"a.{form}", "--pack", "comite", *THERE), 130, "Interrompu", "a.")
    assert list(tmp_path.iterdir()) == []


def test_nothing_selected_is_said(url, tmp_path):
    view = ("--focus", "none", "--kind", "DIALYSE", "--as-of", "2026-01-01")
    refused(run(url, tmp_path / "a.xlsx", view=view), 3, "Rien ne répond")
    assert list(tmp_path.iterdir()) == []
    alone = run(url, tmp_path / "a.xlsx", "--kind", "DIALYSE")
    assert (alone.exit_code, "Aucun partenaire" in alone.stderr) == (0, True)


def test_a_folder_that_cannot_be_written_is_said(url, tmp_path, monkeypatch):
    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused(run(url, tmp_path / "a.csv"), 3, "a.csv")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "folder.csv").mkdir()
    assert run(url, tmp_path / "folder.csv").exit_code == 2  # a folder, whatever its name


def test_a_title_is_plain_text_in_every_format(url, tmp_path):
    title = 'Été : "A" & <B\n\t=1+1'
    folder = tmp_path / "all"
    folder.mkdir()
    assert run(url, folder, *EVERY, "--title", title).exit_code == 0
    page = (folder / "reseau_synthetique_2026-01-01.html").read_text(encoding="utf-8")
    assert '<h1 dir="auto">Été : &quot;A&quot; &amp; &lt;B =1+1</h1>' in page
    calendar = (folder / "echeances_synthetique_2026-01-01.ics").read_text(encoding="utf-8")
    assert 'X-WR-CALNAME:Été : "A" & <B =1+1' in calendar


def test_restricted_agreements_are_announced(url, tmp_path):
    assert "1 convention restreinte" in run(url, tmp_path / "a.csv").stderr
    asked = run(url, tmp_path / "a.csv", "--with-restricted", "--with-persons")
    assert "restreinte" not in asked.stderr
    assert "nommer une personne" in asked.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_says_what_it_is(language):
    assert all(item.title(language) and item.holds(language) and item.mime for item in FORMATS)


def test_names_and_titles():
    day = dt.date(2026, 11, 22)
    named = file_name("reseau", "GHT Hôpitaux Confluence", day, "pdf")
    assert named == "reseau_confluence_2026-11-22.pdf"
    assert file_name("reseau", None, day, "csv") == "reseau_tous_2026-11-22.csv"
    assert file_name("reseau", "Groupe hospitalier", day, "csv").startswith("reseau_groupe-hosp")
    assert file_name("reseau", "../../«»" * 30, day, "csv") == "reseau_tous_2026-11-22.csv"
    assert checked_title(" a\n\tb\x00 ") == "a b"
    assert checked_title("  ") is None
    assert format_of(".XLSX").extension == "xlsx"
    with pytest.raises(UsageError):
        checked_title("x" * (LONGEST_TITLE + 1))
