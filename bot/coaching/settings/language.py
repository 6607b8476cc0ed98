"""The language that somebody reads: what their platform names when they arrive, or what they choose by a word."""

from datetime import datetime

from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.records import PreferencesChanged
from bot.model.replies import Notification, Reply


def language(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Choose a language by any of its names; the answer is given in it, and without a name the choices are listed."""
    said = reading.rest.strip().casefold()
    chosen = next((code for code, names in facts.languages.items() if said in names), None)
    if chosen is None:
        own = sorted(names[0].capitalize() for names in facts.languages.values() if names)
        return Reply(says=(phrase("language_how", names=", ".join(own)),))
    told = Notification(person=facts.person.id, phrase=phrase("language_set"))
    return Reply(records=(PreferencesChanged(language=chosen),), tells=(told,))
