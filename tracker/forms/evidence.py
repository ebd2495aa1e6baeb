"""Files and a link that prove what a report or a figure says, added to it as it is saved."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from tracker.forms.uploads import Uploads
from tracker.models import Evidence, User
from tracker.models.evidence import Entry


class WebAddressField(forms.URLField):
    """The address of a page: nothing that a browser would run or fetch otherwise."""

    default_validators = [URLValidator(schemes=["http", "https"])]


def link_field() -> WebAddressField:
    """A field for a link to evidence."""
    return WebAddressField(
        label=_("Link to evidence"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write a whole address, for example https://namdinh.gov.vn/tin.")},
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )


def attach(entry: Entry, uploads: Uploads, link: str, *, by: User) -> None:
    """Add the files that were taken and the link; what the entry already has is not added again."""
    for file, checked in uploads.taken:
        if not entry.evidence.filter(sha256=checked.sha256, title=checked.safe_title).exists():
            Evidence.attach_file(
                entry,
                by=by,
                file=file,
                title=checked.safe_title,
                stored_name=checked.stored_name,
                content_type=checked.content_type,
                sha256=checked.sha256,
            )
    if link and not entry.evidence.filter(link=link).exists():
        Evidence.attach_link(entry, by=by, link=link, title=link[:255])
