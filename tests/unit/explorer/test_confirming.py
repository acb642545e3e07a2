"""What may need a person's agreement: asked at a terminal only, done once they agree."""

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


def at_terminal(monkeypatch, answer):
    """Sit at a terminal and give `answer`, or sit at none; return what is asked."""
    asked: list[str] = []

    def confirm(question, *, err):
        assert err
        asked.append(question)
        return answer

    monkeypatch.setattr(sys.stdin, "isatty", lambda: answer is not None)
    monkeypatch.setattr(click, "confirm", confirm)
    return asked


def test_it_is_done_once_the_reader_agrees(monkeypatch):
    attempts, asked = Attempts(), at_terminal(monkeypatch, answer=True)
    assert confirmed(attempts, allowed=False) == "done"
    assert (list(attempts), len(asked)) == ([False, True], 1)
    assert "synthetic" in asked[0]


@pytest.mark.parametrize(("answer", "questions"), [(False, 1), (None, 0)])
def test_nothing_is_done_where_nobody_agrees(monkeypatch, answer, questions):
    attempts, asked = Attempts(), at_terminal(monkeypatch, answer)
    with pytest.raises(ConfirmationNeeded):
        confirmed(attempts, allowed=False)
    assert (list(attempts), len(asked)) == ([False], questions)


def test_what_was_allowed_beforehand_is_not_asked(monkeypatch):
    attempts, asked = Attempts(), at_terminal(monkeypatch, answer=True)
    assert confirmed(attempts, allowed=True) == "done"
    assert (list(attempts), asked) == ([True], [])
