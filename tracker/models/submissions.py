from django.db import models
from django.utils import timezone

from tracker.models.people import User


class SubmittedForm(models.Model):
    """A form that was acted on: sending it again (double click, back button) gets the first answer.

    ``key`` is the hidden token of the form; the row is written in the same transaction as the act.
    """

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    answer_url = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.key} {self.answer_url}"
