"""What stands around a new official report until somebody changes it: in the words of an official paper."""

import datetime as dt
from typing import Any

from django.utils.translation import override

from tracker.letters import GOVERNING_BODY, PLACE
from tracker.models import Agency, Field, PeriodicReport, ReportingPeriod, User

SUBJECT = "Tình hình thực hiện nhiệm vụ, chỉ tiêu thông tin và truyền thông"
SIGNER_POST = "Giám đốc"

_STATE_COPIES = ("UBND tỉnh", "Lãnh đạo Sở")
_PARTY_COPIES = ("Tỉnh ủy", "Lãnh đạo Sở")


def first_frame(
    period: ReportingPeriod,
    *,
    by: User,
    today: dt.date,
    form: str = PeriodicReport.Form.STATE,
    agency: Agency | None = None,
    field: Field | None = None,
) -> dict[str, Any]:
    """The fields of a new ``PeriodicReport`` but for its parts and its text."""
    office = Agency.objects.get(is_department=True)
    is_party = form == PeriodicReport.Form.PARTY
    return {
        "period": period,
        "agency": agency,
        "field": field,
        "form": form,
        "figures_on": day_of_figures(period, today),
        "title": title_of(period, agency, field),
        "governing_body": "" if is_party else GOVERNING_BODY,
        "issuing_body": office.name,
        "symbol": f"BC{'/' if is_party else '-'}{_initials(office.name)}",
        "place": PLACE,
        "recipients": "\n".join(_copies(by, is_party=is_party)),
        "signer_post": SIGNER_POST,
    }


def day_of_figures(period: ReportingPeriod, today: dt.date) -> dt.date:
    """Today while the period runs, afterwards the day on which its figures close (Decree 09/2019/NĐ-CP, Article 12)."""
    return min(today, period.ends_on)


def title_of(period: ReportingPeriod, agency: Agency | None, field: Field | None) -> str:
    """“Tình hình thực hiện nhiệm vụ, chỉ tiêu thông tin và truyền thông 6 tháng đầu năm 2020”."""
    with override("vi"):
        scope = f"của {agency.name}" if agency else ""
        scope = f"lĩnh vực {field.name}" if field else scope
        return " ".join(filter(None, [SUBJECT, scope, period.label_in_text]))


def _initials(name: str) -> str:
    """``STTTT``: the body's sign in the symbol of its papers."""
    return "".join(word[0] for word in name.split() if word != "và").upper()


def _copies(by: User, *, is_party: bool) -> list[str]:
    """Who receives the paper; at the end the archive with the sign of the unit that drafts."""
    unit = by.agency.short_name.removeprefix("Phòng ").strip() if by.agency.parent_id else ""
    named = [f"- {one};" for one in (_PARTY_COPIES if is_party else _STATE_COPIES)]
    return [*named, f"- Lưu: VT, {unit}." if unit else "- Lưu: VT."]
