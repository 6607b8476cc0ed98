"""What a client reads of a commitment that their coach proposes, and the three ways to answer."""

from bot.model.phrases import Phrase, phrase
from bot.model.plan import Note
from bot.model.replies import Notification

TAKE, CHANGE, LEAVE = "take", "change", "leave"
ANSWERS = (TAKE, CHANGE, LEAVE)


def worded(proposed: Note) -> Phrase:
    """What is proposed, with its day if it has one."""
    key = "proposal_by" if proposed.due else "proposal_undated"
    return phrase(key, what=proposed.text, day=proposed.due)


def told_proposal(proposed: Note, coach: str) -> Notification:
    """A proposal in the coach's name; `person` is filled in by whoever sends it."""
    buttons = tuple((f"/proposal {proposed.id} {answer}", phrase(f"button_{answer}_proposal")) for answer in ANSWERS)
    said = phrase("told_proposal", coach=coach, proposal=worded(proposed))
    return Notification(person="", phrase=said, buttons=buttons)
