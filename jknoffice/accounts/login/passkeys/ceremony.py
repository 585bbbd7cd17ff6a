"""The words of WebAuthn: what a browser is asked, and whether what it answers is right. py_webauthn judges."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from jknoffice.accounts.login.attempts import NotProved
from jknoffice.accounts.login.passkeys.challenges import LIFETIME
from jknoffice.accounts.models import Passkey, User
from jknoffice.accounts.models.passkey import LONGEST_ID, SHORTEST_ID
from jknoffice.crypto import Purpose, key_for, keyed_hash

ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""ES256, Ed25519 and RS256 (older Windows Hello), the one we like best first."""
LONGEST = 16_000
"""Characters of an answer: a key of 4096 bits and the longest id take half of that."""
_SELF_MADE = {AttestationFormat.NONE, AttestationFormat.PACKED}
"""We ask for no attestation. A browser then sends none; a few pass on one that the authenticator has signed itself."""


class WrongPasskey(NotProved):
    """It is none of this person's passkeys, or what it signed is not what was asked."""

    code = "wrong_passkey"
    sentence = _("This passkey was not accepted. Try once more, or choose another way.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """What an authenticator tells of a key pair that it has just made; `public_key` is a COSE key (RFC 9052)."""

    credential_id: bytes
    public_key: bytes
    counter: int


def origin() -> str:
    """Return the one address whose pages may ask for our passkeys: that of `JKN_SITE_URL`, as browsers write it."""
    parts = urlsplit(settings.JKN_SITE_URL)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != usual else ""
    return f"{parts.scheme}://{domain()}{port}"


def domain() -> str:
    """Return the domain to which our passkeys are bound ("RP ID"), never an IP address."""
    return urlsplit(settings.JKN_SITE_URL).hostname or ""


def handle(user: User) -> bytes:
    """Return what authenticators know a person by; it tells nothing about them (WebAuthn Level 3, 14.6.1)."""
    return keyed_hash(key_for(Purpose.PASSKEY), str(user.pk))


def asked_for_new(*, user: User, challenge: bytes, known: Iterable[Passkey]) -> dict[str, Any]:
    """Return the options of `navigator.credentials.create()`, as JSON; who has one of `known` makes none."""
    options = webauthn.generate_registration_options(
        rp_id=domain(),
        rp_name="JKN Office",
        user_id=handle(user),
        user_name=user.username,
        user_display_name=user.username,
        challenge=challenge,
        timeout=_milliseconds(),
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_named(known),
        supported_pub_key_algs=ALGORITHMS,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def asked_for_proof(*, challenge: bytes, known: Iterable[Passkey]) -> dict[str, Any]:
    """Return the options of `navigator.credentials.get()`, as JSON; one of `known` is to answer."""
    options = webauthn.generate_authentication_options(
        rp_id=domain(),
        challenge=challenge,
        timeout=_milliseconds(),
        allow_credentials=_named(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def read_new(answer: str, *, challenge: bytes) -> NewPasskey:
    """Return the passkey that was made for `challenge`. Raises `WrongPasskey`, whatever `answer` is."""
    _demand_short(answer)
    try:
        made = webauthn.verify_registration_response(
            credential=parse_registration_credential_json(answer),
            expected_challenge=challenge,
            expected_rp_id=domain(),
            expected_origin=origin(),
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except Exception as error:  # the library raises much else than its own on what is no answer at all
        raise WrongPasskey from error
    if made.fmt not in _SELF_MADE or not SHORTEST_ID <= len(made.credential_id) <= LONGEST_ID:
        raise WrongPasskey
    return NewPasskey(credential_id=made.credential_id, public_key=made.credential_public_key, counter=made.sign_count)


def answering(answer: str) -> bytes:
    """Return the id of the credential that an answer says it comes from. Raises `WrongPasskey`."""
    _demand_short(answer)
    try:
        return parse_authentication_credential_json(answer).raw_id
    except Exception as error:  # as above
        raise WrongPasskey from error


def read_proof(answer: str, *, challenge: bytes, passkey: Passkey) -> int:
    """Return the counter that a right answer of `passkey` carries; who calls compares it. Raises `WrongPasskey`.

    WebAuthn Level 3, 7.2: challenge, origin, domain, presence, user verification, signature, and whose it is.
    """
    try:
        credential = parse_authentication_credential_json(answer)
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=domain(),
            expected_origin=origin(),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise WrongPasskey from error
    if credential.response.user_handle not in {None, b"", handle(passkey.user)}:
        raise WrongPasskey
    return shown.new_sign_count


def _demand_short(answer: str) -> None:
    if len(answer) > LONGEST:
        raise WrongPasskey


def _named(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(passkey.credential_id)) for passkey in passkeys]


def _milliseconds() -> int:
    return int(LIFETIME.total_seconds() * 1000)
