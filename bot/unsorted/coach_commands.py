"""What a coach can say: pure functions from a reading and the facts to a reply, over the coach's own practice only."""

from collections.abc import Mapping

from bot.coaching.practice.confirm_leave_handover import confirm, handover, leave
from bot.coaching.practice.invite import invite
from bot.coaching.shared.roles import Command, for_coach

COACH_COMMANDS: Mapping[str, Command] = {
    "invite": for_coach(invite),
    "confirm": for_coach(confirm),
    "leave": for_coach(leave),
    "handover": for_coach(handover),
}
