"""What dialogues say on what the coach sees: what was agreed, and what that means for the answers just given."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.shared.placeholders import coach_of
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def visible_here(given: Given) -> str:
    """What the coach of the engagement that is spoken of sees; nothing once it is over."""
    found = given.engagement_here
    return found.visible if found and found.state != "closed" else "none"


def _coach_sees(kind: str) -> Callable[[Given], Phrase]:
    def name(given: Given) -> Phrase:
        return phrase(f"{kind}_{visible_here(given)}", coach=coach_of(given))

    return name


def _sees_answers(given: Given) -> Phrase:
    """Whether the coach sees the answers; all of them is not said once one was kept back, and not shown after all."""
    kept = [key for key, audience in given.audiences.items() if audience is Audience.PRIVATE]
    shown = any(given.get(asked) is True for asked in ("agree", "share"))
    if visible_here(given) == "described" and not shown and any(given.values.get(key) is not None for key in kept):
        return phrase("sees_answers_but", coach=coach_of(given))
    return _coach_sees("sees_answers")(given)


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "sees_set": visible_here,
    "visible_now": lambda given: phrase(f"visible_{visible_here(given)}"),
    "coach_will_see": _coach_sees("will_see"),
    "coach_sees_status": _coach_sees("sees_status"),
    "coach_sees_answers": _sees_answers,
}
