"""What a coach says: an invitation, the roster, one client, the digest; never beyond the own practice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coaching.chat_commands import CHAT_COMMANDS
from bot.coaching.coach_commands import COACH_COMMANDS, CODE, commands_for, find_clients
from bot.coaching.roles import COACH_VERBS
from bot.coaching.unplaced import unplaced
from bot.facts import ClientView, Standing
from bot.records import Invited, Looked
from tests.practice import (
    ANA,
    NOW,
    TODAY,
    coach_facts,
    commitment,
    days_ago,
    engagement,
    facts,
    heard,
    ratings,
    reading,
    remark,
    say,
    view,
)

ANA_M = view(
    "Ana Moreira",
    commitment(1, "Hand over the Q2 plan", due=TODAY, moved=3),
    commitment(2, "Old", standing=Standing.DONE, reported=days_ago(2), report="done"),
    ratings=(*ratings("confidence", (8, 20), (7, 10), (4, 1)), *ratings("energy", (6, 1))),
    remarks=(remark("The board listened"),),
)
JOSE = view("José Lima", unanswered=5)
JO = view("Jo Lang", opened=(days_ago(1),))
LEE = view("Lee", connected=False)
PRACTICE = (ANA_M, JOSE, JO, LEE)
CARLA = coach_facts(*PRACTICE)


# -- invite ----------------------------------------------------------------------------------------------------------


def test_an_invitation_says_first_what_the_client_will_be_told() -> None:
    reply = say("invite Mia Berg", CARLA)
    assert reply.records == (Invited(code="", name="Mia Berg", expires=NOW + timedelta(days=14)),)
    first, second = (heard(replace(reply, says=(said,))) for said in reply.says)
    assert first.startswith("Mia Berg will first read that I'm software")
    assert f"until Wed 18 Mar: {CODE}" in second
    assert f"/start {CODE}" in second
    assert f"join {CODE}" in second


@pytest.mark.parametrize(
    ("line", "words"), [("invite", "Whom shall I invite?"), ("invite " + "x" * 61, "60 characters")]
)
def test_an_invitation_needs_a_name(line: str, words: str) -> None:
    assert say(line, CARLA).records == ()
    assert words in heard(say(line, CARLA))


# -- the roster ------------------------------------------------------------------------------------------------------


def test_the_roster_has_one_line_each_exceptions_first() -> None:
    assert heard(say("clients", CARLA)).splitlines() == [
        (
            "! Ana Moreira: answered this week; next due Wed 4 Mar; confidence 8 → 4, since Thu 12 Feb; "
            '"Hand over the Q2 plan" moved 3 times'
        ),
        "! José Lima: not asked this week; quiet: 5 prompts unanswered (no reply yet)",
        "Jo Lang: asked this week, no answer yet",
        "Lee: not connected",
    ]


def test_an_empty_roster_says_how_to_begin() -> None:
    assert '"invite NAME"' in heard(say("clients", coach_facts()))


# -- one client ------------------------------------------------------------------------------------------------------


def test_one_client_in_full() -> None:
    reply = say("client ana", CARLA)
    assert heard(reply).splitlines() == [
        "Ana Moreira: answered this week",
        "! confidence 8 → 4, since Thu 12 Feb",
        '~ "Hand over the Q2 plan" moved 3 times',
        "Open:",
        "1. Hand over the Q2 plan, due Wed 4 Mar, moved 3 times",
        "Confidence: 8 (Thu 12 Feb), 7 (Sun 22 Feb), 4 (Tue 3 Mar)",
        "Energy: 6 (Tue 3 Mar)",
        "Shared answers:",
        "Wed 4 Mar: The board listened",
        "Not enough data: items that fell due (1 of 4), energy ratings (1 of 2), commitments made (2 of 5)",
    ]
    assert reply.records == (Looked(client="p:Ana Moreira"),)


@pytest.mark.parametrize("text", ["none", "closed"])
def test_of_who_shows_nothing_only_that_is_said(text: str) -> None:
    agreed = {"visible": "none"} if text == "none" else {"state": "closed"}
    hidden = coach_facts(view("Ana", commitment(1, "Secret"), unanswered=5, **agreed))
    assert heard(say("client ana", hidden)) == "Ana: shows you nothing for now"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("ana", ["Ana Moreira"]),
        ("ANA MOREIRA", ["Ana Moreira"]),
        ("ana m", ["Ana Moreira"]),
        ("moreira", ["Ana Moreira"]),
        ("Moreria", ["Ana Moreira"]),
        ("jose", ["José Lima"]),
        ("jorg", ["Jörg Ek"]),
        ("jo", ["Jo Lang"]),
        ("l", ["Jo Lang", "José Lima", "Lee"]),
        ("lee", ["Lee"]),
        ("bob", []),
        ("!", []),
    ],
)
def test_names_are_matched_kindly(wanted: str, names: list[str]) -> None:
    practice = (*PRACTICE, view("Jörg Ek"))
    assert [found.engagement.client_name for found in find_clients(wanted, practice)] == names


def test_several_that_fit_are_offered_and_the_number_tells_them_apart() -> None:
    twins = (view("Ana"), replace(view("Ana"), engagement=engagement(id="e9", client="p9", client_name="Ana")), JO)
    said = heard(say("client ana", coach_facts(*twins)))
    assert said.splitlines() == ["Which one?", '"client 1": Ana', '"client 2": Ana']
    assert say("client ana", coach_facts(*twins)).records == ()
    looked = {say(f"client {number}", coach_facts(*twins)).records for number in (1, 2)}
    assert looked == {(Looked(client="p:Ana"),), (Looked(client="p9"),)}


@pytest.mark.parametrize("line", ["client bob", "client 17", "client 0"])
def test_nobody_outside_the_own_practice_is_found(line: str) -> None:
    reply = say(line, CARLA)
    assert reply.records == ()
    assert "None of your clients is called" in heard(reply)


def test_client_without_a_name_asks_for_one() -> None:
    assert heard(say("client", CARLA)).startswith("Which client?")


# -- digest, help and roles ------------------------------------------------------------------------------------------


def test_the_digest_is_there_at_any_time_and_counts_as_looked() -> None:
    reply = say("digest", CARLA)
    assert heard(reply).startswith("Week of Mon 2 Mar: 4 clients, 1 answered, 2 need you\n")
    assert [record.client for record in reply.records if isinstance(record, Looked)] == [
        seen.engagement.client for seen in PRACTICE
    ]


def test_help_shows_a_coach_all_there_is() -> None:
    assert [line.split(":")[0].split(" ")[0] for line in heard(say("help", CARLA)).splitlines()] == list(COACH_VERBS)
    assert set(COACH_VERBS) == {*COACH_COMMANDS, *CHAT_COMMANDS}


def test_who_is_both_has_the_commands_of_both() -> None:
    both = replace(CARLA, engagements=(*CARLA.engagements, engagement(coach="x", client="carla")))
    said = heard(say("help", both))
    assert said.startswith("As a coach:\nclients:")
    assert "\nAs a client:\nlog:" in said
    assert set(commands_for(both)) > set(commands_for(CARLA))
    assert heard(say("log", both)).startswith("Nothing is open")
    assert heard(say("clients", both)).startswith("! Ana Moreira")


def test_roles_have_their_own_commands() -> None:
    assert "invite" not in commands_for(facts())
    assert "log" not in commands_for(CARLA)
    assert commands_for(facts(engagements=())) == {}


@pytest.mark.parametrize("verb", ["invite", "clients", "client", "digest"])
def test_a_client_is_told_kindly_what_is_for_coaches(verb: str) -> None:
    nosy = facts(person=ANA, practice=PRACTICE)
    reply = say(f"{verb} ana", nosy)
    assert (heard(reply), reply.records) == ('That one is for coaches; "help" shows what is yours.', ())


def test_a_coach_who_just_writes_is_told_what_this_is() -> None:
    assert '"clients"' in heard(unplaced(reading("hello"), CARLA, NOW))


def test_a_practice_of_hundreds_is_read_without_trouble() -> None:
    many: tuple[ClientView, ...] = tuple(view(f"Client {n}", unanswered=5) for n in range(300))
    assert len(heard(say("clients", coach_facts(*many))).splitlines()) == 300
