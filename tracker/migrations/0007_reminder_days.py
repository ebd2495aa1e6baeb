"""Every morning with reminders is remembered, not only the last one."""

from django.db import migrations, models

KEEP_THE_LAST = """
INSERT INTO tracker_reminderday (day) SELECT digests_on FROM tracker_outgoingrun WHERE digests_on IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0006_deadlines_urging_notices")]

    operations = [
        migrations.CreateModel(
            name="ReminderDay",
            fields=[
                (
                    "day",
                    models.DateField(
                        primary_key=True, serialize=False, verbose_name="reminders worked out for"
                    ),
                ),
            ],
            options={
                "verbose_name": "day with reminders",
                "verbose_name_plural": "days with reminders",
                "ordering": ["-day"],
            },
        ),
        migrations.RunSQL(KEEP_THE_LAST, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="outgoingrun", name="digests_on"),
    ]
