"""``make run``: bring the database and the files up to date, serve the site, stop all of it on Ctrl-C."""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from config import embedded_postgres, local

ROOT = local.ROOT
STAMPS = ROOT / "var" / "stamps.json"
START_SECONDS = 60
STOP_SECONDS = 15
MAIL_SECONDS = 60
EXPORT_SECONDS = 5


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    host, port = os.environ.setdefault("HOST", "127.0.0.1"), os.environ.setdefault("PORT", "8000")
    _refuse_occupied(host, port)
    server = site = mail = exports = None
    try:
        server = local.provide()
        django.setup()
        prepare()
        site = _serve()
        _wait_until_it_answers(site, port)
        mail, exports = _send_mail(), _make_exports()
        _print_welcome(port)
        site.wait()
        sys.exit("The web server stopped by itself; its last lines stand above.")
    except embedded_postgres.CannotStart as reason:
        sys.exit(str(reason))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the clearing up
        for process in (exports, mail, site):
            if process:
                _stop(process)
        if server:
            server.close()


def prepare():
    """Bring messages, tables, data and static files up to date; what did not change is not done again."""
    call_command("update_messages", compile=True)
    if _migrations_wait():
        print("Preparing the database …", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    data = _database_identity() + _digest("fixtures/**/*", "tracker/**/*.py", "config/*.py")
    name = "demo data" if os.environ["TRACKER_DEMO"] == "1" else "data"
    with _unless_unchanged(name, data) as changed:
        if changed:
            print(f"Loading {name} …", flush=True)
            call_command("load_reference")
            if os.environ["TRACKER_DEMO"] == "1":
                call_command("seed_demo")
    call_command("open_years", verbosity=0)  # a real server's timer does this each day
    static = _digest(
        "tracker/static/**/*", "config/settings.py", "config/vendor_files.py", "requirements.txt"
    )
    with _unless_unchanged("static files", static) as changed:
        if changed or not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            print("Collecting static files …", flush=True)
            call_command("collectstatic", interactive=False, verbosity=0)
    from django.db import connections

    connections.close_all()


def _migrations_wait():
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database_identity():
    """Changes when the database is another one, so that nothing is taken for done there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, oid FROM pg_control_system(), pg_database"
            " WHERE datname = current_database()"
        )
        return "-".join(str(part) for part in cursor.fetchone()) + "-"


def _digest(*patterns):
    """Fingerprint of the files' names and content."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}):
        if path.suffix not in (".pyc", ".mo"):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _unless_unchanged(name, fingerprint):
    """Whether a step must be done; it is remembered as done only when it went through."""
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    changed = stamps.get(name) != fingerprint
    yield changed
    if changed:
        fresh = STAMPS.with_suffix(".new")
        fresh.write_text(json.dumps(stamps | {name: fingerprint}, indent=1))
        fresh.rename(STAMPS)


def _refuse_occupied(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as reason:
            sys.exit(
                f"Cannot use port {port} on {host}: {reason.strerror}. Choose another one: make run PORT=8010"
            )


def _serve():
    return _start("-m", "gunicorn", "-c", str(ROOT / "config" / "gunicorn.py"))


def _send_mail():
    """Reminders are worked out and mail goes out beside the site, as a timer does it on a real server."""
    return _start("manage.py", "send_notices", "--loop", str(MAIL_SECONDS))


def _make_exports():
    """Large files are made beside the site too."""
    return _start("manage.py", "make_exports", "--loop", str(EXPORT_SECONDS))


def _start(*arguments):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C reaches this process only, which stops the others in order
        preexec_fn=embedded_postgres.die_with_parent,
    )


def _wait_until_it_answers(site, port):
    deadline = time.monotonic() + START_SECONDS
    while site.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(_address(port) + "suc-khoe/", timeout=5).close()  # noqa: S310  # nosec B310  # our own address
            return
        if time.monotonic() > deadline:
            sys.exit("The web server does not answer; its last lines stand above.")
        time.sleep(0.05)
    sys.exit("The web server did not start; its last lines stand above.")


def _address(port):
    return f"http://localhost:{port}/"


def _print_welcome(port):
    print(f"\nTracker is running at {_address(port)}   (Ctrl-C stops it and its database)\n")
    if os.environ["TRACKER_DEMO"] == "1":
        call_command("demo_accounts")
    else:
        print("Make the first administrator with: DEMO=0 .venv/bin/python manage.py createsuperuser\n")
    sys.stdout.flush()


def _stop(process):
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _leave(*_):
    # Only raise here: waiting for a child inside a handler would deadlock with the wait it interrupts.
    raise SystemExit(0)


if __name__ == "__main__":
    main()
