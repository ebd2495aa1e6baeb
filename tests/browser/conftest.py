"""The system's Chromium on a live server; what the browser complains about fails the test."""

import os
import shutil
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright

# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

INSTALL = "sudo apt install chromium"
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium():
    """The program named by CHROMIUM, or the system's; nothing when there is none."""
    found = [shutil.which(name) for name in [os.environ.get("CHROMIUM", ""), *NAMES, MAC] if name]
    return next(filter(None, found), None)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of this process."""
    program = find_chromium()
    if not program:
        complaint = f"NO CHROMIUM FOUND, the browser tests did not run. Install it: {INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(complaint)
        pytest.skip(complaint)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints():
    """What the browser said against the pages: content policy, script errors, requests to other hosts."""
    return []


@pytest.fixture
def open_page(browser, complaints, live_server):
    """Make a page of its own session: ``open_page(width=360, dark=True, javascript=False)``."""
    contexts = []

    def make(*, width=1440, height=900, dark=False, javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="en-US",  # the product must not follow the browser's language
            base_url=live_server.url,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: _note_console(message, complaints))
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on("request", lambda request: _note_foreign(request, live_server.url, complaints))
        page.on("response", lambda answer: _note_failure(answer, complaints))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page):
    """A page as wide as a desk screen."""
    return open_page()


@pytest.fixture
def axe():
    """``axe(page)`` asserts that axe-core finds nothing against the page as it stands."""

    def check(page):
        # WCAG A and AA with axe's best practices, all of them: no rule is switched off.
        results = _look(page)
        found = [
            SimpleNamespace(rule=violation["id"], where=node["target"], why=node["failureSummary"])
            for violation in results["violations"]
            for node in violation["nodes"]
        ]
        assert found == [], page.url

    return check


def _look(page, tries: int = 3):
    """What axe answers, about one document: when the browser leaves the page meanwhile, about the one that came."""
    for left in reversed(range(tries)):
        page.wait_for_load_state("load")
        document = page.evaluate("performance.timeOrigin")
        try:
            answer = Axe().run(page).response
            if page.evaluate("performance.timeOrigin") == document:
                return answer
        except Error:
            if not left:
                raise
    raise AssertionError(f"{page.url} never came to rest")


def _note_console(message, complaints):
    # An answer such as 403 is logged by the browser as an error; tests judge those by themselves.
    if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
        complaints.append(f"{message.type}: {message.text}")


def _note_foreign(request, own, complaints):
    if not request.url.startswith((own, "about:", "blob:")):
        complaints.append(f"request to {request.url}")


def _note_failure(answer, complaints):
    if answer.status >= 500:
        complaints.append(f"{answer.status} {answer.url}")
