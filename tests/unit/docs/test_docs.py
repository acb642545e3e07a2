"""Registries are checked against the documentation: what is missing there is named here."""

import ast
import re
from datetime import date

import click
import pytest

from explorer.canvas_state import CanvasState, Pin
from explorer.cli.main import main
from explorer.cover_state import CoverState
from explorer.export_state import ExportState
from explorer.palette import BLUE, GREEN, KIND_MARKS, OCHRE, PURPLE, ROSE, SKY, SLATE, VERMILLION
from explorer.plan_state import PlanState
from explorer.register_state import RegisterState
from explorer.selection import Selection
from explorer.settings import VARIABLES
from explorer.view_state import NO_FOCUS, ViewState, to_query
from graph.changes import CHANGE_KINDS
from graph.dates import partial
from graph.errors import ConfirmationNeeded, InputError, OutputError, StoreError, UsageError
from graph.messages import catalogue
from graph.resolve import PRECEDENCE
from graph.vocabulary import Alert, Status
from loaders.downloads import ASSETS
from loaders.french_dates import parse_date
from loaders.registry import REGISTRY
from tests.support.pages import CHECKOUT, everything, page, plain, rows_of

GUIDE = page("docs/guide.md")
ARCHITECTURE = page("docs/architecture.md")
METHODS = page("docs/methods.md")
EVERYTHING = everything()
_DAY = date(2026, 11, 22)

SYMBOLS = {
    "dot": "disque",
    "square": "carré",
    "triangle": "triangle",
    "triangleDown": "triangle renversé",
    "diamond": "losange",
    "star": "étoile",
    "hexagon": "hexagone",
    "cross": "croix",
}
COLOURS = {
    BLUE: "bleu",
    VERMILLION: "vermillon",
    GREEN: "vert",
    PURPLE: "violet",
    OCHRE: "ocre",
    SKY: "bleu clair",
    ROSE: "rose",
    SLATE: "gris",
}


def test_every_source_is_in_the_guide():
    documented = [row[0].strip("`") for row in rows_of(GUIDE, "Source")]
    assert documented == [spec.id for spec in REGISTRY]


@pytest.mark.parametrize("spec", [item for item in REGISTRY if item.address], ids=lambda s: s.id)
def test_every_official_address_and_licence_is_documented(spec):
    assert spec.address in EVERYTHING
    assert spec.licence.split(" pour ")[0] in GUIDE


@pytest.mark.parametrize("asset", ASSETS, ids=lambda item: item.id)
def test_every_official_file_is_in_the_guide(asset):
    assert asset.page.rstrip("/") in GUIDE
    assert asset.publisher in GUIDE


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_documented(name):
    assert f"maillage {name}" in EVERYTHING
    options = [item for item in main.commands[name].params if isinstance(item, click.Option)]
    missing = [flag for item in options for flag in item.opts if f"`{flag}`" not in EVERYTHING]
    assert missing == []


def test_the_guide_lists_each_option_beside_its_command():
    listed = {row[0].split()[1].strip("`"): row[2] for row in rows_of(GUIDE, "Commande")}
    for name, options in listed.items():
        known = {flag for item in main.commands[name].params for flag in item.opts}
        assert set(re.findall(r"`(--[\w-]+)`", options)) == {
            flag for flag in known if flag.startswith("--") and flag != "--store"
        }


def names_in_code(pattern: str) -> set[str]:
    folders = ("explorer", "graph", "loaders")
    files = (path for room in folders for path in (CHECKOUT / room).rglob("*.py"))
    return {name for path in files for name in re.findall(pattern, path.read_text("utf-8"))}


def test_every_environment_variable_is_documented():
    found = names_in_code(r"\bMAILLAGE_[A-Z]+(?:_[A-Z]+)*\b")
    assert set(VARIABLES) <= found
    assert {name for name in found if f"`{name}`" not in EVERYTHING} == set()


def test_every_loader_option_is_documented():
    options: set[str] = set()
    for path in (CHECKOUT / "loaders").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            options |= _option_read(node)
    documented = {
        word for row in rows_of(GUIDE, "Option") for word in re.findall(r"`(\w+)`", row[0])
    }
    assert documented == options


