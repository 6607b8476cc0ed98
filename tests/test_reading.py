"""What a free text means, with a question open and without one."""

import codecs
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.answers import lines_of
from bot.facts import Commitment, Engagement, Facts, Person, Standing
from bot.messages import Reading, Trouble
from bot.understanding.clean import clean
from bot.understanding.commands import COACHING
from bot.understanding.reading import Waiting, read_call, read_text, wants_dates
from bot.understanding.vocabulary import key
from bot.wording import load_wording

WORDING = load_wording()["en"]
PROMISES = (
    "Hand over the Q2 plan",
    "Draft the board memo",
    "Send the deck to Priya",
    "Finish the hiring plan",
    "Explore the offsite idea",
)
TODAY = date(2026, 3, 3)


def facts(*, coach: bool = False) -> Facts:
    return Facts(
        today=TODAY,
        now=datetime(2026, 3, 3, 9, tzinfo=UTC),
        person=Person(id="p1", name="Jo", zone="UTC", home="UTC", coach=coach),
        commitments=tuple(
            Commitment(id=f"c{n}", number=n, engagement="e1", text=text, made=TODAY)
            for n, text in enumerate(PROMISES, 1)
        ),
        engagements=(Engagement(id="e1", coach="p1", coach_name="Jo", client="p2", client_name="Ana Maier"),)
        if coach
        else (),
    )


CLIENT, COACH = facts(), facts(coach=True)

WAITING: dict[str, Waiting | None] = {
    "nothing": None,
    "text": Waiting(kind="text", dialogue="weekly-checkin"),
    "what": Waiting(kind="text", dialogue="commitment", takes_date=True, asked=("what", "confidence")),
    "step": Waiting(kind="text", dialogue="slipped-item", takes_date=True),
    "list": Waiting(kind="commitments", dialogue="after-session"),
    "scale": Waiting(kind="scale", dialogue="weekly-checkin"),
    "yes_no": Waiting(kind="yes_no", dialogue="revision", labels=("Yes", "No")),
    "date": Waiting(kind="date", dialogue="commitment"),
    "number": Waiting(kind="number"),
    "level": Waiting(kind="level"),
    "choices": Waiting(kind="choices", labels=("Order", "Trust")),
    "due": Waiting(
        kind="choice",
        dialogue="due-item",
        labels=("Done", "yes", "finished", "Not yet", "no", "Let it go", "drop it", "Later today", "later"),
    ),
    "choice_with_stop": Waiting(
        kind="choice", dialogue="coming-back", labels=("Restart lightly", "Later", "not now", "Pause", "Stop")
    ),
    "which": Waiting(kind="choice", labels=("Log the hours of the team", "Pause the hiring round", "None of them")),
}


def read(text: str, where: str = "nothing", *, who: Facts = CLIENT) -> Reading:
    return read_text(text, waiting=WAITING[where], facts=who, wording=WORDING)


def senses(reading: Reading) -> dict[str, Any]:
    """What is set besides the text."""
    names = ("trouble", "literal", "control", "verb", "rest", "dates", "commitment", "report")
    return {name: getattr(reading, name) for name in names if getattr(reading, name)}


def said(report: str, number: int = 0) -> dict[str, str]:
    return {"report": report, **({"commitment": f"c{number}"} if number else {})}


def did(verb: str, rest: str = "", **more: str) -> dict[str, str]:
    return {"verb": verb, **({"rest": rest} if rest else {}), **more}


def steer(control: str, **more: str) -> dict[str, str]:
    return {"control": control, **more}


STEER_BOTH = {"control": "help", "verb": "help"}
KEEP = {"control": "private", "verb": "private"}
UNTIL = "until Monday"

