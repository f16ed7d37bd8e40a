"""A summit in figures: what everybody wants to know first, counted by the database."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


class Figures(BaseModel):
    """How many of each there are."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    invited: int
    delegations: int
    delegates: int
    asked: int
    placed: int
    pledges: int
    adherences: int
    letters: int


_COUNT = text("""
    SELECT
      count(*) FILTER (WHERE kind = 'participation') AS invited,
      count(*) FILTER (WHERE kind = 'participation' AND document ->> 'state' IN ('nominated', 'confirmed')) AS delegations,
      coalesce(sum(jsonb_array_length(document -> 'members'))
        FILTER (WHERE kind = 'participation' AND document ->> 'state' IN ('nominated', 'confirmed')), 0) AS delegates,
      count(*) FILTER (WHERE kind = 'meeting') AS asked,
      coalesce((SELECT CAST(document -> 'published' ->> 'placed' AS integer) FROM records
        WHERE edition_id = :edition_id AND kind = 'timetable' ORDER BY CAST(key AS integer) DESC LIMIT 1), 0) AS placed,
      count(*) FILTER (WHERE kind = 'pledge') AS pledges,
      count(*) FILTER (WHERE kind = 'adherence') AS adherences,
      count(*) FILTER (WHERE kind = 'letter') AS letters
    FROM records WHERE edition_id = :edition_id
""")


async def counted(connection: AsyncConnection, edition_id: str) -> Figures:
    """The figures of that summit, as of now."""
    return Figures.model_validate((await connection.execute(_COUNT, {"edition_id": edition_id})).one())
