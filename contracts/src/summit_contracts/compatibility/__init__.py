"""Whether one version of a contract reads what another writes: a comparison of two JSON Schemas as pydantic makes them.

A reader ignores fields it does not know, unless it says `additionalProperties: false`. A writer writes no field that it does
not declare. Where inclusion cannot be told (two different patterns) the answer is no: a wrong yes loses messages.
Rules that stand in no schema (validators) are not seen here; golden messages of earlier versions are there for them.
"""

from collections.abc import Mapping

from summit_contracts.compatibility.breaks import Break
from summit_contracts.compatibility.comparison import ANNOTATIONS, Comparison, Schema

__all__ = ["ANNOTATIONS", "Break", "Schema", "breaks_with", "reads"]


def reads(reader: Schema, writer: Schema) -> list[Break]:
    """Every place at which `reader` may refuse a message that fits `writer`; empty when it reads them all."""
    return list(dict.fromkeys(Comparison(reader, writer).compare("$", reader, writer)))


def breaks_with(earlier: Mapping[str, Schema], current: Schema) -> list[Break]:
    """Every place at which `current` breaks with any earlier version, in either direction (full transitive).

    `earlier` maps a version's name, as the reasons show it, to its schema.
    """
    found: list[Break] = []
    for version, schema in earlier.items():
        found += [
            Break(one.path, f"{one.reason} (messages of {version} are no longer read)")
            for one in reads(current, schema)
        ]
        found += [
            Break(one.path, f"{one.reason} (readers of {version} are shut out)")
            for one in reads(schema, current)
        ]
    return found
