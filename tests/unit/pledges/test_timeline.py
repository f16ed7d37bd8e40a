"""Words about time become dates where they say any, and are kept in every case."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.quantities import By, Lasting, Open, Recurring, Span, Timeline, Window
from summit_pledges.domain.timeline import read_timeline, write_timeline
from summit_testkit.pledges import timelines

TEN_MONTHS = Span(count=10, unit="month")


@pytest.mark.parametrize(
    ("words", "timeline"),
    [
        ("2017", Window(start_on=date(2017, 1, 1), end_on=date(2017, 12, 31))),
        ("pilot in 2024", Window(start_on=date(2024, 1, 1), end_on=date(2024, 12, 31))),
        ("February 2024", Window(start_on=date(2024, 2, 1), end_on=date(2024, 2, 29))),
        ("later in 2019", By(by_on=date(2019, 12, 31))),
        ("until end of 2022", Window(end_on=date(2022, 12, 31))),
        ("until end of 2016, then two more years", Window(end_on=date(2018, 12, 31))),
        ("a further 10 months", Lasting(lasting=TEN_MONTHS)),
        (
            "10 months in 2016",
            Lasting(lasting=TEN_MONTHS, earliest_on=date(2016, 1, 1), latest_on=date(2016, 12, 31)),
        ),
        (
            "6 months from May 2019",
            Lasting(lasting=Span(count=6, unit="month"), earliest_on=date(2019, 5, 1)),
        ),
        (
            "yearly, two weeks",
            Recurring(every=Span(count=1, unit="year"), lasting=Span(count=2, unit="week")),
        ),
        ("every month", Recurring(every=Span(count=1, unit="month"))),
        ("soon", Open()),
        ("continuing", Open()),
        ("third UNCOPS, planned two years later", Open()),
        ("by 2022-13-45", Open()),
        ("from 2022-06-01 until 2021-01-01", Open()),
        ("0 months", Open()),
        ("9999 years", Open()),
        ("until end of 2999, then 9999 more years", Open()),
    ],
)
def test_phrases_of_registers_are_understood_or_left_open(words: str, timeline: Timeline) -> None:
    assert read_timeline(words) == timeline.model_copy(update={"words": words})


def test_no_words_are_open_without_words() -> None:
    assert read_timeline("") == Open()
    assert write_timeline(Open()) == ""


@settings(deadline=None)  # a busy machine is no fault
@given(timelines(st.none()))
def test_what_is_written_without_words_is_understood_the_same(timeline: Timeline) -> None:
    words = write_timeline(timeline)
    assert read_timeline(words) == timeline.model_copy(update={"words": words or None})


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(min_size=1, max_size=80, alphabet=st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_words_come_out_as_they_went_in(words: str) -> None:
    assert write_timeline(read_timeline(words)) == words
