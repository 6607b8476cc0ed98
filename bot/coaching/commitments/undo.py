"""`undo`: what was changed last is taken back, and it is said what holds again; a second one goes one further."""

from datetime import datetime, timedelta

from bot.coaching.commitments.undo_lines import again, what
from bot.coaching.visibility.lines import own_coach
from bot.coaching.visibility.table import own_engagement
from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.records import TakenBack
from bot.model.replies import Notification, Reply
from bot.model.undoable import Undoable

UNDO = "undo"
UNDO_WITHIN = timedelta(hours=24)  # so long what was changed can be taken back
UNDO_STEPS = 10  # so many changes
UNDER_WAY = "under_way"
_SHOW = "show"  # the word that confirms, behind it which entry is meant


def undo(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The last change is taken back, whatever way it came; where it has a way back of its own, that is said instead."""
    word, _, number = reading.rest.partition(" ")
    if word and reading.means(word) != _SHOW:
        return Reply(says=(phrase("undo_how"),))
    found = facts.undoable
    if found is None:
        return Reply(says=(phrase("undo_nothing"),))
    if found.refused:
        return Reply(says=(_refused(found, facts),))
    if word and not _confirms(found, number.strip()):
        return Reply(says=(phrase("undo_show_over"),))
    if found.reveals and not word and _reader(facts):
        return _asks(found, facts)
    return _taken_back(found, facts)


def _refused(found: Undoable, facts: Facts) -> Phrase:
    if found.refused == UNDER_WAY:
        script = facts.scripts.get(found.deed)
        return phrase("undo_under_way", title=script.title if script else phrase("last_answer"))
    return phrase(f"undo_not_{found.refused}", coach=own_coach(facts))


def _confirms(found: Undoable, number: str) -> bool:
    """Whether a yes was given to this very entry; typed without its number, to the newest one."""
    return found.reveals and number in ("", str(found.number))


def _reader(facts: Facts) -> bool:
    own = own_engagement(facts)
    return own is not None and own.visible != "none"


def _asks(found: Undoable, facts: Facts) -> Reply:
    """What was made private is shown again only on a word of its own."""
    said = phrase("undo_private_asks", what=found.label or phrase("last_answer"), coach=own_coach(facts))
    return Reply(says=(said,), buttons=((f"/{UNDO} {_SHOW} {found.number}", phrase("button_show_again")),))


def _taken_back(found: Undoable, facts: Facts) -> Reply:
    says = [phrase("in_lines", lines=[*what(found, facts), *again(found, facts)])]
    if found.seen and not found.private and not found.reveals:
        says.append(phrase("undone_seen", coach=own_coach(facts)))
    tells = tuple(_told_again(found, facts))
    if tells:
        says.append(phrase("undone_told_again", coach=own_coach(facts)))
    return Reply(says=tuple(says), records=(TakenBack(run=found.run),), tells=tells)


def _told_again(found: Undoable, facts: Facts) -> list[Notification]:
    """Whoever heard of it hears that it was taken back, and nothing else."""
    own = own_engagement(facts)
    name = own.client_name if own is not None else facts.person.name
    key = "told_call_taken_back" if "call_wanted" in found.fields else "told_taken_back"
    return [Notification(person=person, phrase=phrase(key, client=name, day=found.day)) for person in found.told]
