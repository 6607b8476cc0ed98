"""People who arrive: a code is redeemed, a person is made, the welcome begins. Strangers are told how to get one."""

import re
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.coaching.chats.effects import told_of_link
from bot.coaching.digest.digest_time_effects import plan_digest
from bot.coaching.digest.home import drawn, strangers
from bot.coaching.rhythm.effects import replan, tell_coaches
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.shared.places import usual_week
from bot.coaching.shared.validators import NAME
from bot.conversation import doors
from bot.conversation.turn import advance, unit_of, wording_for
from bot.engine.events import DialogueOpened
from bot.engine.library import Library
from bot.messages.incoming import (
    ChatStateChanged,
    CommandSent,
    FormSubmitted,
    GroupMention,
    HomeOpened,
    Inbound,
    Outcome,
    Receipt,
)
from bot.messages.outgoing import Field, Form, Message
from bot.messages.readings import Reading
from bot.messages.sending import TRIGGER_LIVES
from bot.model.people.preferences import Preferences
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Notification
from bot.rendering.shortening import shortened
from bot.time_zones import canonical_zone, local_day
from bot.transaction.notify import notify, notify_afterwards
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations
from storage.errors import Unreadable
from storage.ids import new_id
from storage.outbox import looks
from storage.outbox import rows as outbox
from storage.people import addresses, code_attempts, engagements, invites, people
from storage.people.addresses import Place
from storage.people.invites import Invite
from storage.people.people import Known
from storage.programme import programmes

ACCEPTED = Receipt(outcome=Outcome.ACCEPTED)
_CODE = re.compile(r"[0-9a-f]{32}")
_FIELD = "code"  # of the form for one
_MEANT_FOR_ANOTHER = ("own", "other")  # good codes in the wrong hands: nobody was guessing


def code_in(reading: Reading | None) -> str:
    """The code that somebody wants to redeem, or nothing."""
    if reading is None or reading.verb not in ("join", "start"):
        return ""
    found = _CODE.fullmatch(reading.rest.strip().lower())
    return found.group() if found else ""


def code_filled(inbound: Inbound) -> str:
    """The code that stands in the form for one, or nothing."""
    content = inbound.content
    if not isinstance(content, FormSubmitted) or content.token:
        return ""
    found = _CODE.search(content.values.get(_FIELD, "").lower())
    return found.group() if found else ""


def arrive(
    connection: Connection,
    inbound: Inbound,
    code: str,
    place: Place | None,
    known: Known | None,
    now: datetime,
    library: Library,
) -> Receipt:
    """Redeem a code, or tell a stranger what this is; a code works once, for whoever comes first."""
    if not code:
        return _without_code(connection, inbound, now, library)
    wanted = known.id if known else new_id()
    lane = place.lane if place else addresses.lane_of(connection, inbound.address)
    if code_attempts.too_many(connection, lane, now):
        say(connection, inbound, "code_pause", now, library)
        return ACCEPTED
    found = invites.redeem(connection, code, now, wanted, bound=place is not None)
    if isinstance(found, str):
        if found not in _MEANT_FOR_ANOTHER:
            code_attempts.note(connection, lane, now)
        say(connection, inbound, f"code_{found}", now, library)
        return ACCEPTED
    code_attempts.forget(connection, lane)
    if found.person is not None:
        return _another_address(connection, inbound, found, now, library)
    if known is None or place is None:
        known = _new_person(connection, wanted, found, now, inbound, library)
        place = addresses.add_place(connection, known.id, inbound.address, at=now)
    if found.role == "coach":
        return _set_up(connection, inbound, place, known, now, library)
    return _begin(connection, inbound, place, known, found, now, library)


def in_danger(connection: Connection, inbound: Inbound, now: datetime, library: Library) -> Receipt:
    """Somebody whom nobody has made known here writes of danger: the note alone, since there is no coach to ask."""
    if not conversations.take(connection, inbound.key, person=None, at=now, lane=inbound.address.lane, message=""):
        return Receipt(outcome=Outcome.DUPLICATE)
    say(connection, inbound, "crisis_stranger", now, library)
    return ACCEPTED


