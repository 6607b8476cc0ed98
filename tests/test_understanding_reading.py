"""What a free text means, with a question open and without one."""

import codecs
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.answers import lines_of
from bot.features import SPOKEN
from bot.messages.readings import Reading, Trouble
from bot.model.commitments.values import Standing
from bot.model.roles import Who
from bot.understanding.reading import Waiting, read_call, read_text, wants_dates
from tests.support.open_questions import (
    CLIENT,
    COACH,
    KEEP,
    STEER_BOTH,
    WAITING,
    WORDING,
    did,
    read,
    said,
    senses,
    steer,
)
from tests.support.texts_and_meanings import EVERY

COACHING = frozenset(verb for verb, by_role in SPOKEN.items() if set(by_role) == {Who.COACH})


@pytest.mark.parametrize(("text", "where", "wanted"), EVERY)
def test_a_phrase_means(text: str, where: str, wanted: dict[str, Any]) -> None:
    assert senses(read(text, where)) == wanted


def test_no_english_word_stands_in_the_logic() -> None:
    """Everything is understood alike in a language that nobody speaks."""
    words = turned(WORDING.words)
    words["numbers"] = {turned(word): number for word, number in WORDING.words["numbers"].items()}
    for entry in ("controls", "verbs", "reports", "reports_if_named"):
        words[entry] = {name: turned(texts) for name, texts in WORDING.words[entry].items()}
    wording = replace(WORDING, language="xx", words=words)
    own = [replace(commitment, text=turned(commitment.text)) for commitment in CLIENT.commitments]
    for text, where, wanted in EVERY:
        waiting = WAITING[where]
        if waiting is not None:
            waiting = replace(waiting, labels=turned(waiting.labels), asked=turned(waiting.asked))
        found = read_text(
            turned(text), waiting=waiting, facts=replace(CLIENT, commitments=tuple(own)), wording=wording, spoken=SPOKEN
        )
        same = {name: turned(value) if name == "rest" else value for name, value in wanted.items()}
        assert senses(found) == same, text


def turned(value: Any) -> Any:
    """Texts in rot13, inside lists and mappings too; the keys stay."""
    match value:
        case str():
            return codecs.encode(value, "rot13")
        case list() | tuple():
            return type(value)(turned(part) for part in value)
        case dict():
            return {name: turned(part) for name, part in value.items()}
        case _:
            return value


# -- coaches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "wanted"),
    [
        ("clients", "nothing", did("clients")),
        ("client Ana", "nothing", did("client", "Ana")),
        ("session Ana Thursday 10:00", "nothing", did("session", "Ana Thursday 10:00")),
        ("note Ana Maier: wants more time", "text", did("note", "Ana Maier: wants more time")),
        ("note the risks", "text", {}),
        ("brief Ana", "text", did("brief", "Ana")),
        ("brief Ana on the new plan", "text", {}),
        ("close Ana", "text", did("close", "Ana")),
        ("close the books", "text", {}),
        ("review Ana", "text", did("review", "Ana")),
        ("review the plan with Ana", "text", {}),
        ("goals Ana Maier", "text", did("goals", "Ana Maier")),
        ("goals for Ana", "text", {}),
        ("agreement Ana", "text", did("agreement", "Ana")),
        ("invite Tom", "text", {}),
        ("invite Tom", "nothing", did("invite", "Tom")),
        ("away from Monday to Friday", "text", did("away", "from Monday to Friday")),
        ("away from my desk more", "text", {}),
        ("Feedback was good today", "nothing", {}),
    ],
)
def test_a_coach_has_commands_of_their_own(text: str, where: str, wanted: dict[str, Any]) -> None:
    assert senses(read(text, where, who=COACH)) == wanted


@pytest.mark.parametrize("verb", sorted(COACHING))
def test_a_coachs_command_is_an_ordinary_word_to_a_client(verb: str) -> None:
    assert senses(read(verb)) == {}
    assert read(verb, who=COACH).verb == verb


DESIGNED = (
    *("log", "commit", "checkin", "progress", "goals", "stuck", "angle", "callme", "pause", "resume", "travel"),
    *("private", "whosees", "whatmycoachsees", "undo", "link", "settings", "export", "delete", "stop", "help"),
    *("start", "join", *sorted(COACHING)),
)


