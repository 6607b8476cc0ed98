"""What helped is asked after every third thing that was done, and after nothing else."""

from datetime import UTC, datetime

from tests.support.town import Town


async def test_what_helped_is_asked_after_every_third_thing_done(town: Town) -> None:
    ana = await town.client("ana")
    days = ("Tuesday", "Tuesday", "Wednesday", "Wednesday", "Thursday", "Thursday")
    for number, day in enumerate(days, 1):
        await ana.says(f"/commit call number {number} by {day}")
        while await ana.open_prompts():
            await ana.says("skip")
    asked = []
    for day in (24, 25, 26):
        await town.until(datetime(2026, 11, day, 8, 1, tzinfo=UTC))
        for _ in range(2):
            await ana.taps("Done")
            asked.append("What helped?" in ana.asked.text)
            if asked[-1]:
                await ana.says("A quiet morning")
    assert asked == [False, False, True, False, False, True]
    assert [label for _, question, label in await ana.answers() if question.endswith("helped")] == [
        "A quiet morning",
        "A quiet morning",
    ]


async def test_what_was_let_go_is_nothing_that_helped(town: Town) -> None:
    ana = await town.client("ana")
    for number in (1, 2, 3):
        await ana.says(f"/commit call number {number} by Tuesday")
        while await ana.open_prompts():
            await ana.says("skip")
    await town.until(datetime(2026, 11, 24, 8, 1, tzinfo=UTC))
    for report in ("Done", "Done", "Let it go"):
        await ana.taps(report)
    assert not any("What helped?" in message.text for message in ana.read)