def _set_up(
    connection: Connection, inbound: Inbound, place: Place, known: Known, now: datetime, library: Library
) -> Receipt:
    """A new coach: the digest is planned as most want it, then five questions; nothing waits for their answers."""
    people.change_person(connection, known.id, coach=True)
    plan_digest(connection, known, now)
    known = people.person(connection, known.id) or known
    _, runs = conversations.state(connection, known.id)
    welcome = wording_for(library, known, now).say("coach_ready", name=known.name)
    asked = DialogueOpened(
        run=f"coach-setup:{inbound.key}",
        dialogue="coach-setup",
        by="client",
        day=local_day(now, known.home),
        known={},
        said=(welcome,),
    )
    advance(unit_of(connection, inbound, place, known, now, library), asked, runs)
    return ACCEPTED


def _another_address(
    connection: Connection, inbound: Inbound, invite: Invite, now: datetime, library: Library
) -> Receipt:
    """Bind a chat to someone who is known: at once by a code of their own, after a yes by their coach's."""
    owner = people.person(connection, invite.person or "")
    if owner is None:
        say(connection, inbound, "code_unknown", now, library)
        return ACCEPTED
    unit = partial(unit_of, connection, inbound, known=owner, now=now, library=library)
    if invite.role == "link":
        since = addresses.private_since(connection, owner.id)
        new = addresses.add_place(connection, owner.id, inbound.address, preferred=False, private_from=since, at=now)
        _say_to(connection, inbound, new, owner.id, phrase("linked", name=owner.name), now, library)
        told_of_link(unit(place=new), new)
        return ACCEPTED
    new = addresses.add_place(connection, owner.id, inbound.address, preferred=False, state="pending", at=now)
    doors.ask(unit(place=new), new, invite.coach)
    return ACCEPTED


def _new_person(
    connection: Connection, wanted: str, invite: Invite, now: datetime, inbound: Inbound, library: Library
) -> Known:
    """Someone made known; their zone and language are what their platform names, else the coach's zone and English."""
    home = canonical_zone(inbound.zone) or canonical_zone(invite.zone) or "UTC"
    wording = library.wording_at(inbound.language, home)
    working_days, last = usual_week(home)
    known = Known(
        id=wanted,
        name=invite.name,
        home=home,
        language=wording.language,
        locale=wording.locale,
        coach=invite.role == "coach",
        began=now,
        wishes=Preferences(working_days=working_days, weekday=last),
    )
    people.add_person(connection, known)
    conversations.begin_conversation(connection, wanted)
    return known


def _begin(
    connection: Connection,
    inbound: Inbound,
    place: Place,
    known: Known,
    invite: Invite,
    now: datetime,
    library: Library,
) -> Receipt:
    if invite.coach is None:
        _say_to(connection, inbound, place, known.id, phrase("code_unknown"), now, library)
        return ACCEPTED
    engagement = engagements.add_engagement(connection, coach=invite.coach, client=known.id, at=now, named=invite.name)
    programme = programmes.of_coach(connection, invite.coach)
    if programme is not None:
        programmes.keep_for_engagement(connection, engagement, programme)
    _, runs = conversations.state(connection, known.id)
    unit = unit_of(connection, inbound, place, known, now, library)
    welcome = DialogueOpened(
        run=f"welcome:{engagement}",
        dialogue="welcome",
        by="bot",
        day=local_day(now, known.home),
        engagement=engagement,
        known={},
    )
    advance(unit, welcome, runs)
    _ask_who_joined(unit, inbound, invite, engagement)
    return ACCEPTED


def _without_code(connection: Connection, inbound: Inbound, now: datetime, library: Library) -> Receipt:
    """A stranger is told how to get a code; one who has one is asked for it, where the platform has forms."""
    wording = library.wording_at(inbound.language, "")
    if isinstance(inbound.content, FormSubmitted):
        return Receipt(outcome=Outcome.ACCEPTED, errors={_FIELD: wording.say("code_unknown")})
    if not (isinstance(inbound.content, CommandSent) and inbound.content.verb == "join" and inbound.trigger):
        say(connection, inbound, "stranger", now, library)
        return ACCEPTED
    form = Form(
        title=wording.say("join_form_title"),
        submit=wording.say("form_submit"),
        cancel=wording.say("form_cancel"),
        fields=(Field(name=_FIELD, kind="text", label=wording.say("join_form_code"), optional=False, longest=64),),
    )
    outbox.add(
        connection,
        Message(text=wording.say("stranger"), form=form),
        dedup=f"{inbound.key}#0",
        lane=addresses.lane_of(connection, inbound.address),
        address=None,
        person=None,
        kind="form",
        urgency=outbox.REPLY,
        due_at=now,
        expires_at=now + TRIGGER_LIVES,
        trigger=inbound.trigger,
    )
    return ACCEPTED


