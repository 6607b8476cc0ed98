"""What everybody may choose anew at any time: `settings`, `language`, and with `link` where they are reached."""

from datetime import datetime

from bot.coaching.practice.rules import LIVES
from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import Late, phrase
from bot.model.records import ChatPreferred, CodeAsked, PreferencesChanged
from bot.model.replies import Notification, Opening, Reply


def settings(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everything that a client chose can be chosen anew."""
    return Reply(opens=Opening(dialogue="settings"))


def settings_of_coach(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """What a coach chose for their practice; who is both says `settings coach`."""
    return Reply(opens=Opening(dialogue="coach-settings"))


def language(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Choose a language by any of its names; the answer is given in it, and without a name the choices are listed."""
    said = reading.rest.strip().casefold()
    chosen = next((code for code, names in facts.languages.items() if said in names), None)
    if chosen is None:
        own = sorted(names[0].capitalize() for names in facts.languages.values() if names)
        return Reply(says=(phrase("language_how", names=", ".join(own)),))
    told = Notification(person=facts.person.id, phrase=phrase("language_set"))
    return Reply(records=(PreferencesChanged(language=chosen),), tells=(told,))


def link(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A code that binds another chat to the same person; `link here` lets prompts arrive in this chat."""
    if reading.rest.strip():
        return Reply(says=(phrase("link_here"),), records=(ChatPreferred(),))
    coded = CodeAsked(role="link", person="", expires=now + LIVES["link"])
    return Reply(says=(phrase("link_code", code=Late("code")),), records=(coded,))
