"""What a coach says: an invitation, the roster, one client, the digest; never beyond the own practice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import functions
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.shared.find_client import client_named
from bot.features import LISTED, fallback
from bot.model.commitments.values import Standing
from bot.model.facts import Script
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import OpenInvite
from bot.model.plan import Plan, Session
from bot.model.records import DataViewed, HandoverAsked, Invited, JoinConfirmed, Revoked, SignalsLeft
from bot.model.roles import Who
from tests.support.facts import (
    ANA,
    CODE,
    NOW,
    TODAY,
    WORDING,
    asked,
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
    ratings=(*ratings("confidence", (8, 20), (7, 10), (4, 1), about="c1"), *ratings("energy", (6, 1))),
    remarks=(remark("The board listened"),),
)
JOSE = view("José Lima", unanswered=5)
JO = view("Jo Lang", asked=(asked(1),))
LEE = view("Lee", connected=False)
PRACTICE = (ANA_M, JOSE, JO, LEE)
CARLA = coach_facts(*PRACTICE)


# -- invite ----------------------------------------------------------------------------------------------------------


def test_an_invitation_says_first_what_the_client_will_be_told() -> None:
    reply = say("invite Mia Berg", CARLA)
    assert reply.records == (Invited(code="", name="Mia Berg", expires=NOW + timedelta(days=14)),)
    first, second = (heard(replace(reply, says=(said,))) for said in reply.says)
    assert first.startswith("Before the code, what Mia Berg will receive.")
    assert f"until Wed 18 Mar: {CODE}" in second
    assert f"/start {CODE}" in second
    assert f"join {CODE}" in second


def test_an_invitation_shows_the_very_first_message_and_the_first_two_weeks() -> None:
    scripts = {
        "welcome": Script(title="Setting up", lines=(), first="Hello {name}. I'm software {coach} uses."),
        "weekly-checkin": Script(title="Weekly check-in", lines=(), first="How did the week go?"),
    }
    said = heard(say("invite Mia Berg", replace(CARLA, scripts=scripts)))
    assert "A first picture" not in said  # it comes before the first session
    assert 'Mia Berg first reads:\n\n"Hello Mia Berg. I\'m software Carla uses."' in said
    assert 'Fri 6 Mar 09:00 Weekly check-in: "How did the week go?"\nFri 13 Mar 09:00 Weekly check-in' in said
    assert said.index("first reads") < said.index(CODE)


OPEN = (
    OpenInvite(ref="0a1b2c3d", name="Mia Berg", expires=NOW + timedelta(days=3)),
    OpenInvite(ref="4e5f6071", name="Tom", expires=NOW + timedelta(days=9)),
)


def test_an_open_invitation_is_taken_back_by_name() -> None:
    known = replace(CARLA, invites=OPEN)
    for line in ("invite cancel Mia Berg", "invite cancel mia", "invite revoke berg"):
        assert say(line, known).records == (Revoked(ref="0a1b2c3d"),)
    reply = say("invite cancel Mia", known)
    assert heard(reply) == "The invitation for Mia Berg is taken back; its code does not work any more."
    for line in ("invite cancel", "invite cancel Bob"):
        assert say(line, known).records == ()
        assert "Mia Berg, until Sat 7 Mar\nTom, until Fri 13 Mar" in heard(say(line, known))


def test_invite_alone_says_what_is_open() -> None:
    assert heard(say("invite", replace(CARLA, invites=OPEN))).endswith("Tom, until Fri 13 Mar")
    assert heard(say("invite", CARLA)).endswith("No invitation is open.")


# -- who joined ------------------------------------------------------------------------------------------------------

NEW = view("Nia Roe", commitment(1, "Secret"), confirmed=False)


def test_a_coach_says_who_joined() -> None:
    known = coach_facts(*PRACTICE, NEW)
    right = say("confirm nia", known)
    assert right.records == (JoinConfirmed(engagement="e:Nia Roe", right=True),)
    assert "Nia Roe is your client. What you see: commitments, ratings and shared answers." in heard(right)
    wrong = say(f"confirm {ref_of('e:Nia Roe')} no", known)
    assert wrong.records == (JoinConfirmed(engagement="e:Nia Roe", right=False),)
    assert "that is not Nia Roe." in heard(wrong)


def test_what_is_confirmed_stays_so() -> None:
    assert say("confirm ana no", CARLA).records == ()
    assert say("confirm", CARLA).records == say("confirm bob", CARLA).records == ()


def test_until_then_a_client_is_a_name_and_a_question() -> None:
    known = coach_facts(*PRACTICE, NEW)
    reply = say("client nia", known)
    assert heard(reply) == "Nia Roe: joined; waits for you to confirm who it is"
    ref = ref_of("e:Nia Roe")
    assert [value for value, _ in reply.buttons] == [f"/confirm {ref}", f"/confirm {ref} no"]
    assert "Secret" not in heard(say("clients", known)) + heard(say("digest", known))


# -- signals left be, and another coach ------------------------------------------------------------------------------


def test_signals_are_left_for_three_weeks_or_until_the_session() -> None:
    reply = say("leave jose", CARLA)
    until = TODAY + timedelta(days=21)
    assert reply.records == (SignalsLeft(engagement="e:José Lima", kinds=("quiet red",), until=until),)
    assert "until Wed 25 Mar, as no session is booked" in heard(reply)
    booked = Plan(sessions=(Session(id="s", engagement="e", at=NOW + timedelta(days=6)),))
    reply = say("leave jose", coach_facts(view("José Lima", unanswered=5, plan=booked)))
    assert [record.until for record in reply.records if isinstance(record, SignalsLeft)] == [TODAY + timedelta(days=6)]
    assert "until your session on Tue 10 Mar" in heard(reply)


def test_with_no_signal_there_is_nothing_to_leave() -> None:
    assert say("leave jo lang", CARLA).records == ()
    assert heard(say("leave", CARLA)).startswith("Which client?")


def test_a_client_is_handed_to_a_coach_who_is_named_in_full() -> None:
    known = replace(CARLA, colleagues=(("kim", "Kim Berg"), ("kai", "Kai")))
    reply = say("handover ana m to kim berg", known)
    assert reply.records == (HandoverAsked(engagement="e:Ana Moreira", heir="kim"),)
    assert heard(reply).startswith('If another coach here has the whole name "kim berg", I ask Ana Moreira')
    for line in ("handover ana to kim", "handover ana", "handover bob to kai", "handover lee to kai", "handover"):
        assert say(line, known).records == (), line
    assert say("handover nia to kai", coach_facts(NEW, colleagues=known.colleagues)).records == ()


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
            "! Ana Moreira: answered this week; next due Wed 4 Mar; confidence 8, 7, 4 on "
            '"Hand over the Q2 plan", since Thu 12 Feb; "Hand over the Q2 plan" moved 3 times'
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
        '! confidence 8, 7, 4 on "Hand over the Q2 plan", since Thu 12 Feb',
        '~ "Hand over the Q2 plan" moved 3 times',
        "Open:",
        "1. Hand over the Q2 plan, due Wed 4 Mar, moved 3 times",
        "Confidence, Hand over the Q2 plan: 8 (Thu 12 Feb), 7 (Sun 22 Feb), 4 (Tue 3 Mar)",
        "Energy: 6 (Tue 3 Mar)",
        "Shared answers:",
        "Went well (Wed 4 Mar): The board listened",
        (
            "Not enough data: sessions held (0 of 1), items that fell due (0 of 4), active goals (0 of 1), "
            "dated milestones of a dated goal (0 of 2), milestones with a date (0 of 1), energy ratings (1 of 2), "
            "commitments made (2 of 5), ratings of sessions (0 of 1)"
        ),
    ]
    assert reply.records == (DataViewed(client="p:Ana Moreira"),)
    assert f"/note {ref_of('e:Ana Moreira')}" in [value for value, _ in reply.buttons]


@pytest.mark.parametrize("text", ["none", "closed"])
def test_of_who_shows_nothing_only_that_is_said(text: str) -> None:
    agreed = {"visible": "none"} if text == "none" else {"state": "closed"}
    hidden = coach_facts(view("Ana", commitment(1, "Secret"), unanswered=5, **agreed))
    said = {"none": "Ana: shows you nothing for now", "closed": "Ana: finished"}
    assert heard(say("client ana", hidden)) == said[text]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("ana", ["Ana Moreira"]),
        ("ANA MOREIRA", ["Ana Moreira"]),
        ("ana m", ["Ana Moreira"]),
        ("moreira", ["Ana Moreira"]),
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
    found = client_named(wanted, (*PRACTICE, view("Jörg Ek")))
    views = [found.view] if found.view else [each.view for each in found.candidates]
    assert [each.engagement.client_name for each in views] == names


def test_several_that_fit_are_offered_and_a_number_tells_those_of_one_name_apart() -> None:
    twins = (view("Ana"), replace(view("Ana"), engagement=engagement(id="e9", client="p9", client_name="Ana")), JO)
    reply = say("client ana", coach_facts(*twins))
    assert (heard(reply), reply.records) == ("Which one?", ())
    assert [WORDING.render(label) for _, label in reply.buttons] == ["Ana 1", "Ana 2"]
    wanted = {(DataViewed(client="p:Ana"),), (DataViewed(client="p9"),)}
    assert {say(command.removeprefix("/"), coach_facts(*twins)).records for command, _ in reply.buttons} == wanted
    assert {say(f"client Ana {number}", coach_facts(*twins)).records for number in (1, 2)} == wanted


@pytest.mark.parametrize("line", ["client bob", "client 17", "client 0", "client ~00000000", "client ~"])
def test_nobody_outside_the_own_practice_is_found(line: str) -> None:
    reply = say(line, CARLA)
    assert reply.records == ()
    assert "None of your clients is called" in heard(reply)


def test_client_without_a_name_asks_for_one() -> None:
    assert heard(say("client", CARLA)).startswith("Which client?")


# -- digest, help and roles ------------------------------------------------------------------------------------------


def test_the_digest_is_there_at_any_time_and_counts_as_looked() -> None:
    reply = say("digest", CARLA)
    assert heard(reply).startswith("Week of Mon 2 Mar: 4 clients, 1 asked: 1 not. 2 need you\n")
    assert [record.client for record in reply.records if isinstance(record, DataViewed)] == [
        seen.engagement.client for seen in PRACTICE
    ]


def test_help_shows_a_coach_eight_first_and_all_there_is_on_demand() -> None:
    assert verbs_in("help") == ["clients", "client", "digest", "brief", "session", "note", "invite", "program"]
    assert '"help all" shows the rest.' in heard(say("help", CARLA))
    assert [command for command, _ in say("help", CARLA).buttons] == ["/help all"]
    assert verbs_in("help all") == [card.verb for card in LISTED[Who.COACH]]
    assert say("help all", CARLA).buttons == ()
    assert (
        {"clients", "invite", "confirm", "reconnect"}
        <= {card.verb for card in LISTED[Who.COACH]}
        <= set(functions().commands)
    )


def verbs_in(line: str) -> list[str]:
    """The commands that `help` lists to Carla, in their order; the last line is about any question."""
    return [said.split(":")[0].split(" ")[0] for said in heard(say(line, CARLA)).splitlines()[:-1]]


def test_who_is_both_has_the_commands_of_both() -> None:
    both = replace(CARLA, engagements=(*CARLA.engagements, engagement(coach="x", client="carla")))
    said = heard(say("help", both))
    assert said.startswith("As a coach:\nclients:")
    assert "\nAs a client:\nlog:" in said
    assert heard(say("help all", both)).count("help: this list") == 1
    assert heard(say("log", both)).startswith("Nothing is open")
    assert heard(say("clients", both)).startswith("! Ana Moreira")


@pytest.mark.parametrize("verb", ["invite", "clients", "client", "digest"])
def test_a_client_is_told_kindly_what_is_for_coaches(verb: str) -> None:
    nosy = facts(person=ANA, practice=PRACTICE)
    reply = say(f"{verb} ana", nosy)
    assert (heard(reply), reply.records) == ('That one is for coaches; "help" shows what is yours.', ())


def test_a_coach_who_just_writes_is_told_what_this_is() -> None:
    assert '"clients"' in heard(fallback(reading("hello"), CARLA, NOW))


def test_a_practice_of_hundreds_is_read_without_trouble() -> None:
    many: tuple[ClientView, ...] = tuple(view(f"Client {n}", unanswered=5) for n in range(300))
    assert len(heard(say("clients", coach_facts(*many))).splitlines()) == 300
