"""Every list that can be taken out, by its name in the address: the rows are those of its page, the rights too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from tracker.exports import figure_lists, office_lists, watch_lists, work_lists
from tracker.exports.asking import Asked
from tracker.exports.sheet import Sheet
from tracker.models import User
from tracker.permissions import (
    can_manage_agencies,
    can_manage_mail,
    can_manage_users,
    can_see_review_queue,
    require,
)


class NoSuchList(ObjectDoesNotExist):
    """The address names no list, or one of something that the person does not see."""


@dataclass(frozen=True)
class Listing:
    """One list: what it is called, the URL name of its page, who opens that page, how its rows are read."""

    title: Any
    page: str
    read: Callable[[Asked], Sheet]
    is_open_to: Callable[[User], bool] = lambda user: True
    is_personal: bool = False
    """Names people with more than their work: taking it out is written down."""


LISTS = {
    "nhiem-vu": Listing(_("Directives"), "directive_list", work_lists.directives),
    "luot-giao": Listing(_("Assignments"), "assignment_list", work_lists.assignments),
    "bao-cao": Listing(_("Progress reports"), "progress_list", work_lists.progress_reports),
    "van-ban": Listing(_("Documents"), "document_list", work_lists.documents),
    "cho-duyet": Listing(_("Waiting for review"), "review_queue", work_lists.reviews, can_see_review_queue),
    "chi-tieu": Listing(_("Year plan of indicators"), "indicator_list", figure_lists.plan),
    "so-lieu": Listing(_("Figures"), "figure_list", figure_lists.figures),
    "so-lieu-chi-tieu": Listing(
        _("Figures of an indicator"), "measurement_list", figure_lists.figures_of_one
    ),
    "so-lieu-cho-duyet": Listing(
        _("Figures waiting for review"), "figure_queue", work_lists.figure_reviews, can_see_review_queue
    ),
    "cau-hoi": Listing(_("Questions about figures"), "question_list", figure_lists.questions),
    "nop-bao-cao": Listing(_("Reports sent by agencies"), "completeness", figure_lists.completeness),
    "ma-tran": Listing(_("Adoption matrix"), "adoption_matrix", figure_lists.adoption),
    "don-doc": Listing(_("Urgings"), "urging_list", watch_lists.urgings),
    "gia-han": Listing(_("Extensions"), "extension_list", watch_lists.extensions),
    "dinh-chinh": Listing(_("Corrected deadlines"), "correction_list", watch_lists.corrections),
    "vuong-mac": Listing(_("Obstacles"), "obstacle_list", watch_lists.obstacles),
    "canh-bao": Listing(_("Early warning"), "warning_list", watch_lists.early_warnings),
    "ky-bao-cao": Listing(_("Reporting periods"), "period_list", office_lists.periods),
    "co-quan": Listing(_("Agencies"), "agency_list", office_lists.agencies, can_manage_agencies),
    "nguoi-dung": Listing(_("Users"), "user_list", office_lists.users, can_manage_users, is_personal=True),
    "thu-di": Listing(_("Outgoing mail"), "mail_list", office_lists.mail, can_manage_mail, is_personal=True),
}


def open_list(name: str, user: User) -> Listing:
    """The list, for who may open its page; raises NoSuchList, PermissionDenied."""
    if name not in LISTS:
        raise NoSuchList(name)
    listing = LISTS[name]
    require(listing.is_open_to(user))
    return listing


def read_list(name: str, asked: Asked) -> Sheet:
    """The rows that the page shows; raises as ``open_list``."""
    listing = open_list(name, asked.user)
    try:
        return listing.read(asked)
    except ObjectDoesNotExist as reason:
        raise NoSuchList(name) from reason
