"""The form of a dialogue: several of its questions at once, for a platform that has forms."""

from collections.abc import Callable

from bot.engine.answers import LINE_LIMIT, TEXT_LIMIT
from bot.engine.buttons import choices_of
from bot.engine.dialogue.tree import Ask, Dialogue, Kind, every_ask
from bot.engine.library import Library
from bot.engine.state import Run
from bot.engine.walk import Stop, with_options
from bot.messages.outgoing import Field, Form
from bot.model.replies import Given
from bot.rendering.wording import Wording


def form_of(
    dialogue: Dialogue, run: Run, wording: Wording, stops: list[Stop], words: Callable[[Stop, str], str]
) -> Form | None:
    """The questions that a dialogue asks at once, in order, with what is known or stands already; None without a form.

    `stops` are its questions, as `stops_of` gives them; `words` fills the gaps of a text as it stands at a question.
    """
    if not dialogue.form:
        return None
    return Form(
        title=dialogue.title,
        submit=wording.say("form_submit"),
        cancel=wording.say("form_cancel"),
        fields=tuple(_field(dialogue, run, wording, words, stop) for stop in stops),
    )


def stops_of(dialogue: Dialogue, given: Given, library: Library) -> list[Stop]:
    """The questions of a form, with their options; they stand in no called dialogue."""
    asks = {ask.id: ask for ask in every_ask(dialogue)}
    return [Stop(node=with_options(asks[name], given, library), key=name, scope="", item="") for name in dialogue.form]


def _field(dialogue: Dialogue, run: Run, wording: Wording, words: Callable[[Stop, str], str], stop: Stop) -> Field:
    ask = stop.ask
    known = run.answers.get(stop.key)
    return Field(
        name=ask.id,
        kind=ask.kind,
        label=words(stop, ask.text),
        hint=words(stop, ask.hint) if ask.hint else "",
        choices=() if ask.kind is Kind.TEXT else choices_of(ask, wording),
        optional=stop.key != dialogue.form[0],
        value=words(stop, ask.stands) if known is None or known.value is None else str(known.value),
        longest=_longest(ask),
    )


def _longest(ask: Ask) -> int:
    if ask.kind is Kind.TEXT:
        return LINE_LIMIT if ask.check == "a_line" else TEXT_LIMIT
    return TEXT_LIMIT if ask.kind is Kind.COMMITMENTS else 0
