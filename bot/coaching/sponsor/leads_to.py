"""What follows the sponsor's wish and the words approved for the sponsor: who is told."""

from collections.abc import Callable, Mapping

from bot.coaching.sponsor.rules import WISHES, approved
from bot.model.phrases import phrase
from bot.model.replies import Given, Notification, Reply


def sponsors_wish(given: Given) -> Reply | None:
    """Both sides read the sponsor's words, and who typed them."""
    engagement = given.engagement_here
    lines = [phrase(f"sponsor_{name}", words=given.words(name)) for name in WISHES if given.get(name) is not None]
    if engagement is None or not lines:
        return None
    coach = given.is_coach_here
    heading = phrase("sponsor_wish_typed" if coach else "sponsor_wish", coach=engagement.coach_name)
    told = phrase("in_lines", lines=[heading, *lines])
    others = (engagement.client,) if coach else (engagement.client, engagement.coach)
    return Reply(tells=tuple(Notification(person=person, phrase=told) for person in others))


def sponsor_wording(given: Given) -> Reply | None:
    """The coach learns the very words that were approved, and who sends them."""
    engagement = given.engagement_here
    if engagement is None or given.get("which") is None:
        return None
    words = list(approved(given).values())
    if not words:
        told = phrase("sponsor_withdrawn", client=engagement.client_name)
    else:
        by = "sponsor_by_client" if given.get("sender") == "me" else "sponsor_by_coach"
        heading = phrase(by, client=engagement.client_name)
        told = phrase("in_lines", lines=[heading, *(phrase("one_text", text=text) for text in words)])
    return Reply(tells=(Notification(person=engagement.coach, phrase=told),))


FOLLOW_UPS: Mapping[str, Callable[[Given], Reply | None]] = {
    "sponsors-wish": sponsors_wish,
    "sponsor-wording": sponsor_wording,
    "sponsor-close": sponsor_wording,
}
