"""The command with which a coach picks an engagement up again."""

from datetime import datetime

from bot.coaching.follow_up.rules import WORD_WANTED_HOLDS
from bot.coaching.shared.cards import Command
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.records_ending import Reopened, Reopening
from bot.model.replies import Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client


def reopen(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """The engagement goes on: at once where the client has asked for a word, else after their yes."""
    engagement = view.engagement
    if engagement.state != "closed":
        return Reply(says=(phrase("reopen_running", client=engagement.client_name),))
    if view.call_wanted is not None and facts.today - view.call_wanted <= WORD_WANTED_HOLDS:
        said = phrase("reopened_now", client=engagement.client_name)
        return Reply(says=(said,), records=(Reopened(engagement=engagement.id, by="coach"),))
    said = phrase("reopen_asked", client=engagement.client_name)
    return Reply(says=(said,), records=(Reopening(engagement=engagement.id),))


COMMANDS: tuple[Command, ...] = (Command(verb="reopen", who=Who.COACH, about=reopen, in_free_text=a_client),)
