"""What a digest and `client` say of people is so: tried on the real app, week after week."""

from datetime import UTC, datetime

from tests.support.town import Person, Town

DIGEST = "Week of"


def digests(dana: Person) -> list[str]:
    return [message.text for message in dana.read if message.text.startswith(DIGEST)]


def at(day: int, hour: int, minute: int = 0, *, month: int = 12) -> datetime:
    """An hour of Berlin's winter, in UTC."""
    return datetime(2026, month, day, hour - 1, minute, tzinfo=UTC)


async def promised(town: Town, *lines: str) -> tuple[Person, Person]:
    """Ana, asked on Fridays at nine and by nothing else, with commitments; and Dana, who coaches her."""
    ana = await town.client("ana")
    await town.check_ins_only()
    for line in lines:
        await ana.says(f"/commit {line}")
        await ana.says("8")
        await ana.says("skip")
    return ana, town.people["dana"]


async def test_a_check_in_that_stays_half_finished_is_told_as_what_it_is(town: Town) -> None:
    ana, dana = await promised(town, "Call Petra by Friday")
    await town.until(at(27, 15, 31, month=11))
    await ana.taps("Done")
    await town.until(at(30, 8, 5, month=11))
    first, second = digests(dana)[-1].splitlines()[:2]
    assert first == "Week of Mon 30 Nov: one client, 1 asked: 1 in part. Nobody needs you"
    assert second == "Wins: Ana 1 of 1 done; did not finish the check-in"
    await dana.says("client ana")
    dana.reads("Ana: answered in part this week")


async def test_who_is_asked_and_says_nothing_and_who_answers_are_told_apart(town: Town) -> None:
    ana, dana = await promised(town)
    await town.client("ben")
    await town.check_ins_only("ben")
    await town.until(at(27, 9, 30, month=11))
    for answer in ("skip", "The offer", "nothing", "7"):
        await ana.says(answer)
    await town.until(at(30, 8, 5, month=11))
    assert digests(dana)[-1].startswith("Week of Mon 30 Nov: 2 clients, 2 asked: 1 answered, 1 not. Nobody")


async def test_what_is_done_after_the_digest_of_the_day_is_a_win_of_the_next_one(town: Town) -> None:
    ana, dana = await promised(town, "Call Petra by 12 December")
    await town.until(at(14, 8, 5))
    assert "done" not in digests(dana)[-1]
    await ana.taps("Done")
    await town.until(at(21, 8, 5))
    assert "late: Ana 1" in digests(dana)[-1]
    await town.until(at(28, 8, 5))
    assert "late" not in digests(dana)[-1]


async def test_what_is_due_tomorrow_is_open_and_once_moved_is_said_so(town: Town) -> None:
    ana, dana = await promised(town, "Call Petra by Wednesday", "Write the memo by Tuesday")
    await ana.says("/log 1 moved to 1 December")
    await ana.says("/log 2 done")
    await town.until(at(30, 8, 5, month=11))
    assert "Wins: Ana 1 of 1 done" in digests(dana)[-1]
    await dana.says("client ana")
    dana.reads("Call Petra, due Tue 1 Dec, moved once")
    await dana.says("brief ana")
    dana.reads("open: Call Petra, due Tue 1 Dec, moved once")


async def test_a_stop_is_told_once_and_is_no_pause(town: Town) -> None:
    ana, dana = await promised(town)
    await town.until(at(4, 12))
    await ana.says("stop")
    told = [message.text for message in dana.read if "has stopped the check-ins" in message.text]
    assert told == ["Ana has stopped the check-ins, by choice. Nothing is asked any more."]
    await ana.says("stop")
    await town.until(at(7, 8, 5))
    assert "Ana stopped by choice on Fri 4 Dec" in digests(dana)[-1]
    await dana.says("client ana")
    assert dana.last.text.splitlines()[0] == "Ana: stopped by choice on Fri 4 Dec"
    await town.until(at(14, 8, 5))
    assert "stopped" not in digests(dana)[-1]
    assert len([message for message in dana.read if "has stopped the check-ins" in message.text]) == 1


async def test_after_six_silences_the_coach_has_one_line(town: Town) -> None:
    _, dana = await promised(town)
    await town.passes(days=120)
    told = [message.text for message in dana.read if "I have stopped asking Ana" in message.text]
    assert told == ["I have stopped asking Ana: six prompts went without an answer. Over to you."]
    assert sum("Ana: I have stopped asking; over to you" in text for text in digests(dana)) == 1


async def test_a_client_of_whom_nothing_is_open_needs_a_next_step(town: Town) -> None:
    """What they keep to themselves changes nothing of it."""
    ana, dana = await promised(town)
    await dana.says("phase ana coaching")
    await ana.says("/commit")
    await ana.says("private Look for another job by 23 December")
    await ana.says("8")
    await ana.says("skip")
    await town.until(at(7, 8, 5))
    assert "~ Ana: nothing open for 14 days" in digests(dana)[-1]
    await ana.says("/commit Call Petra by 18 December")
    await town.until(at(14, 8, 5))
    assert "nothing open" not in digests(dana)[-1]


async def test_confidence_is_told_of_the_item_it_fell_on(town: Town) -> None:
    """Nine when it was made, seven and five since; what was said of another one beside it plays no part."""
    ana, dana = await promised(town)
    await ana.says("/commit Call Petra by 18 December")
    await ana.says("9")
    await ana.says("skip")
    for friday, number in ((27, "7"), (4, "5")):
        await town.until(at(friday, 9, 30, month=11 if friday == 27 else 12))
        await ana.says(number)
        await _finishes_the_check_in(ana)
    await ana.says("/commit Write the memo by 17 December")
    await ana.says("2")
    await town.until(at(7, 8, 5))
    assert '! Ana: confidence 9, 7, 5 on "Call Petra", since Mon 23 Nov' in digests(dana)[-1]
    await ana.says("/log 1 done")
    await town.until(at(14, 8, 5))
    assert "confidence" not in digests(dana)[-1]


async def _finishes_the_check_in(ana: Person) -> None:
    """Whatever else is asked is answered, or passed over."""
    for _ in range(6):
        if not ana.last.token:
            return
        await ana.says("8" if "1 is" in ana.last.text else "skip")