# Written together with the rules.
TABLE: list[tuple[str, str, dict[str, Any]]] = [
    # progress, nothing open
    ("done", "nothing", said("done")),
    ("Done!", "nothing", said("done")),
    ("done with the draft", "nothing", said("done", 2)),
    ("I finished the Q2 plan", "nothing", said("done", 1)),
    ("sent the deck to Priya", "nothing", said("done", 3)),
    ("I've sent the deck", "nothing", said("done", 3)),
    ("2 done", "nothing", said("done", 2)),
    ("done 2", "nothing", said("done", 2)),
    ("#3 is done", "nothing", said("done", 3)),
    ("number 4: finished", "nothing", said("done", 4)),
    ("two done", "nothing", said("done", 2)),
    ("mark 5 as done please", "nothing", said("done", 5)),
    ("9 done", "nothing", said("done")),
    ("1 and 3 done", "nothing", said("done")),
    ("the board memo is half done", "nothing", said("partly", 2)),
    ("almost done with the hiring plan", "nothing", said("partly", 4)),
    ("not quite finished with the memo", "nothing", said("partly", 2)),
    ("memo 80%", "nothing", said("partly", 2)),
    ("memo 100% done", "nothing", said("done", 2)),
    ("started the memo but not finished", "nothing", said("partly", 2)),
    ("I began the memo, haven't finished it", "nothing", said("partly", 2)),
    ("half of the memo is written", "nothing", said("partly", 2)),
    ("haven't got to the hiring plan yet", "nothing", said("not_yet", 4)),
    ("not done", "nothing", said("not_yet")),
    ("haven't finished", "nothing", said("not_yet")),
    ("Haven’t finished the memo", "nothing", said("not_yet", 2)),
    ("I have not sent the deck", "nothing", said("not_yet", 3)),
    ("didn't get around to it", "nothing", said("not_yet")),
    ("didn't get the memo done", "nothing", said("not_yet", 2)),
    ("no progress on the offsite idea", "nothing", said("not_yet", 5)),
    ("3 not yet", "nothing", said("not_yet", 3)),
    ("forgot to send the deck", "nothing", said("not_yet", 3)),
    ("dropping the offsite idea", "nothing", said("let_go", 5)),
    ("drop the offsite idea", "nothing", said("let_go", 5)),
    ("giving up on the offsite", "nothing", said("let_go", 5)),
    ("let go of 5", "nothing", said("let_go", 5)),
    ("on track with the hiring plan", "nothing", said("on_track", 4)),
    ("hiring plan not on track", "nothing", said("not_yet", 4)),
    ("still working on the memo", "nothing", said("on_track", 2)),
    ("moved the memo to Friday", "nothing", said("moved", 2)),
    ("push 2 to 15 March", "nothing", said("moved", 2)),
    ("not done, postponed the memo to next week", "nothing", said("moved", 2)),
    ("Finished the plan for hiring. It took ages.", "nothing", said("done", 4)),
    ("The memo is done and the deck is done", "nothing", said("done")),
    ("done with the plan", "nothing", said("done")),
    # no progress
    ("2 slides done", "nothing", said("done")),
    ("I'll finish the draft tomorrow", "nothing", {}),
    ("will send the deck", "nothing", {}),
    ("going to get the memo done", "nothing", {}),
    ("is the draft done?", "nothing", {}),
    ("is the draft done", "nothing", {}),
    ("when is the memo done", "nothing", {}),
    ("memo done?", "nothing", {}),
    ("deck sent to Priya？", "nothing", {}),
    ("I want to have the memo done and the deck sent", "nothing", {}),
    ("memo done, 1 and 3 done", "nothing", said("done")),
    ("memo done, done with 1 and 3", "nothing", said("done")),
    ("memo started, 1 and 3 done", "nothing", {}),
    ("memo started, done with 1", "nothing", {}),
    ("board memo done by Friday", "nothing", {}),
    ("memo done tomorrow", "nothing", {}),
    ("complete the board memo by Friday", "nothing", {}),
    ("get the hiring plan finished by May", "nothing", {}),
    ("once the memo is done I'll rest", "nothing", {}),
    ("memo done, deck not yet", "nothing", {}),
    ("2 done 3 not yet", "nothing", {}),
    ("talked to my brother", "nothing", {}),
    ("hello", "nothing", {}),
    ("7", "nothing", {}),
    ("I need to plan the week", "nothing", {}),
    ("Call Ana tomorrow", "nothing", {}),
    ("שלחתי את הדוח", "nothing", {}),
    # commands, nothing open
    ("log 2 done", "nothing", did("log", "2 done", report="done", commitment="c2")),
    ("log the hiring plan", "nothing", did("log", "the hiring plan", commitment="c4")),
    ("log", "nothing", did("log")),
    ("Log: memo half done", "nothing", did("log", "memo half done", report="partly", commitment="c2")),
    ("log had a good talk with Ana", "nothing", did("log", "had a good talk with Ana")),
    ("commit hand over the plan by Friday", "nothing", did("commit", "hand over the plan by Friday")),
    ("commit: one page", "nothing", did("commit", "one page")),
    ("check-in", "nothing", did("checkin")),
    ("Check in, please", "nothing", did("checkin")),
    ("check in with Ana on Friday", "nothing", {}),
    ("how am I doing?", "nothing", did("progress")),
    ("progress", "nothing", did("progress")),
    ("goals", "nothing", did("goals")),
    ("I'm stuck with the budget", "nothing", did("stuck", "with the budget")),
    ("another angle", "nothing", did("angle")),
    ("please call me", "nothing", did("callme")),
    ("call me tomorrow", "nothing", did("callme", "tomorrow")),
    ("call me Ishmael", "nothing", {}),
    ("pause", "nothing", did("pause")),
    ("pause until I am back", "nothing", did("pause", "until I am back")),
    ("Please pause until Monday", "nothing", did("pause", UNTIL)),
    ("pause next week", "nothing", did("pause", "next week")),
    ("pause the hiring round by Friday", "nothing", {}),
    ("resume", "nothing", did("resume")),
    ("travel Tokyo until Friday", "nothing", did("travel", "Tokyo until Friday")),
    ("I'm travelling to Berlin until 5 May", "nothing", did("travel", "Berlin until 5 May")),
    ("what does my coach see?", "nothing", did("whatmycoachsees")),
    ("undo that", "nothing", did("undo")),
    ("private", "nothing", KEEP),
    ("private I am tired of this job", "nothing", did("private", "I am tired of this job")),
    ("link ABC-123-XYZ", "nothing", did("link", "ABC-123-XYZ")),
    ("link the two decks", "nothing", {}),
    ("export my data", "nothing", did("export")),
    ("delete the old slides", "nothing", {}),
    ("stop", "nothing", did("stop")),
    ("STOP!!", "nothing", did("stop")),
    ("stop messaging me please", "nothing", did("stop")),
    ("stop smoking", "nothing", {}),
    ("help", "nothing", STEER_BOTH),
    ("?", "nothing", STEER_BOTH),
    ("help log", "nothing", did("help", "log")),
    ("start", "nothing", did("start")),
    ("start the search", "nothing", {}),
    ("join K7QX-22", "nothing", did("join", "K7QX-22")),
    ("join the board meeting", "nothing", {}),
    ("start 0b5e9d1f3c7a4e62", "nothing", did("start", "0b5e9d1f3c7a4e62")),
    ("join 0b5e9d1f3c7a4e62", "text", did("join", "0b5e9d1f3c7a4e62")),
    ("start mid-2027", "what", {}),
    ("link OKR-2027", "what", {}),
    ("report to the board", "nothing", {}),
    ("skip", "nothing", steer("skip")),
    ("/log 2 done", "nothing", did("log", "2 done", report="done", commitment="c2")),
    ("/shrug", "nothing", {}),
    # while answering in one's own words
    ("log in to the new system by Friday", "what", {}),
    ("stop smoking at work", "what", {}),
    ("pause the hiring round by Friday", "what", {}),
    ("help Ana with the deck", "what", {}),
    ("note the risks", "what", {}),
    ("close the books by Friday", "what", {}),
    ("report to the board", "what", {}),
    ("start the search", "what", {}),
    ("Travel to Berlin to see the team", "what", {}),
    ("Travel for work less until summer", "what", {}),
    ("travel Berlin until Friday", "what", did("travel", "Berlin until Friday")),
    ("commit to one page a day", "what", {}),
    ("commit: one page a day", "what", {}),
    ("commit to one page a day", "step", {}),
    ("commit: one page a day", "step", did("commit", "one page a day")),
    ("commit to one page a day", "text", did("commit", "one page a day")),
    ("commit less", "text", {}),
    ("check in with each report weekly", "what", {}),
    ("resume talks with the vendor", "what", {}),
    ("goals for the quarter", "what", {}),
    ("change the process by Friday", "what", {}),
    ("change confidence", "what", steer("change", rest="confidence")),
    ("change question 2", "what", steer("change", rest="2")),
    ("correct 1", "what", steer("change", rest="1")),
    ("change", "what", steer("change")),
    ("pause for two seconds before I answer", "what", {}),
    ("pause for two weeks", "what", did("pause", "for two weeks")),
    ("pause until everyone has spoken", "what", {}),
    ("stop", "what", did("stop")),
    ("pause", "list", did("pause")),
    ("progress", "text", did("progress")),
    ("who sees what", "text", did("whosees")),
    ("undo", "list", did("undo")),
    ("help", "text", STEER_BOTH),
    ("later", "text", steer("later")),
    ("go back", "list", steer("back")),
    ("Skip, please.", "text", steer("skip")),
    ("never mind", "text", steer("cancel")),
    ("pass the exam", "text", {}),
    ("previous years were easier", "text", {}),
    ("log 2 done", "text", did("log", "2 done", report="done", commitment="c2")),
    ("log 40 hours of deep work", "text", {}),
    ("log the memo", "text", {}),
    ("private I may leave", "text", did("private", "I may leave")),
    ("7", "text", {}),
    ("I finished the Q2 plan", "text", said("done", 1)),
    # other questions
    ("7", "scale", {}),
    ("skip", "scale", steer("skip")),
    ("next question", "level", steer("skip")),
    ("cancel", "number", steer("cancel")),
    ("no", "yes_no", {}),
    ("not now", "yes_no", {}),
    ("not now", "scale", steer("later")),
    ("later", "yes_no", steer("later")),
    ("pause until Monday", "scale", did("pause", UNTIL)),
    ("commit call Ana", "scale", did("commit", "call Ana")),
    ("Later", "choice_with_stop", {}),
    ("pause", "choice_with_stop", {}),
    ("not now", "choice_with_stop", {}),
    ("later", "due", {}),
    ("stop", "due", did("stop")),
    ("skip", "due", steer("skip")),
    ("done", "due", said("done")),
    ("pause the hiring round", "which", {}),
    ("log the hours", "which", {}),
    ("change the date", "date", steer("change", rest="the date")),
    ("later today", "date", {}),
    ("next Friday", "date", {}),
    # literally
    ('"skip"', "scale", {"literal": True}),
    ("«done»", "nothing", {"literal": True}),
    ("„stop“", "text", {"literal": True}),
    ("say: pause until Monday", "text", {"literal": True}),
    ("'back'", "text", {"literal": True}),
    ('"yes" and "no"', "text", {}),
    ("say yes to less", "text", {}),
]

