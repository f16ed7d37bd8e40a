"""Money stands in a letter as they were promised."""

import pytest

from summit_chassis.speech import speaking
from summit_contracts.currencies import currencies, decimals_of
from summit_contracts.values import Language, Money
from summit_notifications.letters.figures import money


@pytest.mark.parametrize("currency", sorted(currencies()))
def test_money_is_told_with_the_decimals_of_its_currency(currency: str) -> None:
    with speaking(Language.ENGLISH):
        told = money(Money(amount_minor=1234 * 10 ** decimals_of(currency), currency=currency))
    assert told.partition(" ")[0].partition(".")[0] == "1,234"
