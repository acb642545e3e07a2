"""Rows of a list of GHT, checked and put together: one group for each code, or name, of a GHT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph.identifiers import fold, is_finess, slug
from graph.store.port import GraphStore, StructureQuery
from loaders.base import Reporter
from loaders.list_tables import Row

_YES = frozenset({"o", "oui", "x", "1", "support", "etablissement support"})
_NO = frozenset({"", "n", "non", "0", "partie", "membre", "etablissement partie"})
_SHORT = 8
"""Digits of a FINESS number that lost its leading zero."""


class ListRow(NamedTuple):
    """A member as its row states it; `member` is the legal entity, `stated` the number written."""

    number: int
    member: str
    stated: str
    name: str | None = None
    category: str | None = None
    commune: str = ""
    postal_code: str | None = None


class Group(NamedTuple):
    """A GHT of a list: its code and names as written, members by number, support if stated."""

    code: str
    names: tuple[str, ...]
    members: dict[str, ListRow]
    support: str | None

    @property
    def name(self) -> str | None:
        """The first name written."""
        return self.names[0] if self.names else None

    @property
    def shown(self) -> str:
        """How a report and a locator name the group."""
        return self.code or self.name or ""


def groups_of(
    rows: Sequence[Row], store: GraphStore | None, reporter: Reporter
) -> dict[str, Group]:
    """Return the groups of a list by the slug of their code, else of their name."""
    entities = _legal_entities(rows, store)
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        reporter.read()
        code, name = row[1].get("code", ""), row[1].get("name", "")
        if code or name:
            by_key[slug(code or name)].append(row)
        else:
            reporter.reject(_where(row), "ght.no_group")
    groups = {key: _group(members, entities, reporter) for key, members in by_key.items()}
    _warn_shared(groups, reporter)
    return {key: group for key, group in groups.items() if group.members}


def _group(rows: Sequence[Row], entities: Mapping[str, str], reporter: Reporter) -> Group:
    members: dict[str, ListRow] = {}
    supports: list[str] = []
    for row in rows:
        found = _member(row, entities, reporter)
        if found is None:
            continue
        if found.member in members:
            reporter.reject(_where(row), "ght.duplicate", field="FINESS", value=found.stated)
            continue
        members[found.member] = found
        if _is_support(row, reporter):
            supports.append(found.member)
    names = [row[1].get(column, "") for column in ("name", "short") for row in rows]
    shown = {fold(name): name for name in reversed(names) if name}
    if len(supports) > 1:
        reporter.warn(rows[0][1].get("code") or names[0], "ght.supports", value=", ".join(supports))
    return Group(
        code=rows[0][1].get("code", ""),
        names=tuple(dict.fromkeys(shown[fold(name)] for name in names if name)),
        members=members,
        support=supports[0] if len(supports) == 1 else None,
    )


def _member(row: Row, entities: Mapping[str, str], reporter: Reporter) -> ListRow | None:
    cells = row[1]
    written = cells.get("finess", "").replace(" ", "").upper()
    number = _mended(row, written, reporter)
    if number is None:
        code = "ght.no_number" if not written else "ght.bad_number"
        reporter.reject(_where(row), code, field="FINESS", value=cells.get("finess") or None)
        return None
    entity = entities.get(number, number)
    if entity != number:
        reporter.warn(_where(row), "ght.establishment", field="FINESS", value=number, entity=entity)
    return ListRow(
        number=row[0],
        member=entity,
        stated=number,
        name=cells.get("member") or None if entity == number else None,
        category=cells.get("category") or None,
        commune=cells.get("commune", ""),
        postal_code=_postal_code(cells.get("postal_code", "")),
    )


def _mended(row: Row, written: str, reporter: Reporter) -> str | None:
    """Return a FINESS number, with the leading zero that a spreadsheet dropped."""
    if is_finess(written):
        return written
    if len(written) != _SHORT or not is_finess(f"0{written}"):
        return None
    postal = _postal_code(row[1].get("postal_code", ""))
    if postal and postal[:2] != f"0{written[0]}":
        return None
    reporter.warn(_where(row), "ght.lost_zero", field="FINESS", value=written)
    return f"0{written}"


def _postal_code(written: str) -> str | None:
    digits = written.replace(" ", "")
    return digits.zfill(5) if digits.isdigit() and len(digits) in {4, 5} else None


def _is_support(row: Row, reporter: Reporter) -> bool:
    value = fold(row[1].get("support", ""))
    if value not in _YES | _NO:
        reporter.warn(
            _where(row), "ght.support_value", field="GHT_SUPPORT", value=row[1]["support"]
        )
    return value in _YES


def _legal_entities(rows: Sequence[Row], store: GraphStore | None) -> dict[str, str]:
    """Return the legal entity of each number that the store knows as an establishment."""
    numbers = frozenset(row[1].get("finess", "").replace(" ", "").upper() for row in rows)
    if store is None:
        return {}
    query = StructureQuery(ids=numbers, levels=frozenset({"ET"}))
    return {item.id: item.legal_entity for item in store.structures(query) if item.legal_entity}


def _warn_shared(groups: Mapping[str, Group], reporter: Reporter) -> None:
    """Warn of members of several GHT: by law there is one."""
    held: dict[str, list[str]] = defaultdict(list)
    for group in groups.values():
        for member in group.members:
            held[member].append(group.shown)
    for member, names in held.items():
        if len(names) > 1:
            reporter.warn(f"FINESS {member}", "ght.several", value=", ".join(names))


def _where(row: Row) -> str:
    return f"ligne {row[0]}"
