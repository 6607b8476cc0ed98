"""What comes again and again, as people write it: the rule, and the words that are left."""

import pytest

from bot.model.habits.values import HabitRule
from bot.rendering.wording import load_wording
from bot.understanding.habits import habit_in, states_habit
from bot.understanding.vocabulary import vocabulary_of

WORDINGS = load_wording()
WEEKDAYS, ALL = (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6)
RULES = (
    ("en", "gym mon wed fri", "Gym", {"weekdays": (0, 2, 4)}),
    ("en", "gym on Mondays and Thursdays", "Gym", {"weekdays": (0, 3)}),
    ("en", "gym Mon-Fri", "Gym", {"weekdays": WEEKDAYS}),
    ("en", "no email after 8 every weekday", "No email after 8", {"weekdays": WEEKDAYS}),
    ("en", "meditate daily", "Meditate", {"weekdays": ALL}),
    ("en", "meditate every morning", "Meditate every morning", {"weekdays": ALL}),
    ("en", "weekly review every friday", "Weekly review", {"weekdays": (4,)}),
    ("en", "three 1:1s a week", "1:1s", {"times": 3}),
    ("en", "3x a week gym", "Gym", {"times": 3}),
    ("en", "gym twice a week", "Gym", {"times": 2}),
    ("en", "run 10 km a week", "Run 10 km a week", {"times": 1}),
    ("en", "rent report every 31st", "Rent report", {"month_days": (31,)}),
    ("en", "send the invoice on the 1st of every month", "Send the invoice", {"month_days": (1,)}),
    ("en", "mon wed fri", "", {"weekdays": (0, 2, 4)}),
    ("en", "1:1 with Sam every other friday", "1:1 with Sam", {"weekdays": (4,), "every": 2}),
    ("en", "gym mondays and thursdays every other week", "Gym", {"weekdays": (0, 3), "every": 2}),
    ("en", "1:1 with Kim every 2nd tuesday", "1:1 with Kim", {"weekdays": (1,), "every": 2}),
    ("en", "1:1s on Mondays every three weeks", "1:1s", {"weekdays": (0,), "every": 3}),
    ("en", "review the plan every two weeks", "Review the plan", {"times": 1, "every": 2}),
    ("en", "fortnightly 1:1 with Sam", "1:1 with Sam", {"times": 1, "every": 2}),
    ("en", "three runs every two weeks", "Runs", {"times": 3, "every": 2}),
    ("en", "lunch with Tom every first monday of the month", "Lunch with Tom", {"weekdays": (0,), "nth": 1}),
    ("en", "lunch every second tuesday of the month", "Lunch", {"weekdays": (1,), "nth": 2}),
    ("en", "report on the last friday of every month", "Report", {"weekdays": (4,), "nth": -1}),
    ("en", "rent report on the last day of the month", "Rent report", {"month_days": (0,)}),
    ("en", "invoice on the 1st and 15th of every month", "Invoice", {"month_days": (1, 15)}),
    ("en", "run 3-4 times a week", "Run", {"times": 3}),
    ("en", "at least two walks a week", "Walks", {"times": 2}),
    ("en", "30 min reading a day", "30 min reading", {"weekdays": ALL}),
    ("en", "weekly 1:1 with Sam", "1:1 with Sam", {"times": 1}),
    ("en", "write 500 words a day", "Write 500 words", {"weekdays": ALL}),
    ("en", "call mum every weekend", "Call mum", {"weekdays": (5, 6)}),
    ("de", "Sport Mo Mi Fr", "Sport", {"weekdays": (0, 2, 4)}),
    ("de", "keine Mails nach 20 Uhr werktags", "Keine Mails nach 20 Uhr", {"weekdays": WEEKDAYS}),
    ("de", "jeden Montag und Mittwoch Sport", "Sport", {"weekdays": (0, 2)}),
    ("de", "drei 1:1s die Woche", "1:1s", {"times": 3}),
    ("de", "dreimal pro Woche laufen", "Laufen", {"times": 3}),
    ("de", "Miete jeden 31.", "Miete", {"month_days": (31,)}),
    ("de", "jeden zweiten Freitag Kegeln", "Kegeln", {"weekdays": (4,), "every": 2}),
    ("de", "alle zwei Wochen montags Planung", "Planung", {"weekdays": (0,), "every": 2}),
    ("de", "alle zwei Wochen 1:1 mit Sam", "1:1 mit Sam", {"times": 1, "every": 2}),
    ("de", "14-tägig Supervision", "Supervision", {"times": 1, "every": 2}),
    ("de", "jeden ersten Montag im Monat Vorstandsbrief", "Vorstandsbrief", {"weekdays": (0,), "nth": 1}),
    ("de", "am Letzten des Monats Rechnungen", "Rechnungen", {"month_days": (0,)}),
    ("de", "unter der Woche keine Mails", "Keine Mails", {"weekdays": WEEKDAYS}),
    ("de", "3-4 mal die Woche joggen", "Joggen", {"times": 3}),
    ("de", "10 km die Woche laufen", "10 km die Woche laufen", {"times": 1}),
)
NONE_THAT_CAN_BE_KEPT = (
    ("en", "yoga every other day"),
    ("en", "review the plan monthly"),
    ("en", "call Tom every three months"),
    ("en", "lunch with Tom every 5th friday"),
    ("en", "stand-up 15 times a week"),
    ("en", "rent every 45th"),
    ("de", "jeden zweiten Tag Yoga"),
    ("de", "monatlich Rückblick"),
)
ONCE_ONLY = (
    ("en", "call Petra by thursday"),
    ("en", "send the weekly report by Friday"),
    ("en", "prepare the deck between monday and wednesday"),
    ("en", "Monday and Tuesday are full"),
    ("en", "no meetings Friday"),
    ("en", "call Ann on monday and ask Ben on tuesday"),
    ("en", "prepare the monthly report by friday"),
    ("en", "monthly report by friday"),
    ("en", "send the quarterly numbers by 3 December"),
    ("en", "answer every second email"),
    ("en", "meet the first client monday"),
    ("en", "take a day off"),
    ("en", "no sugar for a week"),
    ("en", "walk every day this week"),
    ("en", "finish the draft in a month"),
    ("de", "eine Woche lang keinen Zucker"),
    ("de", "diese Woche jeden Tag spazieren"),
    ("en", "write the weekly report by friday"),
    ("de", "letzten Montag und Dienstag war ich krank"),
    ("de", "Petra bis Donnerstag anrufen"),
    ("de", "Bericht von Montag bis Mittwoch"),
)


