"""What follows the dialogues around a session, and what a second slip may lead to."""

from bot.coaching.commitments.rules import asks_how_it_went, has_slipped, items_of
from bot.coaching.sessions.calendar_file import calendar_sheet
from bot.coaching.sessions.lines import buttons
from bot.coaching.sessions.outcomes import coachs_note
from bot.coaching.sessions.placeholders import zones
from bot.coaching.sessions.rules import when
from bot.model.phrases import Phrase, phrase
from bot.model.records_sessions import SessionSet
from bot.model.replies import Given, Notification, Reply

_OFFERS = {"lighter": "/settings", "rest": "/pause"}


def noted(given: Given) -> Reply | None:
    """The rhythm is the client's to change: they are offered what the coach suggests. A session booked is echoed."""
    engagement = given.engagement_here
    if engagement is None:
        return None
    booked = next((r.sessions for r in coachs_note(given) if isinstance(r, SessionSet)), ())
    says: tuple[Phrase, ...] = ()
    if booked:
        says = (phrase("session_set", who=engagement.client_name, booked=when(booked[0].at, *zones(given))),)
    offer = given.get("rhythm")
    tells: tuple[Notification, ...] = ()
    if offer in _OFFERS:
        said = phrase(f"offer_{offer}", coach=engagement.coach_name)
        tells = (
            Notification(person=engagement.client, phrase=said, buttons=((_OFFERS[offer], phrase(f"button_{offer}")),)),
        )
    if not (says or tells):
        return None
    files = (calendar_sheet(booked, given.facts.now),) if booked else ()
    return Reply(says=says, tells=tells, files=files, buttons=buttons(booked[0]) if booked else ())


def angle_offer(given: Given) -> Reply | None:
    """After the second slip of one commitment, another angle is offered, once; somebody silent is left alone."""
    if given.facts.wishes.slowdown != "normal":
        return None
    for item in items_of(given) if asks_how_it_went(given) else ():
        commitment = given.facts.commitment(item)
        if commitment is not None and commitment.slips == 1 and has_slipped(given, item):
            offered = (f"/angle {commitment.number}", phrase("button_angle"))
            return Reply(says=(phrase("offer_angle"),), buttons=(offered,))
    return None
