"""The settings. What differs between machines comes from the environment; docs/deploy.md lists every name.

Without DATABASE_URL, ``manage.py`` and ``make run`` fill the environment for a trial (config/local.py).
"""

import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

if TESTING:
    # pytest-django reads the settings before any conftest.py, so the test server must be started here.
    from config import local

    TEST_SERVER = local.provide_for_tests()

env = Env()

# --- this machine ---

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.bool("TRACKER_HTTPS", False)
# Where a proxy in front writes the visitor's address, e.g. HTTP_X_REAL_IP; only what the proxy itself sets.
CLIENT_ADDRESS_HEADER = env.str("TRACKER_CLIENT_ADDRESS_HEADER", "REMOTE_ADDR")

# The demo shows one day of June 2020; empty means the real clock.
TRACKER_DEMO = env.bool("TRACKER_DEMO", False)
TRACKER_TODAY = date.fromisoformat(day) if (day := env.str("TRACKER_TODAY", "")) else None

# --- database ---

DATABASES = {"default": env.dj_db_url("DATABASE_URL", engine="django.db.backends.postgresql")}
# No trigger is left out. Said at connecting: where it is unsaid, each trigger fails once a row to read it, and a row
# takes ten times as long to write.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c pgtrigger.ignore={}")
# A pool keeps connections open under a threaded server; its size is the number of threads of one worker.
if pool_size := env.int("DATABASE_POOL", 0):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": pool_size,
        "timeout": 10,
    }
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a restarted database costs nobody an error page
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # verbs open their own transactions
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- parts ---

INSTALLED_APPS = [
    "tracker.admin_site.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
    "pghistory",
    "pgtrigger",
    "tracker",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tracker.middleware.PrivatePagesMiddleware",
    "tracker.middleware.ReadToTheEndMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.middleware.SessionMiddleware",
    # Every view asks for a signed-in person unless it says login_not_required itself.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "tracker.middleware.LanguageMiddleware",
    "tracker.middleware.HistoryMiddleware",
    "tracker.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.context_processors.shell",
            ],
        },
    },
]
FORM_RENDERER = "tracker.forms.renderer.Renderer"

# --- mail ---

# Empty means that no mail goes out: messages wait and administrators see them.
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_IS_ON = bool(EMAIL_URL)
if MAIL_IS_ON:
    _mail = env.dj_email_url("EMAIL_URL")
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail["EMAIL_USE_SSL"], _mail["EMAIL_USE_TLS"]
    EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"].replace("django.core.mail.backends.smtp", "tracker.smtp")
    EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"] or 30
# Where the links in a mail lead, and who it is from.
TRACKER_SITE_URL = env.str("TRACKER_SITE_URL", f"http://localhost:{env.str('PORT', '8000')}").rstrip("/")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    env.str("TRACKER_MAIL_FROM", "") or f"tracker@{urlsplit(TRACKER_SITE_URL).hostname}"
)
MAIL_REPLY_TO = env.list("TRACKER_MAIL_REPLY_TO", [])
MAIL_KEEP_DAYS = env.int("TRACKER_MAIL_KEEP_DAYS", 180)  # how long administrators see what was sent

# --- people ---

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tracker.passwords.LengthAndKinds"},
    {"NAME": "tracker.passwords.NothingRepeatedOrCounted"},
    {"NAME": "tracker.passwords.NotAboutTheAccount"},
    {"NAME": "tracker.passwords.NotCommon"},
    {"NAME": "tracker.passwords.NotUsedBefore"},
]
# As TCVN 14423 suggests; with one kind it is as OWASP wants it, which asks for length alone.
TRACKER_PASSWORD_LENGTH = env.int("TRACKER_PASSWORD_LENGTH", 14)
TRACKER_PASSWORD_LENGTH_WITH_SECOND_FACTOR = env.int("TRACKER_PASSWORD_LENGTH_WITH_SECOND_FACTOR", 8)
TRACKER_PASSWORD_KINDS = env.int("TRACKER_PASSWORD_KINDS", 4)
TRACKER_PASSWORD_HISTORY = env.int("TRACKER_PASSWORD_HISTORY", 10)
# 0: never too old; the demonstration's fixed password is for everybody to try.
TRACKER_ADMIN_PASSWORD_DAYS = env.int("TRACKER_ADMIN_PASSWORD_DAYS", 0 if TRACKER_DEMO else 60)
TRACKER_LINK_HOURS = env.int("TRACKER_LINK_HOURS", 72)  # a link that an administrator makes
TRACKER_RESET_LINK_HOURS = env.int("TRACKER_RESET_LINK_HOURS", 1)  # a link that the person asks for
TRACKER_UNUSED_ACCOUNT_DAYS = env.int("TRACKER_UNUSED_ACCOUNT_DAYS", 45)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "tracker.views.errors.csrf_failure"

# Five wrong passwords or codes lock the account, whatever address they come from: many people share one address here.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
# The first lock; each further one without a log-in between lasts twice as long.
TRACKER_LOCK_MINUTES = env.int("TRACKER_LOCK_MINUTES", 15)
TRACKER_LOCK_HOURS_AT_MOST = env.int("TRACKER_LOCK_HOURS_AT_MOST", 12)
AXES_LOCKOUT_CALLABLE = "tracker.views.session.locked_out"
AXES_HANDLER = "tracker.lockout.Handler"
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it wants the address in the lock; see above

SESSION_ENGINE = "tracker.sessions"
TRACKER_SESSION_HOURS = env.int("TRACKER_SESSION_HOURS", 12)  # a working day; nobody stays in over night
SESSION_COOKIE_AGE = TRACKER_SESSION_HOURS * 60 * 60

# --- language, dates and numbers ---

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
# Words of third parties that lack Vietnamese stand in the second folder, apart from our own catalogue.
LOCALE_PATHS = [BASE_DIR / "tracker" / "locale", BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- files ---

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.vendor_files.BootstrapFinder",
]
MEDIA_ROOT = env.path(
    "MEDIA_ROOT", BASE_DIR / "var" / "media"
)  # evidence: served by a view that checks rights only
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashed names need `collectstatic`, which tests and DEBUG do without.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# PDFs take the first of these fonts that the machine has with every Vietnamese letter; the last comes with Typst
PDF_FONTS = env.list("TRACKER_PDF_FONTS", ["Times New Roman", "Liberation Serif", "Libertinus Serif"])
TRACKER_EXPORT_AT_ONCE = env.int(
    "TRACKER_EXPORT_AT_ONCE", 20_000
)  # rows; longer lists are made in the background
EVIDENCE_MAX_MB = env.int("TRACKER_EVIDENCE_MAX_MB", 20)  # the largest file of evidence
IMPORT_MAX_MB = env.int("TRACKER_IMPORT_MAX_MB", 10)  # the largest appendix that is read into the register
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
# A text of 10 MB, three times as long when a browser encodes it, still reaches its form and is refused there with
# a sentence. Files do not count here.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- what browsers are told ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "tracker.views.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/$"]  # asked from the machine itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- log ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING"), "propagate": False}
    },
}
