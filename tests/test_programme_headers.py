"""The heads of dialogues: their places in a programme and in the rhythm, and what is said of one that cannot be."""

from pathlib import Path
from textwrap import indent

import pytest

from bot.coaching.programme.headers import Header, Slot, read_headers
from bot.coaching.rhythm.slots import ROWS, in_order
from bot.engine.dialogue.load import DialogueError, load_dialogues

NODES = "nodes:\n  - {ask: mood, kind: scale, text: How is it?}\n"
IN_A_GROUP = "place: 3\nprogramme: six\ngroup: between\n"


def written(folder: Path, coaching: str, name: str = "talk") -> Path:
    """A dialogue with that header, in a folder of dialogues."""
    (folder / "en" / "phase").mkdir(parents=True, exist_ok=True)
    header = f"coaching:\n{indent(coaching.rstrip(), '  ')}\n" if coaching else ""
    (folder / "en" / "phase" / f"{name}.yaml").write_text(f"name: {name}\ntitle: Talk\n{header}{NODES}")
    return folder


def fault(folder: Path) -> str:
    with pytest.raises(DialogueError) as raised:
        read_headers(folder)
    return str(raised.value)


def row(name: str, place: int, after: str) -> tuple[str, Header]:
    return name, Header(name=name, place=place, slot=Slot(late=1, during="always", after=after))


# -- the files ------------------------------------------------------------------------------------------------------


def test_a_header_is_no_part_of_a_dialogue_and_changes_no_version(tmp_path: Path) -> None:
    bare = load_dialogues(written(tmp_path / "bare", ""))["en", "talk"]
    headed = load_dialogues(written(tmp_path / "headed", IN_A_GROUP))["en", "talk"]
    assert (headed.version, headed.source) == (bare.version, bare.source)
    assert read_headers(tmp_path / "headed")["talk"].group == "between"


def test_headers_come_in_the_order_of_their_places(tmp_path: Path) -> None:
    written(tmp_path, "place: 20", "a-talk")
    written(
        tmp_path, "place: 3\nslot: {late: 2, during: half_pace, after: weekly-checkin, keeps_place: true}", "b-talk"
    )
    found = read_headers(tmp_path)
    assert list(found) == ["b-talk", "a-talk"]
    assert found["b-talk"].slot == Slot(late=2, during="half_pace", after="weekly-checkin", keeps_place=True)


@pytest.mark.parametrize(
    ("coaching", "said"),
    [
        ("place: 3\ncolour: red\n", "does not know ['colour']; it takes day, group, place"),
        ("rewordable: true\n", "needs 'place'"),
        ("place: 3\nprogramme: six\ngroup: somewhere\n", "does not know the group 'somewhere'; take one of on-days"),
        ("place: 3\nprogramme: nine\ngroup: between\n", "does not know the programme 'nine'; take one of core"),
        ("place: 3\ngroup: between\n", "needs both 'programme' and 'group'"),
        ("place: 3\nprogramme: six\ngroup: on-days\n", "needs 'day', a number, with the group 'on-days'"),
        (IN_A_GROUP + "day: 4\n", "needs 'day', a number, with the group 'on-days'"),
        ("place: 3\nrewordable: often\n", "'rewordable' is true or false, found 'often'"),
        ("place: 3\nslot: early\n", "'slot' is a mapping with after, beside, during"),
        ("place: 3\nslot: {during: always}\n", "'slot' needs 'late'"),
        ("place: 3\nslot: {late: 1, during: never}\n", "'slot' needs 'during', one of full_pace"),
        ("place: 3\nslot: {late: 1, during: always, sooner: true}\n", "does not know ['sooner']"),
        ("place: 3\nslot: {late: 1, during: always, after: [a]}\n", "'after' in 'slot' is the name of a prompt"),
    ],
)
def test_a_header_that_cannot_be_is_named_with_its_file_and_the_mend(tmp_path: Path, coaching: str, said: str) -> None:
    found = fault(written(tmp_path, coaching))
    assert "talk.yaml: " in found
    assert said in found


def test_two_of_one_place_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "place: 3", "a-talk")
    found = fault(written(tmp_path, "place: 3", "b-talk"))
    assert "b-talk.yaml: " in found
    assert "the place 3, as 'a-talk' has" in found


def test_a_header_behind_the_nodes_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, "")
    with (folder / "en" / "phase" / "talk.yaml").open("a") as file:
        file.write("coaching: {place: 3}\n")
    assert "stands behind 'nodes'; put it before them" in fault(folder)


# -- the order of prompts -------------------------------------------------------------------------------------------


def test_the_prompts_stand_in_one_order_each_behind_the_one_that_it_names() -> None:
    assert [each.slot for each in ROWS] == [
        "last-note",
        "due-today",
        "at-cue",
        "tomorrow",
        "after-pause",
        "before-session",
        "first-picture",
        "after-session",
        "weekly-checkin",
        "what-coach-sees",
        "coming-back",
        "review",
        "looking-back",
        "next-chapter",
        "sponsor-close",
        "about-the-coaching",
        "daily-review",
        "habit-today",
        "monday-focus",
        "practice-echo",
        "strengths-and-direction",
        "daily-checkin",
    ]


def test_two_behind_one_prompt_are_refused() -> None:
    with pytest.raises(DialogueError, match="'second' and 'first' both come after 'due-today'"):
        in_order(dict((row("first", 1, "due-today"), row("second", 2, "due-today"))))


def test_a_place_behind_a_prompt_that_nobody_has_is_refused() -> None:
    with pytest.raises(DialogueError, match="'mine' comes after 'nothing-such', which is no prompt"):
        in_order(dict((row("mine", 1, "nothing-such"),)))


def test_two_that_come_after_each_other_are_refused() -> None:
    with pytest.raises(DialogueError, match="'left' comes after 'right'"):
        in_order(dict((row("left", 1, "right"), row("right", 2, "left"))))
