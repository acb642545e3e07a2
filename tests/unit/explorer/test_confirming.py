"""What may need a person's agreement: asked at a terminal only, done once they agree."""

import io
import sys

import click
import pytest

from explorer.cli.common import confirmed
from explorer.settings import read_settings
from graph.errors import ConfirmationNeeded


@pytest.fixture(autouse=True)
def in_a_command():
    with click.Context(click.Command("synthetic"), obj=read_settings()):
        yield


class Attempts(list[bool]):
    """Notes how it was asked, and needs an agreement."""

    def __call__(self, allowed):
        self.append(allowed)
        if not allowed:
            raise ConfirmationNeeded("store.not_empty", store="synthetic", n=2)
        return "done"


class Terminal(io.StringIO):
    """Where somebody sits and answers."""

    def isatty(self):
        return True


def test_what_is_needed_is_asked_in_the_readers_language(monkeypatch, capsys):
    attempts = Attempts()
    monkeypatch.setattr(sys, "stdin", Terminal("Oui\n"))
    assert confirmed(attempts, allowed=False) == "done"
    assert list(attempts) == [False, True]
    asked = capsys.readouterr()
    assert asked.out == ""
    assert "synthetic" in asked.err
    assert "[o/N]" in asked.err


@pytest.mark.parametrize("answer", ["n", "", "yesterday"])
def test_nothing_is_done_where_they_disagree(monkeypatch, answer):
    attempts = Attempts()
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    with pytest.raises(ConfirmationNeeded):
        confirmed(attempts, allowed=False)
    assert list(attempts) == [False]


def test_nobody_is_asked_where_nobody_sits(monkeypatch, capsys):
    attempts = Attempts()
    monkeypatch.setattr(sys, "stdin", io.StringIO("oui\n"))
    with pytest.raises(ConfirmationNeeded):
        confirmed(attempts, allowed=False)
    assert (list(attempts), capsys.readouterr().err) == ([False], "")


def test_what_was_allowed_beforehand_is_not_asked(monkeypatch, capsys):
    attempts = Attempts()
    monkeypatch.setattr(sys, "stdin", Terminal("non\n"))
    assert confirmed(attempts, allowed=True) == "done"
    assert (list(attempts), capsys.readouterr().err) == ([True], "")
