"""What pledges will not do, as facts about the request.

Refusal                          (summit_contracts.errors)
├── Unknown
│   ├── EditionUnknown           no edition of this name was published
│   ├── PledgeUnknown            no pledge of this id
│   ├── NeedUnknown              no need of this id was published
│   ├── CompactUnknown           no compact of this code can be adhered to
│   └── AdherenceUnknown         the invitee never said anything about this compact
├── NotAllowed
│   ├── PledgeOfAnother          a pledge is its pledger's and the secretariat's
│   └── ReportOfTheOtherSide     each side reports for itself
├── Conflicting
│   ├── StepNotOpen              the pledge has not come so far, or has gone further
│   ├── PledgeIsPublic           what was published cannot be taken back
│   ├── NothingChanged           the change leaves everything as it is
│   ├── NotACommitment           what is no promise is not accepted as one
│   ├── NotYetShown              one of the two sides has not reported the pledge complete
│   ├── NeedClosed               nobody can pledge to this need any more
│   ├── ReferenceTaken           a pledge of this register number was recorded already
│   └── CompactStepNotOpen       the adherence has not come so far, or has gone further
├── TooLate
│   └── PledgingClosed           the edition's deadline for pledges has passed
├── Stale
│   └── PledgeChanged            somebody changed it in the meantime
└── Invalid
    ├── NotAnInvitee             who pledges or adheres is invited, or is the Secretariat itself
    ├── CapabilityUnknown        the taxonomy has no such capability
    ├── CapabilityNotOffered     the version of the taxonomy has it no more, or not yet
    ├── CategoryDiffers          the capability belongs to another category
    ├── TermUnknown              the vocabulary has no such term
    ├── CurrencyUnknown          no currency has this code
    ├── AmountNotReadable        the text is no amount of money
    ├── AmountTooFine            finer than the smallest unit of the currency
    ├── PartnerIsThePledger      the pledger is its own partner
    ├── PartnerTwice             the same partner is named twice
    ├── ShareNotComparable       a share is in another unit or currency than the whole, or the whole has no number
    ├── SharesExceedTheWhole     the partners bear more than there is
    ├── AdditionalityNotStated   who pledges says whether it is new
    ├── SourceMissing            what the secretariat records has a source
    ├── EmbargoLiesBehind        an embargo ends in the future
    ├── ReportLiesAhead          a report describes a day that is not over
    ├── EvidenceWithoutDocument  evidence names a document
    ├── SheetNotReadable         the file is no register of pledges
    ├── RowNotReadable           a row of a register cannot be read, or not without losing something
    └── RegisterRefused          some rows of a register were refused, all of them listed
"""
