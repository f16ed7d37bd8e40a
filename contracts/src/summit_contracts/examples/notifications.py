"""Examples of the facts that notifications publishes."""

from collections.abc import Mapping

from summit_contracts.fact import Fact
from summit_contracts.notifications import LetterEnding, LetterFailed, LetterRecipient, LetterSent
from summit_contracts.values import Language

_EDITION = "uncops-2022"
_LETTER_ID = "0197d5a0-6b3e-5c1f-9a54-1d2c3b4a5f60"
_DELIVERY_ID = "0197d5a1-02c4-7d31-8f10-6a7b8c9d0e1f"

EXAMPLES: Mapping[type[Fact], tuple[Fact, Fact]] = {
    LetterSent: (
        LetterSent(
            edition_id=_EDITION,
            letter_id=_LETTER_ID,
            letter="delegate_accredited",
            invitee="KE",
            member_id="mem-01",
            language=Language.ENGLISH,
            delivery_id=_DELIVERY_ID,
            attempts=2,
            recipients=(
                LetterRecipient(role="member", line="to", is_accepted=True),
                LetterRecipient(role="nominator", line="cc", is_accepted=True),
                LetterRecipient(role="backup", line="cc", is_accepted=False),
            ),
        ),
        LetterSent(
            edition_id=_EDITION,
            letter_id=_LETTER_ID,
            letter="delegation_registered",
            invitee="KE",
            language=Language.ENGLISH,
            delivery_id=_DELIVERY_ID,
            attempts=1,
            recipients=(LetterRecipient(role="nominator", line="to", is_accepted=True),),
        ),
    ),
    LetterFailed: (
        LetterFailed(
            edition_id=_EDITION,
            letter_id=_LETTER_ID,
            letter="delegate_accredited",
            invitee="KE",
            member_id="mem-01",
            ending=LetterEnding.REFUSED,
            reason="recipients_refused",
            language=Language.ENGLISH,
            attempts=1,
            delivery_id=_DELIVERY_ID,
            reply_code=550,
            status_code="5.1.1",
        ),
        LetterFailed(
            edition_id=_EDITION,
            letter_id=_LETTER_ID,
            letter="delegation_registered",
            invitee="KE",
            ending=LetterEnding.GAVE_UP,
            reason="nobody_to_write_to",
            attempts=0,
        ),
    ),
}
