"""The canvas in a real browser, on synthetic views."""

import itertools
import math
from typing import Any

import pytest

from tests.app.canvas.synthetic_view import CENTRE, HOSTILE, synthetic_view

pytestmark = pytest.mark.browser


def symbols_on_screen(shown: Any) -> list[dict[str, float]]:
    return shown.js(
        "return v.scene.ordered.filter(n => n.rank > 0).map(n => ({id: n.id, r: n.r,"
        " ...v.camera.toScreen(n.x, n.y)}));"
    )


def test_first_paint_shows_every_placed_structure(calm):
    view = synthetic_view()
    assert calm.ids() == {node.id for node in view.nodes}
    assert calm.js("return v.edgeSet.length;") == len(view.ties)
    colours = calm.js(
        "const c = v.panel.stage.querySelector('canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "const seen = new Set(); for (let i = 0; i < d.length; i += 4)"
        " seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return [...seen];"
    )
    # Symbols are drawn in the very colours of their kinds.
    expected = {int(node.colour[1:], 16) for node in view.nodes}
    assert expected <= set(colours)


def test_nothing_goes_wrong_and_no_outside_host_is_asked(shown, server):
    shown.open(server)
    shown.click("p3")
    shown.picked("node:p3")
    assert shown.requests
    assert shown.outside(server) == []
    assert shown.troubles == []


def test_the_page_gets_the_language_and_a_text_alternative(shown, server):
    shown.open(server, lang="en")
    assert shown.page.locator("html").get_attribute("lang") == "en"
    stage = shown.page.locator(".mc-stage")
    assert stage.get_attribute("aria-label") == synthetic_view().description
    names = [b.get_attribute("aria-label") for b in shown.page.locator(".mc-button").all()]
    assert names == ["Zoom in", "Zoom out", "Show all"]


def test_click_returns_the_structure_to_python(calm):
    calm.click("p3")
    calm.picked("node:p3")
    assert calm.js("return v.scene.selected.id;") == "p3"


def test_click_on_a_tie_returns_the_tie(calm):
    found = calm.js(
        # A point of a tie where no symbol is near.
        "for (const tie of v.scene.ties.values()) { const t = v.edges[tie.id].edgeType;"
        " const p = t.getPoint(0.5, t.getViaNode()); const at = v.camera.toScreen(p.x, p.y);"
        " const far = v.scene.ordered.every(n => { const s = v.camera.toScreen(n.x, n.y);"
        " return Math.hypot(s.x - at.x, s.y - at.y) > 30; }); if (far) return at; }"
    )
    box = calm.page.locator(".mc-stage").bounding_box()
    calm.page.mouse.click(box["x"] + found["x"], box["y"] + found["y"])
    calm.page.get_by_text("picked: tie:t").wait_for()


def test_click_beside_everything_picks_nothing(calm):
    calm.click("p3")
    calm.picked("node:p3")
    box = calm.page.locator(".mc-stage").bounding_box()
    calm.page.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2)
    calm.picked("none:")
    assert calm.js("return v.scene.active;") is None


def test_what_python_chooses_is_highlighted(shown, server):
    shown.open(server)
    shown.page.get_by_role("button", name="Choose CH du Sud").click()
    shown.picked("node:940000002")
    shown.until("v.scene.active")
    ties = [t for t in synthetic_view().ties if "940000002" in (t.source, t.target)]
    neighbours = {end for tie in ties for end in (tie.source, tie.target)}
    assert set(shown.js("return [...v.scene.active];")) == neighbours
    assert shown.js("return v.scene.isFaded('s1');") is True


