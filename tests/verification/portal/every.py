"""Every page at the participants' door as it was answered, with its error states: to be weighed and looked at."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts import limits
from participants.models import Peserta
from tests import cases, make, pictures
from tests.verification import said
from tests.verification.portal import walk
from tests.verification.portal.account import walk as account
from tests.verification.portal.walk import Page
from verification.portal.limits import SUBMIT
from verification.states import Status

BAD = b"no photo"


def pages(language: str) -> dict[str, Page]:
    """The pages by name: `app:address`, and behind a dot what is special about this one."""
    return _lost_access(language) | _following(language) | _holder(language) | _way_in(language) | _behind(language)


def weight(page: Page) -> int:
    """The bytes of a first visit: the page and all files that it names, packed as they travel."""
    html = page.content
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html.decode()))
    assert files
    found = [finders.find(name) for name in files]
    assert all(found), files
    contents = [Path(str(path)).read_bytes() for path in found]
    assert not any(b"url(" in content or b"@import" in content for content in contents), "these would weigh as well"
    return sum(len(gzip.compress(part)) for part in [html, *contents])


def _browser(language: str) -> Client:
    return Client(headers={"accept-language": language})


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def _lost_access(language: str) -> dict[str, Page]:
    client, found = _browser(language), dict[str, Page]()
    found["portal:start"] = client.get(walk.address("start"))
    found["portal:data"] = client.get(walk.address("data"))
    found["portal:data.wrong"] = client.post(walk.address("data"), {"identifier": "317", "new_phone": "021 555"})
    found["portal:data.trapped"] = client.post(walk.address("data"), walk.typed(website="x"))
    found["portal:ktp"] = walk.give_data(client, make.peserta())
    found["portal:ktp.wrong"] = walk.give_photo(client, "ktp", pictures.upload(BAD))
    found["portal:card"] = walk.give_photo(client, "ktp")
    found["portal:ktp.accepted"] = client.get(walk.address("ktp"))
    found["portal:save"] = client.post(walk.address("save"))
    found["portal:check"] = walk.give_photo(client, "card")
    found["portal:code"] = walk.send(client)
    request = walk.newest()
    code = cases.code_of(request)
    found["portal:code.wrong"] = walk.give_code(client, _wrong(code))
    found["portal:code.again"] = client.post(walk.address("code_again"), follow=True)
    found["portal:done"] = walk.give_code(client, code)
    other = _browser(language)
    walk.to_code(other, make.peserta(), new_phone="081311110001")
    for _ in range(5):
        found["portal:code.frozen"] = walk.give_code(other, _wrong(cases.code_of(walk.newest())))
    third = _browser(language)
    found["portal:check.open"] = walk.to_code(third, request.peserta, new_phone="081311110002")
    for _ in range(SUBMIT.most):
        limits.count(SUBMIT, "127.0.0.1", at=timezone.now())
    found["portal:check.limit"] = walk.send(third)
    return found


def _following(language: str) -> dict[str, Page]:
    client, found = _browser(language), dict[str, Page]()
    found["portal:status"] = client.get(walk.address("status"))
    found["portal:status.wrong"] = client.post(walk.address("status"), {"reference": "7KM"})
    request = cases.in_state(Status.NEEDS_INFO)
    found["portal:status.nobody"] = walk.look_up(client, request, birth_date="01-01-1970")
    for status in Status:
        stranger = Client(headers={"accept-language": language}, REMOTE_ADDR=f"10.1.1.{list(Status).index(status)}")
        found[f"portal:case.{status}"] = walk.look_up(stranger, cases.in_state(status))
    walk.look_up(client, request)
    found["portal:proof"] = client.get(walk.address("proof"))
    found["portal:proof.wrong"] = client.post(walk.address("proof"), {"code": "12"})
    found["portal:case"] = walk.open_fully(client, request)
    found["portal:resend"] = client.post(walk.address("resend"), {"photo": pictures.upload(BAD)})
    walk.open_fully(client, cases.queued())
    found["portal:cancel"] = client.get(walk.address("cancel"))
    found["portal:resume.over"] = client.get(reverse("portal:resume", args=["x" * 22]), follow=True)
    found["nothing"] = client.get("/no/such/page")
    found["forged"] = Client(enforce_csrf_checks=True, headers={"accept-language": language}).post(walk.address("data"))
    return found


def _holder(language: str) -> dict[str, Page]:
    client, found = _browser(language), dict[str, Page]()
    for status in (Status.ON_HOLD, Status.APPLIED):
        address = reverse("portal:not_me", args=[said.secret_of(cases.in_state(status))])
        found["portal:not_me"] = client.get(address)
        found[f"portal:objected.{status}"] = client.post(address, follow=True)
    found["portal:objected"] = found["portal:objected.on_hold"]
    found["portal:not_me.over"] = client.post(address)
    return found


def _way_in(language: str) -> dict[str, Page]:
    client, peserta, found = _browser(language), make.peserta(), dict[str, Page]()
    found["account:login"] = client.get(account.address("login"))
    found["account:login.wrong"] = account.log_in(client, "nobody", "wrong")
    found["account:register"] = client.get(account.address("register"))
    found["account:register.wrong"] = client.post(account.address("register"), {"identifier": "1"})
    found["account:code"] = account.give_proof(client, peserta)
    code = account.sms_code() or ""
    found["account:code.wrong"] = account.give_code(client, _wrong(code))
    found["account:choose"] = account.give_code(client, code)
    found["account:choose.wrong"] = account.choose(client, username="S", again="x")
    account.choose(client)
    found["account:choose.again"] = account.choose(_browser(language))
    other, name = _browser(language), account.account(username="siti.ketiga").username
    found["account:forgotten"] = other.get(account.address("forgotten"))
    found["account:forgotten.wrong"] = other.post(account.address("forgotten"), {})
    found["account:code.forgotten"] = other.post(account.address("forgotten"), {"name": name}, follow=True)
    account.worker()
    found["account:new_password"] = account.give_code(other)
    found["account:new_password.wrong"] = other.post(account.address("new_password"), {"new_password": "a"})
    for _ in range(11):
        found["account:login.limit"] = account.log_in(_browser(language), "nobody", "wrong")
    return found


def _behind(language: str) -> dict[str, Page]:
    client, found = _browser(language), dict[str, Page]()
    peserta = make.peserta(name="SITI AMINAH", email="siti@contoh.id")
    make.peserta(name="BUDI SANTOSO", kk_number=peserta.kk_number, relation="HUSBAND")
    mine = account.logged_in(client, peserta, username="siti.kedua")
    for name in ("menu", "data", "phone", "email", "password"):
        found[f"account:{name}"] = client.get(account.address(name))
    for name in ("phone", "email", "password"):
        found[f"account:{name}.wrong"] = client.post(account.address(name), {"new_phone": "1", "email": "1"})
    client.post(account.address("email"), {"email": "baru@contoh.id"})
    found["account:confirm.email"] = client.get(account.address("confirm"))
    found["account:code.email"] = account.confirm(client)
    found["account:confirm"] = account.save_phone(client, "081311110003")
    found["account:confirm.wrong"] = account.confirm(client, "wrong")
    found["account:phone_code"] = account.confirm(client)
    code = cases.code_of(account.waiting(mine))
    found["account:phone_code.wrong"] = account.give_phone_code(client, mine, _wrong(code))
    found["account:data.waiting"] = client.get(account.address("data"))
    found["account:data.done"] = account.give_phone_code(client, mine, code)
    account.save_phone(client, "081311110004")
    cases.queued(peserta=Peserta.objects.get(pk=peserta.pk))
    found["account:confirm.open"] = account.confirm(client)
    found["account:data.open"] = client.get(account.address("data"))
    found["account:request"] = client.get(account.address("request"), follow=True)
    found["account:login.out"] = client.get(account.address("logout"), follow=True)
    return found
