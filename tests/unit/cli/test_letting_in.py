"""What is said to the operator who lets a system outside read."""

from pathlib import Path

from typer.testing import CliRunner

from summit_cli.main import app


def test_where_nothing_runs_nobody_is_said_to_hear_and_no_durable_to_be_gone(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--var", str(tmp_path), "subscriber", "add", "statistics"])
    assert done.exit_code == 0, done.output
    assert "statistics is written down for summit.>; nothing runs here." in done.output
    assert f"once NATS has read {tmp_path / 'keys' / 'nats' / 'accounts.conf'}" in done.output
    assert "`summit provision` was run with the keys of that folder" in done.output
    assert "from the first fact on" not in done.output
    gone = CliRunner().invoke(app, ["--var", str(tmp_path), "subscriber", "remove", "statistics"])
    assert gone.exit_code == 0, gone.output
    assert "Nothing runs here, so its durable stays in the stream" in gone.output
    assert "once NATS runs, say `summit subscriber remove statistics` again" in gone.output
