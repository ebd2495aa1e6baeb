"""The second door: Django's admin over the same registers, one file a stem, same permissions, same verbs."""

from django.contrib import admin
from django.contrib.auth.models import Group

from tracker.admin import (
    assignments,
    directives,
    documents,
    extensions,
    imports,
    indicators,
    measurements,
    obstacles,
    organisations,
    people,
    periodic_reports,
    periods,
    progress,
    rosters,
)

# Roles are words of the office (User.Role); groups would only suggest a second set of rights.
admin.site.unregister(Group)

__all__ = [
    "assignments",
    "directives",
    "documents",
    "extensions",
    "imports",
    "indicators",
    "measurements",
    "obstacles",
    "organisations",
    "people",
    "periodic_reports",
    "periods",
    "progress",
    "rosters",
]