def test_zoom_and_place_survive_rerun_and_filter(shown, server):
    shown.open(server)
    shown.page.mouse.move(*shown.screen("p3"))
    for _ in range(5):
        shown.page.mouse.wheel(0, -120)
    shown.settle()
    before = shown.camera()
    places = shown.js("return v.scene.ordered.map(n => [n.id, n.ax, n.ay]);")
    shown.page.get_by_role("button", name="Run again").click()
    shown.settle()
    assert shown.camera() == pytest.approx(before)
    shown.page.get_by_role("combobox", name="Kinds").click()
    shown.page.get_by_role("option", name="CLINIQUE").click()
    shown.until("v.scene.nodes.size < a", len(places))
    after = {
        row[0]: row[1:] for row in shown.js("return v.scene.ordered.map(n => [n.id, n.ax, n.ay]);")
    }
    assert 0 < len(after) < len(places)
    assert after == {row[0]: row[1:] for row in places if row[0] in after}
    assert shown.js("return v.nodeSet.length;") == len(after)
    assert shown.camera() == pytest.approx(before)


def test_the_scale_does_not_follow_the_size_of_the_window(shown, server):
    shown.open(server)
    shown.js("v.camera.zoomBy(3);")
    shown.settle()
    before = shown.camera()
    for width in (800, 1250):
        shown.page.set_viewport_size({"width": width, "height": 1000})
        shown.settle()
        assert shown.camera() == pytest.approx(before, rel=1e-3)


def test_all_stays_in_view_when_the_window_shrinks(shown, server):
    shown.open(server)
    shown.page.set_viewport_size({"width": 700, "height": 1000})
    shown.settle()
    box = shown.page.locator(".mc-stage").bounding_box()
    for node in symbols_on_screen(shown):
        assert 0 < node["x"] < box["width"]
        assert 0 < node["y"] < box["height"]


def test_a_pick_sends_no_map_again(shown, server):
    shown.open(server, communes=1500)
    first = sum(shown.received)
    shown.received.clear()
    shown.click("p3")
    shown.picked("node:p3")
    shown.settle()
    assert 0 < sum(shown.received) < 0.3 * first


def test_a_filter_sends_what_differs_only(shown, server):
    shown.open(server, partners=300, supply=300)
    everything, first = shown.ids(), sum(shown.received)
    sent = shown.js("return v.data.parts.network;")
    for kind in ("CLINIQUE", "HAD"):
        shown.received.clear()
        before = shown.js("return v.digests.network;")
        shown.page.get_by_role("combobox", name="Kinds").click()
        shown.page.get_by_role("option", name=kind).click()
        shown.page.keyboard.press("Escape")
        shown.until("v.digests.network !== a", before)
        assert shown.js("return v.data.parts.network;") == sent
        assert sum(shown.received) < 0.5 * first  # the words around, small polygons, what differs
    view = synthetic_view(partners=300, supply=300, kinds=("CLINIQUE", "HAD", "HOPITAL", "EHPAD"))
    assert shown.ids() == {node.id for node in view.nodes} < everything
    assert shown.js("return [...v.scene.ties.keys()].sort();") == sorted(t.id for t in view.ties)
    assert shown.troubles == []


def test_hostile_names_are_drawn_as_text(shown, server):
    shown.open(server, hostile=1)
    drawn = set(shown.js("return v.labels.placed.flatMap(l => l.node.label);"))
    assert any("<script>" in label for label in drawn)
    assert shown.js("return v.panel.root.querySelectorAll('script, img, a').length;") == 0
    assert shown.troubles == []

    for number, name in enumerate(HOSTILE):
        shown.page.mouse.move(*shown.screen(f"p{number}"))
        title = shown.page.locator(".mc-tooltip-title")
        kept = "".join(c for c in name if c.isprintable() or c == "\u200d").split()
        assert "".join(title.inner_text().split()) == "".join(kept)
        assert title.evaluate("e => e.childElementCount") == 0
    assert shown.troubles == []
    node = f"p{len(HOSTILE) - 1}"
    label, name = shown.js("const n = v.scene.nodes.get(a); return [n.label, n.name];", node)
    assert len(label) == 2
    assert all(len(line) <= 25 for line in label)
    assert label[-1].endswith("…")
    assert name == HOSTILE[-1]


