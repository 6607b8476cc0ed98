"""People of the demo: sample persons who read what they are sent, and answer by their cues or by a seeded chance.

Nothing here is a transcript: whoever is asked something that no cue names presses the first sound button, gives a
number, or skips.
"""

import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages.incoming import ButtonPressed, CommandSent, Content, TextSent
from bot.messages.outgoing import Choice, Message
from bot.simulated.demo_script import Cue, Part

NOTHING = "-"
_AT_IT = timedelta(minutes=10)  # whoever has just answered reads on
_SECONDS = (15, 60)
_AWAKE = (time(7), time(21, 30))
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_LEFT_ALONE = (
    "declined",
    "not_now",
    "stop",
    "pause",
    "drop",
    "drop_all",
    "let_go",
    "delete",
    "send",
    "rest",
    "!later",
    "no",
)
_CODE = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass(slots=True, kw_only=True)
class Persona:
    """One sample person, with what they have already been asked."""

    user: str
    part: Part
    chance: random.Random
    spoke: datetime = _LONG_AGO
    answered: set[str] = field(default_factory=set)
    turns: dict[str, int] = field(default_factory=dict)

    def reply(self, message: Message, number: str, now: datetime) -> tuple[datetime, Content] | None:
        """What is answered to a message of that number, and when; None for no answer at all."""
        if self._is_quiet(now) or (message.token and message.token in self.answered):
            return None
        cue = self._cue(message.text)
        if not message.token and (cue is None or not any(_pressed(message, said) for said in cue.says)):
            return None
        said = self._by(cue) if cue else ""
        if said == NOTHING:
            return None
        self.answered.add(message.token)
        at = self._moment(now)
        self.spoke = at
        return at, self._content(message, number, said)

    def _is_quiet(self, now: datetime) -> bool:
        if self.part.quiet is None:
            return False
        first, last = self.part.quiet
        return first <= now.astimezone(ZoneInfo(self.part.zone)).date() <= last

    def _moment(self, now: datetime) -> datetime:
        """At once when they are at it, else in their own time; nobody answers in the night."""
        if now - self.spoke < _AT_IT:
            return now + timedelta(seconds=self.chance.randint(*_SECONDS))
        at = now + timedelta(minutes=self.chance.randint(*self.part.minutes))
        local = at.astimezone(ZoneInfo(self.part.zone))
        if _AWAKE[0] <= local.time() <= _AWAKE[1]:
            return at
        return at + timedelta(hours=(31 - local.hour) % 24 or 9)

    def _cue(self, text: str) -> Cue | None:
        """The cue whose words end furthest down in the message: the question is what comes last."""
        low = " ".join(text.casefold().split())
        fitting = [cue for cue in self.part.cues if cue.about.casefold() in low and cue.asks.casefold() in low]
        return max(fitting, key=lambda cue: _depth(cue, low), default=None)

    def _by(self, cue: Cue) -> str:
        if cue.mixed:
            return self.chance.choice(cue.says)
        key = f"{cue.about} {cue.asks}"
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        return cue.says[min(turn, len(cue.says) - 1)]

    def _content(self, message: Message, number: str, said: str) -> Content:
        if not said:
            return self._of_its_own(message, number)
        pressed = _pressed(message, said)
        return (
            ButtonPressed(token=message.token, value=pressed.value) if pressed else TextSent(text=said, hangs_on=number)
        )

    def _of_its_own(self, message: Message, number: str) -> Content:
        """An answer to what no cue names."""
        if message.kind == "scale":
            return ButtonPressed(token=message.token, value=str(self.chance.randint(6, 8)))
        if message.choices and message.kind not in ("text", "choices"):
            return ButtonPressed(token=message.token, value=self._button(message))
        return TextSent(text="skip", hangs_on=number)

    def _button(self, message: Message) -> str:
        values = [choice.value for choice in message.choices]
        if "done" in values and ("partly" in values or "on_track" in values):
            other = [v for v in ("not_yet", "slipping", "partly", "on_track") if v in values]
            return "done" if self.chance.random() < self.part.done else self.chance.choice(other)
        sound = [value for value in values if value not in _LEFT_ALONE]
        return (sound or values)[0]


def _depth(cue: Cue, text: str) -> tuple[int, int]:
    """Where a cue's words end in a text, and how many there are of them."""
    return text.rfind(cue.asks.casefold()) + len(cue.asks), len(cue.asks) + len(cue.about)


def _pressed(message: Message, wanted: str) -> Choice | None:
    """The button that says so; one that ends in dots is known by its beginning."""
    for choice in message.choices:
        label = choice.label.casefold()
        if wanted.casefold() == label or (label.endswith("…") and wanted.casefold().startswith(label[:-1])):
            return choice
    return None


def code_in(text: str) -> str:
    """The invitation code in a message to the coach."""
    found = _CODE.search(text)
    return found.group() if found else ""


def without_codes(text: str) -> str:
    """A text with nothing in it that opens a door, such as the codes of invitations."""
    return _CODE.sub("0" * 8 + "…", text)


def typed(text: str) -> Content:
    """What somebody types: a slash command, or words."""
    if not text.startswith("/"):
        return TextSent(text=text)
    verb, _, rest = text.removeprefix("/").partition(" ")
    return CommandSent(verb=verb, rest=rest)
