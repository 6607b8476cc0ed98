"""`undo`: what was told last is taken back, for a while."""

from datetime import datetime, timedelta

from bot.coaching.visibility.lines import own_coach
from bot.messages import Reading
from bot.model.facts import Audience, Facts
from bot.model.phrases import phrase
from bot.model.records import TakenBack
from bot.model.replies import Reply

UNDO_WITHIN = timedelta(days=2)  # so long what was told last can be taken back


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