def test_hostile_groups_are_text_in_the_legend_and_signs(shown, server):
    shown.open(server, hostile=1, groups=1)
    words = shown.page.locator(".mc-legend .mc-word").all_inner_texts()
    assert [" ".join(HOSTILE[0].split()), " ".join(HOSTILE[1].split())] == words[:2]
    legend = shown.page.locator(".mc-legend")
    assert legend.locator("script, img, a").count() == 0
    assert legend.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    shown.page.set_viewport_size({"width": 640, "height": 800})  # the legend runs under the map
    shown.settle()
    assert legend.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    assert shown.troubles == []


def test_keyboard_reaches_and_chooses(calm):
    calm.page.locator(".mc-stage").focus()
    calm.page.keyboard.press("Home")
    assert calm.js("return v.scene.current;") == "ght"
    calm.page.keyboard.press("n")
    current = calm.js("return v.scene.current;")
    assert current != "ght"
    name = calm.js("return v.scene.nodes.get(a).name;", current)
    assert name in calm.page.locator(".mc p[aria-live]").inner_text()
    calm.page.keyboard.press("Enter")
    calm.picked(f"node:{current}")
    calm.page.keyboard.press("Escape")
    calm.picked("none:")


def test_keyboard_goes_on_from_what_was_clicked(calm):
    calm.click("p3")
    calm.picked("node:p3")
    calm.page.keyboard.press("n")
    reached = calm.js("return v.scene.current;")
    names = sorted((n.label for n in synthetic_view().nodes if n.role == "partner"), key=str.lower)
    assert calm.js("return v.scene.nodes.get(a).name;", reached) in names
    assert reached != "p3"
    assert calm.js("return v.scene.isFaded(a);", reached) is False


def test_shift_and_an_arrow_go_to_the_neighbour_in_that_direction(calm):
    calm.page.locator(".mc-stage").focus()
    calm.page.keyboard.press("Home")
    x, _ = calm.screen("ght")
    calm.page.keyboard.press("Shift+ArrowRight")
    current = calm.js("return v.scene.current;")
    assert current != "ght"
    assert calm.screen(current)[0] > x


def test_keyboard_moves_zooms_and_shows_all(calm):
    whole = calm.camera()
    calm.page.locator(".mc-stage").focus()
    calm.page.keyboard.press("ArrowRight")
    assert calm.camera()[1] > whole[1]
    calm.page.keyboard.press("+")
    assert calm.camera()[0] > whole[0]
    calm.page.keyboard.press("-")
    assert calm.camera()[0] == pytest.approx(whole[0])
    calm.page.keyboard.press("0")
    assert calm.camera() == pytest.approx(whole)


def test_tab_leaves_the_canvas(calm):
    calm.page.locator(".mc-stage").focus()
    calm.page.keyboard.press("Tab")
    assert calm.js("return v.panel.root.getRootNode().activeElement.className;").startswith(
        "mc-button"
    )


@pytest.mark.parametrize(("wheel", "limit"), [(-240, 8), (240, None)])
def test_the_wheel_stops_at_the_limits_without_drift(calm, wheel, limit):
    lowest = calm.js("return v.camera.fitScale * 0.4;")
    box = calm.page.locator(".mc-stage").bounding_box()
    calm.page.mouse.move(box["x"] + 200, box["y"] + 200)
    for _ in range(40):
        calm.page.mouse.wheel(0, wheel)
    calm.settle()
    at_limit = calm.camera()
    assert lowest <= at_limit[0] <= 8
    assert at_limit[0] > 7 if limit else at_limit[0] < lowest * 1.12
    for _ in range(5):
        calm.page.mouse.wheel(0, wheel)
    calm.settle()
    assert calm.camera() == pytest.approx(at_limit)


