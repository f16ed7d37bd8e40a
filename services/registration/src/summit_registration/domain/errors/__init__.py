"""What registration will not do, as facts about the request.

Refusal                          (summit_contracts.errors)
├── Unknown
│   ├── EditionUnknown           no edition of this name was published
│   ├── NotInvited               the invitee has no invitation to this edition
│   ├── DelegationUnknown        the invitee has named nobody yet
│   ├── MemberUnknown            nobody of this id is in the delegation
│   └── LinkUnknown              no invitation has this link, or it has run out
├── NotAllowed
│   ├── SignInRefused            the code is wrong, was used, has run out, or was never asked for
│   ├── StaffNotVouchedFor       the identity provider did not say this, or not to us, or not just now
│   └── StaffWithoutRole         whoever signed in belongs to no group that has a role here
├── Conflicting
│   ├── InviteesLeftOut          a new revision of the edition drops somebody who holds an invitation
│   ├── InvitationWasDeclined    who has declined registers nobody
│   ├── DelegationStands         who is registered does not decline, but withdraws
│   ├── AlreadyRegistered        a delegation is registered once
│   ├── NotRegistered            the step needs a delegation that is nominated or confirmed
│   ├── OverQuota                more people than the invitee may send
│   ├── TooManyWishes            more bilaterals than fair use allows
│   ├── WishRepeated             the same counterparts were asked for already
│   ├── CounterpartWithdrawn     whom the wish is for will not come
│   ├── TooManyCodes             codes were asked for too often
│   ├── DecidedAlready           only what still waits can be cleared, held or taken up again
│   ├── StaffProviderAway        the identity provider does not answer
│   └── StaffSignInNotOffered    this deployment names no identity provider
├── TooLate
│   └── RegistrationClosed       the deadline of the step has passed
├── Stale
│   ├── DelegationChanged        somebody changed the delegation in the meantime
│   └── PersonChanged            somebody else stands in this place than when it was decided
└── Invalid
    ├── EditionFileInvalid       the file has faults, all of them listed with their lines
    ├── SendsNoDelegation        a principal is met in bilaterals, and nominates nobody
    ├── NotOneHead               a delegation has exactly one head
    ├── MemberTwice              the form names the same member twice
    ├── ReasonMissing            who stops or refuses somebody says why
    ├── StayOutsideEdition       the days of attendance are not days of the summit, or end before they begin
    ├── LanguageNotOffered       letters of this edition are not written in the language
    ├── DeadlineNotExtended      the new deadline is no later than the one that holds, or is past
    ├── CounterpartUnknown       the edition invites nobody of this code
    ├── WishForOneself           the requester is among the counterparts
    ├── CounterpartTwice         a wish names a counterpart twice
    ├── WishOutsideBilateralDays a day of the wish is not reserved for bilaterals
    ├── WishSizeUnfit            more parties than people, or more people than any room has seats
    └── WishNeedUnknown          no room has what the wish needs
"""
