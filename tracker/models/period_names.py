"""What periods are called, in one place: “Tháng 5/2020”, “Quý II/2020”, “6 tháng đầu năm 2020”, “Năm 2020”."""

from django.utils.translation import gettext as _

ROMAN = ("I", "II", "III", "IV")


def period_name(kind: str, year: int, number: int = 1) -> str:
    """The name of a period that the calendar gives. ``number`` counts from 1 within the year.

    Raises ValueError for a kind without a rule: a thematic or ad hoc period has the name that a person gave it.
    """
    match kind:
        case "week":
            return _("Week %(week)s/%(year)s") % {"week": number, "year": year}
        case "month":
            return _("Month %(month)s/%(year)s") % {"month": number, "year": year}
        case "quarter":
            return _("Quarter %(quarter)s/%(year)s") % {"quarter": ROMAN[number - 1], "year": year}
        case "half" if number == 1:
            return _("First six months of %(year)s") % {"year": year}
        case "half":
            return _("Last six months of %(year)s") % {"year": year}
        case "nine_months":
            return _("Nine months of %(year)s") % {"year": year}
        case "year":
            return _("Year %(year)s") % {"year": year}
    raise ValueError(f"{kind} has no name of its own")


def short_period_name(kind: str, year: int, number: int = 1) -> str:
    """The same without the year, where the year stands beside it. A year keeps its number."""
    if kind == "half":
        return _("First six months") if number == 1 else _("Last six months")
    if kind == "nine_months":
        return _("Nine months")
    return period_name(kind, year, number).rsplit("/", 1)[0]
