"""Every address of the site: the product's pages and, as a second door, Django's admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("quan-tri/", admin.site.urls),
    path("", include("tracker.urls")),
]
