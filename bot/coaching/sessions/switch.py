"""Sessions can be off altogether for a client: what a coach says, what either side reads then. Pure."""

from collections.abc import Collection

from bot.coaching.shared.client_ref import ref_of
from bot.model.facts import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.records_sessions import SessionsTurned
from bot.model.replies import Notification, Reply


def turned(engagement: Engagement, word: str, *, off: bool) -> Reply | None:
    """What `session NAME off` or `session NAME on` comes to, and None for any other word; `off`: as it is now."""
    if word not in ("on", "off"):
        return None
    wanted, client = word == "off", engagement.client_name
    if wanted is off:
        return are_off(engagement) if off else Reply(says=(phrase("sessions_on_already", client=client),))
    told = Notification(person=engagement.client, phrase=phrase(f"told_sessions_{word}", coach=engagement.coach_name))
    return Reply(
        says=(phrase(f"sessions_turned_{word}", client=client),),
        records=(SessionsTurned(engagement=engagement.id, off=wanted),),
        tells=(told,),
        buttons=(_button(engagement, off=wanted),),
    )


def are_off(engagement: Engagement) -> Reply:
    """What the coach reads of sessions that are off, with the one tap that turns them on."""
    said = phrase("sessions_off_coach", client=engagement.client_name, name=engagement.client_name.split()[0])
    return Reply(says=(said,), buttons=(_button(engagement, off=True),))


def off_with(engagements: Collection[Engagement]) -> tuple[Phrase, ...]:
    """One line that names the clients with whom sessions are off; nothing where there are none."""
    names = ", ".join(sorted(engagement.client_name for engagement in engagements))
    return (phrase("sessions_off_with", names=names),) if names else ()


def _button(engagement: Engagement, *, off: bool) -> tuple[str, Phrase]:
    word = "on" if off else "off"
    return f"/session {ref_of(engagement.id)} {word}", phrase(f"button_sessions_{word}")
