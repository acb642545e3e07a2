"""Every method in one list: measures, coverage, statuses, queues; for the page and the docs.

Words stand in ``graph/catalogue/<language>/methods.toml`` (``methods.item.<id>``), those of
measures with their registry (:mod:`graph.analysis.registry`), those of queues with their page
(``agreements.queue.<id>``). `docs/methods.md` says the English ones; a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.analysis.registry import METRICS, Metric
from graph.messages import text

NOTHING = "–"
"""Stands where a method has no source or caveat of its own."""

_NETWORK = ("on", "focus", "kinds", "territories", "themes", "statuses", "inherit")
_WHERE = ("on", "focus", "territories", "level", "statuses", "inherit")
_CATCHMENT = (*_WHERE, "approach", "bands", "travel", "population")
_REACH = (*_WHERE, "radius", "demand", "population")


@dataclass(frozen=True)
class Method:
    """A number or a rule that the program shows.

    Attributes
    ----------
    id, chapter : str
        Its name in links, and the part of the page that it stands in.
    uses : tuple of str
        Which settings in use change it (:mod:`explorer.services.method_words`).
    measure : Metric, optional
        The measure of the registry that it is.
    words : str
        Where its words stand in the catalogue; empty for a measure.
    """

    id: str
    chapter: str
    uses: tuple[str, ...] = ()
    measure: Metric | None = None
    words: str = ""

    def name(self, language: str = "fr") -> str:
        """Return what it is called."""
        if self.measure is not None:
            return self.measure.name(language)
        return text(f"{self.words}.name", language)

    def how(self, language: str = "fr") -> str:
        """Return its formula, or how it is done."""
        if self.measure is not None:
            return self.measure.formula
        return text(f"{self.words}.{self._rule}", language)

    @property
    def _rule(self) -> str:
        return "rule" if self.chapter == "queues" else "how"

    def source(self, language: str = "fr") -> str:
        """Return where it comes from; :data:`NOTHING` where it is our own convention."""
        if self.measure is not None:
            return self.measure.source
        return NOTHING if self.chapter == "queues" else text(f"{self.words}.source", language)

    def caveats(self, language: str = "fr") -> tuple[str, ...]:
        """Return what it does not say."""
        if self.measure is not None:
            return self.measure.caveat_texts(language)
        if self.chapter == "queues":
            return ()
        said = text(f"{self.words}.caveat", language)
        return () if said == NOTHING else (said,)


def _items(chapter: str, uses: tuple[str, ...], *ids: str) -> tuple[Method, ...]:
    return tuple(Method(key, chapter, uses, words=f"methods.item.{key}") for key in ids)


def _queue(key: str, *uses: str) -> Method:
    return Method(f"queue_{key}", "queues", ("on", *uses), words=f"agreements.queue.{key}")


METHODS: tuple[Method, ...] = (
    *_items("partners", _NETWORK, "focus_set", "partner", "tie", "weight", "counted"),
    *(Method(item.id, item.kind, _NETWORK, measure=item) for item in METRICS),
    *_items("status", ("on", "renewal", "notice", "patience"), "status", "alert"),
    _queue("preavis", "notice"),
    _queue("a_renouveler", "renewal"),
    _queue("appliquees"),
    _queue("a_signer", "patience"),
    _queue("bilan"),
    _queue("sans_referent"),
    _queue("sans_document"),
    _queue("sans_terme"),
    *_items("serves", _WHERE, "supply", "serves", "structure_state", "territory_state"),
    *_items("serves", _WHERE, "partnership_rate", "capacity"),
    *_items("serves", (*_WHERE, "population"), "places_per_1000", "people", "territory"),
    *_items("serves", _WHERE, "own_polygon", "with_activity"),
    *_items("reach", (), "distance"),
    *_items("reach", ("travel",), "time"),
    *_items("reach", (), "time_measured"),
    *_items("reach", ("demand", "population"), "demand"),
    *_items("reach", _REACH, "within_reach", "distribution"),
    *_items("reach", (*_WHERE, "travel"), "nearest"),
    *_items("access", _CATCHMENT, "catchment", "three_step", "territory_figure"),
    *_items("access", ("approach", "bands"), "bands"),
    *_items("access", _CATCHMENT, "apl"),
    *_items("access", ("travel",), "hour"),
    *_items("gaps", _WHERE, "perimeter_count", "portrait"),
    *_items("gaps", _REACH, "siting", "fewest", "rules", "sensitivity", "remedy"),
    *_items("gaps", _WHERE, "signature", "departure", "network_change"),
)
"""In the order of the page."""

CHAPTERS = tuple(dict.fromkeys(item.chapter for item in METHODS))


def method(key: str) -> Method | None:
    """Return the method of this id, None if there is none."""
    return next((item for item in METHODS if item.id == key), None)
