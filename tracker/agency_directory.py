"""The agencies of the register as the reader of appendices knows them."""

from tracker.appendices.directory import Body, Directory
from tracker.models import Agency


def agency_directory() -> Directory:
    """All agencies, also former ones: an old appendix names them, and the reading says that they no longer exist."""
    return Directory(
        Body(
            pk=agency.pk,
            code=agency.code,
            name=agency.name,
            short_name=agency.short_name,
            is_group=agency.is_group,
            valid_from=agency.valid_from,
            valid_to=agency.valid_to,
            merged_into=agency.merged_into_id,
        )
        for agency in Agency.objects.order_by("pk")
    )
