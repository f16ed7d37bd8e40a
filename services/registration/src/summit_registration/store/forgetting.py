"""Where registration knows persons, and what stays when they are forgotten: how many came, as what, and what was decided.

What the history says about a person's name or address it never held (`FieldChange.is_personal`); reasons somebody wrote may.
"""

FORGOTTEN = "—"
"""Stands where a name stood."""
_FOCAL = f'{{"nominator": {{"name": "{FORGOTTEN}", "email": "nobody@invalid"}}}}'

FORGETTING = (
    f"""UPDATE members SET person = '{{"name": "{FORGOTTEN}"}}', held_for = left(held_for, 0)
        WHERE edition_id = ANY(:editions) AND person ->> 'name' <> '{FORGOTTEN}'""",  # noqa: S608  # constants of ours
    "UPDATE delegations SET draft = NULL WHERE edition_id = ANY(:editions) AND draft IS NOT NULL",
    f"""UPDATE invitations SET focal = '{_FOCAL}', codes = '{{}}'
        WHERE edition_id = ANY(:editions) AND focal #>> '{{nominator,name}}' <> '{FORGOTTEN}'""",  # noqa: S608  # the same
    "UPDATE history SET why = '' WHERE edition_id = ANY(:editions) AND why <> '' AND action <> 'delegate_refused'",
)
"""Each for the editions in `:editions`."""
