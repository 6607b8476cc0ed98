"""What everybody may choose anew at any time: `settings` and `language`."""

from datetime import datetime

from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.records import PreferencesChanged
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
