"""The days outside which a cooperation cannot have a status, against the status itself."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graph.dates import PartialDate
from graph.model import Cooperation
from graph.status import known_from, over_from, standing
from graph.store.holding import FINAL_STATUSES
from graph.vocabulary import Status

STATED = ("2017", "2018-03", "2018-03-09", "2016..2019", "..2020", "2021..")
DATES = st.none() | st.sampled_from([PartialDate(text) for text in STATED])
DATED = ("requested", "sent", "signed", "effective", "end", "attested", "suspended", "resumed")
ENDED = ("denounced", "terminated", "abandoned")
COOPERATIONS = st.builds(
    Cooperation,
    id=st.just("c"),
    stage=st.sampled_from([None, "en_projet", "a_signer", "autre"]),
    indefinite=st.sampled_from([None, True]),
    tacit_renewal=st.sampled_from([None, True]),
    still_applied=st.sampled_from([None, True]),
    duration_months=st.sampled_from([None, 6, 36]),
    **dict.fromkeys((*DATED, *ENDED), DATES),
)
DAYS = st.dates(date(2015, 1, 1), date(2023, 12, 31))


@given(COOPERATIONS, DAYS)
def test_nothing_is_known_before_the_first_day(cooperation: Cooperation, on: date) -> None:
    if on < known_from(cooperation):
        assert standing(cooperation, on) is None


@given(COOPERATIONS, DAYS)
def test_what_is_over_stays_over(cooperation: Cooperation, on: date) -> None:
    if on >= over_from(cooperation):
        now = standing(cooperation, on)
        assert now is not None
        assert now.status in FINAL_STATUSES


def test_the_bounds_are_not_idle() -> None:
    signed = Cooperation(id="c", signed=PartialDate("2018-03"), terminated=PartialDate("2020"))
    assert (known_from(signed), over_from(signed)) == (date(2018, 3, 1), date(2020, 12, 31))
    nothing = Cooperation(id="c")
    assert (known_from(nothing), over_from(nothing)) == (date.max, date.max)
    assert known_from(Cooperation(id="c", stage="a_signer")) == date.min


def test_a_start_without_a_last_day_gives_no_term() -> None:
    begun = Cooperation(id="c", effective=PartialDate("2021.."), duration_months=12)
    now = standing(begun, date(2024, 1, 1))
    assert now is not None
    assert (now.status, now.term, now.certain) == (Status.ATTESTED, None, False)