@pytest.mark.parametrize(("language", "text", "left", "rule"), RULES)
def test_a_rule_is_read_and_the_rest_says_what(language: str, text: str, left: str, rule: dict[str, object]) -> None:
    found = habit_in(text, vocabulary_of(WORDINGS[language]))
    assert found is not None
    assert (found.text, found.rule) == (left, HabitRule(**rule))  # type: ignore[arg-type]


@pytest.mark.parametrize(("language", "text"), NONE_THAT_CAN_BE_KEPT)
def test_what_comes_again_by_no_rule_that_can_be_kept_is_known_as_that(language: str, text: str) -> None:
    found = habit_in(text, vocabulary_of(WORDINGS[language]))
    assert found is not None
    assert found.rule is None


@pytest.mark.parametrize(("language", "text"), ONCE_ONLY)
def test_what_has_a_day_of_its_own_comes_once(language: str, text: str) -> None:
    assert habit_in(text, vocabulary_of(WORDINGS[language])) is None


def test_nobody_is_taken_at_their_word_who_asks_or_tells_of_others() -> None:
    known = vocabulary_of(WORDINGS["en"])
    assert not states_habit("gym mon wed fri?", known)
    assert not states_habit("my team meets every monday", known)
    assert not states_habit("what happens every friday", known)
    assert states_habit("no email after 8 every weekday", known)


def test_nothing_that_is_written_breaks_it() -> None:
    for language, wording in WORDINGS.items():
        known = vocabulary_of(wording)
        for text in ("", ",", "every", "a week", "99 a week", "31.", "mon-", "- - -", "x" * 400, "mon " * 40, language):
            habit_in(text, known)
            states_habit(text, known)
