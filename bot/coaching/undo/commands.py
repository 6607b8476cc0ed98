"""`undo`: what was changed last is taken back, and it is said what holds again; a second one goes one further."""

from datetime import datetime, timedelta

from bot.coaching.shared.cards import Command
from bot.coaching.undo.coachs import taken_back_by_coach
from bot.coaching.undo.lines import PLANS_ANEW, again, what
from bot.coaching.visibility.lines import own_coach
from bot.coaching.visibility.table import cover_of, own_engagement
from bot.engine.state import short
from bot.messages.readings import Reading
from bot.model.facts import Facts, Undoable
from bot.model.needs import Need
from bot.model.phrases import Late, Phrase, phrase
from bot.model.records import TakenBack
from bot.model.replies import Notification, Reply
from bot.model.roles import Who
from bot.understanding.commands import one_word

UNDO = "undo"
UNDO_WITHIN = timedelta(hours=24)  # so long what was changed can be taken back
UNDO_STEPS = 10  # so many changes
UNDER_WAY, CHANGED = "under_way", "changed"
_SHOW = "show"  # the word that confirms, behind it perhaps which entry is meant


def undo(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The last change is taken back, whatever way it came; where it has a way back of its own, that is said instead."""
    found, word = facts.undoable, reading.rest.strip()
    if found is None:
        return Reply(says=(phrase("undo_nothing"),))
    shows, this = _wanted(reading, word)
    if this and this != short(found.run):
        return Reply(says=(phrase("undo_not_the_last"),))
    if word and not (shows or this):
        return Reply(says=(phrase("undo_how"),))
    if found.refused:
        return Reply(says=(_refused(found, facts),))
    by_coach = taken_back_by_coach(found, found.coachs, facts, now) if found.coachs else None
    if by_coach is not None:
        return by_coach
    if found.reveals and not shows and _is_shown(facts):
        return _asks(found, facts)
    return _taken_back(found, facts)


def _wanted(reading: Reading, words: str) -> tuple[bool, str]:
    """Whether it was said that something may be shown again, and which entry a button was for."""
    first, _, rest = words.partition(" ")
    shows = reading.means(first) == _SHOW
    this = rest.strip() if shows else first
    return shows, this if len(this) == len(short("")) else ""


def _refused(found: Undoable, facts: Facts) -> Phrase:
    if found.refused == UNDER_WAY:
        script = facts.scripts.get(found.deed)
        return phrase("undo_under_way", title=script.title if script else phrase("last_answer"))
    if found.coachs is None or found.refused == CHANGED:
        return phrase(f"undo_not_{found.refused}", coach=own_coach(facts))
    return phrase(f"undo_coachs_{found.refused}")


def _is_shown(facts: Facts) -> bool:
    own = own_engagement(facts)
    return own is not None and own.visible != "none"


def _asks(found: Undoable, facts: Facts) -> Reply:
    """What was made private is shown again only on a word of its own."""
    said = phrase("undo_private_asks", what=found.label or phrase("last_answer"), coach=own_coach(facts))
    return Reply(says=(said,), buttons=((f"/{UNDO} {_SHOW} {short(found.run)}", phrase("button_show_again")),))


def _taken_back(found: Undoable, facts: Facts) -> Reply:
    says = [phrase("in_lines", lines=[*what(found, facts), *again(found)])]
    if found.fields & PLANS_ANEW:
        says.append(phrase("next_prompt", at=Late("next_prompt")))
    if found.seen and not (found.private or found.reveals or found.fields):
        says.append(phrase("undone_seen", coach=own_coach(facts)))
    tells = tuple(_told_again(found, facts)) if found.told else ()
    if tells:
        says.append(phrase("undone_told_again", coach=own_coach(facts)))
    taken = (TakenBack(run=found.run, private=found.private),)
    return Reply(says=tuple(says), records=taken, tells=tells, withdraws=found.run, own=found.private)


def _told_again(found: Undoable, facts: Facts) -> list[Notification]:
    """Whoever heard of it hears that it was taken back, and nothing else."""
    own = facts.own_coaching
    if own is None:
        return []
    cover = cover_of(own, facts.today)
    key = "told_call_taken_back" if "call_wanted" in found.fields else "told_taken_back"
    said = phrase(key, client=own.client_name, day=found.day)
    readers = (own.coach, cover.coach) if cover is not None else (own.coach,)
    return [Notification(person=reader, phrase=said) for reader in readers]


COMMANDS: tuple[Command, ...] = (
    Command(verb=UNDO, who=Who.EITHER, run=undo, shape=one_word, needs=frozenset({Need.UNDOABLE, Need.PRACTICE})),
)
