"""A client, a coach and the questions that may be open, for the tests of what a text means."""

from datetime import UTC, date, datetime
from typing import Any

from bot.features import SPOKEN
from bot.messages.readings import Reading
from bot.model.commitments.values import Commitment
from bot.model.facts import Facts, Person
from bot.model.people.engagements import Engagement
from bot.rendering.wording import load_wording
from bot.understanding.reading import Waiting, read_text

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
    return read_text(text, waiting=WAITING[where], facts=who, wording=WORDING, spoken=SPOKEN)


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
