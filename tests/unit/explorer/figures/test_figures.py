"""Figures from a store: what each shows and says, on every sheet, and what is refused."""

import ast
import os
from datetime import date
from pathlib import Path

import msgspec
import pytest
import shapely
from PIL import Image

import explorer
from explorer.figures.drawing import Rect, Symbol, Words
from explorer.figures.paper import PAGES
from explorer.selection import Selection
from explorer.services.figures import (
    FIGURES,
    FigureQuestion,
    FigureSpec,
    draw_figure,
    render_figure,
    save_figure,
)
from graph.errors import InputError, MaillageError, OutputError, UsageError
from graph.messages import LANGUAGES
from graph.store.open import open_store
from tests.support.coverage_store import small_store
from tests.support.figure_checks import group, panel_faults, text_faults
from tests.support.small_world import FOCUS, agreement, structure, territories

ON = date(2026, 11, 25)
HOSTILE = "<script>alert(1)</script> $x$"
MADE = [item.id for item in FIGURES]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    homes = [
        structure("940000101", "EHPAD", (1, 0), name=HOSTILE),
        structure("940000102", "EHPAD", (2, 3), name="Résidence du Nord"),
        structure("940000103", "EHPAD", (4, 4), name="Sans convention"),
        structure("940000301", "CLINIQUE", (3, 1), name="Clinique de l’Est"),
    ]
    attested = {"signed": None, "indefinite": None, "attested": "2021..2022"}
    signed = [
        agreement("c-1", "940000101", title="Filière gériatrique"),
        agreement("c-2", "940000102", title="Nuit", indefinite=None, end="2027-03-31"),
        agreement("c-3", "940000301", title="Imagerie", **attested),
        agreement("c-4", "940000301", title="Secret de polichinelle", confidentiality="restreint"),
    ]
    folder = tmp_path_factory.mktemp("figures")
    url = small_store(folder / "f.db", homes, signed, country=country())
    opened = open_store(url)
    yield opened
    opened.close()


def country():
    """Return the small country, its arrondissements with their outlines."""
    listed = territories()
    for item in listed:
        inside = [t.geometry for t in listed if t.level == "commune" and item.id in t.parents]
        whole = shapely.union_all(shapely.from_wkb(inside)) if inside else None
        yield msgspec.structs.replace(item, geometry=shapely.to_wkb(whole)) if inside else item


@pytest.fixture(scope="module")
def question():
    return FigureQuestion(
        selection=Selection(focus=FOCUS, on=ON, restricted=False),
        behind=("departement:94",),
        kind="EHPAD",
        structure="940000102",
        radius_km=1.5,
    )


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize(
    ("page", "orientation", "theme"),
    [
        ("16:9", "landscape", "light"),
        ("A4", "portrait", "grey"),
    ],
)
def test_each_figure_stands_on_its_sheet(store, question, kind, page, orientation, theme):
    spec = FigureSpec(kind=kind, page=page, orientation=orientation, theme=theme, mark="travail")
    drawing = draw_figure(store, question, spec)
    assert text_faults(drawing) == []
    words = " ".join(drawing.words())
    assert "Document de travail" in words
    assert "25 novembre 2026" in words
    assert "Sources" in words
    assert drawing.description
    if kind in {"territoire", "reseau"}:
        assert panel_faults(drawing) == []


@pytest.mark.parametrize("page", [page[0] for page in PAGES])
@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
def test_the_map_has_all_that_a_map_must_say(store, question, page, orientation):
    spec = FigureSpec(page=page, orientation=orientation, language="en")
    drawing = draw_figure(store, question, spec)
    words = drawing.words()
    assert {"N", "Projection Lambert-93."} <= set(words)
    assert [w for w in words if w.endswith("km")]
    legend = [i.text for i in group(drawing, "legend") if isinstance(i, Words)]
    present = {"Structures", "Nursing home (EHPAD) (3)", "Private clinic (1)"}
    said = plain(" ".join(legend))
    assert all(each in said for each in present)
    assert text_faults(drawing) == []
    assert panel_faults(drawing) == []


CAPTIONS = {
    (
        "fr",
        "couverture",
    ): "EHPAD : 2 territoires sur 2 servis par un partenaire ou un site du groupe",
    (
        "en",
        "couverture",
    ): "Nursing home (EHPAD): 2 of 2 territories served by a partner or a site of the group",
    (
        "fr",
        "frise",
    ): "3 conventions et coopérations, 1 à terme dans l’année, 1 sans terme renseigné",
    (
        "en",
        "frise",
    ): "3 agreements and cooperations, 1 ending within a year, 1 without a stated end",
    ("fr", "classement"): f"Nombre de partenaires directs : {FOCUS} en tête (4)",
    ("en", "classement"): f"Number of direct partners: {FOCUS} comes first (4)",
    ("fr", "portrait"): "941 · Arrondissement 941",
    ("en", "portrait"): "941 · Arrondissement 941",
    ("fr", "fiche"): "Résidence du Nord",
    ("en", "fiche"): "Résidence du Nord",
}


@pytest.mark.parametrize(("language", "kind"), CAPTIONS)
def test_the_title_proposed_states_the_finding(store, question, language, kind):
    spec = FigureSpec(kind=kind, language=language)
    assert plain(draw_figure(store, question, spec).title) == CAPTIONS[language, kind]


def plain(said):
    return said.replace("\N{NO-BREAK SPACE}", " ")


def test_a_title_of_ones_own_stands_in_its_place(store, question):
    spec = FigureSpec(title="  Nos voisins\n du Sud ", kind="frise")
    drawing = draw_figure(store, question, spec)
    assert drawing.title == "Nos voisins du Sud"
    assert "Nos voisins du Sud" in drawing.words()


