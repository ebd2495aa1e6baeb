"""Our own files: nothing from elsewhere, nothing inline, every picture there."""

import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config import vendor_files

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = ROOT / "tracker" / "static" / "tracker"
SPRITE = (STATIC / "icons.svg").read_text()

BOOTSTRAP = "vendor/bootstrap/css/bootstrap.min.css"

# Bootstrap 5.3.8 and htmx 2.0.10 as their makers published them on npm.
PUBLISHED = {
    "bootstrap.min.css": "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede",
    "htmx-2.min.js": "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de",
}


def test_files_of_others_are_what_their_makers_published():
    files = {
        "bootstrap.min.css": vendor_files.PUBLISHED,
        "htmx-2.min.js": finders.find("django_htmx/htmx-2.min.js"),
    }

    assert {
        name: hashlib.sha256(Path(file).read_bytes()).hexdigest() for name, file in files.items()
    } == PUBLISHED


def test_bootstrap_is_served_whole_but_for_its_pictures():
    published, served = vendor_files.PUBLISHED.read_text(), Path(finders.find(BOOTSTRAP)).read_text()

    assert "data:" in published
    assert not re.search(r"data:|url\(", served)
    assert served.count("{") == published.count("{")
    assert served == re.sub(r"\s*/\*# sourceMapping.*?\*/", "", re.sub(r'url\("[^"]*"\)', "none", published))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_needs_more_than_the_security_policy_gives(template):
    text = template.read_text()

    assert not re.search(r"""\s(style|on[a-z]+|hx-on[:a-z-]*)=["']""", text)
    assert not re.search(r"<style|data:image|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href)=["']https?://""", text)
    assert "|safe" not in text


def test_stylesheet_and_script_load_nothing():
    css, js = (STATIC / "app.css").read_text(), (STATIC / "app.js").read_text()

    assert "url(" not in css.replace("Uses no url()", "")
    assert "@import" not in css
    assert not re.search(r"\beval\(|innerHTML|https?://", js)


def test_every_picture_that_is_named_exists():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
    text = "".join(template.read_text() for template in TEMPLATES)
    named = set(re.findall(r'{% icon "([^"]+)"', text)) | set(re.findall(r'\bicon="([^"]+)"', text))

    assert named - drawn == set()
    assert len(drawn) == SPRITE.count("<symbol ")


def test_bootstrap_parts_that_load_pictures_are_not_used():
    forbidden = re.compile(
        r"\b(form-check-input|btn-close|accordion-button|carousel-control|navbar-toggler)\b"
    )

    assert [path.name for path in TEMPLATES if forbidden.search(path.read_text())] == []


def test_pages_stay_small():
    assert (STATIC / "app.css").stat().st_size < 64_000
    assert (STATIC / "app.js").stat().st_size < 16_000
    assert len(SPRITE) < 20_000
