"""Links of the documentation resolve, its commands parse, its examples are what is answered."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli.main import main
from explorer.services.loading import run_load
from graph.store.open import open_store
from loaders.base import LoadContext
from tests.support.pages import CHECKOUT, PAGES, anchors, blocks, links, page, plain

GUIDE = page("docs/guide.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_links_and_images_resolve(path):
    found = links(path.read_text(encoding="utf-8"))
    own = [link for link in found if not link.startswith(("http://", "https://"))]
    assert [link for link in own if not _resolves(path, link)] == []


def _resolves(path: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


def shown_commands() -> list[str]:
    found = []
    for path in PAGES:
        for body in blocks(path.read_text(encoding="utf-8"), "", "sh", "console", "text"):
            for line in body.splitlines():
                words = line.removeprefix("$ ").split(" #")[0].strip()
                if words.startswith("maillage "):
                    found.append(words)
    return found


@pytest.mark.parametrize("line", sorted(set(shown_commands())))
def test_every_command_shown_parses(line):
    name, arguments = _command_of(shlex.split(line)[1:])
    main.commands[name].make_context(name, arguments)


def _command_of(words: list[str]) -> tuple[str, list[str]]:
    """Part the command from what stands before it: options of the group, each with its value."""
    if words[0].startswith("--"):
        assert words[0] in {flag for item in main.params for flag in item.opts}
        return _command_of(words[2:])
    return words[0], words[1:]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a store of territories and the files that the guide speaks of."""
    folder = tmp_path_factory.mktemp("guide")
    store = open_store(f"sqlite:///{(folder / 'maillage.db').as_posix()}")
    run_load(store, "territoires", context=LoadContext(departements=("94", "91", "75")))
    store.close()
    register = blocks(GUIDE, "csv")[0]
    (folder / "registre.csv").write_text(register, encoding="utf-8")
    short = "".join(register.splitlines(keepends=True)[:2])
    (folder / "court.csv").write_text(short, encoding="utf-8")
    profile = blocks(GUIDE, "json")[0]
    assert json.loads(profile)["columns"]
    (folder / "profil.json").write_text(profile, encoding="utf-8")
    return folder


def test_the_guide_shows_what_the_program_answers(desk, monkeypatch):
    monkeypatch.chdir(desk)
    monkeypatch.setenv("MAILLAGE_STORE", f"sqlite:///{(desk / 'maillage.db').as_posix()}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk))
    examples = [example for body in blocks(GUIDE, "console") for example in _examples(body)]
    assert len(examples) > 5
    for arguments, expected in examples:
        answer = CliRunner().invoke(main, arguments, catch_exceptions=False).output
        assert _like(expected).fullmatch(_without_bars(answer)), (arguments, answer)


def _examples(body: str) -> list[tuple[list[str], str]]:
    parts = re.split(r"^\$ maillage ", body, flags=re.MULTILINE)[1:]
    return [
        (shlex.split(command), answer)
        for command, _, answer in (part.partition("\n") for part in parts)
    ]


def _like(expected: str) -> re.Pattern[str]:
    """Return the pattern of `expected`, where … at the end of a line stands for what follows."""
    lines = expected.rstrip("\n").split("\n")
    patterns = [r"(?:.*\n)*?.*" if line == "…" else _line_pattern(line) for line in lines]
    return re.compile("\n".join(patterns) + "\n?")


def _line_pattern(line: str) -> str:
    return re.escape(line[:-1]) + ".*" if line.endswith("…") else re.escape(line)


def _without_bars(answer: str) -> str:
    """Remove progress bars, which a slow computer draws and then wipes out."""
    return plain(re.sub(r"[^\n]*\r|\x1b\[A", "", answer))