def test_buttons_zoom_and_show_all(calm):
    whole = calm.camera()
    calm.page.get_by_role("button", name="Agrandir").click()
    assert calm.camera()[0] == pytest.approx(whole[0] * 1.5)
    calm.page.get_by_role("button", name="Réduire").click()
    calm.page.get_by_role("button", name="Tout afficher").click()
    assert calm.camera() == pytest.approx(whole)


def test_labels_do_not_pile_up(shown, server):
    shown.open(server, partners=60)
    for zoom in (1, 2.5, 2.5):
        shown.js("v.camera.go({scale: v.scale * a}, false);", zoom)
        shown.settle()
        check_labels(shown)


def check_labels(shown):
    boxes = shown.js(
        "return v.labels.placed.map(({left, right, top, bottom}) => [left, right, top, bottom]);"
    )
    assert len(boxes) > 20
    for a, b in itertools.combinations(boxes, 2):
        assert not (a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3])
    hidden = shown.js(
        "return v.labels.placed.filter(label => [...v.labels.grid.meeting(label)].some(other =>"
        " other.symbol && other.symbol.rank > 0 && other.symbol !== label.node))"
        ".map(label => label.node.id);"
    )
    assert hidden == []


def names_cut(shown: Any) -> list[str]:
    """Return the names that leave the map or stand under what is pinned to its corners."""
    pinned = (".mc-buttons", ".mc-north", ".mc-scale")
    return shown.js(
        "const {width, height, translation: t} = v.camera.state();"
        "const stage = v.panel.stage.getBoundingClientRect();"
        "const boxes = a.flatMap(one => [...v.panel.root.querySelectorAll(one)])"
        " .map(item => item.getBoundingClientRect());"
        "const under = b => boxes.some(o =>"
        " b.left < o.right - stage.x && o.left - stage.x < b.right"
        " && b.top < o.bottom - stage.y && o.top - stage.y < b.bottom);"
        "return v.labels.placed.map(l => ({name: l.node.name, left: l.left + t.x,"
        " right: l.right + t.x, top: l.top + t.y, bottom: l.bottom + t.y}))"
        " .filter(l => l.left < 0 || l.top < 0 || l.right > width || l.bottom > height || under(l))"
        " .map(l => l.name);",
        pinned,
    )


@pytest.mark.parametrize(("width", "named"), [(480, 20), (720, 40), (1440, 40)])
def test_no_name_is_cut_where_all_is_in_view(shown, server, width, named):
    shown.open(server, partners=60, hostile=1)
    shown.page.set_viewport_size({"width": width, "height": 1000})
    shown.settle()
    assert names_cut(shown) == []
    assert shown.js("return v.labels.placed.length;") > named


def test_names_chosen_elsewhere_are_chosen_anew_where_all_is_in_view(shown, server):
    shown.page.set_viewport_size({"width": 720, "height": 1000})
    shown.open(server, partners=60, hostile=1)
    shown.js("v.camera.panBy(250, 200); v.refresh();")
    shown.settle()
    shown.js("v.fit(false);")
    shown.settle()
    assert names_cut(shown) == []


def test_symbols_with_ties_never_hide_one_another(calm):
    # Three of them stand at one address.
    at_centre = [node for node in synthetic_view().nodes if (node.x, node.y) == CENTRE]
    assert len(at_centre) == 2
    for a, b in itertools.combinations(symbols_on_screen(calm), 2):
        assert math.dist((a["x"], a["y"]), (b["x"], b["y"])) >= 0.75 * (a["r"] + b["r"])


def test_structures_stand_at_their_place(calm):
    nodes = {node.id: node for node in synthetic_view().nodes}
    places = calm.js(
        "return v.scene.ordered.map(n => [n.id, ...v.scene.metres({x: n.ax, y: n.ay})]);"
    )
    assert len(places) == len(nodes)
    for ident, x, y in places:
        assert (x, y) == pytest.approx((nodes[ident].x, nodes[ident].y), abs=0.06)
    offsets = calm.js("return v.scene.ordered.map(n => Math.hypot(n.offset.dx, n.offset.dy));")
    assert max(offsets) < 60  # pixels: no symbol is far from its place
    # North is up.
    assert calm.screen("940000001")[1] < calm.screen("940000002")[1]


