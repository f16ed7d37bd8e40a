"""Where notifications know persons. That a letter went, to which delegation and when, stays; it is public (`LetterSent`)."""

FORGETTING = (
    "DELETE FROM contacts WHERE edition_id = ANY(:editions)",
    """UPDATE letters SET content = NULL, answer = NULL, reason = NULL
       WHERE edition_id = ANY(:editions) AND (content IS NOT NULL OR answer IS NOT NULL OR reason IS NOT NULL)""",
    "DELETE FROM feeds WHERE edition_id = ANY(:editions)",
)
"""Each for the editions in `:editions`."""
