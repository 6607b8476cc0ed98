"""How a message looks in Telegram: text in parts, buttons in rows, nothing that Telegram would turn down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.outgoing import Choice, Message
from bot.rendering.shortening import signs, units
from handlers.telegram.inbound import called
from handlers.telegram.outbound import BUTTONS, data_of, render
from handlers.telegram.text import LIMIT, clean, split

TOKEN = "abcdefghijklmnopqr"
FAMILY = "👩‍👩‍👧‍👦"
WORDS = st.lists(
    st.sampled_from(["word", "Ünï", FAMILY, "👍🏽", "🇩🇪", "e\u0301", "\n", "\n\n", " ", "\r\n", "שלום", "\u202e", "𝒳"]),
    max_size=120,
).map("".join)


@given(st.one_of(st.text(max_size=300), WORDS), st.integers(min_value=24, max_value=60))
def test_no_part_is_too_long_nothing_is_lost_and_no_sign_is_broken(text: str, limit: int) -> None:
    text = clean(text)
    parts = split(text, limit)
    assert parts
    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    seen = list(signs(text))
    if all(units(sign) <= limit for sign in seen):
        whole = {sign.strip() for sign in seen}
        assert all(sign.strip() in whole for part in parts for sign in signs(part))


@given(st.text(alphabet=st.characters(), max_size=50))
def test_what_is_cleaned_can_always_be_sent(text: str) -> None:
    assert "\0" not in clean(text)
    clean(text).encode("utf-8")


def test_a_lone_surrogate_is_replaced_and_a_pair_is_joined() -> None:
    assert clean("a\ud83d") == "a�"
    assert clean("\ud83d\ude00") == "😀"


@pytest.mark.parametrize(
    ("length", "parts"), [(LIMIT, 1), (LIMIT + 1, 2), (2 * LIMIT, 2), (2 * LIMIT + 1, 3), (100_000, 25)]
)
def test_the_edge_is_counted_in_utf16(length: int, parts: int) -> None:
    assert len(split("x" * length)) == parts
    assert len(split("😀" * (length // 2))) == -(-(length // 2) // (LIMIT // 2))


def test_an_emoji_on_the_edge_goes_to_the_next_part_whole() -> None:
    first, second = split("x" * (LIMIT - 5) + FAMILY + "tail")
    assert first == "x" * (LIMIT - 5)
    assert second == FAMILY + "tail"


@pytest.mark.parametrize(("edge", "before"), [("\n\n", 30), ("\n", 30), (" ", 30)])
def test_a_cut_is_made_where_a_reader_would_make_it(edge: str, before: int) -> None:
    text = "a" * before + edge + "b" * 12 + " " + "c" * 40
    first, rest = split(text, 50)[:2]
    assert first == ("a" * before if edge != " " else "a" * before + " " + "b" * 12)
    assert rest.startswith("b" if edge != " " else "c")


def test_one_sign_longer_than_a_part_is_cut_inside() -> None:
    zalgo = "a" + "\u0301" * 100
    assert [len(part) for part in split(zalgo, 30)] == [30, 30, 30, 11]


def test_a_blank_text_is_one_empty_part() -> None:
    assert split(" \n ") == ("",)


# -- keyboards


def rows(message: Message) -> list[list[str]]:
    keyboard = render(message).keyboard
    return [[button.text for button in row] for row in keyboard.inline_keyboard] if keyboard else []


def data(message: Message) -> list[str]:
    keyboard = render(message).keyboard
    return [str(b.callback_data) for row in keyboard.inline_keyboard for b in row] if keyboard else []


def scale() -> Message:
    choices = tuple(Choice(value=str(n), label=str(n)) for n in range(1, 11))
    return Message(text="How confident?", token=TOKEN, kind="scale", choices=choices, columns=5)


def test_a_scale_has_two_rows_of_five_and_carries_the_token() -> None:
    assert rows(scale()) == [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]]
    assert data(scale())[6] == f"{TOKEN}:7"


def test_a_message_without_choices_has_no_keyboard() -> None:
    assert render(Message(text="Good morning.")).keyboard is None


def test_a_choice_of_several_shows_its_boxes_and_ends_with_a_row_of_its_own() -> None:
    choices = (
        Choice(value="a", label="Listening", picked=True),
        Choice(value="b", label="Delegating"),
        Choice(value="=", label="That's all"),
    )
    message = Message(text="Which?", token=TOKEN, kind="choices", choices=choices, columns=2)
    assert rows(message) == [["☑ Listening", "☐ Delegating"], ["That's all"]]


def test_long_labels_get_fewer_columns_and_end_in_an_ellipsis() -> None:
    long = "A commitment that somebody worded at great length"
    choices = tuple(Choice(value=str(n), label=label) for n, label in enumerate((long, "Short")))
    shown = rows(Message(text="Which?", token=TOKEN, choices=choices, columns=2))
    assert shown == [["A commitment that somebody worded at gr…"], ["Short"]]


def test_a_command_button_comes_back_as_its_command() -> None:
    message = Message(text="Three clients", choices=(Choice(value="/client 2", label="Ben"),))
    token, _, value = data(message)[0].partition(":")
    assert token == ""
    found = called(value)
    assert found is not None
    assert (found.verb, found.rest) == ("client", "2")


def test_a_value_that_fits_no_button_becomes_a_line_to_type() -> None:
    fits, too_long = "v" * (64 - 19), "ü" * 23
    choices = (Choice(value=fits, label="Fits"), Choice(value=too_long, label="Too long"))
    message = Message(text="Which?", token=TOKEN, choices=choices)
    assert rows(message) == [["Fits"]]
    assert render(message).parts == ("Which?\n• Too long",)
    command = Choice(value="/client " + "Ö" * 40, label="Öz")
    shown = render(Message(text="Clients", choices=(command,)))
    assert shown.keyboard is None
    assert shown.parts == (f"Clients\n• Öz: {command.value}",)


def test_more_buttons_than_telegram_takes_become_lines() -> None:
    choices = tuple(Choice(value=str(n), label=f"Option {n}") for n in range(BUTTONS + 2))
    message = Message(text="Which?", token=TOKEN, choices=choices)
    assert len(data(message)) == BUTTONS
    assert render(message).parts == ("Which?\n• Option 100\n• Option 101",)


@given(
    st.lists(
        st.builds(Choice, value=st.text(max_size=40), label=st.text(max_size=60), picked=st.booleans()), max_size=9
    ),
    st.sampled_from(["", "scale", "choices"]),
    st.integers(min_value=0, max_value=12),
)
def test_every_button_is_one_that_telegram_takes(choices: list[Choice], kind: str, columns: int) -> None:
    message = Message(text="?", token=TOKEN, kind=kind, choices=tuple(choices), columns=columns)
    keyboard = render(message).keyboard
    for row in keyboard.inline_keyboard if keyboard else ():
        assert 1 <= len(row) <= 8
        for button in row:
            assert button.text.strip()
            assert 1 <= len(str(button.callback_data).encode()) <= 64
    shown = len(data(message)) + sum(part.count("\n• ") for part in render(message).parts)
    assert shown >= len(choices)


def test_what_a_button_sends_is_the_token_and_the_value() -> None:
    assert data_of(scale(), scale().choices[0]) == f"{TOKEN}:1"