# Written before there was any rule; 38 of these 40 were right when the rules first ran.
HOLD_OUT: list[tuple[str, str, dict[str, Any]]] = [
    ("memo's done", "nothing", said("done", 2)),
    ("Finally wrapped up the board memo last night!", "nothing", said("done", 2)),
    ("the deck went out to Priya this morning", "nothing", said("done", 3)),
    ("3 is finished", "nothing", said("done", 3)),
    ("I didn't manage the hiring plan this week", "nothing", said("not_yet", 4)),
    ("hiring plan about 70% there", "nothing", said("partly", 4)),
    ("Q2 plan still isn't finished", "nothing", said("not_yet", 1)),
    ("let's drop the offsite", "nothing", said("let_go", 5)),
    ("made a start on the memo", "nothing", said("partly", 2)),
    ("all good with the hiring plan, it's on track", "nothing", said("on_track", 4)),
    ("has anyone sent the deck yet?", "nothing", {}),
    ("I'm going to send the deck to Priya on Monday", "nothing", {}),
    ("will have the memo finished by Thursday", "nothing", {}),
    ("good morning", "nothing", {}),
    ("thanks, that helped a lot", "nothing", {}),
    ("Call me please", "nothing", did("callme")),
    ("who sees what?", "nothing", did("whosees")),
    ("pause for two weeks", "nothing", did("pause", "for two weeks")),
    (
        "Commit to calling the three suppliers by Thursday",
        "nothing",
        did("commit", "calling the three suppliers by Thursday"),
    ),
    ("can you stop writing to me", "nothing", did("stop")),
    ("help Tom prepare his interview on Tuesday", "nothing", {}),
    ("stop checking email after eight", "nothing", {}),
    ("delete", "nothing", did("delete")),
    ("“stop”", "nothing", {"literal": True}),
    ("Close two open roles before June", "text", {}),
    ("link the roadmap to the budget", "text", {}),
    ("Pause before I answer in meetings", "text", {}),
    ("skip the Monday meeting", "text", {}),
    ("back to basics", "text", {}),
    ("Private!", "text", KEEP),
    ("log board memo: finished", "text", did("log", "board memo: finished", report="done", commitment="c2")),
    ("pause till Monday", "text", did("pause", "till Monday")),
    ("change 3", "text", steer("change", rest="3")),
    ("export the numbers to finance", "text", {}),
    ("Skip this one.", "scale", steer("skip")),
    ("not now", "yes_no", {}),
    ("ask me later", "date", steer("later")),
    ("Stop", "choice_with_stop", {}),
    ("log 2 half done", "scale", did("log", "2 half done", report="partly", commitment="c2")),
    ("change the date", "scale", steer("change", rest="the date")),
]

