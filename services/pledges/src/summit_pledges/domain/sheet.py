"""The register of pledges as a sheet of 18 columns, read into pledges and written again.

A row is accepted only if writing it again gives the very same row, so a sheet is taken in without losing anything. What its
columns know only in words (a range, "more than", "about", a time) is typed from the words, which are kept.
Writing a pledge that never was in a sheet keeps its words and numbers; shares, the lower end of a range and sources that
disagree have no column, and the sheet does not show them.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from summit_contracts.errors import Invalid
from summit_contracts.promises import Additionality, Announcement, Condition, Nature, Partner, Promise, Source
from summit_contracts.quantities import Amount, Quantity
from summit_contracts.values import InviteeCode
from summit_pledges.domain.errors.sheets import RowNotReadable, SheetNotReadable
from summit_pledges.domain.figures import Figures, read_figures, write_figures
from summit_pledges.domain.pledge import DraftPledge
from summit_pledges.domain.taxonomy import Taxonomy
from summit_pledges.domain.timeline import read_timeline, write_timeline

T = TypeVar("T")

COLUMNS: Final = (
    *(
        "id",
        "state_iso2",
        "event",
        "event_date",
        "category",
        "capability",
        "quantity",
        "unit",
        "is_upper_bound",
    ),
    *(
        "amount",
        "currency",
        "timeline",
        "condition",
        "partners",
        "facts",
        "follow_up",
        "source",
        "source_kind",
    ),
)
Row = Mapping[str, str]
"""One row, by column; an empty text is nothing."""

_INVITEE: Final[TypeAdapter[str]] = TypeAdapter(InviteeCode)
_CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{1,23}", re.ASCII)
_COPY: Final = " (copy)"
_INFERRED: Final[Mapping[str, str]] = {"currency": " (currency inferred)", "date": " (date inferred)"}
_PRACTICE: Final = "a description of practice"
_CONDITIONS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"subject to|if agreed", "agreement"),
        (r"in (dialogue|consultation) with", "consultation"),
        (r"(place|field|site|mission) to be (agreed|chosen)", "place_open"),
        (r"PCRS", "registration"),
        (r"for use in|only for", "use"),
        (r"^in (crises|case|an emergency)", "circumstance"),
        (rf"{_PRACTICE}|first-time offer|already committed|offer made|tailored|stalled", "remark"),
    )
)
_COLUMN_OF: Final[Mapping[str, str]] = {
    "reference": "id",
    "words": "facts",
    "designation": "capability",
}
_LOOK: Final = "Look the row up in its source and mend this column."


def read_sheet(text: str) -> tuple[Row, ...]:
    """The rows of a register in CSV, in their order.

    Raises:
        SheetNotReadable: it is no CSV, or has other columns.
        RowNotReadable: a row has more or fewer fields than columns, or an id that stands above already.
    """
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as failure:
        raise SheetNotReadable(f"The file is no CSV: {failure}.") from failure
    if not lines or tuple(lines[0]) != COLUMNS:
        raise SheetNotReadable(f"The first line does not name the columns {', '.join(COLUMNS)}.")
    seen: set[str] = set()
    for fields in lines[1:]:
        reference = fields[0] if fields else ""
        if len(fields) != len(COLUMNS):
            raise RowNotReadable(
                reference,
                "id",
                f"{len(fields)} fields instead of {len(COLUMNS)}",
                "Check the quotes and commas.",
            )
        if reference in seen:
            raise RowNotReadable(reference, "id", "the id stands twice", "Give each row an id of its own.")
        seen.add(reference)
    return tuple(dict(zip(COLUMNS, fields, strict=True)) for fields in lines[1:])


def write_sheet(rows: Iterable[Row]) -> str:
    """The register in CSV, with the line ends that RFC 4180 asks for."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([row[column] for column in COLUMNS] for row in rows)
    return text.getvalue()


def read_row(row: Row, *, edition_id: str, taxonomy: Taxonomy) -> DraftPledge:
    """The command that drafts what the row says.

    Raises:
        RowNotReadable: a column cannot be read, or would not come out again as it went in.
    """
    try:
        pledger = _INVITEE.validate_python(row["state_iso2"])
    except ValidationError:
        raise RowNotReadable(row["id"], "state_iso2", "this is no code of an invitee", _LOOK) from None
    promise = _read_promise(row, taxonomy)
    written = write_row(pledger, promise, taxonomy)
    for column in COLUMNS:
        if written[column] != row[column]:
            why = f"{row[column]!r} would come out as {written[column]!r}"
            raise RowNotReadable(
                row["id"], column, why, "Write it in the second way, if that is what is meant."
            )
    return DraftPledge(edition_id=edition_id, pledger=pledger, promise=promise)


