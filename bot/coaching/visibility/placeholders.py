"""What dialogues say on what the coach sees: what was agreed, and what that means for the answers just given."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.coaching.shared.placeholders import coach_of
from bot.coaching.visibility.table import Data, Role, may_read
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def visible_here(given: Given) -> str:
    """What the coach of the engagement that is spoken of sees; nothing once it is over, or of what is kept."""
    found = given.engagement_here
    return found.visible if found and found.state != "closed" and not given.hidden else "none"


def _coach_sees(kind: str) -> Callable[[Given], Phrase]:
    def name(given: Given) -> Phrase:
        return phrase(f"{kind}_{visible_here(given)}", coach=coach_of(given))

    return name


def _will_see(given: Given) -> Phrase:
    """Whether the coach will see what is promised, made private in advance or not."""
    kept = given.audience("what") is Audience.PRIVATE
    return phrase("will_see_none") if kept else _coach_sees("will_see")(given)


def _sees_answers(given: Given) -> Phrase:
    """Whether the coach sees the answers; all of them is not said once one was kept back, and not shown after all."""
    kept = [key for key, audience in given.audiences.items() if audience is Audience.PRIVATE]
    shown = any(given.get(asked) is True for asked in ("agree", "share"))
    if visible_here(given) == "described" and not shown and any(given.values.get(key) is not None for key in kept):
        return phrase("sees_answers_but", coach=coach_of(given))
    return _coach_sees("sees_answers")(given)


def _sees_answer(audience: Audience) -> Callable[[Given], Phrase]:
    """What the coach sees of one answer, by the table that decides it."""

    def name(given: Given) -> Phrase:
        sees = partial(may_read, Role.COACH, active=True, visible=visible_here(given), audience=audience)
        kind = "described" if sees(Data.WORDS) else "status" if sees(Data.STATUS) else "none"
        return phrase(f"answer_{kind}", coach=coach_of(given))

    return name


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "sees_set": visible_here,
    "visible_now": lambda given: phrase(f"visible_{visible_here(given)}"),
    "coach_will_see": _will_see,
    "coach_sees_status": _coach_sees("sees_status"),
    "coach_sees_answers": _sees_answers,
    "coach_sees_answer": _sees_answer(Audience.COACH),
    "coach_sees_nothing": _sees_answer(Audience.PRIVATE),
    "coach_asks": lambda given: phrase("coach_asks", coach=coach_of(given)),
}
