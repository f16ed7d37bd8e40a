"""Pledges for tests: a promise to start from, who takes steps, and every promise there can be (Hypothesis)."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from summit_contracts.promises import (
    Additionality,
    Announcement,
    Condition,
    DeliveryReport,
    Nature,
    Partner,
    Promise,
    Side,
    Source,
)
from summit_contracts.quantities import (
    Amount,
    AtLeast,
    AtLeastAmount,
    By,
    Exact,
    ExactAmount,
    Lasting,
    NoneGiven,
    Open,
    Percent,
    Quantity,
    Range,
    RangeAmount,
    Recurring,
    Span,
    Timeline,
    UpTo,
    UpToAmount,
    Window,
)
from summit_contracts.values import Money
from summit_pledges.domain.history import Actor
from summit_pledges.domain.taxonomy import shipped_taxonomy

MADE_AT = datetime(2022, 9, 1, 15, 0, tzinfo=UTC)
FOCAL_POINT = Actor(Side.PLEDGER, "focal-point-ke")
DESK_OFFICER = Actor(Side.SECRETARIAT, "pledges-desk-01")


def a_promise(**changes: Any) -> Promise:
    """Two formed police units by the middle of 2023, new, and nothing else; with these changes."""
    promise = Promise(
        taxonomy=1,
        category="police",
        capability="formed_police_unit",
        quantity=Exact(count=2, unit="unit"),
        timeline=By(by_on=date(2023, 6, 30)),
        additionality=Additionality.NEW,
    )
    return Promise.model_validate({**dict(promise), **changes})


def a_report(side: Side, **changes: Any) -> DeliveryReport:
    """A complete report of 1 September 2022, with a document; with these changes."""
    report = {"side": side, "as_of_on": date(2022, 9, 1), "is_complete": True, "references": ("Record 7",)}
    return DeliveryReport.model_validate({**report, **changes})


_TAXONOMY = shipped_taxonomy()
_units = st.sampled_from(sorted(_TAXONOMY.terms["unit"]))
_counts = st.integers(min_value=0, max_value=10**9)
_currencies = st.sampled_from(["USD", "GBP", "JPY", "KWD"])
_days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
_words = st.text("aZ 09.,;:\"'()=-–é中ع", min_size=1, max_size=20)
"""What separates, quotes and numbers things in a register, and letters of three scripts; more would only be slower."""


def moneys(currency: st.SearchStrategy[str] = _currencies) -> st.SearchStrategy[Money]:
    """Every amount of money in these currencies."""
    return st.builds(Money, amount_minor=st.integers(min_value=0, max_value=10**15), currency=currency)


def _two_in_order(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, int]]:
    pairs = st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1])
    return pairs.map(lambda pair: (min(pair), max(pair)))


def quantities() -> st.SearchStrategy[Quantity]:
    """Every quantity there can be."""
    return st.one_of(
        st.builds(Exact, count=_counts, unit=_units, is_approximate=st.booleans()),
        st.builds(UpTo, maximum=st.integers(min_value=1, max_value=10**9), unit=_units),
        st.builds(
            lambda ends, unit: Range(minimum=ends[0], maximum=ends[1], unit=unit),
            _two_in_order(_counts),
            _units,
        ),
        st.builds(AtLeast, minimum=_counts, unit=_units, is_exceeded=st.booleans()),
        st.builds(
            Percent, basis_points=st.integers(0, 10_000), of=st.none() | _words, is_approximate=st.booleans()
        ),
        st.builds(NoneGiven, unit=st.none() | _units),
    )


def amounts() -> st.SearchStrategy[Amount]:
    """Every amount there can be."""
    minors = st.integers(min_value=0, max_value=10**15)
    return st.one_of(
        st.builds(ExactAmount, money=moneys()),
        st.builds(UpToAmount, maximum=moneys()),
        st.builds(
            lambda ends, currency: RangeAmount(
                minimum=Money(amount_minor=ends[0], currency=currency),
                maximum=Money(amount_minor=ends[1], currency=currency),
            ),
            _two_in_order(minors),
            _currencies,
        ),
        st.builds(AtLeastAmount, minimum=moneys(), is_exceeded=st.booleans()),
    )


def spans() -> st.SearchStrategy[Span]:
    """Every length of calendar time there can be."""
    units = st.sampled_from(["day", "week", "month", "year"])
    return st.builds(Span, count=st.integers(1, 1200), unit=units)


def timelines(words: st.SearchStrategy[str | None]) -> st.SearchStrategy[Timeline]:
    """Every timeline there can be, with these words."""
    ends = st.tuples(_days, _days).map(sorted)
    bounded = st.one_of(
        ends.map(lambda days: (days[0], days[1])),
        _days.map(lambda day: (day, None)),
        _days.map(lambda day: (None, day)),
    )
    limits = st.one_of(bounded, st.just((None, None)))
    return st.one_of(
        st.builds(By, by_on=_days, words=words),
        st.builds(lambda days, text: Window(start_on=days[0], end_on=days[1], words=text), bounded, words),
        st.builds(
            lambda span, days, text: Lasting(
                lasting=span, earliest_on=days[0], latest_on=days[1], words=text
            ),
            spans(),
            limits,
            words,
        ),
        st.builds(
            lambda every, each, days, text: Recurring(
                every=every, lasting=each, start_on=days[0], end_on=days[1], words=text
            ),
            spans(),
            st.none() | spans(),
            limits,
            words,
        ),
        st.builds(Open, words=words),
    )


def promises() -> st.SearchStrategy[Promise]:
    """Every promise there can be, but for shares, which must fit the whole."""
    capability = st.sampled_from(sorted(_TAXONOMY.capabilities.values(), key=lambda one: one.code))
    return capability.flatmap(
        lambda chosen: st.builds(
            Promise,
            taxonomy=st.just(_TAXONOMY.version),
            category=st.just(chosen.category),
            capability=st.just(chosen.code),
            designation=st.none() | _words,
            quantity=quantities(),
            amount=st.none() | amounts(),
            timeline=timelines(st.none() | _words),
            conditions=st.lists(
                st.builds(
                    Condition, kind=st.sampled_from(sorted(_TAXONOMY.terms["condition"])), words=_words
                ),
                max_size=2,
            ).map(tuple),
            partners=st.sampled_from([(), (Partner(invitee="IE"),), (Partner(words="rotation partners"),)]),
            place=st.none() | _words,
            words=st.none() | _words,
            additionality=st.sampled_from([Additionality.NEW, Additionality.REAFFIRMATION]),
            nature=st.sampled_from(list(Nature)),
            announced=st.none() | st.builds(Announcement, event=_words, announced_on=_days),
            sources=st.just(())
            | st.builds(Source, reference=_words, kind=st.just("press")).map(lambda one: (one,)),
            follow_up=st.none() | _words,
        )
    )
