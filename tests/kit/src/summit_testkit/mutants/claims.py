"""Ways to falsify what is said of a plan, and the file itself."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from summit_testkit.mutants.mutant import Document, Kind, Mutant, each, meetings_of


def another_input(true: Document) -> Iterator[Mutant]:
    """Something of the input is different, and the hash is the old one."""
    for _, key, _, _, meeting in each(true):
        for field, value in (
            ("weight", meeting["weight"] + 1),
            ("seats", 1),
            ("rest_minutes", 0),
            ("length", 1),
        ):
            if meeting.get(field) != value:
                forged = deepcopy(true)
                meetings_of(forged)[key][field] = value
                yield Mutant(f"{field} of {key}", forged, "input", "certificate")
    for name in ("rooms", "meetings", "limits", "vetoes", "published"):
        forged = deepcopy(true)
        forged["input"][name].pop()
        yield Mutant(f"fewer {name}", forged, "input", "certificate")
    for name in ("resources", "classes"):
        forged = deepcopy(true)
        forged["input"][name].popitem()
        yield Mutant(f"fewer {name}", forged, "input", "certificate")


def another_hash(true: Document) -> Iterator[Mutant]:
    """Another hash."""
    for place in (0, 31, 63):
        forged = deepcopy(true)
        digits = list(forged["certificate"]["input_hash"])
        digits[place] = "0" if digits[place] != "0" else "1"
        forged["certificate"]["input_hash"] = "".join(digits)
        yield Mutant(f"digit {place}", forged, "input", "certificate")


def another_certificate(true: Document) -> Iterator[Mutant]:
    """It says something else of the plan, or contradicts itself."""
    said = true["certificate"]
    for field, value in (
        ("objective", said["objective"] + 1),
        ("objective", said["objective"] - 1),
        ("bound", said["bound"] - 1),
        ("bound", said["bound"] + 1),
        ("status", "feasible"),
        ("status", "perfect"),
        ("levels", said["levels"][:-1]),
        ("levels", said["levels"][::-1]),
        ("levels", [*said["levels"], said["levels"][0]]),
        ("levels", [*said["levels"], {"code": "beauty", "objective": 1, "bound": 1, "seconds": 0.0}]),
    ):
        forged = deepcopy(true)
        forged["certificate"][field] = value
        yield Mutant(f"{field} {str(value)[:12]}", forged, "certificate", "certificate")
    for number, level in enumerate(said["levels"]):
        for field, change in (("objective", 1), ("objective", -1)):
            forged = deepcopy(true)
            forged["certificate"]["levels"][number][field] += change
            yield Mutant(f"{level['code']} {field} {change:+}", forged, "certificate", "certificate")
        forged = deepcopy(true)
        more_is_better = level["code"] in ("pinned", "weight")
        forged["certificate"]["levels"][number]["bound"] = level["objective"] + (-1 if more_is_better else 1)
        yield Mutant(f"{level['code']} bound too tight", forged, "certificate", "certificate")


def prices_of_nothing(true: Document) -> Iterator[Mutant]:
    """Prices of nothing."""
    for price in (
        ["party", "XX", "3", 1],
        ["party", "KE", "12", 1],
        ["party", "KE", "-1", 1],
        ["party", "KE", "03", 1],
        ["room", "Nowhere", "3", 1],
        ["resource", "piano", "3", 1],
        ["meetings", "FR", "", 1],
        ["per_day", "KE", "2022-12-24", 1],
        ["moves", "KE", "", 1],
        ["luck", "KE", "3", 1],
        ["party", "KE", "3", -1],
    ):
        forged = deepcopy(true)
        forged["prices"].append(price)
        yield Mutant(" ".join(map(str, price)), forged, "prices", "certificate")
    for number in range(len(true["prices"])):
        forged = deepcopy(true)
        forged["prices"].append(forged["prices"][number])
        yield Mutant(f"{number} twice", forged, "prices", "certificate")


def no_plan_file(true: Document) -> Iterator[Mutant]:
    """Something is missing, unknown, or of another kind."""
    paths: list[tuple[str | int, ...]] = [(name,) for name in true]
    paths += [("certificate", name) for name in true["certificate"]]
    paths += [("input", "meetings", 0, name) for name in ("key", "parties", "weight", "seats", "length")]
    paths += [("input", "rooms", 0, name) for name in ("code", "seats")]
    paths += [("input", "edition_id"), ("input", "limits", 0, "party"), ("certificate", "levels", 0, "bound")]
    for path in paths:
        for what in ("missing", "another kind", "unknown"):
            forged = deepcopy(true)
            inside: Any = forged
            for step in path[:-1]:
                inside = inside[step]
            name = path[-1]
            if what == "missing":
                del inside[name]
            elif what == "another kind":
                inside[name] = True
            else:
                inside[f"{name}2"] = inside[name]
            yield Mutant(f"{'.'.join(map(str, path))} {what}", forged, "file")


KINDS: tuple[Kind, ...] = (
    another_input,
    another_hash,
    another_certificate,
    prices_of_nothing,
    no_plan_file,
)
