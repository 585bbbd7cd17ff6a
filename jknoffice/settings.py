"""Settings of JKN Office: the environment is read once, here, and a bad value fails loudly.

Every variable is described in README.md, "Configuration".
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from jknoffice.database import databases
from jknoffice.place import Place

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def _key(name: str) -> bytes:
    """Return the 32 bytes that variable `name` carries in base64."""
    try:
        key = base64.b64decode(env.str(name), validate=True)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be base64.") from None
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64, not {len(key)}.")
    return key


def _key_or(name: str, otherwise: bytes) -> bytes:
    """Return what `_key()` does, or `otherwise` where the variable is empty."""
    return _key(name) if env.str(name, default="") else otherwise


def _time_of_day(name: str) -> time | None:
    """Return the time of day that variable `name` carries, such as 07:00, in `TIME_ZONE`; None when it is empty."""
    text = env.str(name, default="")
    try:
        found = time.fromisoformat(text) if text else None
    except ValueError:
        found = time.min.replace(tzinfo=UTC)
    if found and found.tzinfo:
        raise ImproperlyConfigured(f"{name} must be a time of day such as 07:00.")
    return found


def _address(name: str) -> str:
    """Return the address that variable `name` carries, such as https://jkn.example; "" when it is empty."""
    address: str = env.str(name, default="")
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port, or no address in brackets
        is_one = False
    if address and not is_one:
        raise ImproperlyConfigured(f"{name} must be an address such as https://jkn.example.")
    return address


def _file(name: str) -> Path | None:
    """Return the file that variable `name` names; None when it is empty."""
    path = Path(env.str(name, default=""))
    if path == Path():
        return None
    if not path.is_file():
        raise ImproperlyConfigured(f"{name} must name a file.")
    return path


