"""What comes after each dialogue of closing."""

from bot.coaching.closing.rules import NEXT_CHAPTER_OFFERED
from bot.coaching.programme.rules import wants
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given, Notification, Opening, Reply


def looked_back(given: Given) -> Reply | None:
    """Celebrating belongs to looking back."""
    if not wants(given.plan_here.programme, "celebrate"):
        return None
    return Reply(opens=Opening(dialogue="celebrate", engagement=given.engagement))


def celebrated(given: Given) -> Reply | None:
    """Where the end is near, the next chapter is offered at once."""
    plan = given.plan_here
    if plan.ends is None or plan.closed or (plan.ends - given.facts.today).days > NEXT_CHAPTER_OFFERED:
        return None
    button = (_button("next"), phrase("button_next"))
    return Reply(says=(phrase("chapter_offered", day=plan.ends),), buttons=(button,))


def looked_ahead(given: Given) -> Reply | None:
    """The data belongs to the next chapter."""
    return Reply(opens=Opening(dialogue="your-data", engagement=given.engagement))


def said_what_becomes_of_data(given: Given) -> Reply | None:
    """Whatever else closing has is offered, and left at that."""
    return Reply(says=(phrase("closing_offers"),), buttons=tuple(offers(given)))


def offers(given: Given) -> list[tuple[str, Phrase]]:
    """The parts of closing that are offered, as buttons."""
    parts = ("about", *(("sponsor",) if given.plan_here.contracted else ()))
    return [(_button(part), phrase(f"button_{part}")) for part in parts]


def _button(part: str) -> str:
    return f"/closing {part}"


def spoke_of_the_coaching(given: Given) -> Reply | None:
    """The coach hears that there is something to read, when the client shares it."""
    engagement = given.engagement_here
    if given.get("share") != "share" or engagement is None or engagement.state != "active":
        return None
    told = phrase("about_shared", client=engagement.client_name)
    return Reply(tells=(Notification(person=engagement.coach, phrase=told),))


def end_set(given: Given) -> Reply | None:
    """It can be undone until the day."""
    if given.get("sure") != "close":
        return None
    engagement = given.engagement_here
    name = engagement.client_name if engagement else ""
    undo = (f"/close {name} undo", phrase("button_undo_closing"))
    return Reply(says=(phrase("closing_set", client=name, day=given.labels.get("day", "")),), buttons=(undo,))
