import os
import textwrap
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from tracker.models import User
from tracker.permissions import TABLE, Act
from tracker.register_data import read_fixture

EVERYBODY = {
    act for act in Act if {role for rule in TABLE if rule.act == act for role in rule.roles} >= set(User.Role)
}


class Command(BaseCommand):
    help = "Print the demonstration's accounts and what each may do."

    def handle(self, *args: Any, **options: Any) -> None:
        data = read_fixture("demo.json")
        people = {person.username: person for person in User.objects.filter(username__in=data["shown"])}
        shown = [people[name] for name in data["shown"] if name in people]
        if not shown:
            raise CommandError(
                "There are no demonstration accounts in this database: start it with make run."
            )
        port = os.environ.get("PORT", "8000")
        with translation.override("en"):
            self.stdout.write(
                f"Log in at http://localhost:{port}/dang-nhap/ with password {data['password']}\n\n"
            )
            for person in shown:
                self._print(person)
            others = User.objects.filter(username__in=[row["username"] for row in data["people"]]).count()
            self.stdout.write(
                f"All {others} demonstration accounts have this password; their names are made up.\n"
            )

    def _print(self, person: User) -> None:
        acts = [rule.act for rule in TABLE if person.role in rule.roles and rule.act not in EVERYBODY]
        deeds = ", ".join(dict.fromkeys(str(act.label).lower() for act in acts)) or "read only"
        who = f"{person.full_name}, {person.position}, {person.agency.short_name or person.agency.name}"
        self.stdout.write(f"  {person.username:<10}{person.get_role_display():<18}{who}\n")
        indent = " " * 12
        self.stdout.write(textwrap.fill(deeds, 110, initial_indent=indent, subsequent_indent=indent) + "\n\n")
