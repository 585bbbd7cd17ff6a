"""The environment is read once, and a bad value fails loudly, by its name and without what it holds."""

import base64
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from jknoffice.checks import production_is_complete
from jknoffice.place import Place

ROOT = Path(__file__).resolve().parent.parent
KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "JKN_ENV": "production",
    "SECRET_KEY": "a made-up key",
    "JKN_AUDIT_KEY": KEY,
    "JKN_DATA_KEY": KEY,
    "DATABASE_URL": "postgres://office@db.example/jkn",
    "JKN_ALLOWED_HOSTS": "jkn.example,www.jkn.example",
    "JKN_SMS_GATEWAY": "http",
}


@pytest.fixture(autouse=True)
def _in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)


def load() -> dict[str, Any]:
    """Return what the settings are in the environment of now."""
    return runpy.run_path(str(ROOT / "jknoffice" / "settings.py"))


def test_a_place_that_is_not_named_is_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JKN_ENV", "")
    assert load()["JKN_ENV"] is Place.PRODUCTION


@pytest.mark.parametrize("place", Place)
def test_only_production_does_without_demo_and_guards_its_cookies(
    monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    monkeypatch.setenv("JKN_ENV", place)
    monkeypatch.setenv("PORT", "8123")
    found = load()
    production = place is Place.PRODUCTION
    assert place.allows_demo is not production
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is production
    for cookie in (
        "SESSION",
        "CSRF",
        "LANGUAGE",
        "KNOWN",
    ):  # as __Host- demands (RFC 6265bis, 4.1.3.2)
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-") is production
        assert (found.get(f"{cookie}_COOKIE_DOMAIN"), found.get(f"{cookie}_COOKIE_PATH", "/")) == (None, "/")
        assert found.get(f"{cookie}_COOKIE_HTTPONLY", True) is True
    assert found["SESSION_COOKIE_NAME"] == ("__Host-session" if production else "jkn8123_session")
    assert bool(found["SECURE_HSTS_SECONDS"]) is production
    assert found["DEBUG"] is False


def test_all_that_the_product_writes_lies_in_one_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JKN_VAR", str(tmp_path))
    found = load()
    places = [found["STATIC_ROOT"], found["SMS_CONSOLE_FILE"]]
    places += [each["OPTIONS"]["location"] for each in found["STORAGES"].values() if "OPTIONS" in each]
    assert all(Path(place).is_relative_to(tmp_path) for place in places)
    monkeypatch.setenv("JKN_VAR", "")
    assert load()["JKN_VAR"] == ROOT / "var"


@pytest.mark.parametrize("place", ["prod", "Production", "PRODUCTION", "debug", " "])
def test_a_place_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("JKN_ENV", place)
    with pytest.raises(ImproperlyConfigured, match="JKN_ENV must be one of production, development, test"):
        load()


@pytest.mark.parametrize("name", ["JKN_AUDIT_KEY", "JKN_DATA_KEY"])
@pytest.mark.parametrize("key", ["", KEY[:-4], KEY + KEY, "no base64 at all", KEY[:-1] + "!", "ü" * 44])
def test_a_key_that_is_not_32_bytes_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, key: str
) -> None:
    monkeypatch.setenv(name, key)
    with pytest.raises(ImproperlyConfigured, match=f"{name} must be") as caught:
        load()
    assert not key or key not in str(caught.value)


def test_the_data_key_is_not_exchanged_before_people_have_a_key_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JKN_DATA_KEY_OLD", KEY)
    with pytest.raises(ImproperlyConfigured, match="JKN_IDENTITY_KEY must be set"):
        load()
    other = base64.b64encode(b"o" * 32).decode()
    monkeypatch.setenv("JKN_DATA_KEY", other)
    monkeypatch.setenv("JKN_IDENTITY_KEY", KEY)
    found = load()
    assert found["JKN_IDENTITY_KEY"] == found["JKN_DATA_KEY_OLD"] == found["JKN_DOCUMENT_KEY_OLD"]
    assert found["JKN_DOCUMENT_KEY"] == found["JKN_DATA_KEY"] == b"o" * 32
    # The first pass, in which all learn to read what the new one will seal; and a way back
    monkeypatch.setenv("JKN_DATA_KEY", KEY)
    monkeypatch.setenv("JKN_DATA_KEY_OLD", other)
    assert load()["JKN_DATA_KEY_OLD"] == b"o" * 32


