"""Words beside a number say what kind of number it is."""

from decimal import Decimal

import pytest

from summit_pledges.domain.wording import Hint, hint_about


@pytest.mark.parametrize(
    ("number", "words", "hint"),
    [
        (300, "250 to 300 for UNMISS (a range)", Hint(minimum=Decimal(250))),
        (300, "between 250 and 300 officers", Hint(minimum=Decimal(250))),
        (300, "250-300 officers", Hint(minimum=Decimal(250))),
        (3_000_000, "2 to 3 million", Hint(minimum=Decimal(2_000_000))),
        (300, "Lead nation with more than 300 soldiers", Hint(is_exceeded=True)),
        (95_000_000, "More than 95 million through two programmes", Hint(is_exceeded=True)),
        (95_000_000, "more than USD 95 million", Hint(is_exceeded=True)),
        (1500, "at least 1,500", Hint(is_least=True)),
        (35, "Women are about 35 per cent", Hint(is_approximate=True)),
        (100, "Up to 100 more, on top of 300", Hint()),
        (100, "more than 300 others, 100 here", Hint()),
        (300, "20 and 300", Hint()),
        (250, "300 to 250", Hint()),
        (2, "", Hint()),
    ],
)
def test_only_words_beside_the_very_number_count(number: int, words: str, hint: Hint) -> None:
    assert hint_about(Decimal(number), words) == hint
