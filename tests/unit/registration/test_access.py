"""A link and a code let a focal point in; neither does alone, and what is kept of them opens nothing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from summit_registration.domain.access import (
    CODE_ATTEMPTS,
    CODE_LIFE,
    CODES_PER_HOUR,
    LINK_LIFE,
    Codes,
    FocalRole,
    Link,
)

_NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_LINK = "a-link-with-many-random-bits"


def _asked(code: str = "12345678", *, now: datetime = _NOW) -> Codes:
    return Codes().with_new(code, FocalRole.NOMINATOR, link=_LINK, now=now)


def test_a_link_opens_until_it_runs_out() -> None:
    link = Link.of(_LINK, now=_NOW)
    assert link.opens_with(_LINK, now=_NOW + LINK_LIFE - _SECOND)
    assert not link.opens_with(_LINK, now=_NOW + LINK_LIFE)
    assert not link.opens_with(_LINK + "x", now=_NOW)


def test_a_right_code_lets_in_once() -> None:
    codes, role = _asked().tried("12345678", link=_LINK, now=_NOW)
    assert role is FocalRole.NOMINATOR
    assert codes.tried("12345678", link=_LINK, now=_NOW) == (codes, None)


def test_a_code_does_not_open_with_another_link() -> None:
    assert _asked().tried("12345678", link="another-link", now=_NOW)[1] is None


def test_a_code_runs_out() -> None:
    codes = _asked()
    assert codes.tried("12345678", link=_LINK, now=_NOW + CODE_LIFE - _SECOND)[1] is FocalRole.NOMINATOR
    assert codes.tried("12345678", link=_LINK, now=_NOW + CODE_LIFE)[1] is None


def test_a_code_is_void_after_too_many_wrong_ones() -> None:
    codes = _asked()
    for _ in range(CODE_ATTEMPTS - 1):
        codes, _role = codes.tried("00000000", link=_LINK, now=_NOW)
    assert codes.tried("12345678", link=_LINK, now=_NOW)[1] is FocalRole.NOMINATOR, "one attempt is left"
    codes, _role = codes.tried("00000000", link=_LINK, now=_NOW)
    assert codes.tried("12345678", link=_LINK, now=_NOW)[1] is None, "none is left"


def test_a_new_code_voids_the_one_before() -> None:
    codes = _asked("11111111").with_new("22222222", FocalRole.BACKUP, link=_LINK, now=_NOW)
    assert codes.tried("11111111", link=_LINK, now=_NOW)[1] is None
    assert codes.tried("22222222", link=_LINK, now=_NOW)[1] is FocalRole.BACKUP


def test_codes_may_be_asked_for_only_so_often_within_an_hour() -> None:
    codes = Codes()
    for minute in range(CODES_PER_HOUR):
        now = _NOW + timedelta(minutes=minute)
        assert codes.may_ask_at(now) == now
        codes = codes.with_new("12345678", FocalRole.NOMINATOR, link=_LINK, now=now)
    now = _NOW + timedelta(minutes=CODES_PER_HOUR)
    assert codes.may_ask_at(now) == _NOW + timedelta(hours=1)
    assert codes.may_ask_at(_NOW + timedelta(hours=1)) == _NOW + timedelta(hours=1)


@settings(deadline=None)
@given(st.text("0123456789", min_size=6, max_size=8))
def test_what_is_kept_of_a_code_depends_on_the_link(code: str) -> None:
    here, there = (
        Codes().with_new(code, FocalRole.NOMINATOR, link=link, now=_NOW) for link in ("link-a", "link-b")
    )
    assert here.latest is not None
    assert there.latest is not None
    assert here.latest.digest != there.latest.digest
