"""Any set of days of a week, as somebody names it: "Mon, Tue and Thu", "Sunday to Thursday", "weekdays"."""

import re

from bot.model.facts import Facts

_WEEK = 7
_LONGEST = 2  # words of one name for days, such as "every day"


def days_of(text: str, facts: Facts) -> frozenset[int] | None:
    """The days of a week that a text names, Monday = 0; None if it says anything else, or names none.

    A stored set is digits, "0123". A stretch may run over the end of the week.
    """
    if text.isdecimal():
        return frozenset(map(int, text)) if set(text) <= set("0123456") else None
    names = {str(name): days for days, called in facts.spoken.get("week_days", {}).items() for name in called}
    joins, spans = (frozenset(map(str, facts.spoken.get(key, ()))) for key in ("day_joins", "day_spans"))
    found: list[int] = []
    spanning = False
    words = re.findall(r"[^\W\d_]+|[-\u2013\u2014]", text.casefold())
    while words:
        taken = next((n for n in range(_LONGEST, 0, -1) if " ".join(words[:n]) in names), 0)
        named = names.get(" ".join(words[:taken]), "")
        if spanning and len(named) == 1 and found:
            found += _stretch(found[-1], int(named))
        elif named and not spanning:
            found += map(int, named)
        elif taken or (words[0] not in joins and words[0] not in spans):
            return None
        spanning = not taken and words[0] in spans
        words = words[taken or 1 :]
    return frozenset(found) if found and not spanning else None


def _stretch(first: int, last: int) -> list[int]:
    return [(first + n) % _WEEK for n in range((last - first) % _WEEK + 1)]
