"""What people do on the canvas, in a real browser over the bundled ecosystem.

One page serves all tests of the module; each leaves it as it found it.
"""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.app.pages.conftest import Visit

pytestmark = pytest.mark.browser

CHIV = "940110042"
GROUP, SAINT_CAMILLE = "ght:940110018", "940000649"


class Drawing:
    """The canvas of the page, by what people see and do."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page = visit.page

    def js(self, body: str, argument: object = None):
        code = f"(element, a) => {{ const v = element.maillage; {body} }}"
        return self.page.locator(".mc").evaluate(code, argument)

    def until(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(
            "([condition, a]) => { const find = root => {"
            " for (const e of root.querySelectorAll('*')) { if (e.maillage) return e.maillage;"
            " const f = e.shadowRoot && find(e.shadowRoot); if (f) return f; } };"
            " const v = find(document);"
            " return Boolean(v && new Function('v', 'a', `return ${condition}`)(v, a)); }",
            arg=[condition, argument],
        )

    def press(self, name: str) -> None:
        self.page.locator(".mc-bar").get_by_role("button", name=name, exact=True).click()

    def at(self, key: str) -> tuple[float, float]:
        spot = self.js("const n = v.scene.nodes.get(a); return v.camera.toScreen(n.x, n.y);", key)
        stage = self.page.locator(".mc-stage")
        stage.scroll_into_view_if_needed()
        box = stage.bounding_box()
        assert box is not None
        return box["x"] + spot["x"], box["y"] + spot["y"]

    def click(self, key: str, *held: str) -> None:
        for name in held:
            self.page.keyboard.down(name)
        self.page.mouse.click(*self.at(key))
        for name in held:
            self.page.keyboard.up(name)

    def keys(self) -> set[str]:
        return set(self.js("return [...v.scene.nodes.keys()];"))

    def places(self) -> dict[str, list[float]]:
        return dict(self.js("return v.scene.ordered.map(n => [n.id, [n.ax, n.ay]]);"))

    def partners(self) -> list[str]:
        return sorted(
            self.js("return v.scene.ordered.filter(n => n.role === 'partner').map(n => n.id);")
        )

    def url(self, pattern: str) -> None:
        expect(self.page).to_have_url(re.compile(pattern))


@pytest.fixture(scope="module")
def opened(context, site):
    visit = Visit(context, site)
    visit.open_map()
    yield Drawing(visit)
    visit.page.close()


@pytest.fixture
def drawing(opened):
    yield opened
    opened.js("v.escape(); v.setLayout('carte'); v.resetBoard();")
    opened.until("v.board.isPlain && !v.scene.selected && v.scene.layout === 'carte'")
    expect(opened.page).not_to_have_url(re.compile("vue=|choix=|masque=|proche=|chemin=|fixe="))
    assert opened.visit.troubles == []


def test_map_and_network_share_structures_and_the_move_is_smooth(drawing):
    before, unplaced = drawing.places(), drawing.js("return v.scene.all.size;")
    drawing.page.emulate_media(reduced_motion="no-preference")
    drawing.js(
        "v.frames = []; const id = v.scene.ordered.at(-1).id;"
        " v.network.on('afterDrawing', () => v.morph && v.frames.push("
        " [v.mapness, v.scene.nodes.get(id).ax, v.scene.nodes.get(id).ay]));"
    )
    drawing.press("Réseau")
    drawing.until("v.scene.layout === 'reseau' && !v.morph")
    drawing.page.emulate_media(reduced_motion="reduce")
    shown = drawing.js("return v.frames.map(f => f[0]);")
    assert len(shown) > 5
    assert shown == sorted(shown, reverse=True)
    assert any(0 < value < 1 for value in shown)
    assert drawing.js("return v.mapness;") == 0
    after = drawing.places()
    assert set(before) <= set(after)
    assert len(after) == unplaced > len(before)
    drawing.url("vue=reseau")
    drawing.press("Carte")
    drawing.until("v.scene.layout === 'carte' && !v.morph")
    assert drawing.places() == before


def test_a_filter_keeps_the_places_of_the_network(drawing):
    drawing.press("Réseau")
    drawing.until("v.scene.layout === 'reseau'")
    drawing.url("vue=reseau")
    before = drawing.places()
    page = drawing.page
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="Types de structure").click()
    page.get_by_role("option", name="Clinique", exact=True).click()
    drawing.until("v.scene.all.size < a", len(before))
    page.keyboard.press("Escape")
    after = drawing.places()
    assert 3 < len(after) < len(before)
    assert after == {key: before[key] for key in after}
    page.get_by_role("button", name="Effacer les filtres").click()
    drawing.until("v.scene.all.size === a", len(before))
    assert drawing.places() == before


def test_several_are_chosen_by_click_box_and_keyboard(drawing):
    first, second = drawing.partners()[:2]
    drawing.click(first)
    drawing.url(f"fiche={first}")
    drawing.click(second, "Shift")
    drawing.url(rf"choix={first}&choix={second}|choix={second}&choix={first}")
    panel = drawing.page.locator(".st-key-sheet_box .panel").first
    expect(panel.get_by_role("heading", name="2 structures choisies")).to_be_visible()
    box = drawing.page.locator(".mc-stage").bounding_box()
    drawing.press("Choisir dans un rectangle")
    drawing.page.mouse.move(box["x"] + 4, box["y"] + 4)
    drawing.page.mouse.down()
    drawing.page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2, steps=3)
    drawing.page.mouse.up()
    drawing.until("v.scene.chosen.size > 2")
    inside = drawing.js(
        "const h = v.camera.state().height / 2; return v.scene.ordered.filter(n => {"
        " const s = v.camera.toScreen(n.x, n.y); return s.y < h && s.y > 4; }).map(n => n.id);"
    )
    assert set(drawing.js("return [...v.scene.chosen];")) == set(inside)
    drawing.page.locator(".mc-stage").focus()
    drawing.page.keyboard.press("Escape")
    drawing.until("!v.scene.chosen.size")
    for key in ("Home", " ", "n", " "):
        drawing.page.keyboard.press(key)
    drawing.until("v.scene.chosen.size === 2")
    drawing.url("choix=")


def test_an_answer_on_its_way_does_not_undo_what_was_picked_since(drawing):
    one = drawing.partners()[0]
    held = drawing.js(
        "const before = v.data; v.pick({ kind: 'node', id: a }); v.update(before);"
        " return v.scene.selected?.id;",
        one,
    )
    assert held == one
    drawing.url(f"fiche={one}")
    drawing.page.locator(".mc-stage").focus()
    drawing.page.keyboard.press("Escape")
    drawing.until("v.data.turn === v.board.turn && !v.data.selected && !v.scene.selected")


def test_the_reseau_proche_is_what_the_ties_reach(drawing):
    everything = drawing.keys()
    (partner,) = drawing.js(
        "return v.scene.ordered.filter(n => n.role === 'partner' && n.neighbours.size === 1)"
        ".slice(0, 1).map(n => n.id);"
    )
    around = drawing.js("return v.scene.nodes.get(a).neighbours.size;", partner)
    drawing.click(partner)
    drawing.page.keyboard.press("1")
    drawing.until("v.scene.nodes.size === 2")
    assert around == 1
    drawing.url(f"(?=.*proche={partner})(?=.*profondeur=1)")
    drawing.page.keyboard.press("2")
    drawing.until("v.scene.nodes.size > 2")
    two = drawing.keys()
    assert partner in two
    assert two < everything or two == everything
    # The table shows the same, and those without a place on the map too.
    drawing.press("Réseau")
    drawing.until("v.scene.layout === 'reseau'")
    two = drawing.keys()
    drawing.page.get_by_role("tab", name="Tableau").click()
    expect(drawing.page.get_by_text(f"Structures ({len(two)})")).to_be_visible()
    drawing.page.get_by_role("tab", name="Carte").click()


def test_hide_undo_redo_and_reset(drawing):
    everything = drawing.keys()
    key = drawing.partners()[0]
    drawing.click(key)
    drawing.press("Masquer")
    drawing.until("!v.scene.nodes.has(a)", key)
    drawing.url(f"masque={key}")
    drawing.press("Annuler")
    drawing.until("v.scene.nodes.has(a)", key)
    drawing.press("Rétablir")
    drawing.until("!v.scene.nodes.has(a)", key)
    expect(drawing.page.locator(".mc-told")).to_contain_text("Masquées\xa0: 1")
    drawing.press("Réinitialiser")
    drawing.until("v.scene.nodes.has(a)", key)
    assert drawing.keys() == everything
    expect(drawing.page).not_to_have_url(re.compile("masque="))


def test_a_structure_dragged_is_pinned_and_stays_through_reruns_and_links(drawing):
    key = drawing.js("return v.scene.ordered.find(n => n.role === 'partner').id;")
    x, y = drawing.at(key)
    drawing.page.mouse.move(x, y)
    drawing.page.mouse.down()
    drawing.page.mouse.move(x + 45, y + 25, steps=4)
    drawing.page.mouse.up()
    drawing.url(f"fixe=carte.*{key}")
    moved = drawing.at(key)
    assert moved == pytest.approx((x + 45, y + 25), abs=3)
    other = next(item for item in drawing.partners() if item != key)
    drawing.click(other)
    drawing.url(f"fiche={other}")
    assert drawing.at(key) == pytest.approx(moved, abs=1)
    spot = drawing.js("return v.scene.pins.carte.get(a);", key)
    again = drawing.visit.context.new_page()
    again.goto(drawing.page.url)
    again.locator(".mc[data-frame]").wait_for()
    code = "(e, id) => e.maillage.scene.pins.carte.get(id)"
    assert again.locator(".mc").evaluate(code, key) == pytest.approx(spot, abs=0.05)
    again.close()
    drawing.press("Annuler")
    drawing.until("!v.scene.pins.carte.size")


def test_the_chains_between_two_structures_are_drawn_and_listed(drawing):
    first, second = drawing.partners()[:2]
    drawing.click(first)
    drawing.click(second, "Control")
    drawing.url("choix=")
    drawing.page.keyboard.press("c")
    drawing.until("v.scene.paths.length > 0")
    paths = drawing.js("return v.scene.paths;")
    assert {path[0] for path in paths} == {first}
    assert {path[-1] for path in paths} == {second}
    assert len({len(path) for path in paths}) == 1
    panel = drawing.page.locator(".st-key-sheet_box .panel").first
    expect(panel.get_by_role("heading", name="Chemin 1")).to_be_visible()
    expect(panel.locator(".solution .badge").first).to_be_visible()
    tied = drawing.js(
        "return [...v.scene.ties.values()].filter(t => v.scene.isLit(t)).map(t => [t.from, t.to]);"
    )
    steps = {frozenset(step) for path in paths for step in pairwise(path)}
    assert {frozenset(tie) for tie in tied} <= steps
    drawing.url("(?=.*chemin=)(?=.*choix=)")
    drawing.page.get_by_role("button", name="Fermer les chemins").click()
    drawing.until("!v.scene.paths.length")


def test_neighbours_from_outside_the_network_can_be_opened(context, site):
    visit = Visit(context, site)
    visit.open_map(f"?centre={SAINT_CAMILLE}")
    drawing = Drawing(visit)
    before = drawing.keys()
    assert {SAINT_CAMILLE, GROUP} <= before
    drawing.click(GROUP)
    drawing.press("Voisins")
    drawing.until("[...v.scene.all.values()].some(n => n.role === 'neighbour')")
    drawing.url("ouvert=ght")
    beyond = drawing.js(
        "return [...v.scene.all.values()].filter(n => n.role === 'neighbour').map(n => n.id);"
    )
    assert len(beyond) > 20
    assert before.isdisjoint(beyond)
    tied = drawing.js("return [...v.scene.allTies.values()].map(t => [t.from, t.to]);")
    assert all([other, GROUP] in tied or [GROUP, other] in tied for other in beyond)
    drawing.press("Annuler")
    drawing.until("[...v.scene.all.values()].every(n => n.role !== 'neighbour')")
    assert visit.troubles == []
    visit.page.close()


def test_colour_size_and_comparison_are_in_the_link_the_legend_and_the_symbols(drawing):
    page = drawing.visit.context.new_page()
    page.goto(
        f"{drawing.visit.site.address}/reseau?vue=reseau&couleur=community&taille=degree"
        f"&comparer=2020-01-01&masque={CHIV}&lang=en"
    )
    page.locator(".mc[data-frame]").wait_for()
    legend = page.locator(".mc-legend")
    expect(legend).to_contain_text("Community 1")
    expect(legend).to_contain_text("Between 1 January 2020")
    view = page.locator(".mc")
    found = view.evaluate(
        "e => { const s = e.maillage.scene; return { layout: s.layout,"
        " all: [...s.all.values()].map(n => [n.code, n.change, n.r, n.role]) }; }"
    )
    assert found["layout"] == "reseau"
    codes = {row[0] for row in found["all"]}
    assert "1" in codes
    assert None not in codes
    assert "new" in {row[1] for row in found["all"]}
    assert len({row[2] for row in found["all"]}) > 2
    page.get_by_role("tab", name="Table").click()
    expect(page.get_by_role("button", name="Download the structures (CSV)")).to_be_visible()
    page.close()
