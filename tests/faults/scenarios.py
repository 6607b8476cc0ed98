"""The scenarios by name, by which ways in and on which databases each is played."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from tests.faults import account_faults, host_faults, kills, platform_faults, release_faults, shared_faults
from tests.faults.counting import Counts
from tests.faults.world import World

Play = Callable[[World], Awaitable[Counts]]
TELEGRAM, SLACK = ("telegram-polling", "telegram-webhook"), ("slack-socket", "slack-http")
EVERY = (*TELEGRAM, *SLACK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """What is played, by which ways in, on which databases."""

    name: str
    play: Play
    ways: tuple[str, ...] = EVERY
    kinds: tuple[str, ...] = ("sqlite",)


BOTH, SHARED = ("sqlite", "postgresql"), ("postgresql",)
FAULTS = (
    Scenario(name="success, and the response is lost", play=platform_faults.success_with_the_response_lost, kinds=BOTH),
    Scenario(name="500 after storing", play=platform_faults.five_hundred_after_storing, kinds=BOTH),
    Scenario(name="429 in the middle of the week's prompts", play=platform_faults.floods),
    Scenario(name="500s for a minute", play=partial(platform_faults.five_hundreds_for_a_while, seconds=60.0)),
    Scenario(name="a gateway answers", play=partial(platform_faults.a_gateway_answers, seconds=1.5)),
    Scenario(name="acks come too late", play=platform_faults.acks_too_late),
    Scenario(name="the chat is closed, then opened again", play=platform_faults.blocked_then_unblocked),
    Scenario(name="out for more than a day", play=platform_faults.out_for_more_than_a_day),
    Scenario(name="asleep for three days", play=host_faults.asleep_for_three_days),
    Scenario(name="the clock steps two hours back", play=partial(host_faults.the_clock_steps_two_hours, back=True)),
    Scenario(name="the clock steps two hours ahead", play=partial(host_faults.the_clock_steps_two_hours, back=False)),
    Scenario(name="the nth write fails", play=partial(host_faults.every_write_fails_once, writes=40), kinds=BOTH),
    Scenario(name="the disk is full", play=host_faults.the_disk_is_full),
    Scenario(name="another program holds the file", play=host_faults.another_program_holds_the_file),
    Scenario(name="stands still past its lease", play=shared_faults.stands_still_past_its_lease, kinds=SHARED),
    Scenario(
        name="one of two processes is killed",
        play=partial(shared_faults.kills_while_others_go_on, kills=13),
        kinds=SHARED,
    ),
    Scenario(name="the server restarts under load", play=shared_faults.the_server_restarts, kinds=SHARED),
    Scenario(name="an old backup is restored", play=host_faults.an_old_backup_restored),
    Scenario(name="half a migration", play=release_faults.half_a_migration, ways=("telegram-polling",), kinds=BOTH),
    Scenario(name="old code beside new", play=release_faults.old_code_beside_new, kinds=SHARED),
    Scenario(name="the token is changed", play=account_faults.the_token_is_changed),
    Scenario(name="the token is refused for a while", play=account_faults.the_token_is_refused_for_a_while),
    Scenario(
        name="the app is removed, then installed again", play=account_faults.removed_and_installed_again, ways=SLACK
    ),
    Scenario(name="somebody else polls", play=account_faults.somebody_else_polls, ways=("telegram-polling",)),
    Scenario(name="a group becomes a supergroup", play=account_faults.the_group_grows_up, ways=TELEGRAM),
    Scenario(name="the socket goes silent", play=account_faults.the_socket_goes_silent, ways=("slack-socket",)),
    Scenario(name="the encryption key is lost", play=host_faults.a_lost_key, ways=("telegram-polling",)),
)
IN_ONE_PRACTICE = 25  # kills


def killed(times: int) -> Play:
    """A practice whose process is killed so many times."""
    return partial(kills.killed_again_and_again, kills=times)


def kill_scenarios(kinds: tuple[str, ...] = BOTH, ways: tuple[str, ...] = EVERY) -> Scenario:
    """Kill -9 at every step and at random moments."""
    return Scenario(name="kill -9", play=killed(IN_ONE_PRACTICE), ways=ways, kinds=kinds)