@pytest.mark.parametrize("name", ["PORT", "JKN_HOLD_HOURS", "JKN_CODES_PER_HOUR"])
def test_what_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "many")
    with pytest.raises((ImproperlyConfigured, ValueError), match="many"):
        load()


@pytest.mark.parametrize("name", ["JKN_SMS_HTTP", "JKN_SMS_SMPP", "JKN_SMS_ROUTES"])
@pytest.mark.parametrize("value", ["[]", "null", '{"token": "hidden', "hidden"])
def test_what_is_no_json_object_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        load()
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize("value", ["hidden.example", "https://", "https://hidden:x", "https://[hidden", "ftp://hidden"])
def test_what_is_no_address_of_a_site_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("JKN_SITE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="JKN_SITE_URL must be an address") as refusal:
        load()
    assert "hidden" not in str(refusal.value)


def test_production_needs_a_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    with pytest.raises(ImproperlyConfigured, match="Set DATABASE_URL"):
        load()


def test_the_deployment_check_names_what_production_lacks(settings: Any) -> None:
    settings.PRODUCTION, settings.ALLOWED_HOSTS, settings.SMS_GATEWAY = True, ["jkn.example"], "http"
    settings.JKN_SITE_URL = "https://jkn.example"
    assert production_is_complete(None) == []
    settings.ALLOWED_HOSTS = []
    assert [found.id for found in production_is_complete(None)] == ["jkn.E001"]
    for gateway in ("", "console", "memory"):
        settings.SMS_GATEWAY = gateway
        assert [found.id for found in production_is_complete(None)] == ["jkn.E001", "jkn.E002"]


@pytest.mark.parametrize("site", ["http://jkn.example", "https://192.0.2.7", "https://[2001:db8::fe]", "https://", ""])
def test_the_deployment_check_warns_where_no_passkey_works(settings: Any, site: str) -> None:
    settings.PRODUCTION, settings.ALLOWED_HOSTS, settings.SMS_GATEWAY = True, ["jkn.example"], "http"
    settings.JKN_SITE_URL = site
    assert [found.id for found in production_is_complete(None)] == ["jkn.W001"]


@pytest.mark.parametrize("text", ["7", "25:00", "soon", "07:00+07:00"])
def test_a_time_of_day_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("JKN_DAILY_SUMMARY_AT", text)
    with pytest.raises(ImproperlyConfigured, match="JKN_DAILY_SUMMARY_AT must be"):
        load()


def test_summaries_in_production_need_a_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert load()["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    monkeypatch.setenv("JKN_DAILY_SUMMARY_AT", "07:00")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        load()
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:password@mail.example:587")
    found = load()
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert found["JKN_SITE_URL"] == "https://jkn.example"


S3 = {"BUCKET": "documents", "ENDPOINT": "https://s3.example", "ACCESS_KEY": "jkn", "SECRET_KEY": "hidden"}


def test_photos_lie_in_a_folder_or_in_a_bucket_that_is_named_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load()["STORAGES"]["documents"]["BACKEND"].endswith("FileSystemStorage")
    for name, value in S3.items():
        monkeypatch.setenv(f"JKN_S3_{name}", value)
    options = {name.lower(): value for name, value in S3.items()} | {"region": "us-east-1"}
    assert load()["STORAGES"]["documents"] == {"BACKEND": "verification.documents.bucket.Bucket", "OPTIONS": options}
    for name, value in S3.items():
        monkeypatch.setenv(f"JKN_S3_{name}", "")
        with pytest.raises(ImproperlyConfigured, match=f"JKN_S3_{name}") as refusal:
            load()
        assert "hidden" not in str(refusal.value)
        monkeypatch.setenv(f"JKN_S3_{name}", value)
    monkeypatch.setenv("JKN_S3_ENDPOINT", "s3.example")
    with pytest.raises(ImproperlyConfigured, match="must be an address"):
        load()