def _ask_who_joined(unit: UnitOfWork, inbound: Inbound, invite: Invite, engagement: str) -> None:
    """The coach says whether it is their client; the client is not kept waiting for it."""
    who = phrase(
        "join_ask_where",
        who=shortened(" ".join(inbound.name.split()), NAME) or phrase("join_somebody"),
        platform=inbound.address.platform.capitalize(),
    )
    ref = ref_of(engagement)
    buttons = ((f"/confirm {ref}", phrase("button_yes")), (f"/confirm {ref} no", phrase("button_no")))
    asked = phrase("join_ask", who=who, client=invite.name)
    notify(unit, Notification(person=invite.coach or "", phrase=asked, buttons=buttons))


def beside(connection: Connection, inbound: Inbound, now: datetime, library: Library) -> Receipt:
    """Events beside the conversation: a chat that closes or opens, a group that overhears, a page that is opened."""
    lane = inbound.address.lane
    overheard = isinstance(inbound.content, GroupMention)
    key = f"overheard:{lane}:{now:%Y-%m-%d}" if overheard else inbound.key
    if not conversations.take(connection, key, person=None, at=now, lane=lane, message=""):
        return Receipt(outcome=Outcome.DUPLICATE)
    if overheard:
        _say_to(connection, inbound, None, None, phrase("overheard"), now, library)
        return ACCEPTED
    who = people.who(connection, inbound.address, lock=True)
    if who is None:
        if isinstance(inbound.content, HomeOpened):
            _draw_strangers_page(connection, inbound, now, library)
        return ACCEPTED
    place, known = who
    match inbound.content:
        case ChatStateChanged(open=opened) if place.state in ("active", "blocked"):
            addresses.change_place(connection, place.id, state="active" if opened else "blocked")
            if opened:
                replan(connection, known, now)
                doors.warn_again(unit_of(connection, inbound, place, known, now, library), place)
            elif place.state == "active" and addresses.reachable(connection, known.id) is None:
                unit = unit_of(connection, inbound, place, known, now, library)
                tell_coaches(unit, "client_unreachable")
                notify_afterwards(unit)
        case HomeOpened() if place.state == "active":
            addresses.change_place(connection, place.id, page="seen")
            draw_page(connection, place, inbound.key, now)
        case _:
            pass
    return ACCEPTED


def draw_page(connection: Connection, place: Place, key: str, now: datetime) -> None:
    """Have the page of a person drawn anew."""
    looks.add_page(connection, dedup=f"{key}#page", lane=place.lane, address=place.id, person=place.person, due_at=now)


def _draw_strangers_page(connection: Connection, inbound: Inbound, now: datetime, library: Library) -> None:
    """Show somebody who is not known yet what to do; their chat is found by who they are."""
    page = drawn((strangers(),), library.wording_at(inbound.language, ""))
    lane = addresses.lane_of(connection, replace(inbound.address, chat=inbound.address.user))
    message = Message(text="", page=page)
    looks.add_page(
        connection, dedup=f"{inbound.key}#page", lane=lane, address=None, person=None, due_at=now, message=message
    )


def say(connection: Connection, inbound: Inbound, key: str, now: datetime, library: Library) -> None:
    """Say one phrase to whoever wrote, known or not, in their language."""
    place = addresses.place_at(connection, inbound.address)
    if place is not None and place.state == "closed":
        place = None  # whose chat this was is nobody's business any more
    _say_to(connection, inbound, place, place.person if place else None, phrase(key), now, library)


def _readable(connection: Connection, person: str) -> Known | None:
    """The person, or None for one whose row cannot be read: they are still told that something went wrong."""
    try:
        return people.person(connection, person)
    except Unreadable:
        return None


def _say_to(
    connection: Connection,
    inbound: Inbound,
    place: Place | None,
    person: str | None,
    said: Phrase,
    now: datetime,
    library: Library,
) -> None:
    known = _readable(connection, person) if person else None
    wording = wording_for(library, known, now) if known else library.wording_at(inbound.language, "")
    outbox.add(
        connection,
        Message(text=wording.render(said)),
        dedup=f"{inbound.key}#0",
        lane=place.lane if place else addresses.lane_of(connection, inbound.address),
        address=place.id if place else None,
        person=person,
        kind="notice",
        urgency=outbox.REPLY,
        due_at=now,
    )
