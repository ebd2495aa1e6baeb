from django.db import models


class CodeCounter(models.Model):
    """The last number given out for a year's directives, so that a code is never used twice."""

    prefix = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:03d}"

    @classmethod
    def take(cls, prefix: str) -> str:
        """The next code of this prefix; the row stays locked until the transaction ends."""
        return cls.take_many(prefix, 1)[0]

    @classmethod
    def take_many(cls, prefix: str, number: int) -> list[str]:
        """As many codes in a row, at once."""
        cls.objects.get_or_create(prefix=prefix)
        counter = cls.objects.select_for_update().get(prefix=prefix)
        codes: list[str] = []
        for _ in range(number):
            counter.last += 1
            codes.append(str(counter))
        counter.save(update_fields=["last"])
        return codes
