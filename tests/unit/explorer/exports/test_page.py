"""The interactive file: one script from the canvas's modules, data that cannot get out of place."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from explorer.exports.bundle import bundled, canvas_script, inline, vis_script
from explorer.exports.page import safe_json, write_html
from tests.support.confluence_synthetic import HOSTILE
from tests.support.export_world import DISCREET, MAILBOX, PERSON


class Elements(HTMLParser):
    """Every element with its attributes, and the text of each script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text: list[str] = []
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "script":
            self.scripts[-1] += data
        else:
            self.text.append(data)


@pytest.fixture(scope="module")
def page(made) -> str:
    return write_html(made).decode()


@pytest.fixture(scope="module")
def elements(page) -> Elements:
    return Elements(page)


def test_nothing_is_fetched_and_nothing_else_may_run(elements):
    tags = {tag for tag, _ in elements.found}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "form"}
    names = {name for _, attributes in elements.found for name in attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"src", "href"})
    policy = next(a["content"] for tag, a in elements.found if a.get("http-equiv"))
    data, *run = elements.scripts
    json.loads(data)
    for script in run:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe-inline'" not in policy.split("style-src")[0]
    assert policy.startswith("default-src 'none';")


def test_data_say_what_the_canvas_draws(elements, made):
    data = json.loads(elements.scripts[0])
    drawn = {node["id"]: node for node in data["network"]["nodes"]}
    placed = {node.id: node for node in made.view.nodes if node.x is not None}
    assert set(placed) <= set(drawn)
    assert all(drawn[key]["color"] == node.colour for key, node in placed.items())
    assert data["frame"]["title"] == made.view.caption.title
    assert {*data["agreements_of"]["tie"]} == {tie.id for tie in made.view.ties}


def test_tables_say_the_same_without_a_map(elements, made):
    said = " ".join(elements.text)
    assert all(node.label in said for node in made.view.nodes)
    assert HOSTILE in said  # as text
    assert made.view.caption.title in said
    assert [a["lang"] for tag, a in elements.found if tag == "html"] == ["fr"]
    assert [a["content"] for _, a in elements.found if a.get("name") == "description"] == [
        made.view.description
    ]
    assert sum(tag == "th" and a.get("scope") == "col" for tag, a in elements.found) > 10


def test_what_is_restricted_or_names_a_person_is_not_in_the_page(page):
    assert not [word for word in (DISCREET, PERSON, MAILBOX, "réservé") if word in page]


@pytest.mark.parametrize(
    "hostile",
    ["</script><script>alert(1)</script>", "<!--", "]]>", "\u2028\u2029", '"\\', "\u202eמ🙂"],
)
def test_no_text_gets_out_of_the_data(hostile):
    written = safe_json({"a": hostile})
    assert not re.search(r"[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"a": hostile}


def test_the_scripts_hold_nothing_that_ends_their_element():
    for script in (canvas_script(), vis_script()):
        assert "</script" not in script.casefold()
        assert "<!--" not in script
        assert "sourceMappingURL" not in script
    assert "Apache 2.0 License" in vis_script()
    assert inline("a</script>b<!--") == "a<\\/script>b<\\!--"


def test_modules_are_bundled_in_the_order_of_imports():
    wanted = 'import { one,\n  two as deux } from "./a.js";\nimport * as b from "./b.js";\none(b);'
    middle = 'import { late } from "./b.js";\nexport const one = late;\nexport function two() {}'
    last = 'import "./vis-network.min.js";\nexport class late {}'
    modules = {"page.js": wanted, "a.js": middle, "b.js": last}
    script = bundled("page.js", modules.__getitem__)
    assert script.index("module_b = ") < script.index("module_a = ") < script.index("module_page")
    assert "const { one, two: deux } = module_a;" in script
    assert "return { one, two };" in script
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        'import x from "./b.js";',
        "export default 3;",
        "export { a };",
        'const a = import("./b.js");',
    ],
)
def test_a_form_that_is_not_known_stops_the_bundle(text):
    with pytest.raises(ValueError, match="not a form"):
        bundled("page.js", {"page.js": text, "b.js": ""}.__getitem__)


def test_modules_in_a_circle_stop_the_bundle():
    circle = {"page.js": 'import "./b.js";', "b.js": 'import "./page.js";'}
    with pytest.raises(ValueError, match="circle"):
        bundled("page.js", circle.__getitem__)
