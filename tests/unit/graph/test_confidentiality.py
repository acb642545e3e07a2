"""Which agreements are restricted: those marked, what amends them, what they amend."""

from graph.confidentiality import restricted
from graph.model import Cooperation


def agreement(ident: str, parent: str | None = None, mark: str | None = None, kind="prado"):
    return Cooperation(id=ident, type=kind, parent=parent, confidentiality=mark)


def test_only_what_is_marked_is_restricted():
    marks = ("public", "interne", "restreint", None)
    found = restricted([agreement(str(mark), mark=mark) for mark in marks])
    assert found == {"restreint"}


def test_an_amendment_and_its_agreement_go_together():
    family = [agreement("a"), agreement("b", "a"), agreement("c", "b", "restreint")]
    assert restricted([*family, agreement("d")]) == {"a", "b", "c"}
    assert restricted([agreement("a", mark="restreint"), agreement("b", "a")]) == {"a", "b"}


def test_an_agreement_of_another_type_under_a_framework_stands_alone():
    framework = agreement("frame", kind="convention_cadre")
    assert restricted([framework, agreement("own", "frame", "restreint")]) == {"own"}


def test_parents_that_are_not_there_or_go_in_a_circle_do_no_harm():
    assert restricted([agreement("a", "gone", "restreint")]) == {"a"}
    circle = [agreement("a", "b"), agreement("b", "a", "restreint"), agreement("0", "a")]
    assert restricted(circle) == {"a", "b", "0"}
