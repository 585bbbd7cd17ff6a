"""One's own passkeys on their pages: nothing happens without a fresh proof, and the last factor stays."""

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.login import factors, recovery
from jknoffice.accounts.login.passkeys import ceremony, keeping
from jknoffice.accounts.models import Authenticator, Passkey, PasskeyChallenge, User
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts import door
from tests.accounts.passkeys.soft import SESSION, Soft, asked, options_of
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/second-step/passkeys/add/"
OWN = "/admin/second-step/"


def page(passkey: Passkey, verb: str) -> str:
    return reverse(f"admin:passkey_{verb}", args=[passkey.pk])


def somebody() -> tuple[User, Authenticator, Client]:
    user = make.staff()
    return user, make.authenticator(user), make.logged_in(user)


def with_passkey_only() -> tuple[User, Soft, Passkey, Client]:
    """Somebody who is logged in by the only factor they have."""
    user, soft = make.staff(), Soft()
    passkey = soft.kept_for(user)
    client = make.logged_in(user)
    session = client.session
    session["otp_device_id"] = passkey.persistent_id
    session.save()
    Authenticator.objects.filter(user=user).delete()
    return user, soft, passkey, client


def add(client: Client, proof: str, soft: Soft | None = None, name: str = "Laptop kantor") -> Any:
    """Both steps, as the page leads through them."""
    page = client.post(ADD, {"name": name, "proof": proof})
    return client.post(ADD, {"made": (soft or Soft()).made(options_of(page, "made"))})


def entry(action: str) -> str:
    return AuditLog.objects.get(action=action).entry


def test_a_passkey_is_added_for_a_fresh_code_and_ends_other_sessions() -> None:
    user, device, client = somebody()
    elsewhere = make.logged_in(user)
    answer = add(client, door.code_of(device))
    assert answer.headers["Location"] == OWN
    passkey = Passkey.objects.get(user=user)
    assert (passkey.name, passkey.used_at) == ("Laptop kantor", None)
    shown = client.get(OWN).content.decode()
    assert "Laptop kantor" in shown
    assert not door.is_in(elsewhere)
    text = entry("account.second_factor_added")
    assert '"proved_by":"totp"' in text
    assert '"sessions_ended":1' in text
    assert "Laptop" not in text  # people write what they like there
    assert not PasskeyChallenge.objects.filter(purpose="new").exists()


def test_what_the_browser_is_asked_to_make() -> None:
    _user, device, client = somebody()
    options = options_of(client.post(ADD, {"name": "x", "proof": door.code_of(device)}), "made")
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert [each["alg"] for each in options["pubKeyCredParams"]] == [-7, -8, -257]
    assert (options["rp"]["id"], options["attestation"]) == ("localhost", "none")
    assert "Petugas" not in str(options)  # full names stay with us


@pytest.mark.parametrize("proof", ["000000", "1-ABCD-EFGH", "{}", ""])
def test_without_a_proof_nothing_is_asked_of_the_browser(proof: str) -> None:
    _user, _device, client = somebody()
    answer = client.post(ADD, {"name": "x", "proof": proof})
    assert answer.context["made"] is None
    assert answer.context["form"].errors
    assert client.post(ADD, {"made": Soft().made({"challenge": "AA", "user": {"id": "AA"}})}).status_code == 302
    assert not Passkey.objects.exists()


def test_five_wrong_proofs_shut_every_page() -> None:
    user, device, client = somebody()
    passkey = Soft().kept_for(user)
    for verb in ("rename", "remove", "rename", "remove"):
        assert client.post(page(passkey, verb), {"name": "y", "proof": "000000"}).status_code == 200
    assert client.post(ADD, {"name": "y", "proof": "000000"}).status_code == 200
    right = {"name": "y", "proof": door.code_of(device)}
    for address in (ADD, page(passkey, "rename"), page(passkey, "remove")):
        assert client.post(address, right).status_code == 429
    assert Passkey.objects.get().name == passkey.name


def test_what_was_made_is_taken_once_and_in_its_own_session_only() -> None:
    user, device, client = somebody()
    soft = Soft()
    made = soft.made(options_of(client.post(ADD, {"name": "x", "proof": door.code_of(device)}), "made"))
    other = make.logged_in(user)
    other.post(ADD, {"made": made})
    assert not Passkey.objects.exists()
    client.post(ADD, {"made": made})
    client.post(ADD, {"made": made})
    assert Passkey.objects.count() == 1


def test_a_credential_of_somebody_else_is_not_added_again() -> None:
    _user, device, client = somebody()
    theirs = Soft()
    theirs.kept_for(make.staff())
    add(client, door.code_of(device), theirs)
    assert Passkey.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        theirs.kept_for(make.staff())


def test_nobody_has_more_than_ten() -> None:
    user, device, client = somebody()
    for _ in range(keeping.MOST):
        make.passkey(user)
    code = door.code_of(device)
    assert client.post(ADD, {"name": "x", "proof": code}).headers["Location"] == OWN
    Passkey.objects.latest("pk").delete()
    page = client.post(ADD, {"name": "x", "proof": code})  # the code was not used up
    make.passkey(user)
    client.post(ADD, {"made": Soft().made(options_of(page, "made"))})
    assert Passkey.objects.count() == keeping.MOST


