"""Codes for other chats, and the word of whoever holds one: `link`, `reconnect`, `notme`, `itsme`. Pure."""

from datetime import datetime

from bot.coaching.chats.rules import named, seems_lost
from bot.coaching.practice.code_lifetimes import LIVES
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.visibility.table import is_active
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import Late, phrase
from bot.model.records import ChatPreferred, ChatRefused, CodeAsked
from bot.model.replies import Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client, alone, code, one_word


def reconnect(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """A code with which a client who lost their chat binds a new one; none while the old one can be written to."""
    engagement, client = view.engagement, view.name
    if not is_active(engagement):
        return Reply(says=(phrase("not_running", client=client),))
    if not seems_lost(view):
        return Reply(says=(phrase("reconnect_not_lost", client=client),))
    asked = CodeAsked(role="reconnect", person=engagement.client, expires=now + LIVES["reconnect"])
    said = phrase("reconnect_code", name=client, code=Late("code"), until=asked.expires.date())
    return Reply(says=(said,), records=(asked,))


def link(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A code that binds another chat to the same person; `link here` lets prompts arrive in this chat."""
    if reading.rest.strip():
        return Reply(says=(phrase("link_here"),), records=(ChatPreferred(),))
    coded = CodeAsked(role="link", person="", expires=now + LIVES["link"])
    return Reply(says=(phrase("link_code", code=Late("code")),), records=(coded,))


def not_me(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Somebody else's chat is let go: the one that is named, else those that wait to become this person's."""
    others = [chat for chat in facts.places if not chat.here]
    chosen = named(reading.rest.strip(), others)
    gone = [chosen] if chosen is not None else [chat for chat in others if not chat.own]
    if not gone:
        return Reply(says=(phrase("chat_not_there"),))
    return Reply(says=(phrase("chat_let_go"),), records=tuple(ChatRefused(place=chat.id) for chat in gone))


def it_is_me(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Said in a chat that is somebody's own already."""
    return Reply(says=(phrase("chat_is_yours"),))


COMMANDS: tuple[Command, ...] = (
    Command(verb="link", who=Who.EITHER, run=link, shape=code, in_free_text=code),
    Command(verb="reconnect", who=Who.COACH, about=reconnect, in_free_text=a_client),
    Command(verb="notme", who=Who.EITHER, run=not_me, shape=one_word, in_free_text=one_word, shown=Shown.NEVER),
    Command(verb="itsme", who=Who.EITHER, run=it_is_me, shape=alone, in_free_text=alone, shown=Shown.NEVER),
)
