"""Joining a list's groups to known GHT by their members: small worlds worked out by hand."""

from loaders.ght.joining import Joined, join


def groups(**members: str) -> dict[str, frozenset[str]]:
    return {code: frozenset(text.split()) for code, text in members.items()}


KNOWN = {"ght:1": frozenset(["1", "2", "3"]), "ght:5": frozenset(["5", "6"])}


def test_the_support_stated_gives_the_id() -> None:
    found = join(groups(a="1 2", b="8 9"), {"a": "1", "b": "8"}, KNOWN)
    assert found == {"a": Joined("ght:1", "support"), "b": Joined("ght:8", "support")}


def test_without_support_most_members_decide() -> None:
    found = join(groups(a="1 2 3 4", b="5", c="7 8"), {}, KNOWN)
    assert found["a"] == Joined("ght:1", "members")
    assert found["b"] == Joined("ght:5", "members")
    assert found["c"] == Joined("ght:code-c", "code")


def test_half_of_the_members_is_not_enough() -> None:
    assert join(groups(a="5 7"), {}, KNOWN)["a"].how == "code"


def test_two_groups_for_one_ght_are_not_guessed() -> None:
    split = join(groups(a="1 2", b="3"), {}, {"ght:1": frozenset(["1", "2", "3", "4"])})
    assert split["a"] == Joined("ght:1", "members")
    assert split["b"] == Joined("ght:code-b", "code")
    even = join(groups(a="1 2", b="3 4"), {}, {"ght:1": frozenset(["1", "2", "3", "4"])})
    assert {item.how for item in even.values()} == {"code"}


def test_a_merger_of_two_ght_is_not_guessed() -> None:
    assert join(groups(a="1 2 5 6"), {}, KNOWN)["a"].how == "code"


def test_a_support_that_changed_does_not_make_a_second_ght() -> None:
    found = join(groups(a="1 2 3"), {"a": "2"}, KNOWN)
    assert found["a"] == Joined("ght:1", "other_support")


def test_a_ght_whose_support_is_stated_is_not_given_to_another_group() -> None:
    found = join(groups(a="1", b="2 3"), {"a": "1"}, KNOWN)
    assert found["a"] == Joined("ght:1", "support")
    assert found["b"] == Joined("ght:code-b", "code")
