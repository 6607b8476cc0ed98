"""The last look before a row leaves, and what is written down of it afterwards. The states: `bot.delivery`."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.messages.sending import Fate, Messenger, NotSent, Refused, Sent, Unclear, Unreachable
from storage.outbox import consent_check, rate_limits, sharing
from storage.outbox import results as outbox_results
from storage.outbox import rows as outbox
from storage.outbox.claims import HELD, Claim, Ending, release
from storage.outbox.lanes import Waiting
from storage.people import addresses

_log = logging.getLogger(__name__)

COMPOSE = "compose"  # what becomes of a row that tells of somebody who shares otherwise by now

# Seconds that a lane waits after a row did not leave. The line itself rests meanwhile (`circuit_breaker`), so that
# these need not grow: when the platform is back, nothing waits for longer than the last of them.
RETRY = (1.0, 2.0, 5.0, 10.0, 20.0)
ASKING = frozenset({"reply", "prompt", "form"})
_OF_ITSELF = frozenset({"prompt", "digest", "notice"})  # what nobody has just asked for
_CLOSED = {
    "blocked": "the chat is closed to us",
    "removed": "the app was removed from the workspace",
    "closed": "the chat was let go",
    "pending": "the chat is not confirmed",
    "waiting": "the chat is not confirmed",
    "moved": "another chat has taken its place",
}


def look(
    connection: Connection, rows: Sequence[Waiting], *, now: datetime, messengers: Mapping[str, Messenger]
) -> list[Ending]:
    """Which rows end instead of being sent: consent, pause, stop, binding, erasure, expiry, state of the prompt."""
    asked = {row.person for row in rows if row.kind in _OF_ITSELF and row.person}
    unwanted = consent_check.unwanted(connection, asked, now) if asked else {}
    changed = sharing.stale(connection, rows)
    found: list[Ending] = []
    for row in rows:
        why = why_not(row, unwanted.get(row.person, ""), now, messengers.get(row.platform))
        if why is not None:
            found.append((row, *why))
        elif row.id in changed:
            found.append((row, COMPOSE, "what is shared has changed"))
    return found


def why_not(row: Waiting, unwanted: str, now: datetime, messenger: Messenger | None) -> tuple[str, str] | None:
    """The state that a row ends in instead and the reason, or None; `unwanted` is why its person is not written to."""
    if messenger is None:
        return "dead", f"platform {row.platform} is not served"
    return _not_wanted(row, unwanted, now) or _not_possible(row, messenger)


def _not_wanted(row: Waiting, unwanted: str, now: datetime) -> tuple[str, str] | None:
    if row.expires_at is not None and row.expires_at <= now:
        return "expired", "its time had passed"
    if row.kind in ASKING and row.token and row.prompt != "open":
        return "cancelled", f"the question is {row.prompt}"
    if unwanted == consent_check.UNREADABLE:
        return (HELD, "whom it is for cannot be read") if row.urgency != outbox.REPLY else None
    if row.kind in _OF_ITSELF and unwanted and (row.occurrence or unwanted != "no consent"):
        return "cancelled", unwanted
    if row.kind in _OF_ITSELF and row.address_state in _CLOSED:
        return "blocked", _CLOSED[row.address_state]
    if row.address_state == "closed" or (row.address_state in _CLOSED and row.kind != "reply"):
        return "blocked", _CLOSED[row.address_state]
    return None


def _not_possible(row: Waiting, messenger: Messenger) -> tuple[str, str] | None:
    if row.kind == "form" and not messenger.forms:
        return "expired", "the platform has no forms"
    if row.kind == "page" and not messenger.pages:
        return "cancelled", "the platform has no pages"
    if row.kind == "update" and not messenger.edits:
        return "cancelled", "the platform does not change messages"
    if row.kind == "update" and row.updates_state != "sent":
        return "cancelled", "the message was not sent"
    if row.kind == "update" and not row.updates_message:
        return "cancelled", "nobody knows which message it was"
    return None


def end(connection: Connection, ending: Ending, *, now: datetime) -> None:
    """End a row that waits, or hold it; a form goes out as a message instead, or raises Unreadable."""
    row, state, reason = ending
    if state == COMPOSE:
        outbox.hold_one(connection, row.id, outbox.COMPOSING)
    elif state == HELD:
        outbox.hold_one(connection, row.id, reason)
        _log.error("a message is held", extra={"kind": row.kind, "key": row.id, "reason": reason})
    elif row.kind == "form" and state == "expired":
        outbox_results.without_form(connection, row)
    elif outbox_results.end(connection, row, state, reason):
        _note(connection, row, state, reason, now)


def _note(connection: Connection, row: Waiting, state: str, reason: str, now: datetime) -> None:
    """Let the occurrence say why its prompt was not sent; a question that was closed otherwise has said so itself."""
    if row.kind == "prompt" and row.prompt in ("", "open"):
        outbox.not_sent(connection, row.person, row.occurrence, row.token, f"{state}: {reason}", now)


def confirm(connection: Connection, *, claim: Claim, fate: Fate, now: datetime) -> None:
    """Write down what became of a row, where its fence is still ours; past it, only evidence that it was sent."""
    row = claim.of
    if claim.kind == "form" and not isinstance(fate, Sent):
        outbox_results.without_form(connection, row, fence=claim.fence)
        release(connection, claim)
        return
    match fate:
        case Sent(message_id=message_id):
            if not outbox_results.finish(connection, claim, "sent", message_id=message_id):
                outbox_results.testify(connection, claim, message_id)
        case NotSent():
            _put_back(connection, claim, fate)
        case Unclear(reason=reason):
            outbox_results.doubt(connection, claim, reason)
        case Refused(reason=reason):
            if outbox_results.finish(connection, claim, "dead", reason=reason):
                _note(connection, row, "dead", reason, now)
        case Unreachable(reason=reason):
            if outbox_results.finish(connection, claim, "blocked", reason=reason):
                addresses.block_lane(connection, row.chat_lane)
                _note(connection, row, "blocked", reason, now)


def _put_back(connection: Connection, claim: Claim, fate: NotSent) -> None:
    wait = timedelta(seconds=max(fate.retry_after, RETRY[min(claim.of.tries, len(RETRY) - 1)]))
    if outbox_results.put_back(connection, claim, reason=fate.reason, wait=wait) and fate.retry_after:
        rest = timedelta(seconds=fate.retry_after)
        apart = claim.counted_in != claim.of.budget and not fate.whole
        key = claim.counted_in if apart else claim.of.budget
        rate_limits.flooded(connection, key, rest, whole=fate.whole or apart)
