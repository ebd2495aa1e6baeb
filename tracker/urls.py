"""Every page, in the order of the work. Addresses are Vietnamese without accents: people read and share them."""

from django.urls import URLPattern, path

from tracker.views import session

urlpatterns: list[URLPattern] = [
    # signing in, the person
    path("", session.home, name="home"),
    path("dang-nhap/", session.login, name="login"),
    path("dang-xuat/", session.logout, name="logout"),
    path("doi-mat-khau/", session.password_change, name="password_change"),
    path("ho-so/", session.profile, name="profile"),
    path("them/", session.more, name="more"),
    path("suc-khoe/", session.health, name="health"),
]
