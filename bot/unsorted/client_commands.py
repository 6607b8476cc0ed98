"""What a client can say at any time: pure functions from a reading and the facts to a reply."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.closing.rules import is_over
from bot.coaching.commitments.log import log
from bot.coaching.commitments.progress import progress_lines
from bot.coaching.digest.client_lines import client_lines
from bot.coaching.pictures.pictures import own_pictures
from bot.coaching.practice.call import callme
from bot.coaching.rhythm.commands import pause, resume, settings, stop, travel
from bot.coaching.settings.language import language
from bot.coaching.shared.roles import Command, for_client
from bot.coaching.shared.validators import LINE, not_past
from bot.coaching.visibility.lines import own_coach
from bot.coaching.visibility.table import cover_of, own_engagement, own_view
from bot.messages import DateKind, DateReading, Reading
from bot.model.facts import Audience, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.records import TakenBack
from bot.model.replies import Given, Opening, Reply

# -- promises --------------------------------------------------------------------------------------------------------


def commit(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A new commitment; what the words say already is not asked again."""
    if facts.engagement is None:
        return Reply(says=(is_over(facts) or phrase("not_started"),))
    return promise_of(reading.rest, reading, facts)


def promise_of(text: str, reading: Reading, facts: Facts) -> Reply:
    """Open `commitment` with the text and the day that it names; a day that cannot be is asked for again."""
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
        return Reply(says=(is_over(facts) or phrase("not_started"),))
    return Reply(opens=Opening(dialogue="weekly-checkin"))


def progress(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client's own picture in words."""
    buttons = (("/pictures", phrase("button_pictures")),) if own_pictures(facts) else ()
    return Reply(says=(phrase("in_lines", lines=list(progress_lines(facts))),), buttons=buttons)


# -- who sees what ---------------------------------------------------------------------------------------------------


def undo(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The last thing told is taken back; what the coach may have seen cannot be unseen, and that is said."""
    last = facts.last
    if last is None:
        return Reply(says=(phrase("undo_nothing"),))
    if facts.is_setting(last.dialogue):
        return Reply(says=(phrase("set_and_not_told"),))
    says = [phrase("undone", answer=last.label or phrase("last_answer"), day=last.day)]
    if last.seen and last.audience is not Audience.PRIVATE:
        says.append(phrase("undone_seen", coach=own_coach(facts)))
    return Reply(says=tuple(says), records=(TakenBack(run=last.run),))


def whatmycoachsees(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The very lines that the coach can look up."""
    engagement = own_engagement(facts)
    if engagement is None:
        return Reply(says=(phrase("no_role"),))
    view = own_view(facts, engagement)
    cover = cover_of(engagement, facts.today)
    names = {"coach": engagement.coach_name}
    says = (phrase("coach_sees_this", **names), phrase("in_lines", lines=list(client_lines(view, facts.today))))
    too = () if cover is None else (phrase("cover_sees_this", **names, cover=cover.name, day=cover.last),)
    return Reply(says=(*says, *too))


# -- all of them -----------------------------------------------------------------------------------------------------

_COMMANDS: Mapping[str, Command] = {
    "log": log,
    "commit": commit,
    "checkin": checkin,
    "progress": progress,
    "callme": callme,
    "pause": pause,
    "resume": resume,
    "travel": travel,
    "whatmycoachsees": whatmycoachsees,
    "undo": undo,
    "start": resume,
    "stop": stop,
}

# Each looks at who asks before it does anything, so that both roles' commands may lie in one mapping.
CLIENT_COMMANDS: Mapping[str, Command] = {
    **{verb: for_client(command) for verb, command in _COMMANDS.items()},
    "settings": settings,
    "language": language,
}
