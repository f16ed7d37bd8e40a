"""A time frame stands on a page as it was promised: how often, how long, and between which days."""

from datetime import date

import pytest
from markupsafe import Markup

from summit_chassis.speech import speaking
from summit_contracts.quantities import By, Lasting, Open, Recurring, Span, Timeline, Window
from summit_contracts.values import Language
from summit_portal.shell.figures import timeline

FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
HALF_A_YEAR, TWO_WEEKS = Span(count=6, unit="month"), Span(count=2, unit="week")
SAID: dict[str, tuple[Timeline, str]] = {
    "by": (By(by_on=LAST), "by 31 December 2024"),
    "window": (Window(start_on=FIRST, end_on=LAST), "from 1 January 2023 to 31 December 2024"),
    "lasting": (Lasting(lasting=HALF_A_YEAR), "6 months"),
    "lasting between": (
        Lasting(lasting=HALF_A_YEAR, earliest_on=FIRST, latest_on=LAST),
        "6 months, between 1 January 2023 and 31 December 2024",
    ),
    "lasting not before": (
        Lasting(lasting=HALF_A_YEAR, earliest_on=FIRST),
        "6 months, not before 1 January 2023",
    ),
    "lasting not after": (
        Lasting(lasting=HALF_A_YEAR, latest_on=LAST),
        "6 months, not after 31 December 2024",
    ),
    "recurring": (Recurring(every=Span(count=1, unit="year")), "at intervals of 1 year"),
    "recurring each": (
        Recurring(every=HALF_A_YEAR, lasting=TWO_WEEKS, start_on=FIRST),
        "at intervals of 6 months, 2 weeks each time, from 1 January 2023",
    ),
    "recurring until": (
        Recurring(every=Span(count=10, unit="day"), end_on=LAST),
        "at intervals of 10 days, until 31 December 2024",
    ),
    "open": (Open(), "not stated"),
}


@pytest.mark.parametrize(("said", "told"), SAID.values(), ids=SAID)
def test_a_time_frame_is_told_whole(said: Timeline, told: str) -> None:
    with speaking(Language.ENGLISH):
        assert timeline(said, "en") == told


@pytest.mark.parametrize("language", Language)
def test_every_time_frame_is_told_otherwise_in_every_language(language: Language) -> None:
    with speaking(language):
        told = [timeline(said, "en") for said, _ in SAID.values()]
    assert len(set(told)) == len(SAID)
    assert not any("%(" in one for one in told)


def test_the_promisers_words_stand_beside_it_in_their_language() -> None:
    with speaking(Language.ENGLISH):
        told = timeline(Lasting(lasting=HALF_A_YEAR, words="<b>six mois</b>"), "fr")
    assert told == Markup('6 months · <bdi lang="fr">&lt;b&gt;six mois&lt;/b&gt;</bdi>')