def _read_promise(row: Row, taxonomy: Taxonomy) -> Promise:
    capability = taxonomy.capability_written(row["category"], row["capability"])
    if capability is None:
        why = f"the taxonomy has no {row['capability']!r} under {row['category']!r}"
        raise RowNotReadable(
            row["id"], "capability", why, "Write it as the taxonomy does, or have it added there."
        )
    quantity, amount = _figures(row, taxonomy)
    conditions = _fitting(row, "condition", lambda: tuple(map(_condition, _listed(row["condition"], "; "))))
    return _fitting(
        row,
        None,
        lambda: Promise(
            taxonomy=taxonomy.version,
            category=capability.category,
            capability=capability.code,
            designation=None if row["capability"] == capability.written else row["capability"],
            quantity=quantity,
            amount=amount,
            timeline=_fitting(row, "timeline", lambda: read_timeline(row["timeline"])),
            conditions=conditions,
            partners=_fitting(row, "partners", lambda: tuple(map(_partner, _listed(row["partners"], ";")))),
            words=row["facts"] or None,
            additionality=Additionality.NOT_STATED,
            nature=Nature.PRACTICE if _PRACTICE in row["condition"] else Nature.COMMITMENT,
            announced=_fitting(row, "event", lambda: _announcement(row)),
            reference=row["id"],
            sources=_fitting(row, "source", lambda: tuple(_sources(row, taxonomy))),
            follow_up=row["follow_up"] or None,
        ),
    )


def _fitting(row: Row, column: str | None, make: Callable[[], T]) -> T:
    """What was made from the column; where it is none of one column alone, the fault names the field."""
    try:
        return make()
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        where = column or _COLUMN_OF.get(field, field)
        raise RowNotReadable(row["id"], where, first["msg"], _LOOK) from failure


def _figures(row: Row, taxonomy: Taxonomy) -> tuple[Quantity, Amount | None]:
    figures = Figures(*(row[name] for name in ("quantity", "unit", "is_upper_bound", "amount", "currency")))
    try:
        return read_figures(figures, row["facts"], taxonomy)
    except Invalid as refusal:
        column = "unit" if refusal.field == "unit" else "amount"
        raise RowNotReadable(row["id"], column, refusal.detail, refusal.remedy) from refusal
    except (ValueError, ArithmeticError) as failure:
        remedy = "Write a whole number and a unit."
        raise RowNotReadable(row["id"], "quantity", "this is no quantity", remedy) from failure


def write_row(pledger: str, promise: Promise, taxonomy: Taxonomy) -> dict[str, str]:
    """The row that says what the promise says, as far as the columns reach."""
    figures = write_figures(promise.quantity, promise.amount, taxonomy)
    source = promise.sources[0] if promise.sources else None
    return {
        "id": promise.reference or "",
        "state_iso2": pledger,
        "event": promise.announced.event if promise.announced else "",
        "event_date": promise.announced.announced_on.isoformat() if promise.announced else "",
        "category": promise.category,
        "capability": promise.designation or taxonomy.capability(promise.capability).written,
        "quantity": figures.quantity,
        "unit": figures.unit,
        "is_upper_bound": figures.is_upper_bound,
        "amount": figures.amount,
        "currency": figures.currency,
        "timeline": write_timeline(promise.timeline),
        "condition": "; ".join(condition.words for condition in promise.conditions),
        "partners": ";".join(partner.invitee or partner.words or "" for partner in promise.partners),
        "facts": promise.words or "",
        "follow_up": promise.follow_up or "",
        "source": source.reference if source else "",
        "source_kind": _kind_text(source, taxonomy) if source else "",
    }


def _listed(cell: str, mark: str) -> list[str]:
    return cell.split(mark) if cell else []


def _condition(words: str) -> Condition:
    kind = next((kind for pattern, kind in _CONDITIONS if pattern.search(words)), "other")
    return Condition(kind=kind, words=words)


def _partner(text: str) -> Partner:
    return Partner(invitee=text) if _CODE.fullmatch(text) else Partner(words=text)


def _announcement(row: Row) -> Announcement | None:
    if not row["event"] and not row["event_date"]:
        return None
    try:
        announced_on = date.fromisoformat(row["event_date"])
    except ValueError:
        raise RowNotReadable(row["id"], "event_date", "this is no date", "Write it as 2022-09-01.") from None
    return Announcement(event=row["event"], announced_on=announced_on)


def _sources(row: Row, taxonomy: Taxonomy) -> Iterator[Source]:
    if not row["source"] and not row["source_kind"]:
        return
    text = row["source_kind"]
    inferred = tuple(what for what, mark in _INFERRED.items() if mark in text)
    is_copy = _COPY in text
    for mark in (_COPY, *_INFERRED.values()):
        text = text.replace(mark, "")
    kind = taxonomy.term_written("source", text)
    if kind is None:
        known = ", ".join(term.written for term in taxonomy.terms["source"].values())
        raise RowNotReadable(
            row["id"], "source_kind", f"there is no kind {text!r}", f"Choose one of: {known}."
        )
    yield Source.model_validate(
        {"reference": row["source"], "kind": kind.code, "is_copy": is_copy, "inferred": inferred}
    )


def _kind_text(source: Source, taxonomy: Taxonomy) -> str:
    marks = (_COPY if source.is_copy else "", *(_INFERRED[what] for what in source.inferred))
    return taxonomy.term("source", source.kind, "source_kind").written + "".join(marks)
