"""What a client says of commitments at any time; `log` has a file of its own."""

from datetime import datetime

from bot.coaching.commitments.log import log
from bot.coaching.commitments.progress import progress_lines
from bot.coaching.commitments.undo import UNDO, undo
from bot.coaching.habits.commands import taken_as_habit
from bot.coaching.pictures.pictures import own_pictures
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.lines import after_closing
from bot.coaching.shared.validators import LINE, not_past
from bot.messages import DateKind, DateReading, Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given, Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import Content, Dates, a_commitment, a_report, alone, few, one_word


def commit(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A new commitment; what the words say already is not asked again."""
    if facts.engagement is None:
        return Reply(says=(after_closing(facts) or phrase("not_started"),))
    return promise_of(reading.rest, reading, facts)


def promise_of(text: str, reading: Reading, facts: Facts) -> Reply:
    """Open `commitment` with the text and the day that it names; a day that cannot be is asked for again.

    What comes again and again is a habit.
    """
    if reading.habit is not None:
        return taken_as_habit(reading.habit, text)
    found = next((d for d in reading.dates if d.kind is DateKind.FUTURE and d.day is not None), None)
    what = _plain_promise(text, reading, found)
    if len(what) > LINE:
        return Reply(says=(phrase("wrong_too_long", limit=LINE),))
    known: dict[str, object] = {"what": (what, what)} if what else {}
    says: tuple[Phrase, ...] = ()
    if found is not None and found.day is not None:
        wrong = not_past(found.day.isoformat(), Given(facts=facts))
        says = (wrong,) if wrong is not None else ()
        known |= {"due": (found.day.isoformat(), found.day)} if wrong is None else {}
    return Reply(says=says, opens=Opening(dialogue="commitment", known=known))


def _plain_promise(text: str, reading: Reading, found: DateReading | None) -> str:
    """A promise as it is noted: without "I'll", and without the day's words where they begin or end it.

    A whole sentence with a verb of its own keeps the day that it begins with, since it would not read well without.
    """
    words = text.strip(" \t\n.,;!")
    whole = reading.promises and not reading.opener
    if found is not None and found.phrase:
        if words.endswith(found.phrase):
            words = words.removesuffix(found.phrase)
        elif words.startswith(found.phrase) and not whole:
            words = words.removeprefix(found.phrase)
    words = words.strip(" \t\n.,;:-").removeprefix(reading.opener).strip(" \t\n.,;:-")
    return words[:1].upper() + words[1:]


def checkin(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The week's check-in, now."""
    if facts.engagement is None:
        return Reply(says=(after_closing(facts) or phrase("not_started"),))
    return Reply(opens=Opening(dialogue="weekly-checkin"))


def progress(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client's own picture in words."""
    buttons = (("/pictures", phrase("button_pictures")),) if own_pictures(facts) else ()
    return Reply(says=(phrase("in_lines", lines=list(progress_lines(facts))),), buttons=buttons)


COMMANDS: tuple[Command, ...] = (
    Command(
        verb="log",
        who=Who.CLIENT,
        run=log,
        in_free_text=a_report,
        dates=Dates.REST,
        content=Content.REPORT,
        needs=frozenset({Need.HISTORY}),
        shown=Shown.FIRST,
    ),
    Command(
        verb="commit",
        who=Who.CLIENT,
        run=commit,
        in_free_text=a_commitment,
        dates=Dates.REST,
        content=Content.COMMITMENT,
        shown=Shown.FIRST,
    ),
    Command(
        verb="progress",
        who=Who.CLIENT,
        run=progress,
        shape=few,
        needs=frozenset({Need.HISTORY}),
        shown=Shown.FIRST,
    ),
    Command(verb="checkin", who=Who.CLIENT, run=checkin, shape=alone),
    Command(verb=UNDO, who=Who.CLIENT, run=undo, shape=one_word, needs=frozenset({Need.UNDOABLE})),
)
