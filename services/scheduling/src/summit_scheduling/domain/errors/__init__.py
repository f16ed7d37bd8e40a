"""What scheduling will not do, as facts about the request; and what can go wrong with a solve.

Refusal                          (summit_contracts.errors)
├── Unknown
│   ├── EditionUnknown           no edition of this name was published
│   ├── BilateralUnknown         there is no bilateral of this id
│   ├── TimetableUnknown         no timetable of this number was published
│   └── MemberUnknown            nobody of this id represents the delegation
├── NotAllowed
│   └── NotAParty                the bilateral is between others
├── Conflicting
│   ├── PinFrozen                what has begun or is about to is moved by hand alone
│   ├── PlaceTaken               the meeting cannot be held there
│   ├── PartyWithdrawn           the delegation does not come
│   ├── BilateralExists          who walks in has asked for the meeting or agreed to it already
│   ├── NotAwaited               it is somebody else's turn to answer
│   ├── StillAwaited             who has not answered yet declines, and does not cancel
│   ├── AlreadyAgreed            there is nothing to answer any more
│   ├── NotAgreed                only what is agreed gets a place
│   ├── BilateralEnded           it was declined or cancelled
│   └── TooManyRounds            the parties have countered each other too often
├── Stale
│   ├── RulingsChanged           somebody changed the rulings in the meantime
│   ├── BilateralChanged         somebody changed the bilateral in the meantime
│   └── AvailabilityChanged      somebody changed the availability in the meantime
└── Invalid
    ├── NoSuchRoom, NoSuchDuty   a ruling names what the edition does not have
    ├── VetoUnfit                a veto is between two
    ├── PinImpossible            no timetable could hold the meeting there; several at once: PinsContradict (Conflicting)
    ├── NothingProposed          a counter-proposal differs from what is on the table
    ├── DayNotForBilaterals      no bilateral is held on the day
    ├── StartNotASlot            no slot on the days proposed begins at the moment
    ├── TooLong                  no stretch of slots on the days proposed is that long
    ├── SizeUnfit                fewer people than parties, or more than any room has seats
    ├── PartyTwice, PartyUnknown who walks in is named twice, or not invited
    ├── EquipmentUnknown         no room has what the meeting needs
    └── TooManyStretches         more blocked stretches than can be stated

SolverFailure                    nothing was published, and what was published before still holds
├── SolverDied                   the worker process ended without an answer
├── SolverOverran                the worker was stopped at its time limit and had no plan by then
├── SolverStopped                somebody stopped the solve before there was any plan
└── PlanBroken                   the worker's plan breaks a hard rule or misstates what it is worth
"""
