"""Braces in what people write mean nothing: their words read back as they were written, wherever they are shown."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.effects import SendMessage, WriteRecords
from bot.engine.events import TextHeard
from bot.messages.incoming import ChatStateChanged
from bot.messages.outgoing import Document
from bot.messages.readings import Reading
from bot.model.phrases import Late, phrase
from bot.model.records import Resumed
from bot.model.replies import Reply
from bot.rendering.wording import WordingError
from tests.support.facts import CODE, LATE, NEXT, WORDING
from tests.support.plans import goal
from tests.support.small_dialogues import ask, dialogue, talk
from tests.support.town import Person, Town, town_on

GAPS = ("{code}", "{next_prompt}", "{at}", "{x}", "{}", "{0}", "{{", "}", "{name!r:>9}")
braced = st.lists(st.sampled_from(GAPS) | st.text(st.characters(codec="utf-8", exclude_categories=["C"])), max_size=5)


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as made:
        yield made


def shown(person: Person, since: int) -> str:
    """All that somebody has read since then, files included."""
    found = [text for m in person.read[since:] for text in (m.text, getattr(m.file, "text", ""))]
    return "\n".join(found)


async def answers(person: Person, *texts: str) -> str:
    since = len(person.read)
    for text in texts:
        await person.says(text)
    return shown(person, since)


@pytest.mark.parametrize("gap", GAPS)
async def test_what_a_client_writes_reads_back_unchanged_for_client_and_coach(town: Town, gap: str) -> None:
    ana = await town.client("ana", called=f"Ana {gap}")
    dana = town.people["dana"]
    made = await answers(ana, f"/commit Ask what {gap} means by Friday", "8", "skip")
    assert f'"Ask what {gap} means"' in made
    await goal(ana, f"Live the {gap} of conduct")
    await dana.says(f"/note ana weighs {gap} up")
    assert f"Ask what {gap} means" in await answers(ana, "progress")
    assert f"Live the {gap} of conduct" in await answers(ana, "goals")
    of_her = await answers(dana, "client ana", "brief ana", "note ana", "goals ana")
    for words in (f"Ana {gap}", f"Ask what {gap} means", f"Live the {gap} of conduct", f"weighs {gap} up"):
        assert words in of_her
    await ana.says("callme")
    assert f"Ana {gap}" in await answers(dana, "digest")
    since = len(ana.read)
    await ana.says("export")
    await town.passes(days=4)
    copies = [message.file.text for message in ana.read[since:] if isinstance(message.file, Document)]
    assert [f"Ask what {gap} means" in copy for copy in copies] == [True, True]
    assert f"Ask what {gap} means" in ana.asked.text
    assert {state for state, count in (await town.outbox_counts()).items() if count} <= {"sent", "cancelled"}


async def test_a_code_and_the_next_prompt_stand_beside_words_with_braces(town: Town) -> None:
    ana = await town.client("ana", called="Ana {code} {next_prompt}")
    dana = town.people["dana"]
    await answers(ana, "/commit Ask what {next_prompt} means by Friday", "8", "skip", "pause")
    assert "I'll write next on Fri 27 Nov 09:00." in await answers(ana, "resume")
    await ana.does(ChatStateChanged(open=False))
    said = await answers(dana, "invite {code} {next_prompt}", "reconnect ana")
    assert "The code for {code} {next_prompt}, good once" in said
    assert "For Ana {code} {next_prompt}, until" in said
    code = ana_code(said)
    mia = town.meet("mia")
    assert "{code} {next_prompt}" in await answers(mia, f"/join {code}")


def ana_code(said: str) -> str:
    """The code of the invitation, which stands for itself."""
    (line,) = [line for line in said.splitlines() if line.startswith("The code for")]
    return line.rpartition(" ")[2]


async def test_where_no_prompt_comes_next_its_line_is_left_out(town: Town) -> None:
    ana = await town.client("ana")
    await answers(ana, "/commit Ask what {next_prompt} means")
    said = await answers(ana, "resume")
    assert "write next" not in said
    assert "What will" in said or "By when" in said or "How sure" in said
    assert "\n\n\n" not in said


# -- the laws --------------------------------------------------------------------------------------------------------


@given(parts=braced)
def test_words_in_a_gap_are_never_searched(parts: list[str]) -> None:
    words = " ".join("".join(parts).split())
    said = phrase("invite_ready", name=words, code=Late("code"), day=words)
    alike = phrase("invite_ready", name="Mia", code=Late("code"), day="Monday")
    assert WORDING.render(said).replace(CODE, "") == (
        WORDING.render(alike).replace(CODE, "").replace("Mia", words).replace("Monday", words)
    )


@given(parts=braced)
def test_a_step_hands_words_on_as_they_were_written(parts: list[str]) -> None:
    words = "".join(parts)
    says = (phrase("one_text", text=words), phrase("next_prompt", at=Late("next_prompt")))
    held = talk(dialogue(ask("mood", "scale")))
    resume = {"resume": lambda reading, known, now: Reply(says=says, records=(Resumed(),))}
    held.library = replace(held.library, functions=replace(held.library.functions, commands=resume))
    held.does(TextHeard(key=held.key(), reading=Reading(text="resume", verb="resume")))
    (post,) = [effect for effect in held.fresh if isinstance(effect, SendMessage)]
    assert post.said == (WORDING.render(says[0]), says[1])
    assert [type(effect) for effect in held.fresh if isinstance(effect, WriteRecords | SendMessage)] == [
        WriteRecords,
        SendMessage,
    ]


def test_a_late_value_is_known_in_phrases_inside_others_too() -> None:
    inner = phrase("next_prompt", at=Late("next_prompt"))
    nested = phrase("one_text", text=[inner, phrase("link_code", code=Late("code"))])
    assert nested.late == LATE.keys()
    assert NEXT in WORDING.render(nested)
    assert CODE in WORDING.render(nested)
    assert phrase("one_text", text="{code} {next_prompt}").late == frozenset()


def test_a_late_value_cannot_be_said_before_it_is_known() -> None:
    with pytest.raises(WordingError, match="'code' is said before it is known"):
        WORDING.knowing({}).say("link_code", code=Late("code"))