# Written when the rules stood; 55 of these 60 were right at once, the others led to more words in the catalogue.
AFTERWARDS: list[tuple[str, str, dict[str, Any]]] = [
    ("Knocked out the hiring plan today", "nothing", said("done", 4)),
    ("board memo: complete", "nothing", said("done", 2)),
    ("Priya has the deck now", "nothing", {}),
    ("emailed Priya the deck", "nothing", said("done", 3)),
    ("yes finished 4", "nothing", said("done", 4)),
    ("memo finished yesterday, feels good", "nothing", said("done", 2)),
    ("I got the board memo done!!", "nothing", said("done", 2)),
    ("Q2 plan handed over", "nothing", said("done", 1)),
    ("just gave finance the Q2 plan", "nothing", said("done", 1)),
    ("the hiring plan will not happen this month", "nothing", {}),
    ("couldn't get to the memo", "nothing", said("not_yet", 2)),
    ("no, not the memo yet", "nothing", said("not_yet", 2)),
    ("haven't even started the hiring plan", "nothing", said("not_yet", 4)),
    ("offsite idea: not relevant anymore", "nothing", said("let_go", 5)),
    ("postpone 3 until next week", "nothing", said("moved", 3)),
    ("need more time for the hiring plan", "nothing", said("moved", 4)),
    ("the first half of the memo is done", "nothing", said("partly", 2)),
    ("mostly finished with the Q2 plan", "nothing", said("partly", 1)),
    ("I'm about halfway through the memo", "nothing", said("partly", 2)),
    ("things are going well with the hiring plan", "nothing", said("on_track", 4)),
    ("when will the deck be sent", "nothing", {}),
    ("please remind me to send the deck", "nothing", {}),
    ("would like to finish the memo this week", "nothing", {}),
    ("if the deck is sent I'm happy", "nothing", {}),
    ("the memo must be done on Friday", "nothing", {}),
    ("Book a room for the workshop tomorrow", "nothing", {}),
    ("finish the memo by Thursday", "nothing", {}),
    ("I had a great week", "nothing", {}),
    ("thank you", "nothing", {}),
    ("ok", "nothing", {}),
    ("show my commitments", "nothing", did("progress")),
    ("Export everything please", "nothing", did("export")),
    ("I'd like to pause until 3 April", "nothing", did("pause", "until 3 April")),
    ("pause for a week", "nothing", did("pause", "for a week")),
    ("travel off", "nothing", did("travel", "off")),
    ("unsubscribe", "nothing", did("stop")),
    ("What can you do?", "nothing", STEER_BOTH),
    ("take that back", "nothing", did("undo")),
    ("log 4 dropped", "nothing", did("log", "4 dropped", report="let_go", commitment="c4")),
    (
        "log finished the memo, took three evenings",
        "nothing",
        did("log", "finished the memo, took three evenings", report="done", commitment="c2"),
    ),
    ("Stop saying yes to every meeting", "text", {}),
    ("resume", "text", did("resume")),
    ("next steps with Ana", "text", {}),
    ("cancel the Friday review", "text", {}),
    ("later in the week", "text", {}),
    ("help", "list", STEER_BOTH),
    ("call me Sam", "text", {}),
    ("Settle the budget; private lessons", "list", {}),
    ("undo the reorganisation", "text", {}),
    ("travel less", "text", {}),
    ("begin each day with the hardest task", "text", {}),
    ("delegate: the hiring plan to Tom", "text", {}),
    ("log off by six every day", "text", {}),
    ("log done with 2", "text", did("log", "done with 2", report="done", commitment="c2")),
    ("change 2 to Friday", "scale", steer("change", rest="2 to Friday")),
    ("about a 7", "scale", {}),
    ("cancel please", "yes_no", steer("cancel")),
    ("PASS", "choices", steer("skip")),
    ("friday", "date", {}),
    ("skip.", "date", steer("skip")),
]

