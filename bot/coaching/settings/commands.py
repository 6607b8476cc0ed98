"""What everybody may choose anew at any time: `settings`, `language`."""

from datetime import datetime

from bot.coaching.shared.cards import Command
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.records import PreferencesChanged
from bot.model.replies import Notification, Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import few, one_word


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


COMMANDS: tuple[Command, ...] = (
    Command(verb="settings", who=Who.CLIENT, run=settings, shape=few),
    Command(verb="settings", who=Who.COACH, run=settings_of_coach, shape=few),
    Command(verb="language", who=Who.EITHER, run=language, shape=one_word),
)
