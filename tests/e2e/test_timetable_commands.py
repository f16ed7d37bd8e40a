"""`summit timetable`: versions, what differs, one put back, how fair, and a plan file that is checked alone."""

import json
import re
from pathlib import Path

from summit_testkit.scenarios import Command, Outsider, SummitFile, form, wish
from summit_testkit.scenarios.meeting import agreed, published_timetable


async def two_timetables(outsider: Outsider) -> tuple[str, str]:
    """Kenya meets France by the first timetable, and Norway as well by the second; the ids of both meetings."""
    await outsider.open(SummitFile(outsider.edition_id))
    for code in ("FR", "NO"):
        await outsider.register(code, form(code))
    registered = await outsider.register("KE", form("KE", wish("FR"), wish("NO")))
    first, second = (one["bilateral_id"] for one in registered["wishes"])
    await agreed(outsider, first, "FR")
    await published_timetable(outsider)
    await agreed(outsider, second, "NO")
    await published_timetable(outsider)
    return first, second


async def test_the_desk_sees_versions_what_differs_and_how_fair_it_is_and_puts_one_back(
    summit: Command, outsider: Outsider
) -> None:
    _, second = await two_timetables(outsider)
    mine = outsider.edition_id

    async def lines(*words: str) -> list[str]:
        said = await summit("timetable", *words)
        assert said.code == 0, said.err
        return said.out.splitlines()

    versions = await lines("versions", mine)
    assert [line.split()[:3] for line in versions] == [["2", "2", "placed"], ["1", "1", "placed"]]
    differs = await lines("difference", mine, "2", "--since", "1")
    assert any(line.startswith(f"placed    {second}  2022-") for line in differs)
    assert re.fullmatch(r"[01] stay where they were, 0 are no longer to be held", differs[-1])
    fair = await lines("fairness", mine)
    assert [line.split()[0] for line in fair] == ["little", "middling", "much"]
    assert any(line.endswith("100.0%") for line in fair)
    assert await lines("roll-back", mine, "1") == ["timetable 3: 1 placed, 1 without a place"]
    assert "rolled_back" in (await lines("versions", mine))[0]
    (why, *_) = await lines("why-not", mine, second)
    assert why == "nothing stands against it", "putting back left a meeting out that could be held"


async def test_a_timetable_is_written_to_a_file_and_checked_without_the_service(
    summit: Command, outsider: Outsider, tmp_path: Path
) -> None:
    await two_timetables(outsider)
    file = tmp_path / "plan.json"
    written = await summit("timetable", "plan", outsider.edition_id, "2", "--out", str(file))
    assert (written.code, written.out) == (0, f"{file}: 2 of 2 meetings placed\n"), written.err
    checked = await summit("timetable", "verify", str(file), "--strict")
    assert checked.code == 0, checked.out
    document = json.loads(file.read_bytes())
    document["placements"][1] = [document["placements"][1][0], *document["placements"][0][1:]]
    file.write_text(json.dumps(document), encoding="utf-8")
    assert (await summit("timetable", "verify", str(file))).code == 1
    missing = await summit("timetable", "plan", outsider.edition_id, "9", "--out", str(file))
    assert missing.code == 1
    assert "No timetable 9 was published" in missing.err
