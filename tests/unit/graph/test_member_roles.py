"""One member, one role in a grouping, whatever its sources call it. Synthetic memberships."""

from datetime import date

from graph.model import Membership, membership_id
from graph.projection import active

ON = date(2026, 11, 22)


def held(member: str, role: str, until: str | None = None) -> Membership:
    group = "ght:940110018"
    return Membership(
        id=membership_id(member, group, role), member=member, group=group, role=role, until=until
    )


def roles(*memberships: Membership) -> list[tuple[str, str]]:
    return [(item.member, item.role) for item in active(memberships, ON)]


def test_support_stands_for_party_and_member() -> None:
    found = roles(held("940110018", "partie"), held("940110018", "support"), held("x", "partie"))
    assert found == [("940110018", "support"), ("x", "partie")]
    assert roles(held("x", "membre"), held("x", "partie")) == [("x", "partie")]


def test_a_support_of_the_past_leaves_the_party() -> None:
    found = roles(held("940110018", "partie"), held("940110018", "support", until="2019"))
    assert found == [("940110018", "partie")]


def test_roles_beside_the_grouping_stay() -> None:
    found = roles(held("x", "associe"), held("x", "membre"), held("y", "siege"))
    assert found == [("x", "associe"), ("x", "membre"), ("y", "siege")]
