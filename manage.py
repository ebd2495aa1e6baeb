#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it uses the embedded server of the trial (var/pg)."""

import os
import sys

from django.core.management import execute_from_command_line

from config import embedded_postgres, local


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not os.environ.get("DATABASE_URL"):
        try:
            server = local.provide()  # kept in a name: the server runs as long as somebody holds it
        except embedded_postgres.CannotStart as reason:
            sys.exit(str(reason))
        try:
            execute_from_command_line(sys.argv)
        finally:
            server.close()
    else:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
