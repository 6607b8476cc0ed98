"""German: everything said to somebody is in their own language, and what they say in it is understood."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.app import library
from bot.engine.dialogue.tree import Ask, Say, every_node
from bot.engine.lint import LABEL_LIMIT
from bot.messages.readings import DateKind
from bot.rendering.wording import LEFT, load_wording
from bot.understanding.crisis import in_danger
from bot.understanding.dates.read import read_date
from bot.understanding.vocabulary import key, vocabulary_of
from handlers.telegram.inbound import Me, inbound
from tests.support.town import MONDAY, Person, Town, town_on
from tests.test_golden import compare

WORDINGS = load_wording()
GERMAN = WORDINGS["de"]
KNOWN = vocabulary_of(GERMAN)
WELCOME = {
    "start": "Beginnen",
    "sees": "alles davon",
    "rhythm": "passt",
    "what": "noch nichts",
}


async def anna_of(town: Town, **wishes: str) -> Person:
    """A client whose platform says that she speaks German; her coach reads English."""
    town.meet("anna").language = "de"
    return await town.client("anna", **{**WELCOME, **wishes})


async def promised(anna: Person, text: str) -> None:
    """A commitment in one line, without more."""
    await anna.says(f"zusage {text}")
    await anna.says("acht")
    await anna.says("gut so")


def labels(person: Person) -> list[str]:
    """The buttons below the question asked last."""
    return [choice.label for choice in person.asked.choices]


# -- a conversation --------------------------------------------------------------------------------------------------


async def a_german_week(town: Town) -> Person:
    """First run, three promises, a slip, a pause, a return: in German, beside a coach who reads English."""
    anna = await anna_of(town)
    await anna.says("zusage Den Plan für Q2 bis Donnerstag übergeben")
    await anna.says("acht")
    await anna.taps("Klar genug")
    await anna.says("Ich sage zu: Sam übermorgen anrufen")
    await anna.says("5")
    await anna.says("überspringen")
    await anna.taps("Beides ergänzen")
    await anna.says("Nach dem Mittagessen")
    await anna.says("Sam kennt das Budget")
    await promised(anna, "Bericht an den Vorstand am 3. Dezember")
    await anna.says("stand")
    await anna.says("hilfe")
    await town.until(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
    await anna.says("noch nicht")
    await anna.says("verschieben")
    await anna.says("nächsten Dienstag")
    await anna.says("überspringen")
    await anna.says("Der Bericht an den Vorstand ist fertig")
    await anna.says("rückgängig")
    await anna.says("wer sieht was")
    await anna.says("pause bis nächsten Mittwoch")
    await anna.says("fortsetzen")
    await town.until(datetime(2026, 11, 27, 8, 1, tzinfo=UTC))
    await anna.says("teilweise")
    for said in ("Die Anlagen, bis Dienstag", "1", "acht"):
        await anna.says(said)
    return anna


@pytest.mark.parametrize("seat", ["telegram"], indirect=True)
async def test_a_client_sets_up_commits_slips_and_comes_back_in_german(seat: Any, sqlite_fresh: str) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        anna = await a_german_week(town)
        compare(f"german-{seat.name}-anna", seat.screen(anna))
        read = "\n".join(message.text for message in town.people["dana"].read)
        assert "Anna has set things up: check-ins once a week." in read


async def test_who_arrives_from_a_german_platform_is_spoken_to_in_german(town: Town) -> None:
    town.meet("anna").language = "de-AT"
    anna = await town.invited("anna")
    anna.reads("Guten Tag, Anna. Ich bin Throughline, eine Software, die Dana")
    assert labels(anna) == ["Beginnen", "Jetzt nicht", "Nein danke"]
    assert any("has joined as your client Anna" in message.text for message in town.people["dana"].read)


@pytest.mark.parametrize("seat", ["slack"], indirect=True)
async def test_slack_names_the_language_as_telegram_does(seat: Any, sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh, seat).open() as town:
        for user, locale, words in (
            ("anna", "de-DE", "Noch kenne ich Sie nicht"),
            ("ben", "fr-FR", "I don't know you"),
        ):
            stranger = town.meet(user)
            stranger.language = locale
            await stranger.says("Hallo")
            stranger.reads(words)


async def test_a_stranger_is_spoken_to_in_the_language_that_their_platform_names(town: Town) -> None:
    for language, words in (("de", "Noch kenne ich Sie nicht"), ("fr", "I don't know you yet"), ("", "I don't know")):
        stranger = town.meet(f"somebody-{language}")
        stranger.language = language
        await stranger.says("Hallo")
        stranger.reads(words)


async def test_a_german_stranger_in_danger_reads_the_note_in_german(town: Town) -> None:
    stranger = town.meet("somebody")
    stranger.language = "de"
    await stranger.says("Ich will einfach nicht mehr leben")
    stranger.reads("Notruf an Ihrem Ort", "nicht aufbewahrt")


async def test_one_commitment_and_two_are_counted_as_german_counts(town: Town) -> None:
    anna = await anna_of(town)
    await promised(anna, "Den Plan schreiben bis Mittwoch")
    await anna.says("pause bis Donnerstag")
    anna.reads("Eine Zusage wird in dieser Zeit fällig.")
    await anna.says("fortsetzen")
    await promised(anna, "Sam anrufen bis Mittwoch")
    await anna.says("pause bis Donnerstag")
    anna.reads("Ich ruhe von heute bis einschließlich Mi., 25. November.", "2 Zusagen werden in dieser Zeit fällig.")


DAYS = {
    "bis Freitag": date(2026, 11, 27),
    "am 3. Dezember": date(2026, 12, 3),
    "übermorgen": date(2026, 11, 25),
    "Ende nächster Woche": date(2026, 12, 4),
    "in zwei Wochen": date(2026, 12, 7),
    "am 15.1.": date(2027, 1, 15),
    "spätestens am 10. Dezember": date(2026, 12, 10),
}


@pytest.mark.parametrize("said", DAYS)
def test_german_days_are_read(said: str) -> None:
    found = read_date(f"Den Plan übergeben {said}", now=MONDAY, zone="Europe/Berlin", locale="de-DE")
    assert (found.kind, found.day) == (DateKind.FUTURE, DAYS[said])


async def test_days_are_written_as_germans_write_them(town: Town) -> None:
    anna = await anna_of(town)
    await promised(anna, "Sam anrufen übermorgen")
    anna.reads("„Sam anrufen“, bis Mi., 25. November. Ich frage an dem Tag.")
    await promised(anna, "Den Plan übergeben am 3. März")
    anna.reads("„Den Plan übergeben“, bis Mi., 3. März 2027. Ich frage an dem Tag.")
    await anna.says("stand")
    anna.reads("1. Sam anrufen, fällig Mi., 25. November", "fällig Mi., 3. März 2027")


async def test_how_it_went_is_told_by_a_word_or_a_sentence(town: Town) -> None:
    anna = await anna_of(town)
    for text in ("Den Vertrag prüfen bis Mittwoch", "Sam anrufen bis Mittwoch", "Die Folien kürzen bis Mittwoch"):
        await promised(anna, text)
    await town.until(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
    assert labels(anna) == ["Erledigt", "Teilweise", "Noch nicht", "Streichen", "Später heute"]
    await anna.says("erledigt")
    await anna.says("teilweise")
    await anna.says("Den Rest klären, bis Freitag")
    await anna.says("noch nicht")
    await anna.says("neuer Tag")
    await anna.says("morgen")
    await anna.says("überspringen")
    anna.reads("ist erledigt.", "Es geht weiter mit", "verschoben auf Do., 26. November.")
    assert {one.due for one in await anna.commitments()} >= {date(2026, 11, 26), date(2026, 11, 27)}


SENTENCES = {
    "Die Folien sind endlich fertig": "done",
    "Die Folien habe ich heute abgegeben": "done",
    "Mit den Folien bin ich noch nicht fertig": "not_yet",
    "Die Folien sind fast fertig": "partly",
    "Die Folien werde ich morgen abgeben": "",
    "Sind die Folien fertig?": "",
}


@pytest.mark.parametrize("said", SENTENCES)
async def test_a_sentence_reports_on_what_it_names(said: str, sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        anna = await anna_of(town)
        await promised(anna, "Die Folien kürzen bis Freitag")
        before = len(anna.read)
        await anna.says(said)
        noted = "\n".join(message.text for message in anna.read[before:])
        wanted = {"done": "ist erledigt", "partly": "Was ist noch übrig", "not_yet": "noch nicht geschehen", "": ""}
        assert wanted[SENTENCES[said]] in noted


async def test_what_stays_in_english_works_inside_german(town: Town) -> None:
    anna = await anna_of(town)
    await anna.says("durchdenken")
    anna.reads("Let's think it through")
    await anna.says("überspringen")
    await anna.says("Mehr Ruhe am Montag")
    await anna.says("abbrechen")
    anna.reads("Beendet: Thinking it through.")


async def test_a_language_is_chosen_by_a_word_and_answered_in_it(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("language")
    ana.reads("Deutsch, English")
    await ana.says("language deutsch")
    ana.reads("Von jetzt an schreibe ich auf Deutsch.")
    await ana.says("hilfe alles")
    assert "zugriffe: wer was von Ihnen angesehen hat" in "\n".join(message.text for message in ana.read[-4:])
    await ana.says("sprache englisch")
    ana.reads("From now on I write in English.")
    await ana.says("commit Call Sam by Friday")
    ana.reads("How sure are you")


async def test_a_german_coach_reads_of_an_english_client_in_german(town: Town) -> None:
    town.meet("dora").language = "de"
    dora = await town.coach("dora")
    dora.reads("Beendet:")
    ana = town.meet("ana")
    place = await dora.place()
    await ana.says(f"join {await town.code('client', place.person, 'Ana', 'Europe/Berlin')}")
    ana.reads("Hello Ana.")
    await dora.taps("Ja", on=dora.last)
    await ana.says("start")
    for said in ("all of that", "fits", "no"):
        await ana.says(said)
    assert "Ana hat alles eingerichtet: Check-ins einmal pro Woche. Was Sie sehen: Zusagen," in dora.last.text
    await ana.says("callme")
    dora.reads("Ana bittet um Ihren Anruf.")
    await dora.says("übersicht")
    dora.reads("bittet um einen Anruf, seit Mo., 23. November")
    await dora.says("wochenbericht")
    dora.reads("Woche vom Mo., 23. November: eine Person")


async def test_words_behind_a_command_are_german_too_and_nobodys_own_words_are_changed(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await dana.says("language deutsch")
    await dana.says("notiz ana versprechen: Kim anrufen")
    dana.reads("Als Ihr Versprechen aufbewahrt")
    await dana.says("notiz ana Das Versprechen ist erledigt, mehr teilen")
    await dana.says("notiz ana")
    dana.reads("Das Versprechen ist erledigt, mehr teilen", "Kim anrufen")
    await dana.says("sitzung ana aus")
    dana.reads("Aus: Rund um Sitzungen mit Ana")
    await dana.says("phase ana zu abschluss")
    dana.reads("Abschluss")
    await dana.says("programm ändern")
    dana.reads("What would you like to change?")


async def test_an_hour_is_said_as_germans_say_it(town: Town) -> None:
    anna = await anna_of(town, rhythm="Mo bis Do und Sa, samstags um 10 Uhr", again="passt")
    await anna.says("einstellungen")
    anna.reads("Samstag um 10:00")


async def test_a_promise_out_of_the_blue_is_heard_in_german(town: Town) -> None:
    anna = await anna_of(town)
    await anna.says("Ich werde den Entwurf bis Freitag schicken")
    await anna.says("acht")
    await anna.says("gut so")
    await anna.says("stand")
    anna.reads("Den Entwurf bis Freitag schicken", "fällig Fr., 27. November")


# -- the catalogue ---------------------------------------------------------------------------------------------------


def test_every_command_is_called_in_help_as_it_is_understood() -> None:
    for phrase, text in GERMAN.phrases.items():
        verb = phrase.removeprefix("help_")
        if phrase.startswith("help_") and verb in WORDINGS["en"].words["verbs"]:
            said = key(text.partition(": ")[0].partition(" NAME")[0])
            assert KNOWN.verbs.get(said) == verb, text


def test_the_english_words_of_commands_work_in_german_too() -> None:
    for verb in WORDINGS["en"].words["verbs"]:
        assert KNOWN.verbs.get(verb) == verb


def test_no_word_stands_for_two_commands() -> None:
    texts = [key(text) for texts in GERMAN.words["verbs"].values() for text in texts]
    assert sorted(texts) == sorted(set(texts))


def test_nothing_shouts_and_quotation_marks_are_typographic() -> None:
    made = library()
    texts = [str(t) for e in GERMAN.phrases.values() for t in (e.values() if isinstance(e, dict) else [e])]
    for (language, _), dialogue in made.dialogues.items():
        if language == "de":
            for node in every_node(dialogue.nodes):
                texts += [node.text] if isinstance(node, Ask | Say) else []
                texts += [option.label for option in node.options] if isinstance(node, Ask) else []
    assert len(texts) > 1_000
    for text in texts:
        assert '"' not in text
        assert "!" not in text.removeprefix("! "), text


def test_german_buttons_fit() -> None:
    for phrase, text in GERMAN.phrases.items():
        if phrase.startswith(("button_", "answer_", "word_useful", "crisis_yes", "crisis_no")) and "{" not in str(text):
            assert phrase == "crisis_not_now" or len(str(text)) <= LABEL_LIMIT, text


def test_what_is_left_in_english_is_listed_and_little() -> None:
    made = library()
    left = GERMAN.words[LEFT]
    assert all(("de", name) not in made.dialogues for name in left)
    assert len(left) < len([1 for language, _ in made.dialogues if language == "en"]) / 2


DANGER = (
    "Ich will nicht mehr leben",
    "ich möchte einfach sterben",
    "Manchmal denke ich an Suizid",
    "Am liebsten wäre ich tot",
    "ich bringe mich um",
    "Er schlägt mich",
)
IDIOMS = (
    "Das wäre politischer Selbstmord",
    "Die Arbeit bringt mich noch um den Schlaf",
    "Sie schlägt mich vor für den Vorstand",
    "Eine Überdosis Kaffee",
    "Ich könnte mich totlachen",
)


@pytest.mark.parametrize("said", DANGER)
def test_german_words_of_danger_are_seen(said: str) -> None:
    assert in_danger(said, WORDINGS.values())


@pytest.mark.parametrize("said", IDIOMS)
def test_german_idioms_are_none(said: str) -> None:
    assert not in_danger(said, WORDINGS.values())


# -- a language from a platform --------------------------------------------------------------------------------------


def test_telegram_tells_the_language_of_whoever_writes() -> None:
    sender = {"id": 7, "is_bot": False, "first_name": "Anna", "language_code": "de"}
    message = {"message_id": 1, "from": sender, "chat": {"id": 7, "type": "private"}, "text": "Hallo"}
    event = inbound({"update_id": 1, "message": message}, Me(id="1"))
    assert event is not None
    assert event.language == "de"


def test_a_language_is_written_as_it_is_where_somebody_lives() -> None:
    made = library()
    assert made.wording_at("de-at", "Europe/Vienna").locale == "de-AT"
    assert made.wording_at("de_DE", "America/New_York").locale == "de-DE"
    assert made.wording_at("fr", "America/New_York").locale == "en-US"
    assert made.wording_at("", "Europe/Berlin").locale == "en-GB"
