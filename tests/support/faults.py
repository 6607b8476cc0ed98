"""What can go wrong besides: two at once, time that passes or jumps, transactions that fail, a process that dies."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    rule,
)

from bot.messages.incoming import ButtonPressed, Outcome, Receipt, TextSent
from bot.simulated import stage
from tests.support.crashing_database import Died, NotStoredError
from tests.support.state_machine import Story

numbers = st.integers(0, 99)


class Mishaps(Story):
    """Things happen to Ana."""

    # -- two at once -------------------------------------------------------------------------------------------------

    @rule(one=numbers, other=numbers, same=st.booleans())
    def two_answers_come_at_once(self, one: int, other: int, same: bool) -> None:
        """Two buttons of one question, or one event delivered twice: one of them counts."""
        message = self.question(buttons=True)
        before = self.now
        events = [
            self.event(ButtonPressed(token=message.token, value=self.good_answer(message, n)[0])) for n in (one, other)
        ]
        if same:
            self.events.pop()
            events[1] = events[0]

        async def both() -> list[Receipt]:
            return list(await asyncio.gather(*(self.world.receive(event) for event in events)))

        outcomes = sorted(receipt.outcome for receipt in self.run(both()))
        self.reads()
        assert outcomes == sorted([Outcome.ACCEPTED, Outcome.DUPLICATE if same else Outcome.STALE])
        self.one_came(before, message, None)

    @rule(number=numbers)
    def two_texts_come_at_once(self, number: int) -> None:
        """Each goes to one question, and none to two."""
        self.line(f"/commit {self.idea()} by Friday")
        message = self.question()
        before = self.now
        assert message.kind == "scale"
        events = [self.event(TextSent(text=str(1 + number % 10))), self.event(TextSent(text="/progress"))]

        async def both() -> None:
            await asyncio.gather(*(self.world.receive(event) for event in events))

        self.run(both())
        self.reads()
        self.one_came(before, message, 1 + number % 10)

    # -- time --------------------------------------------------------------------------------------------------------

    @rule(span=st.sampled_from([timedelta(minutes=20), timedelta(hours=5), timedelta(days=1), timedelta(days=4)]))
    def time_passes(self, span: timedelta) -> None:
        """Whatever falls due on the way happens at its moment."""
        before, end = self.now, self.world.clock() + span
        while (at := self.run(self.due())) is not None and at <= end:
            self.world.clock.now = max(at, self.world.clock.now)
            self.ticks()
        self.world.clock.now = end
        self.ticks()
        self.nothing_came(before)

    @rule(days=st.sampled_from([3, 9, 25]))
    def the_host_sleeps(self, days: int) -> None:
        """Nothing happens for days, and then all at once: no burst."""
        before, sent = self.now, len(self.world.phone.read("ana"))
        self.world.clock.now += timedelta(days=days)
        self.ticks()
        self.nothing_came(before)
        assert len(self.world.phone.read("ana")) <= sent + 2, "a burst"

    async def due(self) -> datetime | None:
        assert self.world.app is not None
        return await stage.next_due(self.world.app)

    def ticks(self) -> None:
        before = len(self.world.phone.sent)
        assert self.world.app is not None
        self.run(stage.tick(self.world.app, self.world.clock(), self.world.app.jobs))
        self.look()
        self.arrived(before)

    # -- crashes -----------------------------------------------------------------------------------------------------

    @rule(number=numbers, at=st.integers(0, 4), dies=st.booleans())
    def an_answer_is_cut_off(self, number: int, at: int, dies: bool) -> None:
        """A transaction fails, or the process dies after one; the platform delivers what was not acknowledged again."""
        message = self.question(buttons=True)
        before = self.now
        text, value = self.good_answer(message, number)
        event = self.event(ButtonPressed(token=message.token, value=text))
        told = self.cut_off(at, dies, self.world.receive(event))
        stored = before.prompts[message.token].key in self.now.held
        assert stored or told is None, "acknowledged, and not stored"
        again = self.run(self.world.receive(event))
        assert again.outcome is (Outcome.DUPLICATE if stored else Outcome.ACCEPTED)
        self.reads()
        self.one_came(before, message, value)

    @rule(at=st.integers(0, 6), dies=st.booleans(), days=st.sampled_from([1, 4]))
    def a_tick_is_cut_off(self, at: int, dies: bool, days: int) -> None:
        """The same while prompts fall due."""
        before = self.now
        self.world.clock.now += timedelta(days=days)
        assert self.world.app is not None
        self.cut_off(at, dies, stage.tick(self.world.app, self.world.clock(), self.world.app.jobs))
        self.ticks()
        self.nothing_came(before)

    def cut_off(self, at: int, dies: bool, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do something and send what comes of it, and be cut off at one transaction; then come back."""
        assert self.world.database is not None
        setattr(self.world.database, "die_at" if dies else "fail_at", at)
        told = None
        before = len(self.world.phone.sent)
        try:
            told = self.run(doing)
            self.run(self.world.drain())
        except (NotStoredError, Died):
            self.crashed = True
        self.run(self.world.stop())
        self.run(self.world.start())
        self.look()
        self.arrived(before)
        return told

    @rule()
    def it_starts_again(self) -> None:
        """A restart says nothing and changes nothing."""
        before, sent = self.now, len(self.world.phone.sent)
        self.run(self.world.stop())
        self.run(self.world.start())
        self.look()
        assert self.now == before
        assert len(self.world.phone.sent) == sent
