from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [("tracker", "0010_search_over_print")]

    operations = [
        migrations.AddField(
            model_name="export",
            name="by_role",
            field=models.CharField(
                choices=[
                    ("staff", "Agency staff"),
                    ("agency_head", "Agency head"),
                    ("officer", "Tracking officer"),
                    ("leader", "Department leader"),
                    ("admin", "Administrator"),
                    ("viewer", "Viewer"),
                ],
                editable=False,
                max_length=12,
                verbose_name="role",
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="by_agency",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.agency",
                verbose_name="agency",
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("assigned", "Newly assigned"),
                    ("returned", "Report returned"),
                    ("confirmed", "Report confirmed"),
                    ("figure_returned", "Figure returned"),
                    ("figure_confirmed", "Figure confirmed"),
                    ("declined", "Declined by the agency"),
                    ("changed", "Paused, stopped, withdrawn, reopened, transferred or corrected"),
                    ("instructed", "Instruction"),
                    ("answered", "Instruction answered"),
                    ("urged", "Urged"),
                    ("urging_answered", "Urging answered"),
                    ("extension_asked", "Extension requested"),
                    ("extension_decided", "Extension decided"),
                    ("date_proposed", "Another date proposed"),
                    ("proposal_answered", "Proposed date answered"),
                    ("paper_submitted", "Official report submitted"),
                    ("paper_returned", "Official report returned"),
                    ("paper_approved", "Official report approved"),
                    ("paper_signed", "Official report signed"),
                    ("deputy", "Named as deputy"),
                    ("export_made", "File prepared"),
                    ("due", "Deadline near"),
                    ("late", "Deadline missed"),
                    ("silent", "No report for long"),
                    ("not_received", "Not received yet"),
                    ("to_review", "Waiting for review too long"),
                    ("to_decide", "Waiting for a decision"),
                    ("closing", "Figures about to close"),
                    ("answer_due", "Answer to an urging is due"),
                    ("escalated", "Overdue, told to the head or the leader"),
                    ("week", "The week's summary"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