def _photo_storage() -> dict[str, Any]:
    """Return the storage of photos: the bucket that the variables JKN_S3_… name, else a folder."""
    needed = ("BUCKET", "ENDPOINT", "ACCESS_KEY", "SECRET_KEY")
    found = {name.lower(): env.str(f"JKN_S3_{name}", default="") for name in needed}
    if not any(found.values()):
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        folder = {"location": JKN_VAR / "documents", **modes}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": folder}
    if missing := [f"JKN_S3_{name}" for name in needed if not found[name.lower()]]:
        raise ImproperlyConfigured(f"Photos in a bucket need {' and '.join(missing)} as well.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("JKN_S3_BUCKET needs the packages of requirements-s3.txt.")
    if urlsplit(found["endpoint"]).scheme not in {"http", "https"}:
        raise ImproperlyConfigured("JKN_S3_ENDPOINT must be an address such as https://s3.example.")
    return {
        "BACKEND": "verification.documents.bucket.Bucket",
        "OPTIONS": {**found, "region": env.str("JKN_S3_REGION", default="us-east-1")},
    }


def _object(name: str) -> dict[str, Any]:
    """Return the JSON object that variable `name` carries, empty where it is not set. What it holds is not quoted."""
    try:
        found = json.loads(env.str(name, default="") or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must be a JSON object.")
    return found


# --- the place -----------------------------------------------------------------------------
try:
    JKN_ENV = Place(env.str("JKN_ENV", default="") or Place.PRODUCTION)
except ValueError as error:
    raise ImproperlyConfigured(f"JKN_ENV must be one of {', '.join(Place)}.") from error
PRODUCTION = JKN_ENV is Place.PRODUCTION
JKN_VAR = Path(env.str("JKN_VAR", default="") or BASE_DIR / "var").resolve()
DEBUG = False

# --- keys ----------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
JKN_AUDIT_KEY = _key("JKN_AUDIT_KEY")
JKN_DATA_KEY = _key("JKN_DATA_KEY")
JKN_DATA_KEY_OLD = _key_or("JKN_DATA_KEY_OLD", b"")
JKN_IDENTITY_KEY = _key_or("JKN_IDENTITY_KEY", JKN_DATA_KEY)
JKN_DOCUMENT_KEY = _key_or("JKN_DOCUMENT_KEY", JKN_DATA_KEY)
JKN_DOCUMENT_KEY_OLD = _key_or("JKN_DOCUMENT_KEY_OLD", JKN_DATA_KEY_OLD if JKN_DOCUMENT_KEY == JKN_DATA_KEY else b"")
if JKN_DATA_KEY_OLD and not env.str("JKN_IDENTITY_KEY", default=""):
    # Everybody would be somebody else: two accounts of one person would count as two people.
    raise ImproperlyConfigured("JKN_IDENTITY_KEY must be set, to the first JKN_DATA_KEY, before that is exchanged.")

# --- sealing the audit log --------------------------------------------------------------------
JKN_SEAL_ORIGIN = env.str("JKN_SEAL_ORIGIN", default="" if PRODUCTION else "jkn-office.localhost/audit")
JKN_SEAL_KEY = env.str("JKN_SEAL_KEY", default="")
JKN_SEAL_KEY_FILE = Path(env.str("JKN_SEAL_KEY_FILE", default="") or JKN_VAR / "seal.key")
JKN_SEAL_FOLDER = Path(env.str("JKN_SEAL_FOLDER", default="") or JKN_VAR / "notes")
JKN_SEAL_WITNESSES = env.list("JKN_SEAL_WITNESSES", default=[])

# --- the web -------------------------------------------------------------------------------
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("JKN_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
ROOT_URLCONF = "jknoffice.urls"
CSRF_FAILURE_VIEW = "jknoffice.errors.csrf_failure"
WSGI_APPLICATION = "jknoffice.wsgi.application"

INSTALLED_APPS = [
    "jknoffice.apps.ProjectConfig",
    "jknoffice.audit",
    "jknoffice.accounts",
    "participants",
    "verification",
    "jknoffice.alarms",
    "jknoffice.demo",
    "jknoffice.apps.JknAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "procrastinate.contrib.django",
    "ninja",
]

MIDDLEWARE = [
    "jknoffice.tracing.RequestIdMiddleware",
    "jknoffice.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jknoffice.errors.ErrorPagesMiddleware",
    "verification.api.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "jknoffice.audit.middleware.AuditContextMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

# Browsers keep one cookie jar for all ports of a host: the port in the name lets two copies run side by side.
_COOKIE_PREFIX = "__Host-" if PRODUCTION else f"jkn{PORT}_"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}language"
KNOWN_COOKIE_NAME = f"{_COOKIE_PREFIX}known"
MESSAGES_COOKIE_NAME = f"{_COOKIE_PREFIX}messages"
MESSAGE_STORAGE = "jknoffice.told.Storage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SESSION_ENGINE = "jknoffice.accounts.sessions.store"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
METRICS_TOKEN = env.str("JKN_METRICS_TOKEN", default="")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
JKN_TRUSTED_PROXIES = env.int("JKN_TRUSTED_PROXIES", default=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if JKN_TRUSTED_PROXIES else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    },
}

# A photo may have 10 MiB; two of them and the form fit into one request.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Files for the register: personal data, for as short as possible.
UPLOAD_FOLDER = Path(env.str("JKN_UPLOAD_FOLDER", default="") or JKN_VAR / "uploads")
UPLOAD_MAX_BYTES = env.int("JKN_UPLOAD_MAX_MIB", default=2048) * 1024 * 1024
UPLOAD_LIFETIME = timedelta(hours=24)

# --- static files --------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("JKN_STATIC_FOLDER", default="") or JKN_VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "jknoffice" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": JKN_VAR / "files"}},
    "documents": _photo_storage(),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION

# --- the database --------------------------------------------------------------------------
DATABASES = databases(
    url=env.str("DATABASE_URL", default=""), place=JKN_ENV, var=JKN_VAR, replica=env.str("JKN_REPLICA_URL", default="")
)
DATABASE_ROUTERS = ["jknoffice.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- back-ups ------------------------------------------------------------------------------
BACKUP_RECIPIENT = env.str("JKN_BACKUP_RECIPIENT", default="")
BACKUP_URL = env.str("JKN_BACKUP_URL", default="")
PG_PROGRAMS = Path(env.str("JKN_PG_PROGRAMS")) if env.str("JKN_PG_PROGRAMS", default="") else None

# --- people --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "admin:login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": "jknoffice.accounts.passwords.validators.MaximumLengthValidator"},
    {"NAME": "jknoffice.accounts.passwords.validators.OwnWordsValidator"},
    {"NAME": "jknoffice.accounts.passwords.validators.BreachedPasswordValidator"},
]
BREACHED_PASSWORDS = _file("JKN_BREACHED_PASSWORDS")
OTP_TOTP_ISSUER = "JKN Office"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
OTP_TOTP_THROTTLE_FACTOR = 0  # accounts.login counts the attempts itself, those with recovery codes as well
OTP_TOTP_SYNC = False  # a code is never accepted more than one step of 30 s early or late
SECOND_STEP_LIFETIME = timedelta(minutes=10)
SESSION_IDLE = timedelta(minutes=15)  # NIST SP 800-63B, AAL3
SESSION_LONGEST = timedelta(hours=10)  # a shift
REVEALS_PER_HOUR = env.int("JKN_REVEALS_PER_HOUR", default=30)

# --- words and times -----------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "jknoffice" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
# Of Monday to Friday, by the clock of each branch.
OFFICE_OPENS = _time_of_day("JKN_OFFICE_OPENS") or time(6)
OFFICE_CLOSES = _time_of_day("JKN_OFFICE_CLOSES") or time(20)

# --- the numbers of a phone change (domain.md gives the reasons) ------------------------------
CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODE_FREEZE = timedelta(minutes=30)
CODE_PAUSE = timedelta(seconds=60)
CODES_PER_HOUR = 3
CODES_PER_DAY = 5
CODES_PER_HOUR_GLOBAL = env.int("JKN_CODES_PER_HOUR", default=20_000)
UNCONFIRMED_LIFETIME = timedelta(hours=24)
CORRECTION_LIFETIME = timedelta(days=7)
CLAIM_LIFETIME = timedelta(minutes=20)
HOLD = timedelta(hours=env.int("JKN_HOLD_HOURS", default=24))
UNDO_LIFETIME = timedelta(days=30)
SERVICE_TIME = timedelta(hours=72)
SNOOZE_MOST = timedelta(hours=48)
GLASS_LIFETIME = timedelta(minutes=env.int("JKN_GLASS_MINUTES", default=30))
SECOND_APPROVAL_WEIGHT = env.int("JKN_SECOND_APPROVAL_WEIGHT", default=3)
PHOTO_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_PIXELS = 40_000_000
PHOTO_LONGEST_SIDE = 2400
PHOTO_SECONDS = 5.0
PHOTO_LIFETIME = timedelta(days=env.int("JKN_PHOTO_DAYS", default=90))
CLAMD = env.str("JKN_CLAMD", default="")

# --- reading photos by machine -----------------------------------------------------------------
READING = env.str("JKN_READING", default="on") != "off" and find_spec("rapidocr") is not None
READING_SECONDS = 15.0

# --- messages and jobs -----------------------------------------------------------------------
SMS_GATEWAY = env.str("JKN_SMS_GATEWAY", default="" if PRODUCTION else "console")
SMS_ROUTES = _object("JKN_SMS_ROUTES")
SMS_HTTP = _object("JKN_SMS_HTTP")
SMS_SMPP = _object("JKN_SMS_SMPP")
SMS_RECEIPT_KEY = env.str("JKN_SMS_RECEIPT_KEY", default="").encode()
SMS_DAILY_CAP = env.int("JKN_SMS_DAILY_CAP", default=0)
SMS_CONSOLE_FILE = JKN_VAR / "sms.jsonl"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# --- e-mail: the supervisors' daily summary, alarms, letters to staff ---------------------------------------------
ALARM_TO = env.list("JKN_ALARM_TO", default=[])
JKN_DAILY_SUMMARY_AT = _time_of_day("JKN_DAILY_SUMMARY_AT")
JKN_SITE_URL = _address("JKN_SITE_URL") or (
    f"https://{''.join(ALLOWED_HOSTS[:1])}" if PRODUCTION else f"http://localhost:{PORT}"
)
# A production place that is to send e-mail has to say through which server: there is no default then.
_NOWHERE = "dummymail://" if PRODUCTION else "consolemail://"
_SENDS_MAIL = JKN_DAILY_SUMMARY_AT or ALARM_TO
vars().update(env.email_url("EMAIL_URL", default=env.NOTSET if PRODUCTION and _SENDS_MAIL else _NOWHERE))
MAIL_IS_SET_UP = vars()["EMAIL_BACKEND"] != "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("JKN_EMAIL_FROM", default="JKN Office <noreply@localhost>")

# --- logs ------------------------------------------------------------------------------------
LOG_FORMAT = env.str("JKN_LOG_FORMAT", default="json" if PRODUCTION else "line")
if LOG_FORMAT not in {"json", "line"}:
    raise ImproperlyConfigured("JKN_LOG_FORMAT must be json or line.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "jknoffice.logs.DiscreetFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "jknoffice.logs.JsonFormatter"},
    },
    "filters": {"routes": {"()": "jknoffice.logs.RouteFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["routes"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        # It quotes what a gateway sends.
        "smpplib": {"level": "CRITICAL"},
        "smpp": {"level": "CRITICAL"},
        # `runserver` tells people of each request by itself.
        "jknoffice.tracing": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
