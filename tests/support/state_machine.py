"""The frame of the state machine: what Ana does, what may come of it, and what holds whatever she did."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)

from bot.delivery.deliver import MOVES
from bot.messages.incoming import ButtonPressed, CommandSent, Content, Inbound, Outcome, Receipt, TextSent
from bot.messages.outgoing import Message
from handlers.console.keyboard import address_of
from tests.support.small_world import Key, Picture, World, moves

COUNTS = ("open", "done", "partly")  # states of a run whose answers count
SYLLABLES = ["bo", "ku", "li", "na", "pe", "ro", "ti", "vu", "za", "xo"]


class Story(RuleBasedStateMachine):
    """Ana's story so far: what she did, and how things stood when she last looked."""

    make: Callable[[], World]
    runner: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.world = self.make()
        self.events: list[Inbound] = []
        self.typed: list[str] = []
        self.count = 0
        self.crashed = False
        self.run(self.world.start())
        self.now = self.run(self.world.look("ana"))

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    # -- doing things ------------------------------------------------------------------------------------------------

    def event(self, content: Content, *, user: str = "ana", message: str = "") -> Inbound:
        """An event of somebody's; those of Ana can be delivered again later."""
        self.count += 1
        number = message or f"{user}-{self.count}"
        made = Inbound(key=f"key-{self.count}", address=address_of(user), content=content, message_id=number)
        if user == "ana":
            self.events.append(made)
            if isinstance(content, TextSent):
                self.typed.append(number)
        return made

    def does(self, content: Content, *, message: str = "", user: str = "ana") -> Receipt:
        """Ana does something and reads what comes of it."""
        receipt = self.run(self.world.receive(self.event(content, message=message, user=user)))
        self.reads()
        assert isinstance(receipt, Receipt)
        return receipt

    def reads(self) -> None:
        """What waits arrives; no question arrives that is answered already. Then `now` shows how things stand."""
        before = len(self.world.phone.sent)
        self.run(self.world.drain())
        self.look()
        self.arrived(before)

    def look(self) -> None:
        """See what the database holds."""
        self.now = self.run(self.world.look("ana"))

    def arrived(self, before: int) -> None:
        """What has arrived since: questions only as long as they are open."""
        for parcel in self.world.phone.sent[before:]:
            if parcel.address.user == "ana" and parcel.message.token and not parcel.replaces:
                state = self.now.prompts[parcel.message.token].state
                assert state == "open", f"{parcel.message.text!r} was put when it was {state}"

    def line(self, line: str) -> Receipt:
        """Ana types a line or a command."""
        verb, _, rest = line[1:].partition(" ")
        return self.does(CommandSent(verb=verb, rest=rest) if line.startswith("/") else TextSent(text=line))

    @property
    def asked(self) -> Message | None:
        """The question on Ana's phone that waits for her: the last one that was put and has not been closed."""
        waiting = {token for token, run in self.now.waiting.items() if run.until is None}
        open_ones = [p.message for p in self.world.phone.read("ana") if p.message.token in waiting]
        return open_ones[-1] if open_ones else None

    def good_answer(self, message: Message, number: int) -> tuple[str, Any]:
        """An answer that fits a question, as it is tapped or typed, and what is to be stored."""
        choices = [choice for choice in message.choices if not choice.value.startswith("!")]
        if choices:
            choice = choices[number % len(choices)]
            value: Any = {"yes": True, "no": False}.get(choice.value, choice.value)
            if message.kind == "yes_no":
                return choice.value, value
            return choice.value, int(choice.value) if message.kind == "scale" else choice.value
        if message.kind == "date":
            day = (self.world.clock().date() + timedelta(days=2 + number % 5)).isoformat()
            return day, day
        return self.idea(), None

    def idea(self) -> str:
        """Words that were never said before, and that mean nothing else."""
        self.count += 1
        return "Idea " + "".join(SYLLABLES[int(digit)] for digit in str(self.count))

    def came(self, before: Picture, allowed: Callable[[Key], bool]) -> dict[Key, Any]:
        """The answers that came, with those of dialogues that began just now left out; nothing else may have moved."""
        for key, value in before.held.items():
            if not allowed(key):
                assert self.now.held.get(key) == value, f"{key}: {value} became {self.now.held.get(key)}"
        fresh = {key: value for key, value in self.now.held.items() if key not in before.held}
        return {key: value for key, value in fresh.items() if key[0] in before.ended}

    def nothing_came(self, before: Picture) -> None:
        """No answer came, changed or went."""
        came = self.came(before, lambda key: False)
        assert not came, f"{came} came out of nothing"

    def one_came(self, before: Picture, message: Message, value: Any) -> None:
        """The answer to that question came, and no other; None stands for any value."""
        run, question = before.prompts[message.token].key
        changes_another = before.ended.get(run, ("", ""))[0] == "revision"
        came = self.came(before, lambda key: changes_another)
        assert (run, question) in came, f"the answer to {message.text!r} was acknowledged and is not stored"
        stored, skipped = came.pop((run, question))
        assert not skipped
        assert value is None or stored == value, f"{stored!r} is stored for {value!r}"
        assert changes_another or not came, f"{came} came with the answer to {question}"

    def question(self, *, buttons: bool = False) -> Message:
        """The question that waits, one with buttons if need be; when none does, Ana begins something that asks.

        No precondition, since which question waits may depend on ids drawn at random, and Hypothesis must not notice.
        """
        for _ in range(12):
            message = self.asked
            if message is None:
                self.line(("/checkin", f"/commit {self.idea()} by Friday", "/settings")[self.count % 3])
            elif buttons and not message.choices:
                self.answer(0, tapped=False)
            else:
                return message
        raise AssertionError("nothing that she begins asks anything")

    def answer(self, number: int, *, tapped: bool) -> None:
        """Answer the open question, by a button or in words."""
        message = self.question()
        before = self.now
        text, value = self.good_answer(message, number)
        tapped = tapped and bool(message.choices)
        content: Content = (
            ButtonPressed(token=message.token, value=text) if tapped else TextSent(text=self.words(message, text))
        )
        receipt = self.does(content)
        assert receipt.outcome is Outcome.ACCEPTED
        self.one_came(before, message, value if tapped or message.kind in ("scale", "yes_no") else None)

    def words(self, message: Message, value: str) -> str:
        """How a choice is typed: by its label."""
        return next((choice.label for choice in message.choices if choice.value == value), value)

    # -- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def what_always_holds(self) -> None:
        self.open_prompts_are_those_that_are_waited_on()
        self.every_open_prompt_ends_one_day_and_no_other_rings()
        self.the_question_on_the_phone_is_the_one_that_a_text_answers()
        self.everything_is_said_and_nothing_failed()
        self.a_chat_reads_in_order_and_twice_only_after_a_crash()
        self.what_was_answered_counts_once()
        self.rows_of_the_outbox_move_as_the_table_says()

    def open_prompts_are_those_that_are_waited_on(self) -> None:
        found = self.now
        open_ones = {token for token, prompt in found.prompts.items() if prompt.state == "open"}
        assert open_ones == set(found.waiting)
        assert len(found.waiting) == len(found.runs)
        for token, run in found.waiting.items():
            assert run.asked is not None
            assert found.prompts[token].key == (run.id, run.asked.question)

    def every_open_prompt_ends_one_day_and_no_other_rings(self) -> None:
        for token in self.now.waiting:
            assert (token, "expire") in self.now.timers, "it would wait for ever"
        assert {token for token, _ in self.now.timers} <= set(self.now.waiting)

    def the_question_on_the_phone_is_the_one_that_a_text_answers(self) -> None:
        run, message = self.now.open, self.asked
        assert (run is None) == (message is None)
        if run is not None and message is not None and run.asked is not None:
            assert message.token == run.asked.token

    def everything_is_said_and_nothing_failed(self) -> None:
        assert self.now.unfinished == 0
        assert self.now.failed == 0

    def a_chat_reads_in_order_and_twice_only_after_a_crash(self) -> None:
        # A new look of an old message has a lane of its own: it says nothing new.
        ids = [each.id for each in self.world.phone.sent if each.address.user == "ana" and not each.replaces]
        for one, next_one in pairwise(ids):
            assert one < next_one or (self.crashed and one == next_one)

    def what_was_answered_counts_once(self) -> None:
        """A rating for each energy that was answered, a promise for each that was made, be the dialogue over or not."""
        found = self.now
        energy = {
            (run, answer.value)
            for (run, question), answer in found.answers.items()
            if question == "energy" and not answer.skipped and found.ended[run][1] in COUNTS
        }
        assert {(run, r.value) for run, r in found.ratings if r.kind == "energy"} == energy
        made = [c.run for c in found.commitments]
        assert len(made) == len(set(made))
        told = {run for run, (dialogue, state) in found.ended.items() if dialogue == "commitment" and state in COUNTS}
        promised = {run for run in told if (run, "what") in found.answers and not found.answers[run, "what"].skipped}
        assert {run for run in made if found.ended[run][0] == "commitment"} == promised
        slips = [commitment for commitment, report in found.reports if report in ("not_yet", "partly")]
        for commitment in found.commitments:
            assert commitment.slips == slips.count(commitment.id)

    def rows_of_the_outbox_move_as_the_table_says(self) -> None:
        if self.world.url.startswith("sqlite"):
            assert self.world.database is not None
            for was, became in self.run(self.world.database.read(moves)):
                assert became in MOVES[was], f"{was} -> {became}"

    # -- and there is always a way out -------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            for word in ["cancel", "skip"] * 40:
                if self.now.open is None:
                    break
                self.line(word)
            assert self.now.open is None, "no way out"
            made = len(self.now.commitments)
            self.line(f"/commit {self.idea()} by Friday")
            for _ in range(6):
                if self.asked is not None:
                    self.answer(8, tapped=True)
            assert len(self.now.commitments) >= made + 1
        finally:
            self.run(self.world.stop())