def _option_read(node: ast.AST) -> set[str]:
    """Return the option that ``options.get("name")`` or ``options["name"]`` reads."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        place, key = (node.func.value, node.args[:1]) if node.func.attr == "get" else (None, [])
    elif isinstance(node, ast.Subscript):
        place, key = node.value, [node.slice]
    else:
        return set()
    named = getattr(place, "attr", None) or getattr(place, "id", None)
    return {item.value for item in key if named == "options" and isinstance(item, ast.Constant)}


def quoted_messages() -> list[str]:
    cells = [row[0] for row in rows_of(GUIDE, "Le message dit")]
    return [words for cell in cells for words in re.split(r"(?<= »), (?=« )", cell)]


def families_of(quote: str) -> set[str]:
    """Return the families of the messages that hold `quote`; « … » stands for a value."""
    wanted = quote.strip().removeprefix("« ").removesuffix(" »")
    pattern = re.compile(r"\{\w+\}".join(map(re.escape, wanted.split("…"))))
    return {
        family_of(key)
        for key, message in catalogue("fr").items()
        if key.startswith("error.") and pattern.search(plain(message))
    }


def family_of(key: str) -> str:
    """Return ``store`` for ``error.store.busy``; a code without family gives an empty text."""
    parts = re.sub(r"\.(one|many|other)$", "", key).split(".")[1:]
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("quote", quoted_messages())
def test_every_message_quoted_is_one_of_the_program(quote):
    assert families_of(quote) != set()


def test_every_family_of_errors_has_a_message_in_the_guide():
    shown = {family for quote in quoted_messages() for family in families_of(quote)}
    known = {family_of(key) for key in catalogue("fr") if key.startswith("error.")}
    assert known - shown == set()


def test_every_exit_code_is_in_the_guide():
    errors = (UsageError, InputError, ConfirmationNeeded, OutputError, StoreError)
    listed = {int(row[0]) for row in rows_of(GUIDE, "Code")}
    assert listed == {0, *(error.exit_code for error in errors)}


def test_every_kind_is_in_the_guide_as_it_is_drawn():
    drawn = {row[0]: (row[1], row[2]) for row in rows_of(GUIDE, "Type")}
    other = drawn.pop("Autre structure, type non renseigné")
    words = catalogue("fr")
    expected = {
        words[f"kind.{kind}"]: (SYMBOLS[mark.symbol], COLOURS[mark.colour])
        for kind, mark in KIND_MARKS
    }
    assert other == expected.pop(words["kind.AUTRE"])
    assert drawn == expected


def test_every_status_alert_and_change_is_in_the_guide():
    words = catalogue("fr")
    statuses = " ".join(row[0] for row in rows_of(GUIDE, "Statut"))
    assert [item for item in Status if words[f"status.{item}"] not in statuses] == []
    assert [item for item in Alert if f"*{words[f'alert.{item}']}*" not in GUIDE] == []
    changes = [words[f"changes.kind.{kind}"].casefold() for kind in CHANGE_KINDS]
    assert [word for word in changes if f"**{word}**" not in GUIDE.replace("N’est", "n’est")] == []


def test_every_form_of_date_in_the_guide_is_read():
    written = [row[0] for row in rows_of(GUIDE, "Écrit dans le registre")]
    forms = [form for cell in written for form in re.findall(r"`([^`]+)`", cell)]
    assert len(forms) > 8
    assert [partial(parse_date(form)) for form in forms]


def test_every_parameter_of_the_address_is_documented():
    plain = ViewState(selection=Selection(focus="a", on=_DAY), language="fr")
    full = ViewState(
        selection=Selection(
            focus=None,
            on=_DAY.replace(year=2020),
            kinds=frozenset({"EHPAD"}),
            territories=frozenset({"departement:94"}),
            themes=frozenset({"0123abcd"}),
            statuses=frozenset({Status.IN_FORCE}),
            inherit=False,
            instances=True,
            contacts=True,
            supply=True,
        ),
        selected="b",
        language="en",
        part="dates",
        removed=frozenset({"c"}),
        ended=frozenset({"d"}),
        compared=_DAY,
        lapse=_DAY,
        canvas=CanvasState(
            layout="reseau",
            colour="theme",
            size="degree",
            chosen=("a",),
            hidden=("a",),
            near=("a",),
            depth=2,
            path=("a", "b"),
            every=True,
            opened=("a",),
            pins=(Pin("carte", "a", 1, 2),),
        ),
        cover=CoverState(
            level="commune",
            population="total",
            radius_km=2.0,
            demand="centroid",
            kind="EHPAD",
            measure="supply",
            territory="arrondissement:941",
            plan=PlanState(
                kind="EHPAD",
                count=2,
                include=frozenset({"e"}),
                exclude=frozenset({"f"}),
                level="commune",
                least_capacity=50.0,
                trial_kind="EHPAD",
                add=frozenset({"g"}),
                remove=frozenset({"h"}),
                gap="EHPAD",
            ),
            access="places",
            access_kind="EHPAD",
            by="min",
            detour=1.5,
            speed_kmh=20.0,
            approach="3sfca",
            bands="0-10:1 min",
            activity="had",
            against="region:11",
        ),
    )
    tie = ViewState(selection=plain.selection, language="fr", tie="a--b")
    agreement = ViewState(
        selection=plain.selection,
        language="fr",
        agreement="0123456789ab",
        register=RegisterState(part="frise", types=frozenset({"prado"}), method="degree"),
        export=ExportState(
            what="fiche",
            form="pdf",
            sheet="A4",
            orientation="portrait",
            theme="grey",
            mark="travail",
            dpi=300,
            per="cpts",
            since=_DAY,
            structure="b",
            metric="strength",
            table="ties",
            separator=",",
            coverage="commune",
        ),
    )
    names = {name for state in (full, tie, agreement) for name in to_query(state, plain)}
    cells = (row[0] for row in rows_of(ARCHITECTURE, "Parameter"))
    documented = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert documented == names
    assert f"`{NO_FOCUS}`" in ARCHITECTURE


def test_the_order_of_precedence_is_that_of_the_methods():
    families = [row[0].strip("`") for row in rows_of(METHODS, "Family")]
    assert families == list(PRECEDENCE)
