"""The `throughline` command. What is heavy is imported by the command that needs it."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import typer

T = TypeVar("T")

app = typer.Typer(
    name="throughline",
    help="A conversational bot that keeps the thread between coaching sessions.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
invite_app = typer.Typer(help="Invite a coach.", no_args_is_help=True, rich_markup_mode=None)
inbox_app = typer.Typer(help="Events that could not be handled.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(invite_app, name="invite")
app.add_typer(inbox_app, name="inbox")
outbox_app = typer.Typer(
    help="Messages that are held, of unknown fate, or dead.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(outbox_app, name="outbox")


def _plainly(work: Callable[[], T]) -> T:
    """Run a command; what an operator can mend is said in one line, without a traceback."""
    from bot.engine.dialogue.load import DialogueError
    from bot.rendering.wording import WordingError
    from bot.settings import SettingsError
    from storage.errors import StorageError

    try:
        return work()
    except (SettingsError, StorageError, DialogueError, WordingError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="Another number, other moods.")] = 7,
    keep: Annotated[Path | None, typer.Option(help="Keep the database, too, and all of it in this folder.")] = None,
) -> None:
    """A whole engagement, first meeting to follow-up, on a simulated clock in this terminal. Needs no account."""
    from bot.simulated.demo import run_demo

    _plainly(lambda: run_demo(seed=seed, folder=keep))


@app.command()
def chat(
    file: Annotated[Path, typer.Option(help="Where the conversation is kept.")] = Path("throughline-chat.db"),
) -> None:
    """Talk to the bot in this terminal, as a client or as a coach."""
    from bot.simulated.chat import run_chat

    _plainly(lambda: run_chat(file))


@app.command()
def run(
    only: Annotated[Literal["receive", "deliver"] | None, typer.Option(help="Of several processes: one part.")] = None,
) -> None:
    """Serve Slack and Telegram, whichever are set, until stopped."""
    from bot.cli import serve

    _plainly(lambda: serve.run(share=serve.Share(only or "all")))


@app.command("slack-manifest")
def slack_manifest(
    url: Annotated[str | None, typer.Option(help="Where this server is reached from outside.")] = None,
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which needs no address.")] = False,
) -> None:
    """Print the manifest from which Slack makes the app: exactly what the code uses."""
    from bot.cli.operator import slack_app

    typer.echo(_plainly(lambda: slack_app(url=url, socket=socket)))


@app.command()
def simulate(
    timezone: Annotated[str, typer.Option(help="The client's zone, such as Europe/Berlin.")],
    weeks: Annotated[int, typer.Option(min=1, max=104, help="How far to look.")] = 4,
    pace: Annotated[str, typer.Option(help="daily, weekly, fortnightly or minimal.")] = "weekly",
    weekday: Annotated[int, typer.Option(min=0, max=6, help="Day of the check-in; 0 is Monday.")] = 4,
    at: Annotated[str, typer.Option(help="The hour, such as 09:00.")] = "09:00",
    focus: Annotated[bool, typer.Option(help="With the Monday focus.")] = False,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """What would be sent when, before anyone is invited."""
    from bot.simulated.simulate import run_simulation

    first: date | None = start.date() if start else None
    _plainly(
        lambda: run_simulation(
            zone=timezone, weeks=weeks, pace=pace, weekday=weekday, at=at, focus=focus, start=first, as_json=as_json
        )
    )


@invite_app.command("coach")
def invite_coach(
    name: Annotated[str, typer.Option(help="The coach's name, as clients read it.")],
    timezone: Annotated[str, typer.Option(help="The coach's zone, such as Europe/Berlin.")],
) -> None:
    """Print a one-time code with which a coach joins; the code stands alone on the last line."""
    from bot.cli.operator import invite_a_coach

    typer.echo(_plainly(lambda: invite_a_coach(name=name, zone=timezone)))


@inbox_app.command("list")
def inbox_list() -> None:
    """Show the events that could not be handled: when, and why."""
    from bot.cli.operator import failed_events

    for line in _plainly(failed_events):
        typer.echo(line)


@inbox_app.command("retry")
def inbox_retry() -> None:
    """Replay the events that could not be handled."""
    from bot.cli.operator import retry_failed

    typer.echo(_plainly(retry_failed))


@outbox_app.command("list")
def outbox_list() -> None:
    """Show what is held, of unknown fate, or dead: number, state, age and reason, no content."""
    from bot.cli.operator import odd_messages

    for line in _plainly(odd_messages):
        typer.echo(line)


@outbox_app.command("release")
def outbox_release(
    numbers: Annotated[list[int] | None, typer.Argument(help="Which ones, by the numbers that `list` shows.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that is held.")] = False,
) -> None:
    """Let held messages go; what has passed its time expires instead of being sent."""
    from bot.cli.operator import release_held
    from bot.settings import SettingsError

    def work() -> str:
        if bool(numbers) == everything:
            raise SettingsError("Name the messages by their numbers, or pass --all.")
        return release_held(None if everything else numbers)

    typer.echo(_plainly(work))


@app.command()
def doctor() -> None:
    """Look at settings, tokens, clock, database, keys and disk; exit 1 if something has to be mended."""
    from bot.cli.doctor import run_doctor

    lines, well = _plainly(run_doctor)
    for line in lines:
        typer.echo(line)
    if not well:
        raise typer.Exit(1)


_PERSON = Annotated[str, typer.Argument(help="telegram:USER, slack:WORKSPACE:USER, or the id that an export shows.")]


@app.command()
def export(
    person: _PERSON,
    to: Annotated[Path, typer.Option(help="A new JSON file; a text to read is put beside it.")],
) -> None:
    """Write everything that is a person's own to a file; shows numbers only."""
    from bot.cli.operator import export_somebody

    typer.echo(_plainly(lambda: export_somebody(person, to)))


@app.command()
def erase(
    person: _PERSON,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a person whole, for good: rows, queues, messages, codes, and the coach's notes on them."""
    from bot.cli.operator import erase_somebody

    if not yes:
        typer.confirm(f"Delete everything of {person}, for good?", abort=True)
    for line in _plainly(lambda: erase_somebody(person)):
        typer.echo(line)


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt everything anew with the first of ENCRYPTION_KEYS."""
    from bot.cli.operator import rotate

    typer.echo(_plainly(rotate))
