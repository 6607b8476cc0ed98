"""What follows the welcome and the agreement: who is told, and what lies at hand next."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.coaching.programme.rules import opening
from bot.coaching.relationship.rules import WHAT_COACH_SEES, has_agreed, has_declined, terms_given
from bot.coaching.settings.rhythm_rounds import chosen
from bot.coaching.shared.client_ref import ref_of
from bot.model.facts import Facts
from bot.model.people.engagements import Engagement
from bot.model.people.preferences import Pace
from bot.model.phrases import Phrase, phrase
from bot.model.plan import contracted
from bot.model.records_plan import Scheduled
from bot.model.replies import Given, Notification, Opening, Reply

Button = tuple[str, Phrase]
SECOND_WEEK = timedelta(days=7)  # after the welcome: when whoever would decide later is asked again


# -- the welcome -----------------------------------------------------------------------------------------------------


def welcomed(given: Given) -> Reply | None:
    """The coach hears whether the client accepted, and the rhythm: never the hour."""
    engagement = given.engagement_here
    if engagement is None:
        return None
    client = engagement.client_name
    if has_declined(given):
        return Reply(tells=_told(engagement, phrase("client_declined", client=client)))
    if not has_agreed(given):
        return None
    pace = phrase(f"pace_{Pace(given.get('pace') or chosen(given).pace)}")
    told = phrase("client_accepted", client=client, pace=pace, sees=_seen(given.get("sees")))
    programme, today = given.facts.plan_of(engagement.id).programme, given.facts.today
    return Reply(
        says=_spare(given.facts),
        records=(*opening(programme, engagement.id, today), *_asked_again(given, engagement)),
        opens=_first_promise(given),
        tells=_told(engagement, told),
    )


def _first_promise(given: Given) -> Opening | None:
    """What is to be done before they meet; versions of the welcome that asked whether to note it had their answer."""
    if "first" in given.values:
        return Opening(dialogue="commitment") if given.get("first") is True else None
    return Opening(dialogue="first-promise", engagement=given.engagement)


def _asked_again(given: Given, engagement: Engagement) -> tuple[Scheduled, ...]:
    """Who would decide later is asked in their second week."""
    if given.get("sees") != "later":
        return ()
    day = given.facts.today + SECOND_WEEK
    return (Scheduled(dialogue=WHAT_COACH_SEES, day=day, engagement=engagement.id),)


def _told(engagement: Engagement, said: Phrase) -> tuple[Notification, ...]:
    """A word to the coach, who hears nothing before they have said who joined."""
    return (Notification(person=engagement.coach, phrase=said),) if engagement.confirmed else ()


def _spare(facts: Facts) -> tuple[Phrase, ...]:
    """Someone in their employer's workspace is offered a chat of their own as a spare."""
    here = facts.chats[:1]
    spare = any(link.spare_for.issuperset(here) and name not in facts.chats for name, link in facts.links.items())
    return (phrase("offer_spare"),) if here and spare else ()


def _seen(sees: str) -> Phrase:
    return phrase(f"visible_{sees if sees in ('described', 'status') else 'none'}")


# -- the agreement ---------------------------------------------------------------------------------------------------


def agreement(given: Given) -> Reply | None:
    """The client can read a version as soon as the coach agrees to it."""
    engagement = given.engagement_here
    if engagement is None or given.get("agree") != "yes" or not terms_given(given):
        return None
    told = phrase("agreement_ready", coach=engagement.coach_name)
    return Reply(
        tells=(Notification(person=engagement.client, phrase=told, buttons=(("/agreement", phrase("button_read")),)),)
    )


def agreement_confirm(given: Given) -> Reply | None:
    """The coach hears of the yes, or that something should change; a version that was overtaken is shown anew."""
    engagement = given.engagement_here
    listed = given.lists.get("agreement_to_confirm", ())
    if engagement is None or not listed:
        return None
    newest = given.plan_here.agreements[-1:]
    answer = given.inside("version", listed[0]).get("agree")
    if answer == "yes" and newest and newest[0].id != listed[0]:
        return Reply(says=(phrase("version_overtaken"),), opens=Opening(dialogue="agreement-confirm"))
    if answer is None:
        return None
    key = "agreement_confirmed" if answer == "yes" else "agreement_unconfirmed"
    buttons: tuple[Button, ...] = (
        ((f"/sponsor {ref_of(engagement.id)}", phrase("button_sponsor_wish")),)
        if answer == "yes" and newest and contracted(newest[0].terms)
        else ((f"/agreement {ref_of(engagement.id)}", phrase("button_word_anew")),)
        if answer != "yes"
        else ()
    )
    told = phrase(key, client=engagement.client_name)
    return Reply(tells=(Notification(person=engagement.coach, phrase=told, buttons=buttons),))


FOLLOW_UPS: Mapping[str, Callable[[Given], Reply | None]] = {
    "welcome": welcomed,
    "agreement": agreement,
    "agreement-confirm": agreement_confirm,
}
