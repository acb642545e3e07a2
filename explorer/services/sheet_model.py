"""The sheet of a structure, ready to be read: words, statuses, and where each value comes from.

Everything is text in the reader's language, never HTML or Markdown: names come from files. A list
of `cites` points at :attr:`Sheet.references` by number.
"""

from __future__ import annotations

from explorer.view_state import agreement_key
from explorer.viewmodel.model import View

AGREEMENT = "agreement/"
"""Begins the `link` of an entry that opens the sheet of an agreement; others open a structure's."""


def link_to(agreement: str) -> str:
    """Return the link that opens the sheet of the agreement of this id."""
    return f"{AGREEMENT}{agreement_key(agreement)}"


class Reference(View, frozen=True, kw_only=True):
    """A place in a source, cited by its number."""

    number: int
    source: str
    locator: str
    note: str | None = None


class Entry(View, frozen=True, kw_only=True):
    """A labelled value. `link` is the id of the structure named, which can be opened.

    `mark` is ``candidate`` (unconfirmed), ``uncertain`` or ``inferred``, said in words in `note`.
    """

    label: str
    text: str
    cites: tuple[int, ...] = ()
    link: str | None = None
    note: str | None = None
    mark: str | None = None


class AgreementCard(View, frozen=True, kw_only=True):
    """An agreement, seat or contact as the sheet shows it.

    Attributes
    ----------
    status : str or None
        Its status at the date; None when no source says anything for that day.
    certain : bool
        Whether every reading of its partial dates gives that status.
    counted : bool
        Whether a tie exists under that status.
    when : str
        Since when, until when, or what is not stated, in one sentence.
    via : str or None
        How the structure comes to it when it is no party itself.
    unknown : tuple of str
        What a directorate tracks and no source states.
    reserved : str or None
        Says that a part is kept back, and how to see it.
    """

    id: str
    title: str
    type_label: str
    status: str | None
    status_label: str
    certain: bool
    counted: bool
    when: str
    sites: str
    alerts: tuple[str, ...] = ()
    via: str | None = None
    parties: tuple[Entry, ...] = ()
    entries: tuple[Entry, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unknown: tuple[str, ...] = ()
    reserved: str | None = None
    cites: tuple[int, ...] = ()


class Conflict(View, frozen=True, kw_only=True):
    """A value on which sources differ: the one shown first, then the others."""

    label: str
    statements: tuple[Entry, ...]


class Sheet(View, frozen=True, kw_only=True):
    """What is known of a structure on a day, and who says so.

    `agreements` are those with the group at the centre, `past` those that no longer (or not yet)
    make a tie, `elsewhere` what it has with others. `place`, `neighbours` and `measures` say where
    it stands in the network on screen (:mod:`explorer.services.sheet_around`).
    """

    id: str
    name: str
    kind: str
    kind_label: str
    commune: str | None
    situation: str
    standing_words: str
    symbol: str
    colour: str
    identity: tuple[Entry, ...] = ()
    unknown: tuple[str, ...] = ()
    agreements: tuple[AgreementCard, ...] = ()
    past: tuple[AgreementCard, ...] = ()
    elsewhere: tuple[AgreementCard, ...] = ()
    instances: tuple[AgreementCard, ...] = ()
    contacts: tuple[AgreementCard, ...] = ()
    belongs: tuple[Entry, ...] = ()
    members: tuple[Entry, ...] = ()
    establishments: tuple[Entry, ...] = ()
    place: tuple[Entry, ...] = ()
    neighbours: tuple[Entry, ...] = ()
    measures: tuple[Entry, ...] = ()
    facts: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    references: tuple[Reference, ...] = ()


class TieSheet(View, frozen=True, kw_only=True):
    """What stands behind one line of the canvas: its two ends and the agreements it is made of."""

    id: str
    label: str
    situation: str
    ends: tuple[Entry, Entry]
    agreements: tuple[AgreementCard, ...] = ()
    memberships: tuple[Entry, ...] = ()
    references: tuple[Reference, ...] = ()
