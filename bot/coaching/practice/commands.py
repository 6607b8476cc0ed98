"""What a coach says about a client of theirs. Pure."""

from datetime import date, datetime

from bot.coaching.digest.client_lines import fresh
from bot.coaching.digest.signal_kinds import day_of
from bot.coaching.practice import call
from bot.coaching.practice.away import away
from bot.coaching.practice.invite import invite
from bot.coaching.practice.rules import LEFT_FOR, colleague
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.validators import NAME
from bot.coaching.visibility.table import is_active
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.records import HandoverAsked, JoinConfirmed, SignalsLeft
from bot.model.replies import Reply
from bot.model.roles import Who
from bot.rendering.shortening import shortened
from bot.understanding.commands import Dates, a_client, a_client_and_more, an_absence, when


def confirm(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """Say whether whoever joined is the client that was invited: `confirm ana`, `confirm ana no`."""
    engagement, client, right = view.engagement, view.name, not reading.rest
    if not right and reading.means(reading.rest) != "no":
        return Reply(says=(phrase("help_confirm"),))
    if engagement.confirmed or not is_active(engagement):
        return Reply(says=(phrase("join_settled", client=client),))
    record = JoinConfirmed(engagement=engagement.id, right=right)
    if not right:
        return Reply(says=(phrase("join_wrong", client=client),), records=(record,))
    sees = phrase(f"visible_{engagement.visible}")
    return Reply(says=(phrase("join_right", client=client, sees=sees),), records=(record,))


def leave(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """Leave what stands about a client now until the next session, or for three weeks."""
    client = view.name
    kinds = tuple(signal.key for signal in fresh(view, facts.today))
    if not kinds:
        return Reply(says=(phrase("leave_nothing", client=client),))
    session = _next_session(view, now)
    until = session or facts.today + LEFT_FOR
    said = phrase("leave_until_session" if session else "leave_three_weeks", client=client, day=until)
    return Reply(says=(said,), records=(SignalsLeft(engagement=view.engagement.id, kinds=kinds, until=until),))


def _next_session(view: ClientView, now: datetime) -> date | None:
    """The client's local day of the next session, if one is booked within three weeks."""
    coming = [s.at for s in view.plan.planned_sessions(now) if now < s.at <= now + LEFT_FOR]
    return day_of(min(coming), view) if coming else None


def handover(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """Ask a client whether another coach may take over: `handover ana to Kim`."""
    to, _, other = reading.rest.partition(" ")
    other = " ".join(other.split()) if reading.means(to) == "to" else ""
    return _handed_to(other, view, facts) if other else Reply(says=(phrase("help_handover"),))


def _handed_to(other: str, view: ClientView, facts: Facts) -> Reply:
    """A colleague is named by the whole name; that there is none is not said, since nobody may look around."""
    client, found = view.name, colleague(other, facts)
    if not (view.connected and view.engagement.confirmed and is_active(view.engagement)):
        return Reply(says=(phrase("handover_not_now", client=client),))
    asked = (HandoverAsked(engagement=view.engagement.id, heir=found[0]),) if found is not None else ()
    return Reply(says=(phrase("handover_asked", client=client, coach=shortened(other, NAME)),), records=asked)


_COLLEAGUES = frozenset({Need.COLLEAGUES})


COMMANDS: tuple[Command, ...] = (
    Command(verb="callme", who=Who.CLIENT, run=call.callme, shape=when, needs=frozenset({Need.AWAY})),
    Command(verb="invite", who=Who.COACH, run=invite, needs=frozenset({Need.INVITES}), shown=Shown.FIRST),
    Command(
        verb="away",
        who=Who.COACH,
        run=away,
        in_free_text=an_absence,
        dates=Dates.COVER,
        needs=_COLLEAGUES,
    ),
    Command(
        verb="confirm",
        who=Who.COACH,
        about=confirm,
        more=True,
        when_unconfirmed=True,
        in_free_text=a_client_and_more,
    ),
    Command(verb="leave", who=Who.COACH, about=leave, when_unconfirmed=True, in_free_text=a_client),
    Command(
        verb="handover",
        who=Who.COACH,
        about=handover,
        more=True,
        when_unconfirmed=True,
        in_free_text=a_client_and_more,
        needs=_COLLEAGUES,
    ),
)
