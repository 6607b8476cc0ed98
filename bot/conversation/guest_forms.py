"""Guests: people without an account, who hold a one-time link to one page. They take the same door as everybody else.

A sponsor answers three questions, which the client and the coach both read; or reads a report that the client approved.
The first submission counts. Looking at a page changes nothing, so that a preview of the link cannot use it up.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.engine.library import Library
from bot.messages.incoming import FormSubmitted, Inbound, Outcome, Receipt
from bot.messages.outgoing import Field, Form, Message
from bot.messages.readings import Trouble
from bot.model.people.answers import Audience
from bot.model.phrases import phrase
from bot.model.records import Remarked
from bot.model.replies import Notification
from bot.rendering.nil_words import is_nil
from bot.rendering.wording import Wording
from bot.time_zones import local_day
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from bot.understanding.clean import clean_of_unseen
from storage.conversation import conversations
from storage.people import engagements, guest_links, people
from storage.people.guest_links import Link
from storage.people.people import Known
from storage.programme import run_records

PLATFORM = "web"
QUESTIONS = ("success", "keep", "support")
LINE = 1_000  # characters of one answer
READABLE = timedelta(hours=1)  # how long an opened report can be read again


def page(connection: Connection, code: str, now: datetime, library: Library) -> Message | None:
    """What a link shows at `now` (UTC): a form, or a text; None for one that is unknown, used up or too old."""
    link = guest_links.find(connection, code)
    found = _parties(connection, link) if link is not None else None
    if link is None or found is None or (link.used_at is None and link.expires_at <= now):
        return None
    client, coach = found
    wording = _wording(library, client)
    names = {"client": client.name, "coach": coach.name}
    if link.used_at is None:
        return _form(wording, link, names)
    if link.kind == guest_links.WISH:
        return Message(text=wording.say("web_thanks", **names))
    return Message(text=link.text) if now < link.used_at + READABLE else None


def _form(wording: Wording, link: Link, names: dict[str, str]) -> Message:
    title = wording.say("web_title")
    if link.kind == guest_links.REPORT:
        form = Form(title=title, submit=wording.say("web_open"), cancel="", fields=())
        return Message(text=wording.say("web_report_intro", **names), form=form)
    fields = tuple(Field(name=name, kind="text", label=wording.say(f"web_wish_{name}")) for name in QUESTIONS)
    form = Form(title=title, submit=wording.say("web_send"), cancel="", fields=fields)
    return Message(text=wording.say("web_wish_intro", **names), form=form)


def submit(connection: Connection, inbound: Inbound, now: datetime, library: Library) -> Receipt:
    """Take what a guest sent in: the first submission counts, another one changes nothing."""
    content = inbound.content
    link = guest_links.find(connection, content.token) if isinstance(content, FormSubmitted) else None
    found = _parties(connection, link) if link is not None else None
    if link is None or found is None or not isinstance(content, FormSubmitted):
        return Receipt(outcome=Outcome.STALE)
    client, coach = found
    read = {name: clean_of_unseen(content.values.get(name, ""), LINE) for name in QUESTIONS}
    values = {name: "" if isinstance(text, Trouble) else text for name, text in read.items()}
    errors = _errors(read, _wording(library, client)) if link.kind == guest_links.WISH else {}
    if errors:
        return Receipt(outcome=Outcome.ACCEPTED, errors=errors)
    if not guest_links.use(connection, link, now):
        return Receipt(outcome=Outcome.STALE)
    conversations.take(connection, inbound.key, person=None, at=now, lane="", message="")
    if link.kind == guest_links.WISH:
        _keep_wish(connection, inbound, link, client, coach, values, now, library)
    return Receipt(outcome=Outcome.ACCEPTED)


def _errors(read: dict[str, str | Trouble], wording: Wording) -> dict[str, str]:
    if all(text is Trouble.EMPTY for text in read.values()):
        return {QUESTIONS[0]: wording.say("web_empty")}
    amiss = (name for name, text in read.items() if isinstance(text, Trouble) and text is not Trouble.EMPTY)
    return {name: wording.say("web_too_long", limit=LINE) for name in amiss}


def _keep_wish(
    connection: Connection,
    inbound: Inbound,
    link: Link,
    client: Known,
    coach: Known,
    values: dict[str, str],
    now: datetime,
    library: Library,
) -> None:
    """The sponsor's words stand with the client's remarks, and both sides read them at once."""
    today = local_day(now, client.home)
    given = {name: text for name, text in values.items() if not is_nil(text, _wording(library, client))}
    records = tuple(
        Remarked(key=name, kind="sponsor_wish", text=text, about=f"{name}:sponsor", audience=Audience.COACH)
        for name, text in given.items()
    )
    run = f"guest:{link.code_hash}"
    run_records.write(connection, records, person=client.id, run=run, day=today, at=now, engagement=link.engagement)
    unit = UnitOfWork(
        connection=connection,
        library=library,
        known=client,
        reply_to=None,
        key=inbound.key,
        now=now,
        today=today,
    )
    lines = [phrase("sponsor_wish", coach=coach.name)]
    lines += [phrase(f"sponsor_{name}", words=text) for name, text in given.items()]
    for person in (client, coach):
        told = Notification(person=person.id, phrase=phrase("in_lines", lines=lines), engagement=link.engagement)
        notify(unit, told)


def _parties(connection: Connection, link: Link) -> tuple[Known, Known] | None:
    """Client and coach of the engagement that a link belongs to; None once it is over."""
    row = engagements.both(connection, link.engagement)
    if row is None:
        return None
    client, coach = people.person(connection, row[0]), people.person(connection, row[1])
    return None if client is None or coach is None else (client, coach)


def _wording(library: Library, client: Known) -> Wording:
    return library.wording_of(client.language, client.locale, None)
