"""French first, English complete: the two catalogues say the same things with the same values."""

import ast
import re
import string
from pathlib import Path

import pytest

from graph.analysis.proximity import Travel
from graph.messages import LANGUAGES, catalogue, merged, text
from graph.vocabulary import (
    CONFIDENTIALITY,
    COOPERATION_TYPES,
    KINDS,
    LEGAL_STATUSES,
    LEVELS,
    PATHWAY_STEPS,
    PRECISIONS,
    Alert,
    Status,
)

CHECKOUT = Path(__file__).resolve().parents[3]
PLURAL = re.compile(r"\.(one|many|other)$")


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_both_languages_have_the_same_messages():
    assert set(catalogue("fr")) == set(catalogue("en"))


def test_both_languages_show_the_same_values():
    differing = [
        key
        for key in catalogue("fr")
        if fields(catalogue("fr")[key]) != fields(catalogue("en")[key]) and not PLURAL.search(key)
    ]
    assert differing == []


@pytest.mark.parametrize(
    "second", ['[page.column]\nafter = "Later"', '[page]\n"column.after" = "After"']
)
def test_a_message_defined_twice_is_refused(tmp_path, second):
    (tmp_path / "a.toml").write_text('[page.column]\nafter = "After"\n', encoding="utf-8")
    assert merged(tmp_path) == {"page.column.after": "After"}
    (tmp_path / "b.toml").write_text(second, encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.toml defines page\.column\.after"):
        merged(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_countable_message_has_both_forms(language):
    keys = set(catalogue(language))
    stems = {PLURAL.sub("", key) for key in keys if PLURAL.search(key)}
    assert [stem for stem in stems if not {f"{stem}.one", f"{stem}.other"} <= keys] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_vocabulary_has_a_label(language):
    closed = (
        ("kind", KINDS),
        ("kind_short", KINDS),
        ("level", LEVELS),
        ("legal_status", LEGAL_STATUSES),
        ("type", COOPERATION_TYPES),
        ("status", tuple(Status)),
        ("alert", tuple(Alert)),
        ("pathway", PATHWAY_STEPS),
        ("precision", PRECISIONS),
        ("confidentiality", CONFIDENTIALITY),
    )
    wanted = {f"{area}.{word}" for area, words in closed for word in words}
    assert wanted - set(catalogue(language)) == set()


def test_plural_follows_the_language():
    assert text("view.agreements", "fr", n=0).startswith("0 convention ou")
    assert text("view.agreements", "en", n=0).startswith("0 agreements")
    assert text("view.agreements", "fr", n=2).startswith("2 conventions")


def codes_raised() -> set[str]:
    """Return every message code that the program raises as an error, read in its source."""
    found = set()
    for path in (
        file
        for room in ("explorer", "graph", "loaders")
        for file in (CHECKOUT / room).rglob("*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_error(node.func) and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(code.value)
    return found


def _is_error(function: ast.expr) -> bool:
    names = {
        "UsageError",
        "InputError",
        "OutputError",
        "StoreError",
        "StoreBusy",
        "ConfirmationNeeded",
    }
    return isinstance(function, ast.Name) and function.id in names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_raised_has_its_message(language):
    codes = codes_raised()
    assert len(codes) > 5
    known = {key.removesuffix(".other") for key in catalogue(language)}
    assert {f"error.{code}" for code in codes} - known == set()


def test_numbers_of_a_french_sentence_have_a_comma():
    said = Travel(detour=1.3, speed_kmh=27.5)
    assert "× 1,3" in said.sentence("fr").replace("\u00a0", " ")
    assert "27,5" in said.sentence("fr")
    assert "× 1.3" in said.sentence("en").replace("\u00a0", " ")
