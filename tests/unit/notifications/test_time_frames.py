"""A time frame stands in a letter as it was promised, in the same words in its text and in its HTML."""

import re
from datetime import date

import pytest

from summit_chassis.speech import speaking
from summit_contracts.quantities import By, Lasting, Open, Recurring, Span, Timeline, Window
from summit_contracts.values import Language
from summit_notifications.letters.pen import Pen

FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
HALF_A_YEAR = Span(count=6, unit="month")
SAID: dict[str, tuple[Timeline, str]] = {
    "by": (By(by_on=LAST, words="soon"), "by 31 December 2024"),
    "window": (Window(start_on=FIRST), "from 1 January 2023"),
    "lasting": (Lasting(lasting=HALF_A_YEAR, words="half a year"), "6 months"),
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
        Recurring(
            every=Span(count=3, unit="day"), lasting=Span(count=1, unit="day"), start_on=FIRST, end_on=LAST
        ),
        "at intervals of 3 days, 1 day each time, from 1 January 2023 to 31 December 2024",
    ),
    "words alone": (Open(words="as long as it takes"), "as long as it takes"),
    "nothing": (Open(), "not stated"),
}
TEXT, HTML = (Pen(is_html=is_html, time_zone="America/New_York") for is_html in (False, True))


@pytest.mark.parametrize(("said", "told"), SAID.values(), ids=SAID)
def test_a_time_frame_is_told_whole(said: Timeline, told: str) -> None:
    with speaking(Language.ENGLISH):
        assert TEXT.timeline(said) == told


@pytest.mark.parametrize("language", Language)
def test_every_time_frame_is_told_in_every_language(language: Language) -> None:
    with speaking(language):
        texts = [TEXT.timeline(said) for said, _ in SAID.values()]
        pages = [str(HTML.timeline(said)) for said, _ in SAID.values()]
    assert len(set(texts)) == len(SAID)
    assert [re.sub("[\u2068\u2069]", "", one) for one in texts] == [
        re.sub("</?bdi>", "", one) for one in pages
    ]