def test_a_passkey_proves_as_well_as_a_code_and_each_page_asks_anew() -> None:
    user, soft, passkey, client = with_passkey_only()
    address = page(passkey, "rename")
    shown = client.get(address)
    assert "Kode autentikator" not in shown.content.decode()
    answer = soft.signed(options_of(shown))
    wrong = client.post(address, {"name": "Telepon", "passkey": answer[:-9] + '"}}'})
    assert wrong.context["form"].non_field_errors()
    answer = soft.signed(options_of(wrong))
    assert client.post(address, {"name": "Telepon", "passkey": answer}).headers["Location"] == OWN
    passkey.refresh_from_db()
    assert (passkey.name, bool(passkey.used_at)) == ("Telepon", True)
    text = entry(keeping.RENAMED)
    assert '"proved_by":"passkey"' in text
    assert "Telepon" not in text
    assert door.is_in(client)
    assert user == passkey.user


def test_the_only_factor_is_not_removed() -> None:
    user, soft, passkey, client = with_passkey_only()
    address = page(passkey, "remove")
    client.post(address, {"passkey": soft.signed(options_of(client.get(address)))})
    assert Passkey.objects.filter(user=user).exists()
    copied = make.passkey(user, copied_at=timezone.now())
    client.post(address, {"passkey": soft.signed(options_of(client.get(address)))})
    assert Passkey.objects.filter(pk=passkey.pk).exists()  # the other one counts no more
    client.post(page(copied, "remove"), {"passkey": soft.signed(options_of(client.get(address)))})
    assert not Passkey.objects.filter(pk=copied.pk).exists()


def test_removing_ends_what_the_passkey_let_in_but_not_the_session_that_removes_it() -> None:
    user, soft, passkey, client = with_passkey_only()
    make.authenticator(user)
    elsewhere = make.logged_in(user)
    address = page(passkey, "remove")
    answer = client.post(address, {"passkey": soft.signed(options_of(client.get(address)))})
    assert answer.headers["Location"] == OWN
    assert not Passkey.objects.exists()
    assert door.is_in(client)
    assert not door.is_in(elsewhere)
    assert '"sessions_ended":1' in entry(keeping.REMOVED)


def test_a_session_ends_with_the_passkey_that_vouches_for_it() -> None:
    _user, _soft, passkey, client = with_passkey_only()
    assert door.is_in(client)
    passkey.delete()
    assert not door.is_in(client)


def test_of_two_last_passkeys_that_are_removed_at_once_one_stays() -> None:
    user, soft, passkey, _client = with_passkey_only()
    soft.counter = None
    Passkey.objects.update(counter=0)
    other = make.passkey(user)
    jobs = []
    for number, each in enumerate([passkey, other]):
        session = f"{SESSION[:-1]}{number}"
        proof = soft.signed(asked(user, session=session))
        jobs.append(
            partial(keeping.remove, user=user, passkey_id=each.pk, proof=proof, session=session, at=timezone.now())
        )
    at_once(*jobs)
    assert Passkey.objects.count() == 1


@pytest.mark.parametrize("verb", ["rename", "remove"])
def test_a_colleagues_passkey_is_not_there(verb: str) -> None:
    _user, device, client = somebody()
    theirs = Soft().kept_for(make.staff())
    sent = {"name": "x", "proof": door.code_of(device)}
    assert client.get(page(theirs, verb)).status_code == client.post(page(theirs, verb), sent).status_code == 404
    passkey_id, at = theirs.pk, timezone.now()
    me = make.staff()
    given: dict[str, Any] = {"name": "x"} if verb == "rename" else {}
    mine = make.authenticator(me)
    with pytest.raises(keeping.NoSuchPasskey):
        getattr(keeping, verb)(
            user=me, passkey_id=passkey_id, proof=door.code_of(mine), session=SESSION, at=at, **given
        )


def test_who_has_passkeys_only_sets_up_an_authenticator_and_new_codes_with_them() -> None:
    user, soft, passkey, client = with_passkey_only()
    address = reverse("admin:second_step_replace")
    shown = client.get(address)
    new = door.offered(shown)
    sent = {"code": door.code_of(new), "passkey": soft.signed(options_of(shown))}
    assert client.post(address, sent).headers["Location"] == OWN
    assert Authenticator.objects.get(user=user).bin_key.hex() == new.key
    assert Passkey.objects.filter(pk=passkey.pk).exists()
    assert '"method":"totp"' in entry("account.second_factor_added")
    address = reverse("admin:second_step_codes")
    made = client.post(address, {"passkey": soft.signed(options_of(client.get(address)))})
    assert len(made.context["codes"]) == recovery.HOW_MANY


def test_a_copied_passkey_is_said_to_be_one_and_offered_no_more() -> None:
    user, _device, client = somebody()
    make.passkey(user, copied_at=timezone.now())
    assert "disalin" in client.get(OWN).content.decode()
    assert client.get(ADD).context["passkey"] is None
    assert not factors.counting(make.staff())


def test_the_handle_says_nothing_and_is_the_same_each_time() -> None:
    user = make.staff()
    assert ceremony.handle(user) == ceremony.handle(user) != ceremony.handle(make.staff())
    assert len(ceremony.handle(user)) <= 64  # WebAuthn Level 3, 5.4.3
