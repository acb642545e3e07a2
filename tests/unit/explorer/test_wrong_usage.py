"""Wrong usage and help in the reader's language: of click itself nothing is heard."""

import gettext

import click
import pytest
from click.testing import CliRunner, Result

from explorer.cli import main
from explorer.cli.typed import FILE, LAST_PORT
from graph.messages import LANGUAGES, catalogue, text

CLICKS_OWN = "⟦click⟧"
MISTAKES = {
    "unknown command": (
        ("dance",),
        "no_such_command",
        {"value": "dance", "allowed": ", ".join(sorted(main.commands))},
    ),
    "unknown option": (("network", "--zzz", "red"), "no_such_option", {"value": "--zzz"}),
    "unknown option, one near": (("network", "--as-off"), "near", {"allowed": "--as-of"}),
    "unknown letter": (("network", "-z"), "no_such_option", {"value": "-z"}),
    "argument missing": (("find",), "missing_argument", {"name": "WORDS"}),
    "option missing": (("copy",), "missing_option", {"name": "--to"}),
    "arguments too many": (("status", "x", "y"), "extra", {"n": 2, "value": "x y"}),
    "value too many": (("status", "--json=3"), "no_value", {"name": "--json"}),
    "help with a value": (("status", "--help=3"), "no_value", {"name": "--help"}),
    "value missing": (("network", "--as-of"), "needs_value", {"name": "--as-of"}),
    "value of the group missing": (("--store",), "needs_value", {"name": "--store"}),
    "no whole number": (
        ("find", "x", "--limit", "y"),
        "not_whole",
        {"name": "--limit", "value": "y"},
    ),
    "no number": (
        ("coverage", "--radius-km", "near"),
        "not_number",
        {"name": "--radius-km", "value": "near"},
    ),
    "no such port": (
        ("app", "--port", "0"),
        "not_between",
        {"name": "--port", "value": 0, "low": 1, "high": LAST_PORT},
    ),
}


@pytest.fixture(autouse=True)
def clicks_words_marked(monkeypatch):
    """Mark what click says of its own, whatever it says: all of it goes through gettext."""
    monkeypatch.setattr(gettext, "dgettext", lambda domain, words: CLICKS_OWN + words)
    monkeypatch.setattr(gettext, "dngettext", lambda domain, one, many, n: CLICKS_OWN + many)


def run(monkeypatch: pytest.MonkeyPatch, language: str, *arguments: str) -> Result:
    monkeypatch.setenv("MAILLAGE_LANGUAGE", language)
    return CliRunner().invoke(main, arguments, prog_name="maillage")


def test_clicks_own_words_would_be_seen(monkeypatch):
    stock = click.Command("stock", params=[click.Option(["--count"], type=int)])
    refused = CliRunner().invoke(stock, ["--count", "x"])
    assert CLICKS_OWN in refused.stderr
    assert CLICKS_OWN in CliRunner().invoke(stock, ["--help"]).stdout


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_in_the_readers_language(monkeypatch, mistake, language):
    arguments, key, said = MISTAKES[mistake]
    result = run(monkeypatch, language, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert text(f"usage.{key}", language, **said) in result.stderr
    assert CLICKS_OWN not in result.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mistake_says_where_help_is(monkeypatch, language):
    said = text("usage.help", language, command="maillage network")
    for mistake in ("--zzz", "--as-of", "--json=3", "x"):
        assert said in run(monkeypatch, language, "network", mistake).stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_explained(monkeypatch, language):
    words = catalogue(language)
    assert words["help.option.target_url"] in run(monkeypatch, language, "copy").stderr
    assert words["help.option.store"] in run(monkeypatch, language, "--store").stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_language_is_answered_with_those_there_are(monkeypatch, language):
    said = run(monkeypatch, language, "--lang", "de", "status").stderr
    wanted = {"name": "--lang", "value": "de", "allowed": ", ".join(LANGUAGES)}
    assert text("usage.not_one_of", language, **wanted) in said
    assert CLICKS_OWN not in said


@pytest.mark.parametrize("mistake", [("--zzz",), ("status", "--zzz"), ("--store",)])
@pytest.mark.parametrize("asked", [("--lang", "en"), ("--lang=en",)])
def test_the_language_asked_for_holds_for_what_is_wrong_beside_it(monkeypatch, mistake, asked):
    said = run(monkeypatch, "fr", *asked, *mistake)
    assert said.stderr == run(monkeypatch, "en", *mistake).stderr
    assert said.stderr != run(monkeypatch, "fr", *mistake).stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", *main.commands])
def test_help_has_no_word_of_clicks(monkeypatch, name, language):
    shown = run(monkeypatch, language, *filter(None, [name]), "--help")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert CLICKS_OWN not in shown.stdout
    assert shown.stdout.startswith(text("usage.usage", language))
    metavars = {" TEXT", " INTEGER", " FLOAT", " COMMAND ", " ARGS"}
    assert language == "en" or not {word for word in metavars if f"{word} " in shown.stdout}


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_command_help_is_shown_as_a_mistake(monkeypatch, language):
    alone = run(monkeypatch, language)
    assert (alone.exit_code, alone.stdout) == (2, "")
    assert text("usage.commands", language) in alone.stderr
    assert run(monkeypatch, language, "--store", "sqlite:///x.db").stderr == alone.stderr
    assert CLICKS_OWN not in alone.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_stops_a_command_reads_that_it_is_stopped(monkeypatch, language):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(main.commands["status"], "callback", stopped)
    monkeypatch.setattr(main.commands["status"], "params", [])
    result = run(monkeypatch, language, "status")
    assert (result.exit_code, result.stderr.strip()) == (1, text("usage.stopped", language))


def test_no_option_has_a_type_that_refuses_in_clicks_words():
    """A stock type would refuse in English: the types of `explorer.cli.typed` do not."""
    quiet = (click.STRING, FILE)
    stock = [
        (name, item.name, item.type)
        for name, command in (("", main), *main.commands.items())
        for item in command.params
        if not getattr(item, "is_flag", False) and item.type not in quiet
        if not isinstance(item.type, click.types.FuncParamType)
    ]
    assert stock == []
