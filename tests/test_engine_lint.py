"""Dialogues that would go wrong in the middle of a conversation are found before it begins, each with its mend."""

import json
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from bot.app import functions, library
from bot.engine.dialogue.load import DialogueError, build, load_dialogues
from bot.engine.dialogue.tree import every_node
from bot.engine.library import Library
from bot.engine.lint import lint
from bot.rendering.wording import WordingError, load_wording

GOOD = """
name: talk
title: Talk
nodes:
  - ask: mood
    kind: scale
    text: How is it?
"""


def written(folder: Path, text: str, name: str = "talk", where: str = "en/phase") -> Path:
    """A dialogue's file below a folder."""
    (folder / where).mkdir(parents=True, exist_ok=True)
    (folder / where / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
    return folder


def loaded(folder: Path, *left: str) -> Library:
    """The dialogues below a folder, with the catalogue and the functions of the real thing; some left in English."""
    dialogues = load_dialogues(folder)
    languages = {language for language, _ in dialogues}
    english = load_wording()["en"]
    other = replace(english, words={**english.words, "left_in_english": left})
    wordings = {**dict.fromkeys(languages, other), "en": english}
    return Library(dialogues=dialogues, wordings=wordings, functions=functions())


def fault(folder: Path, *left: str) -> str:
    """What is said of the dialogues below a folder: raises when nothing is."""
    with pytest.raises((DialogueError, WordingError)) as raised:
        lint(loaded(folder, *left))
    return str(raised.value)


def nodes(text: str, **head: str) -> str:
    """A dialogue of these nodes."""
    more = "".join(f"{key}: {value}\n" for key, value in head.items())
    body = "\n".join(f"  {line}" for line in dedent(text).strip().splitlines())
    return f"name: talk\ntitle: Talk\n{more}nodes:\n{body}\n"


def commands_fault(words: dict[str, object], **changes: object) -> str:
    """What is said of a catalogue with these words for commands, and of these changes to the functions."""
    english = load_wording()["en"]
    verbs = {verb: texts for verb, texts in {**english.words["verbs"], **words}.items() if texts}
    wording = replace(english, words={**english.words, "verbs": verbs})
    made = Library(dialogues={}, wordings={"en": wording}, functions=replace(functions(), **changes))  # type: ignore[arg-type]
    with pytest.raises(DialogueError) as raised:
        lint(made)
    return str(raised.value)


# -- commands --------------------------------------------------------------------------------------------------------


def test_words_for_a_command_that_is_not_there_are_found() -> None:
    said = commands_fault({"feedback": ["feedback"]})
    assert said == "Command 'feedback' (en): words.yaml has words for it, and no such command is registered"


def test_a_command_in_help_that_nobody_can_say_is_found() -> None:
    said = commands_fault({"note": None})
    assert said == "Command 'note' (en): help shows it, and nobody can say it: add its words to verbs in words.yaml"


def test_a_command_in_help_without_its_line_is_found() -> None:
    said = commands_fault({}, explained=(("note", "help_nothing"),))
    assert said == "Command 'note' (en): help shows it, and 'help_nothing' is not a phrase: add it to phrases.yaml"


def test_a_command_in_help_that_is_not_there_is_found() -> None:
    said = commands_fault({}, explained=(("notnote", "help_note"),))
    assert "Command 'notnote' (en): help shows it, and no such command is registered" in said


# -- what is shipped -------------------------------------------------------------------------------------------------


def test_the_dialogues_that_are_shipped_have_no_faults() -> None:
    made = library()
    assert len(made.dialogues) > 15
    lint(made)


def test_a_good_dialogue_has_no_faults(tmp_path: Path) -> None:
    lint(loaded(written(tmp_path, GOOD)))


# -- faults of nodes -------------------------------------------------------------------------------------------------

ASK = "- ask: mood\n  kind: scale\n  text: How?\n"
CHOICE = "- ask: pick\n  kind: choice\n  text: Which?\n  options: {a: Alpha, b: Beta}\n"
FAULTS = {
    "an unknown outcome": (nodes(ASK, outcome="nonsense"), "outcome 'nonsense' is not registered"),
    "an unknown predicate": (
        nodes(ASK + "- branch: {moonlight: []}\n  then:\n    - {say: x, text: X}"),
        "predicate 'moonlight' is not registered",
    ),
    "an unknown list": (
        nodes("- call: items\n  dialogue: talk2\n  for_each: moons"),
        "call 'items': list 'moons' is not registered",
    ),
    "an unknown list of options": (
        nodes("- ask: pick\n  kind: choice\n  text: Which?\n  options_from: moons"),
        "ask 'pick': options_from 'moons' is not registered",
    ),
    "an unknown check": (
        nodes("- ask: what\n  kind: text\n  text: What?\n  check: moons"),
        "ask 'what': check 'moons' is not registered",
    ),
    "a question that is waited for in two ways": (
        nodes(ASK + "  patient: true\n  passing: true\n"),
        "ask 'mood': required, patient and passing each say how it is waited for; keep one",
    ),
    "a branch on what is not asked before": (
        nodes("- branch: {answer_is: [pick, a]}\n  then:\n    - {say: x, text: X}\n" + CHOICE),
        "branch on 'pick', which is not asked before",
    ),
    "a number compared that is not asked before": (
        nodes("- branch: {at_most: [mood, 3]}\n  then:\n    - {say: x, text: X}\n" + ASK),
        "branch on 'mood', which is not asked before",
    ),
    "a branch on an answer that nobody can give": (
        nodes(CHOICE + "- branch: {answer_is: [pick, c]}\n  then:\n    - {say: x, text: X}"),
        "branch on 'pick' being 'c', which is not among its options: it cannot be reached",
    ),
    "a branch that leads nowhere": (nodes(CHOICE + "- branch: {answer_is: [pick, a]}"), "leads nowhere"),
    "a predicate with too few words": (
        nodes(ASK + "- branch: {at_most: [mood]}\n  then:\n    - {say: x, text: X}"),
        "predicate 'at_most' does not take ['mood']",
    ),
    "a predicate without its question": (
        nodes(ASK + "- branch: {answer_is: []}\n  then:\n    - {say: x, text: X}"),
        "predicate 'answer_is' does not take []",
    ),
    "a question twice on one way": (nodes(ASK + ASK), "ask 'mood' stands twice on one way"),
    "a call twice on one way": (
        nodes("- call: inner\n  dialogue: talk2\n- call: inner\n  dialogue: talk2"),
        "call 'inner' stands twice on one way",
    ),
    "a name that is none": (nodes(ASK.replace("mood", "my.mood")), "a name is letters, digits and underscores"),
    "a doubled option": (
        nodes("- ask: pick\n  kind: choice\n  text: Which?\n  options: {a: [Alpha, yes], b: [Beta, Yes]}"),
        "ask 'pick': 'yes' stands for two options",
    ),
    "a label that no button takes": (
        nodes(f"- ask: pick\n  kind: choice\n  text: Which?\n  options: {{a: {'A' * 41}, b: B}}"),
        "is longer than 40 characters",
    ),
    "a value that no button carries": (
        nodes(f"- ask: pick\n  kind: choice\n  text: Which?\n  options: {{{'a' * 41}: A, b: B}}"),
        "is longer than 40 bytes",
    ),
    "a value that means something else": (
        nodes('- ask: pick\n  kind: choice\n  text: Which?\n  options: {"=": A, b: B}'),
        "or is '='",
    ),
    "a value that steers to nowhere": (
        nodes('- ask: pick\n  kind: choice\n  text: Which?\n  options: {"!jump": Jump, b: B}'),
        "ask 'pick': '!jump' steers to nothing",
    ),
    "a value that cannot be told apart from two": (
        nodes('- ask: pick\n  kind: choices\n  text: Which?\n  options: {"a,b": Both, c: C}'),
        "ask 'pick': value 'a,b' holds a comma or a blank",
    ),
    "more options than fit": (
        nodes(
            "- ask: pick\n  kind: choice\n  text: Which?\n  options:\n"
            + "\n".join(f"    v{number}: Number {number}" for number in range(25))
        ),
        "25 options, at most 24 fit",
    ),
    "a choice without options": (
        nodes("- ask: pick\n  kind: choice\n  text: Which?"),
        "choice and choices need options",
    ),
    "a scale with options": (
        nodes("- ask: mood\n  kind: scale\n  text: How?\n  options: {a: A}"),
        "other kinds have none",
    ),
    "bounds the wrong way round": (
        nodes("- ask: mood\n  kind: scale\n  text: How?\n  low: 7\n  high: 7"),
        "low 7 is not below high 7",
    ),
    "one bound beyond the other that was left out": (
        nodes("- ask: mood\n  kind: scale\n  text: How?\n  low: 10"),
        "low 10 is not below high 10",
    ),
    "a scale with more steps than buttons fit": (
        nodes("- ask: mood\n  kind: scale\n  text: How?\n  low: 0\n  high: 100"),
        "ask 'mood': 101 steps, at most 24 fit: make it a number",
    ),
    "a question without a text": (nodes('- ask: mood\n  kind: scale\n  text: ""'), "'mood' has no text"),
    "more text than fits": (nodes(f"- ask: mood\n  kind: scale\n  text: {'a' * 1501}"), "at most 1500 fit"),
    "a line that says who sees something, and is not locked": (
        nodes("- ask: mood\n  kind: scale\n  text: How? Just for you."),
        "'mood' says or decides who sees something, a consent or a right: give it 'locked: true'",
    ),
    "a gap that nothing fills": (
        nodes('- ask: mood\n  kind: scale\n  text: "How, {nobody}?"'),
        "'mood': nothing fills '{nobody}'",
    ),
    "a gap in a hint": (
        nodes('- ask: mood\n  kind: scale\n  text: How?\n  hint: "Like {this}"'),
        "'mood': nothing fills '{this}'",
    ),
    "a brace that is not closed": (
        nodes('- ask: mood\n  kind: scale\n  text: "How, {name?"'),
        "'mood': a brace is not closed; write '{{' for one that is meant",
    ),
    "a first question of the bot's own that no tap answers": (
        nodes("- ask: what\n  kind: text\n  text: What?", opened_by="bot"),
        "its first question 'what' must be answerable by one tap",
    ),
    "an opener that does not exist": (
        nodes(ASK, opened_by="robot"),
        "opened_by 'robot' is none of bot, client, either",
    ),
    "a phrase for edits that does not exist": (
        nodes(ASK, settled="edit_nowhere"),
        "settled 'edit_nowhere' is not a phrase",
    ),
    "a form of what it does not ask": (nodes(ASK, form="[mood, moon]"), "names 'moon'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_named(tmp_path: Path, name: str) -> None:
    text, words = FAULTS[name]
    written(tmp_path, GOOD.replace("talk", "talk2"), "talk2")
    said = fault(written(tmp_path, text))
    assert words in said
    assert said.startswith("Dialogue 'talk' (en): ")
    assert "\n" not in said


def test_every_fault_of_every_dialogue_is_told_at_once(tmp_path: Path) -> None:
    written(tmp_path, nodes(ASK, outcome="one"))
    written(tmp_path, nodes(ASK, outcome="two").replace("talk", "other"), "other")
    assert len(fault(tmp_path).splitlines()) == 2


# -- files that cannot be loaded -------------------------------------------------------------------------------------

UNLOADABLE = {
    "no YAML": ("name: [", "talk.yaml: not readable as YAML"),
    "a doubled key": ("name: talk\ntitle: A\ntitle: B\n", "key {'title'} stands twice"),
    "no mapping": ("- ask: mood\n", "talk.yaml: a dialogue is a mapping"),
    "another name": (GOOD.replace("name: talk", "name: walk"), "'name' is 'walk': call it 'talk' like its file"),
    "no name": (GOOD.replace("name: talk", ""), "call it 'talk' like its file"),
    "no title": (GOOD.replace("title: Talk", ""), "talk.yaml: needs 'title' and 'nodes'"),
    "no nodes": ("name: talk\ntitle: Talk\nnodes: []\n", "talk.yaml: needs 'title' and 'nodes'"),
    "nodes that are a number": ("name: talk\ntitle: Talk\nnodes: 5\n", "'nodes' is a list of nodes, found 5"),
    "nodes that are a text": ("name: talk\ntitle: Talk\nnodes: abc\n", "'nodes' is a list of nodes, found 'abc'"),
    "a branch that is a text": (nodes("- branch: {answered: [x]}\n  then: abc"), "'then' is a list of nodes"),
    "an unknown key": (GOOD + "colour: blue\n", "does not know ['colour']"),
    "an unknown key of a node": (
        nodes(ASK + "  colour: blue"),
        "Dialogue 'talk', ask 'mood': does not know ['colour']",
    ),
    "no kind of node": (nodes("- {shout: mood}"), "a node is one of ask, say, branch, call"),
    "two kinds of node": (nodes("- {ask: mood, say: mood, text: X}"), "a node is one of ask, say, branch, call"),
    "a node that is a text": (nodes("- mood"), "a node is one of ask, say, branch, call"),
    "an unknown kind of answer": (nodes(ASK.replace("scale", "feeling")), "'feeling' is not a valid Kind"),
    "an unknown audience": (nodes(ASK + "  audience: everyone"), "'everyone' is not a valid Audience"),
    "no kind of answer": (nodes("- {ask: mood, text: How?}"), "Dialogue 'talk', ask 'mood': needs 'kind'"),
    "no text": (nodes("- {ask: mood, kind: scale}"), "Dialogue 'talk', ask 'mood': needs 'text'"),
    "options that are a list": (
        nodes("- ask: pick\n  kind: choice\n  text: Which?\n  options: [a, b]"),
        "Dialogue 'talk', ask 'pick': 'options' maps values to labels",
    ),
    "a call of nothing": (nodes("- {call: inner}"), "Dialogue 'talk', call 'inner': needs 'dialogue'"),
    "a call of what is not there": (
        nodes("- {call: inner, dialogue: nowhere}"),
        "Dialogue 'talk' calls 'nowhere', which does not exist",
    ),
    "a dialogue that calls itself": (
        nodes("- {call: inner, dialogue: talk}"),
        "Dialogue 'talk' calls itself: talk > talk",
    ),
    "a branch with two tests": (
        nodes(ASK + "- branch: {answered: [mood], any_open: []}\n  then:\n    - {say: x, text: X}"),
        "a branch has one test",
    ),
    "a branch whose test has no list": (
        nodes(ASK + "- branch: {answered: mood}\n  then:\n    - {say: x, text: X}"),
        "the words behind 'answered' are a list",
    ),
}


@pytest.mark.parametrize("name", UNLOADABLE)
def test_what_cannot_be_loaded_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    text, words = UNLOADABLE[name]
    said = fault(written(tmp_path, text))
    assert words in said
    assert "talk" in said
    assert "\n" not in said


def test_two_dialogues_that_call_each_other_are_found(tmp_path: Path) -> None:
    written(tmp_path, nodes("- {call: inner, dialogue: other}"))
    written(tmp_path, nodes("- {call: inner, dialogue: talk}").replace("name: talk", "name: other"), "other")
    assert "calls itself" in fault(tmp_path)


def test_a_name_that_two_files_have_is_no_name(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, GOOD, where="en/later")
    assert "talk.yaml: there is another dialogue 'talk'" in fault(tmp_path)


# -- translations ----------------------------------------------------------------------------------------------------

ENGLISH = nodes(
    "- ask: pick\n  kind: choice\n  text: Which?\n  hint: Any.\n  options: {a: Alpha, b: Beta}\n- {say: bye, text: Bye}"
)
GERMAN = """
name: talk
title: Gespräch
nodes:
  pick: {text: Was?, hint: Egal., options: {a: Eins, b: [Zwei, zwo]}}
  bye: {text: Ende}
"""
TRANSLATIONS = {
    "a node left out": (GERMAN.replace("  bye: {text: Ende}\n", ""), "Dialogue 'talk': no translation of 'bye'"),
    "a hint left out": (GERMAN.replace("hint: Egal., ", ""), "Dialogue 'talk', 'pick': translated and English"),
    "an option left out": (GERMAN.replace("a: Eins, ", ""), "differ in ['a']"),
    "an option too many": (GERMAN.replace("a: Eins", "a: Eins, c: Drei"), "differ in ['c']"),
    "a node that is not there": (GERMAN + "  moon: {text: Mond}\n", "Dialogue 'talk' (de): there is no 'moon'"),
    "no title": (GERMAN.replace("title: Gespräch", ""), "talk.yaml: needs 'title' and 'nodes'"),
    "no mapping": ("- Gespräch\n", "talk.yaml: a translation is a mapping"),
    "a gap that nothing fills": (GERMAN.replace("Was?", '"Was, {niemand}?"'), "nothing fills '{niemand}'"),
    "a label too long": (GERMAN.replace("Eins", "E" * 41), "is longer than 40 characters"),
}


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_faulty_translation_is_found(tmp_path: Path, name: str) -> None:
    text, words = TRANSLATIONS[name]
    written(tmp_path, ENGLISH)
    said = fault(written(tmp_path, text, where="de/phase"))
    assert words in said
    assert "\n" not in said


def test_a_good_translation_has_the_tree_of_the_english_one_and_its_own_words(tmp_path: Path) -> None:
    written(tmp_path, ENGLISH)
    made = loaded(written(tmp_path, GERMAN, where="de/phase"))
    lint(made)
    english, german = made.dialogues["en", "talk"], made.dialogues["de", "talk"]
    assert german.title == "Gespräch"
    assert [getattr(node, "text", "") for node in german.nodes] == ["Was?", "Ende"]
    assert german.version != english.version


def test_a_dialogue_that_is_not_translated_at_all_is_found(tmp_path: Path) -> None:
    written(tmp_path, ENGLISH)
    written(tmp_path, GOOD.replace("talk", "other"), "other")
    said = fault(written(tmp_path, GERMAN, where="de/phase"))
    assert said == (
        "Dialogue 'other' (de): it is not translated: add de/*/other.yaml, or name it in left_in_english of words.yaml"
    )


def test_a_dialogue_may_be_left_in_english_if_it_is_said_so(tmp_path: Path) -> None:
    written(tmp_path, ENGLISH)
    written(tmp_path, GOOD.replace("talk", "other"), "other")
    made = loaded(written(tmp_path, GERMAN, where="de/phase"), "other")
    lint(made)
    assert made.newest("other", "de") is made.dialogues["en", "other"]


def test_a_dialogue_both_translated_and_left_in_english_is_found(tmp_path: Path) -> None:
    written(tmp_path, ENGLISH)
    said = fault(written(tmp_path, GERMAN, where="de/phase"), "talk")
    assert said == (
        "Dialogue 'talk' (de): it is translated, and left_in_english names it too: take it out of words.yaml"
    )


def test_a_dialogue_left_in_english_that_is_not_there_is_found(tmp_path: Path) -> None:
    written(tmp_path, ENGLISH)
    said = fault(written(tmp_path, GERMAN, where="de/phase"), "moon")
    assert said == "Dialogue 'moon' (de): left_in_english names it, and there is no such dialogue"


TWO_PLACES = nodes(
    """
    - {ask: pick, kind: choice, text: Which?, options: {a: Alpha, b: Beta}}
    - branch: {answer_is: [pick, a]}
      then:
        - {say: bye, text: Good-bye from Alpha}
      else:
        - {say: bye, text: Good-bye from Beta}
    """
)
IN_TWO_PLACES = """
name: talk
title: Gespräch
nodes:
  pick: {text: Was?, options: {a: Eins, b: Zwei}}
  bye: [{text: Tschüss von Eins}, {text: Tschüss von Zwei}]
"""


def test_nodes_of_one_name_have_a_translation_for_each_of_their_places(tmp_path: Path) -> None:
    written(tmp_path, TWO_PLACES)
    made = loaded(written(tmp_path, IN_TWO_PLACES, where="de/phase"))
    lint(made)
    texts = [getattr(node, "text", "") for node in every_node(made.dialogues["de", "talk"].nodes)]
    assert texts == ["Was?", "", "Tschüss von Eins", "Tschüss von Zwei"]


def test_a_translation_for_more_places_than_there_are_is_found(tmp_path: Path) -> None:
    written(tmp_path, TWO_PLACES)
    more = IN_TWO_PLACES.replace("]", ", {text: Tschüss}]")
    assert fault(written(tmp_path, more, where="de/phase")) == "Dialogue 'talk' (de): 'bye' stands in 2 places, not 3"


def test_a_translation_of_what_is_not_there_is_found(tmp_path: Path) -> None:
    written(tmp_path, ENGLISH)
    written(tmp_path, GERMAN, where="de/phase")
    said = fault(written(tmp_path, GERMAN.replace("talk", "moon"), "moon", where="de/phase"))
    assert "moon.yaml: there is no English dialogue 'moon'" in said


# -- versions --------------------------------------------------------------------------------------------------------

OUTER = nodes("- {call: inner, dialogue: other}\n" + ASK)
INNER = nodes("- ask: why\n  kind: text\n  text: Why?").replace("talk", "other")


def version(folder: Path, outer: str, inner: str) -> str:
    written(folder, outer)
    return load_dialogues(written(folder, inner, "other"))["en", "talk"].version


def test_the_version_changes_with_the_words_of_a_called_dialogue(tmp_path: Path) -> None:
    first = version(tmp_path, OUTER, INNER)
    assert version(tmp_path, OUTER, INNER) == first
    assert version(tmp_path, OUTER, INNER.replace("Why?", "Why not?")) != first
    assert version(tmp_path, OUTER.replace("How?", "How now?"), INNER) != first


def test_the_version_does_not_change_with_what_says_nothing(tmp_path: Path) -> None:
    first = version(tmp_path, OUTER, INNER)
    assert version(tmp_path, "# a comment\n" + OUTER, INNER) == first
    assert (
        version(tmp_path, OUTER.replace("kind: scale\n    text: How?", "text: How?\n    kind: scale"), INNER) == first
    )


def test_a_stored_source_builds_the_dialogue_that_it_was_taken_from() -> None:
    for dialogue in library().dialogues.values():
        assert build(dialogue.source) == dialogue
        assert json.loads(dialogue.source)["name"] == dialogue.name


def test_options_keep_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    text = nodes("- ask: pick\n  kind: choice\n  text: Which?\n  options: {zebra: Z, ant: A, cat: C}")
    (ask,) = load_dialogues(written(tmp_path, text))["en", "talk"].nodes
    assert [option.value for option in getattr(ask, "options", ())] == ["zebra", "ant", "cat"]
