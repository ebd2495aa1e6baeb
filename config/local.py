"""What a machine without settings of its own gets: a key, a database server, the demo's day.

A real server gives all of it in the environment (docs/deploy.md) and nothing here takes effect.
"""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO_TODAY = "2020-06-16"


def provide():
    """Fill the gaps of the environment for a trial. Returns the embedded server, if one is used."""
    os.environ.setdefault("SECRET_KEY", _kept_secret_key())
    demo = "0" if os.environ.get("DEMO", "1") == "0" else "1"
    os.environ.setdefault("TRACKER_DEMO", demo)
    if demo == "1":
        os.environ.setdefault("TRACKER_TODAY", DEMO_TODAY)
    # Mail becomes files that anybody can look at; the third slash separates, the fourth begins the path.
    os.environ.setdefault("EMAIL_URL", f"file:///{ROOT / 'var' / 'mail'}")
    if os.environ.get("DATABASE_URL"):
        return None

    from config import embedded_postgres

    server = embedded_postgres.keep(ROOT / "var" / "pg")
    # Two databases of one server, each with its own files: work begun without demo data never meets it.
    os.environ["DATABASE_URL"] = server.url("tracker_demo" if demo == "1" else "tracker")
    os.environ.setdefault("MEDIA_ROOT", str(ROOT / "var" / ("media_demo" if demo == "1" else "media")))
    return server


def provide_for_tests():
    """A throwaway server for one test run; the environment hands it on to the parallel workers."""
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    if os.environ.get("DATABASE_URL"):
        return None

    from config import embedded_postgres

    server = embedded_postgres.throwaway()
    os.environ["DATABASE_URL"] = server.url("tracker")
    return server


def _kept_secret_key():
    """The key in var/secret_key, made on the first start, so that people stay signed in over a restart."""
    path = ROOT / "var" / "secret_key"
    path.parent.mkdir(exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
