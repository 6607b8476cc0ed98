"""Who somebody is to the bot."""

from bot.model.facts import Facts


def is_client(facts: Facts) -> bool:
    """The person is the client of some engagement, running or not."""
    return any(engagement.client == facts.person.id for engagement in facts.engagements)
