"""What a coach hears of a client of before."""

from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.replies import Notification


def word_wanted(engagement: Engagement) -> Notification:
    """The coach hears that a client of before would like a word, and can pick things up."""
    again = (f"/reopen {engagement.client_name}", phrase("button_reopen"))
    return Notification(
        person=engagement.coach, phrase=phrase("word_wanted", client=engagement.client_name), buttons=(again,)
    )