@pytest.mark.parametrize("verb", DESIGNED)
def test_every_command_alone_is_understood_everywhere_but_on_its_own_button(verb: str) -> None:
    for where in ("nothing", "scale", "date", "text", "list"):
        assert read(verb.upper() + ".", where, who=COACH).verb == verb
    waiting = Waiting(kind="choice", labels=(verb.title(),))
    assert senses(read_text(verb, waiting=waiting, facts=COACH, wording=WORDING, spoken=SPOKEN)) == {}


# -- slash commands --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "rest", "wanted"),
    [
        ("log", "2 done", did("log", "2 done", report="done", commitment="c2")),
        ("stop", "smoking", did("stop", "smoking")),
        ("Pause", "the hiring round", did("pause", "the hiring round")),
        ("call", "me", did("callme")),
        ("check-in", "", did("checkin")),
        ("skip", "", steer("skip")),
        ("skip", "this silly one", steer("skip")),
        ("back", "", steer("back")),
        ("later", "", steer("later")),
        ("cancel", "", steer("cancel")),
        ("change", "", steer("change")),
        ("change", "question 2", steer("change", rest="2")),
        ("change", "confidence", steer("change", rest="confidence")),
        ("private", "", KEEP),
        ("private", "I may leave", did("private", "I may leave")),
        ("help", "", STEER_BOTH),
        ("help", "log", did("help", "log")),
        ("help@throughline_bot", "", STEER_BOTH),
        ("", "", STEER_BOTH),
        ("frobnicate", "it all", did("frobnicate", "it all")),
        ("log", "\nmemo done\n", did("log", "memo done", report="done", commitment="c2")),
        ("log", "x" * 3000, {"trouble": Trouble.TOO_LONG}),
        ("log", "a\0b", {"trouble": Trouble.UNSTORABLE}),
    ],
)
@pytest.mark.parametrize("where", ["nothing", "what", "scale", "choice_with_stop"])
def test_a_slash_command_is_sure(verb: str, rest: str, wanted: dict[str, Any], where: str) -> None:
    found = read_call(verb, rest, waiting=WAITING[where], facts=CLIENT, wording=WORDING, spoken=SPOKEN)
    assert senses(found) == wanted


def test_only_open_commitments_are_reported_on() -> None:
    settled = tuple(replace(c, standing=Standing.DONE) if c.number == 2 else c for c in CLIENT.commitments)
    assert senses(read("2 done", who=replace(CLIENT, commitments=settled))) == said("done")


# -- where a date is looked for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "wanted"),
    [
        ("7", "scale", ()),
        ("7", "nothing", ()),
        ("done", "nothing", ()),
        ("sent the deck to Priya", "nothing", ()),
        ("is it due on Friday?", "nothing", ()),
        ("Call Ana tomorrow", "nothing", ("Call Ana tomorrow",)),
        ("moved the memo to Friday", "nothing", ("moved the memo to Friday",)),
        ("'Call Ana tomorrow'", "nothing", ()),
        ("x " * 200, "nothing", ()),
        ("log 2 moved to Friday", "scale", ("2 moved to Friday",)),
        ("commit: call Ana tomorrow", "scale", ("call Ana tomorrow",)),
        ("pause until Monday", "what", ("", "", "Monday", "")),
        ("pause", "what", ()),
        ("travel Berlin until Friday", "text", ("Berlin until Friday",)),
        ("next Friday", "date", ("next Friday",)),
        ("skip", "date", ()),
        ("call Ana tomorrow", "what", ("call Ana tomorrow",)),
        ("'skip Friday'", "what", ("skip Friday",)),
        ("call Ana tomorrow", "text", ()),
        ("yes", "yes_no", ()),
        ("- call Ana tomorrow\n2) memo by Friday; rest", "list", ("call Ana tomorrow", "memo by Friday", "rest")),
        ("a\n" * 8, "list", ()),
        ("   ", "date", ()),
    ],
)
def test_a_date_is_looked_for_only_where_one_may_be(text: str, where: str, wanted: tuple[str, ...]) -> None:
    assert wants_dates(read(text, where), WAITING[where], SPOKEN) == wanted


@given(st.text(alphabet="ab -*•1).;\n", max_size=60))
def test_the_entries_of_a_list_are_those_the_engine_will_find(text: str) -> None:
    reading = Reading(text=text)
    lines = lines_of(text)
    assert wants_dates(reading, WAITING["list"], SPOKEN) == (tuple(lines) if len(lines) <= 7 else ())
