"""What our messages look like in Slack: within every limit, and with nothing in them that Slack would read as code."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.outgoing import Choice, Field, Form, Message, Section
from handlers.slack.blocks import blocks_of, fallback
from handlers.slack.home import home_of
from handlers.slack.modals import errors_at, view_of
from handlers.slack.text import cut, escaped, pieces, size
from tests.fakes.slack_rules import check_message, check_view, texts_of
from tests.support.laws import examples

HOSTILE = [
    "<!channel> <!here> <!everyone>",
    "<@U0ANA> <#C01> <!subteam^S1>",
    "<https://evil.test|bank.example>",
    "&lt;!channel&gt;",
    "*bold* _it_ ~no~ `code` ```block```",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200f",
    "<\u200b!channel>",
    "\x00\ud800 a\u0007",
    "&" * 4000,
    "<" * 4000,
    "👩‍👩‍👧‍👦" * 900,
]
TEXT = st.text(max_size=300) | st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=5).map(lambda t: t * 900)
VALUE = st.text(min_size=1, max_size=60) | st.text(min_size=1, max_size=4).map(lambda t: t * 700)
CHOICES = st.lists(st.builds(Choice, value=VALUE, label=TEXT, picked=st.booleans()), max_size=130).map(tuple)
KINDS = st.sampled_from(
    ["", "text", "scale", "choice", "choices", "level", "yes_no", "date", "number", "commitments", "unheard of"]
)
MESSAGES = st.builds(
    Message,
    text=TEXT,
    token=st.sampled_from(["", "Zm9v_-YmFyYmF6"]),
    kind=KINDS,
    choices=CHOICES,
    columns=st.integers(-1, 40),
)


def walk(node: Any) -> Any:
    """Every object of a payload."""
    if isinstance(node, dict):
        yield node
        for part in node.values():
            yield from walk(part)
    elif isinstance(node, list):
        for part in node:
            yield from walk(part)


@pytest.mark.patient
@examples(60)
@given(MESSAGES)
def test_every_message_is_within_slacks_limits(message: Message) -> None:
    check_message(blocks_of(message), fallback(message))


@pytest.mark.patient
@examples(60)
@given(MESSAGES)
def test_no_text_can_mention_link_or_format(message: Message) -> None:
    assert not [node for node in walk(blocks_of(message)) if node.get("type") == "mrkdwn"]
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", fallback(message))
    hidden = "[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\x00\ud800-\udfff]"
    assert not any(re.search(hidden, text) for text in [*texts_of(blocks_of(message)), fallback(message)])


@pytest.mark.patient
@examples(60)
@given(MESSAGES)
def test_a_link_leads_where_it_says(message: Message) -> None:
    for node in walk(blocks_of(message)):
        if node.get("type") == "link":
            assert set(node) == {"type", "url"}
            assert node["url"] in message.text


def test_a_link_can_be_followed() -> None:
    (block,) = blocks_of(Message(text="See https://example.org/a?b=1&c=2, or ask."))
    leaves = block["elements"][0]["elements"]
    assert [leaf["type"] for leaf in leaves] == ["text", "link", "text"]
    assert leaves[1]["url"] == "https://example.org/a?b=1&c=2"


@examples(60)
@given(TEXT, st.integers(10, 3000))
def test_a_long_text_is_split_and_nothing_is_left_out(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert all(0 < size(piece) <= limit for piece in found)
    whole = re.sub(r"\s", "", "".join(pieces(text, 10**9)))
    assert re.sub(r"\s", "", "".join(found)) == whole


def test_a_text_is_split_at_lines_then_blanks_and_never_inside_an_emoji() -> None:
    assert pieces("one two\nthree four", 12) == ["one two", "three four"]
    assert pieces("one two three", 8) == ["one two", "three"]
    family = "👩‍👩‍👧‍👦"
    assert all(piece.replace(family, "") == "" for piece in pieces(family * 20, 50))


def test_sections_hold_less_than_three_thousand_and_a_message_ends_somewhere() -> None:
    blocks = blocks_of(Message(text="word " * 40_000))
    texts = [block["text"]["text"] for block in blocks]
    assert all(len(text) < 3000 for text in texts)
    assert sum(map(len, texts)) <= 12_000
    assert texts[-1].endswith("…")


# -- what is tapped --------------------------------------------------------------------------------------------------


def asked(count: int, *, kind: str = "choice", columns: int = 1, value: str = "v") -> list[Any]:
    choices = tuple(Choice(value=f"{value}{n}", label=f"Label {n}") for n in range(count))
    return blocks_of(Message(text="?", token="tok", kind=kind, choices=choices, columns=columns))[1:]


@pytest.mark.parametrize(
    ("count", "columns", "rows"),
    [(2, 2, [2]), (5, 5, [5]), (11, 5, [5, 5, 1]), (3, 1, [1, 1, 1]), (4, 9, [4])],
)
def test_buttons_stand_in_rows_of_five_at_most(count: int, columns: int, rows: list[int]) -> None:
    assert [len(block["elements"]) for block in asked(count, columns=columns)] == rows


def test_many_choices_of_one_are_a_menu() -> None:
    ((block),) = asked(40)
    (menu,) = block["elements"]
    assert menu["type"] == "static_select"
    assert len(menu["options"]) == 40


def test_many_choices_of_several_stay_buttons_since_each_press_tells_one() -> None:
    blocks = asked(80, kind="choices")
    assert sum(len(block["elements"]) for block in blocks) == 80
    assert {element["type"] for block in blocks for element in block["elements"]} == {"button"}


def test_a_menu_that_could_not_carry_the_values_is_buttons() -> None:
    (first, *_) = asked(20, value="x" * 151)
    assert first["elements"][0]["type"] == "button"


def test_what_is_picked_is_marked_and_what_ends_the_picking_stands_out() -> None:
    choices = (Choice(value="a", label="A", picked=True), Choice(value="b", label="B"), Choice(value="=", label="Done"))
    rows = blocks_of(Message(text="?", token="t", kind="choices", choices=choices, columns=3))[1:]
    buttons = rows[0]["elements"]
    assert [button["text"]["text"] for button in buttons] == ["✓ A", "B", "Done"]
    assert [button.get("style") for button in buttons] == [None, None, "primary"]


def test_a_message_that_was_answered_has_nothing_left_to_press() -> None:
    assert [block["type"] for block in blocks_of(Message(text="How was it?\n✓ 7"))] == ["section"]


# -- forms and pages -------------------------------------------------------------------------------------------------

FIELDS = st.builds(
    Field,
    name=st.from_regex(r"[a-z_]{1,300}", fullmatch=True),
    kind=KINDS,
    label=TEXT,
    hint=TEXT,
    choices=CHOICES,
    optional=st.booleans(),
    value=st.one_of(st.just(""), st.text(max_size=20), st.just("2026-11-27"), st.just("x" * 4000)),
)


@pytest.mark.patient
@examples(60)
@given(st.lists(FIELDS, min_size=1, max_size=12, unique_by=lambda f: f.name[:200]), TEXT, TEXT, TEXT)
def test_every_form_is_within_slacks_limits(fields: list[Field], title: str, submit: str, cancel: str) -> None:
    numeric = [f for f in fields if f.kind != "number"]
    form = Form(title=title, submit=submit, cancel=cancel, fields=tuple(numeric))
    check_view(view_of(Message(text="?", token="t" * 40, form=form), form), "modal")


@pytest.mark.parametrize(
    ("kind", "count", "wanted"),
    [
        ("text", 0, "plain_text_input"),
        ("commitments", 0, "plain_text_input"),
        ("number", 0, "number_input"),
        ("date", 0, "datepicker"),
        ("scale", 10, "radio_buttons"),
        ("scale", 11, "static_select"),
        ("choice", 0, "plain_text_input"),
        ("choice", 101, "plain_text_input"),
        ("choices", 10, "checkboxes"),
        ("choices", 11, "multi_static_select"),
        ("yes_no", 2, "radio_buttons"),
        ("level", 5, "radio_buttons"),
        ("unheard of", 0, "plain_text_input"),
    ],
)
def test_a_field_is_filled_in_by_what_suits_its_kind_and_size(kind: str, count: int, wanted: str) -> None:
    choices = tuple(Choice(value=str(n), label=str(n), picked=n == 0) for n in range(count))
    field = Field(name="f", kind=kind, label="L", hint="H", choices=choices)
    form = Form(title="T", submit="S", cancel="C", fields=(field,))
    view = view_of(Message(text="?", token="t", form=form), form)
    check_view(view, "modal")
    assert view["blocks"][0]["element"]["type"] == wanted


def test_words_that_stand_in_a_date_field_stay_words() -> None:
    field = Field(name="f", kind="date", label="L", value="end of next week")
    form = Form(title="T", submit="S", cancel="C", fields=(field,))
    (block,) = view_of(Message(text="?", form=form), form)["blocks"]
    assert block["element"]["type"] == "plain_text_input"
    assert block["element"]["initial_value"] == "end of next week"


def test_errors_stand_at_their_fields_and_those_of_no_field_at_the_first() -> None:
    view = {"blocks": [{"type": "section", "block_id": "s"}, {"type": "input", "block_id": "what"}]}
    view["blocks"].append({"type": "input", "block_id": "due"})
    assert errors_at(view, {"due": "Past.", "hidden": "Odd.", "what": "Empty."}) == {
        "due": "Past.",
        "what": "Odd. Empty.",
    }


@pytest.mark.patient
@examples(60)
@given(
    st.lists(st.builds(Section, heading=TEXT, lines=st.lists(TEXT, max_size=5).map(tuple), choices=CHOICES), max_size=4)
)
def test_every_page_is_within_slacks_limits(sections: list[Section]) -> None:
    view = home_of(tuple(sections))
    check_view(view, "home")
    assert not [node for node in walk(view) if node.get("type") == "mrkdwn"]


def test_a_page_has_a_button_for_each_command_and_links_to_what_is_elsewhere() -> None:
    choices = (Choice(value="/log", label="Log"), Choice(value="https://example.org/coach", label="Your view"))
    view = home_of((Section(heading="Goals", lines=("Run", "Rest"), choices=choices),))
    header, lines, actions = view["blocks"]
    assert (header["text"]["text"], lines["text"]["text"]) == ("Goals", "Run\nRest")
    assert actions["elements"][0]["value"] == "/log"
    assert actions["elements"][1]["url"] == "https://example.org/coach"


# -- limits, one by one ----------------------------------------------------------------------------------------------

LONG = "x" * 5000
EVERYTHING = Form(
    title=LONG,
    submit=LONG,
    cancel=LONG,
    fields=(
        Field(name="n" * 300, kind="text", label=LONG, hint=LONG, value=LONG),
        Field(name="c", kind="choice", label=LONG, choices=(Choice(value="v" * 150, label=LONG, picked=True),)),
    ),
)


def limits() -> dict[str, tuple[int, str]]:
    """What was cut, by the limit that it was cut for."""
    message = Message(text=LONG, token="t", choices=(Choice(value=LONG, label=LONG),))
    many = Message(text="?", token="t", choices=tuple(Choice(value=f"v{n}", label=LONG) for n in range(20)))
    page = home_of((Section(heading=LONG, lines=(LONG,)),))
    view = view_of(Message(text="?", token="t" * 4000, form=EVERYTHING), EVERYTHING)
    pressed = blocks_of(message)[-1]["elements"][0]
    tapped = blocks_of(Message(text="?", token="t" * 999, choices=message.choices))[-1]["elements"][0]
    first, second = view["blocks"]
    return {
        "section": (3000, blocks_of(message)[0]["text"]["text"]),
        "label": (75, pressed["text"]["text"]),
        "value": (2000, pressed["value"]),
        "action_id": (255, tapped["action_id"]),
        "menu entry": (75, blocks_of(many)[1]["elements"][0]["options"][0]["text"]["text"]),
        "header": (150, page["blocks"][0]["text"]["text"]),
        "modal title": (24, view["title"]["text"]),
        "modal submit": (24, view["submit"]["text"]),
        "modal close": (24, view["close"]["text"]),
        "private_metadata": (3000, view["private_metadata"]),
        "block_id": (255, first["block_id"]),
        "input action_id": (255, first["element"]["action_id"]),
        "input label": (2000, first["label"]["text"]),
        "input hint": (2000, first["hint"]["text"]),
        "initial value": (3000, first["element"]["initial_value"]),
        "option": (75, second["element"]["options"][0]["text"]["text"]),
        "option value": (150, second["element"]["options"][0]["value"]),
        "notification": (4000, fallback(message)),
    }


@pytest.mark.parametrize("name", limits())
def test_it_is_cut_at_its_limit_and_not_long_before(name: str) -> None:
    most, text = limits()[name]
    assert len(text) <= most
    assert len(text) >= most * 0.7


def test_what_is_cut_says_so() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"
    assert size(cut("&&&&", 12)) <= 12


def test_escaping_writes_out_the_three_characters_that_slack_reads() -> None:
    assert escaped("<!channel> & <u|l>") == "&lt;!channel&gt; &amp; &lt;u|l&gt;"