def test_estimates_say_their_hypotheses_in_a_box(store, question):
    drawing = draw_figure(store, question, FigureSpec(kind="couverture"))
    box = next(i for i in group(drawing, "hypotheses") if isinstance(i, Rect))
    said = [plain(i.text) for i in group(drawing, "hypotheses") if isinstance(i, Words)]
    assert said[0] == "Hypothèses : distances et durées estimées"
    assert any("1.5 km" in line or "1,5 km" in line for line in said)
    assert all(box.box.top < i.y < box.box.bottom for i in group(drawing, "hypotheses")[1:])


def test_the_coverage_map_shows_partners_apart_from_others(store, question):
    drawing = draw_figure(store, question, FigureSpec(kind="couverture"))
    marks = [i for i in group(drawing, "structures") if isinstance(i, Symbol)]
    filled = {i.name for i in marks if i.fill == "#1B1F23"}
    assert {"Résidence du Nord", "Sans convention"} <= {i.name for i in marks}
    assert "Résidence du Nord" in filled
    assert "Sans convention" not in filled


@pytest.mark.parametrize("kind", ["frise", "fiche"])
def test_restricted_agreements_are_not_named(store, question, kind):
    hidden = msgspec.structs.replace(question.selection, restricted=False)
    asked = msgspec.structs.replace(question, structure="940000301", selection=hidden)
    drawing = draw_figure(store, asked, FigureSpec(kind=kind))
    words = " ".join(drawing.words())
    assert "Imagerie" in words
    assert "polichinelle" not in words


REFUSED = [
    ({"kind": "camembert"}, "unknown_value"),
    ({"page": "A5"}, "unknown_value"),
    ({"theme": "sombre"}, "unknown_value"),
    ({"mark": "secret"}, "unknown_value"),
    ({"format": "bmp"}, "unknown_value"),
    ({"dpi": 601}, "figure.dpi"),
    ({"dpi": 10}, "figure.dpi"),
    ({"title": "x" * 500}, "export.long_title"),
    ({"title": "Un <b>titre</b>"}, "export.markup"),
    ({"logo": "nowhere.png"}, "figure.no_logo"),
]


@pytest.mark.parametrize(("look", "code"), REFUSED)
def test_what_cannot_be_is_refused_in_words(store, question, look, code):
    with pytest.raises(MaillageError) as refused:
        draw_figure(store, question, FigureSpec(**look))
    assert refused.value.code == code
    for language in LANGUAGES:
        assert "{" not in refused.value.message(language)


def test_a_logo_that_is_no_image_is_refused(store, question, tmp_path):
    fake = tmp_path / "logo.png"
    fake.write_bytes(b"<svg onload='x'/>")
    with pytest.raises(InputError) as refused:
        draw_figure(store, question, FigureSpec(logo=str(fake)))
    assert refused.value.code == "figure.bad_logo"
    whole = tmp_path / "whole.png"
    Image.effect_noise((40, 40), 20).save(whole)
    fake.write_bytes(whole.read_bytes()[:900])
    with pytest.raises(InputError):
        draw_figure(store, question, FigureSpec(logo=str(fake)))
    drawing = draw_figure(store, question, FigureSpec(logo=str(whole)))
    assert len(group(drawing, "title")) > 1


ASKED = [
    (
        "territoire",
        {"selection": Selection(focus=None, on=ON, kinds=frozenset({"SAS"}))},
        "figure.nothing",
    ),
    ("frise", {"selection": Selection(focus=FOCUS, on=date(1950, 1, 1))}, "figure.no_agreement"),
    ("fiche", {"structure": None}, "figure.which_structure"),
    ("fiche", {"structure": "nobody"}, "unknown_structure"),
    ("classement", {"metric": "beauty"}, "unknown_value"),
    ("couverture", {"measure": "beauty"}, "unknown_value"),
    ("couverture", {"radius_km": -1.0}, "figure.radius"),
    ("couverture", {"level": "galaxie"}, "unknown_level"),
    ("portrait", {"territory": "arrondissement:999"}, "figure.territory"),
]


@pytest.mark.parametrize(("kind", "asked", "code"), ASKED)
def test_a_question_without_answer_says_what_to_do(store, question, kind, asked, code):
    with pytest.raises((UsageError, InputError)) as refused:
        draw_figure(store, msgspec.structs.replace(question, **asked), FigureSpec(kind=kind))
    assert refused.value.code == code


def test_a_file_is_written_whole_or_not_at_all(store, question, tmp_path, monkeypatch):
    target = tmp_path / "figure.png"
    spec = FigureSpec(kind="frise", dpi=72)
    save_figure(store, question, spec, target)
    before = target.read_bytes()
    assert before == render_figure(store, question, spec)
    with pytest.raises(OutputError) as refused:
        save_figure(store, question, spec, tmp_path / "none" / "figure.png")
    assert refused.value.code == "export.no_folder"

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError) as refused:
        save_figure(store, question, spec, target)
    assert refused.value.code == "export.unwritable"
    assert [item.name for item in tmp_path.iterdir()] == ["figure.png"]
    assert target.read_bytes() == before


def test_every_figure_has_a_name_in_both_languages():
    for item in FIGURES:
        assert all(item.name(language) for language in LANGUAGES)


def test_nothing_slow_is_imported_before_a_figure_is_drawn():
    root = Path(explorer.__file__).parent
    files = [*(root / "figures").glob("*.py"), *(root / "services").glob("figure*.py")]
    assert len(files) > 20
    for file in files:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            slow = {name.split(".")[0] for name in names} & {"matplotlib", "PIL", "fontTools"}
            assert not slow, file