@pytest.mark.parametrize("zoom", [1, 4, 30])
def test_the_scale_bar_is_true(calm, zoom):
    calm.js("v.camera.go({scale: v.scale * a}, false);", zoom)
    calm.settle()
    box = calm.page.locator(".mc-scale-bar").bounding_box()
    metres = float(calm.page.locator(".mc-scale").get_attribute("data-metres"))
    left, right = calm.js(
        "return [0, a].map(x => v.scene.metres(v.network.DOMtoCanvas({x, y: 0}))[0]);", box["width"]
    )
    assert metres == pytest.approx(right - left, rel=0.02)
    assert str(metres)[0] in "125"
    words = calm.page.locator(".mc-scale-text").inner_text().replace("\u202f", " ").split()
    assert float(words[0]) * (1000 if words[1] == "km" else 1) == metres


def test_a_thousand_structures_and_three_thousand_ties_are_drawn(shown, server):
    shown.open(server, partners=400, supply=600, ties=3000)
    assert len(shown.ids()) == 1003
    # Too many for vis-network, which draws each by itself: the canvas draws those that look alike.
    assert shown.js("return v.edgeSet.length;") == 0
    ends = shown.js("return v.bundles.reduce((n, bundle) => n + bundle.ends.length, 0);")
    assert ends / 2 == shown.js("return v.scene.ties.size;") > 2900
    shown.js("v.pick({kind: 'node', id: 'p3'});")
    shown.picked("node:p3")
    shown.settle()
    lit = shown.js(
        "return v.bundles.filter(b => b.level === 1).flatMap(b => b.ends.map(n => n.id));"
    )
    assert set(lit) == set(shown.js("return [...v.scene.active];"))
    x, y = shown.js(
        # A point of a tie of what is chosen where no symbol is near.
        "for (const tie of v.scene.ties.values()) { if (!v.scene.isLit(tie)) continue;"
        " const [a, b] = [tie.from, tie.to].map(id => v.scene.nodes.get(id));"
        " for (let t = 0.1; t < 0.9; t += 0.02) {"
        " const at = v.camera.toScreen(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);"
        " if (v.scene.ordered.every(n => { const s = v.camera.toScreen(n.x, n.y);"
        " return Math.hypot(s.x - at.x, s.y - at.y) > n.r + 6; })) return [at.x, at.y]; } }"
    )
    box = shown.page.locator(".mc-stage").bounding_box()
    shown.page.mouse.click(box["x"] + x, box["y"] + y)
    shown.page.get_by_text("picked: tie:t").wait_for()
    assert shown.troubles == []


def test_an_empty_view_says_so(shown, server):
    shown.open(server, empty=1)
    assert shown.page.get_by_text("Aucune structure à placer").is_visible()
    assert shown.troubles == []


def test_an_overtaken_call_does_not_take_the_canvas_away(calm):
    frames, after_old, after_new = calm.page.evaluate(
        # What Streamlit does when data changes while the module is still being fetched.
        "async () => {"
        " const m = await import('/_stcore/bidi-components/maillage.canvas/main.js');"
        " const find = root => { for (const e of root.querySelectorAll('*')) {"
        " if (e.maillage) return e.maillage; if (e.shadowRoot) {"
        " const f = find(e.shadowRoot); if (f) return f; } } };"
        " const data = find(document).data; const host = document.createElement('div');"
        " document.body.append(host); const call = () => m.default({data, parentElement: host,"
        " setTriggerValue: () => {}}); const old = call(); const latest = call();"
        " const count = () => host.querySelectorAll('.mc').length; const counts = [count()];"
        " old(); counts.push(count()); latest(); counts.push(count()); host.remove();"
        " return counts; }"
    )
    assert (frames, after_old, after_new) == (1, 1, 0)
    assert calm.troubles == []