EVERY = TABLE + HOLD_OUT + AFTERWARDS


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
        found = read_text(turned(text), waiting=waiting, facts=replace(CLIENT, commitments=tuple(own)), wording=wording)
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
        ("invite Tom", "text", {}),
        ("invite Tom", "nothing", did("invite", "Tom")),
        ("away from Monday to Friday", "text", did("away", "from Monday to Friday")),
        ("away from my desk more", "text", {}),
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
    assert senses(read_text(verb, waiting=waiting, facts=COACH, wording=WORDING)) == {}


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
    found = read_call(verb, rest, waiting=WAITING[where], facts=CLIENT, wording=WORDING)
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
        ("pause until Monday", "what", ("until Monday",)),
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
    assert wants_dates(read(text, where), WAITING[where]) == wanted


@given(st.text(alphabet="ab -*•1).;\n", max_size=60))
def test_the_entries_of_a_list_are_those_the_engine_will_find(text: str) -> None:
    reading = Reading(text=text)
    lines = lines_of(text)
    assert wants_dates(reading, WAITING["list"]) == (tuple(lines) if len(lines) <= 7 else ())


# -- laws ------------------------------------------------------------------------------------------------------------

PIECES = sorted({word for text, _, _ in EVERY for word in text.split()})
HOSTILE = st.one_of(
    st.text(alphabet=st.characters(), max_size=300),
    st.text(alphabet="\u200f\u202e\u2066\ud83d\udc4d\0\ufeff\n ,.:;?%#'\"“”/-@²½٣é\u0301", max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.tuples(st.sampled_from(["done, not ", "log ", "commit ", "a" * 50, "'", ": ", "5% "]), st.integers(1, 3000)).map(
        lambda pair: pair[0] * pair[1]
    ),
)
MISLEADING = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@settings(max_examples=300, deadline=None)
@given(text=HOSTILE, where=st.sampled_from(sorted(WAITING)), coach=st.booleans())
def test_any_text_is_read_soon_and_comes_out_clean(text: str, where: str, coach: bool) -> None:
    who = COACH if coach else CLIENT
    reading = read(text, where, who=who)
    call = read_call(text[:20], text[20:], waiting=WAITING[where], facts=who, wording=WORDING)
    for found in (reading, call):
        assert not MISLEADING.search(found.text + found.rest + found.verb)
        assert len(found.text) <= 2_000
    assert fastest(text, where, who) < 0.02


def fastest(text: str, where: str = "nothing", who: Facts = CLIENT) -> float:
    """Seconds of processor time that reading a text takes, the best of three: other programs run here too."""
    taken = []
    for _ in range(3):
        began = thread_time()
        read(text, where, who=who)
        taken.append(thread_time() - began)
    return min(taken)


@pytest.mark.parametrize("text", ["memo done, deck not yet, " * 12, "memories done, " * 20, "log plan 59 deck " * 100])
def test_a_long_text_over_many_commitments_is_read_soon(text: str) -> None:
    words = " ".join(f"memor{n}abc" for n in range(40))
    many = tuple(replace(CLIENT.commitments[0], id=f"x{n}", number=n, text=words) for n in range(60))
    assert fastest(text, who=replace(CLIENT, commitments=many)) < 0.02


@pytest.mark.parametrize("size", [2_001, 100_000, 10_000_000])
def test_a_huge_text_costs_nothing(size: int) -> None:
    text = "\u200f\ud83d" * (size // 2) + "x"
    assert read(text).trouble in (Trouble.TOO_LONG, Trouble.UNSTORABLE)
    assert fastest(text) < 0.001


@given(
    inside=st.one_of(st.sampled_from([text for text, _, _ in EVERY]), st.text(max_size=40)),
    quotes=st.sampled_from(['""', "“”", "„“", "«»", "‘’", "''", "””", "»«"]),
    where=st.sampled_from(sorted(WAITING)),
)
def test_a_quoted_text_is_never_more_than_itself(inside: str, quotes: str, where: str) -> None:
    inside = clean("".join(c for c in inside if c not in "\"“”„‟«»「」『』'‘’‚‛‹›"))
    if isinstance(inside, Trouble):
        return
    for text in (f"{quotes[0]}{inside}{quotes[1]}", f"say: {inside}", f"Say : {inside}"):
        assert read(text, where) == Reading(text=inside, literal=True)


CONTROLS = [(text, control) for control, texts in WORDING.words["controls"].items() for text in texts]


@pytest.mark.parametrize(("text", "control"), CONTROLS)
def test_a_control_word_steers_at_every_question_unless_it_is_an_answer(text: str, control: str) -> None:
    for where, waiting in WAITING.items():
        answers = {key(label) for label in waiting.labels} if waiting else set()
        if where == "yes_no":
            answers |= {*WORDING.words["yes"], *WORDING.words["no"]}
        for said_so in (text, f" {text.upper()}. ", f"\u200f{text}!\u200e"):
            assert read(said_so, where).control == ("" if key(text) in answers else control), where


@given(st.text(max_size=40), st.sampled_from(["choice", "scale", "text", "yes_no"]))
def test_a_label_is_always_its_own_answer(label: str, kind: str) -> None:
    reading = read_text(label, waiting=Waiting(kind=kind, labels=(label,)), facts=CLIENT, wording=WORDING)
    assert not reading.control
    assert not reading.verb
