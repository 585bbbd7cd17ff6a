"""The desk in a real browser: accessible at both widths, in both lights, and worked by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from tests import cases, make
from tests.browser import DESK, PHONE, Pages, assert_accessible
from verification import changes
from verification.models import PhoneChangeRequest
from verification.states import Status


def address(case: PhoneChangeRequest) -> str:
    return reverse("admin:verification_case", args=[case.reference])


def held(**given: object) -> tuple[User, str]:
    case = cases.queued(**given)  # type: ignore[arg-type]
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    return user, address(case)


def a_busy_queue() -> tuple[User, str]:
    user, _ = held(at=timezone.now() - timedelta(days=4))
    for hours in (1, 50, 80):
        cases.queued(peserta=make.peserta(branch=user.branch), at=timezone.now() - timedelta(hours=hours))
    return user, reverse("admin:verification_queue")


def a_risky_case() -> tuple[User, str]:
    return held(peserta=make.peserta(phone_changed_at=timezone.now(), nik="3171010101900001"))


def a_case_that_others_opened() -> tuple[User, str]:
    user, path = held()
    make.logged_in(make.staff(Role.SUPERVISOR, branch=user.branch)).get(path)
    return user, path


def seen_by_a_supervisor(status: Status) -> Callable[[], tuple[User, str]]:
    def prepare() -> tuple[User, str]:
        case = cases.in_state(status)
        return cases.reviewer(case, Role.SUPERVISOR), address(case)

    return prepare


def the_counter() -> tuple[User, str]:
    return make.staff(), reverse("admin:verification_counter")


def the_code() -> tuple[User, str]:
    user = make.staff()
    return user, reverse("admin:verification_counter_code", args=[cases.submitted(by=user).reference])


def the_figures() -> tuple[User, str]:
    case = cases.in_state(Status.REJECTED)
    for hours in (1, 1, 30, 80):
        cases.queued(peserta=make.peserta(branch=case.branch), at=timezone.now() - timedelta(hours=hours))
    changes.take_next(by=cases.reviewer(case))
    return cases.reviewer(case, Role.SUPERVISOR), reverse("admin:verification_figures")


def the_cases_behind_a_figure() -> tuple[User, str]:
    user, path = the_figures()
    return user, f"{path}cases/?figure=waiting"


def the_looks_without_work() -> tuple[User, str]:
    user, path = held()
    curious = make.staff(branch=user.branch)
    make.logged_in(curious).get(path)
    supervisor = make.staff(Role.SUPERVISOR, branch=user.branch)
    return supervisor, f"{reverse('admin:verification_figures_looks')}?actor={curious.username}"


PAGES: dict[str, Callable[[], tuple[User, str]]] = {
    "queue": a_busy_queue,
    "empty queue": lambda: (make.staff(), reverse("admin:verification_queue")),
    "case": held,
    "risky case": a_risky_case,
    "case that others opened": a_case_that_others_opened,
    "second approval": seen_by_a_supervisor(Status.SECOND_REVIEW),
    "frozen": seen_by_a_supervisor(Status.FROZEN),
    "applied": seen_by_a_supervisor(Status.APPLIED),
    "figures": the_figures,
    "figures of nothing": lambda: (make.staff(Role.SUPERVISOR), reverse("admin:verification_figures")),
    "cases behind a figure": the_cases_behind_a_figure,
    "looks without work": the_looks_without_work,
    "counter": the_counter,
    "code": the_code,
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_hangs_over_the_edge(new_page: Pages, name: str) -> None:
    user, path = PAGES[name]()
    for screen, dark in ((DESK, False), (PHONE, True)):
        page = new_page(screen, user=user, dark=dark)
        page.goto(path)
        page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        assert_accessible(page)
        assert _overhang(page, screen) <= 0


def _overhang(page: Page, screen: ViewportSize) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide - screen["width"]


def test_everything_to_compare_and_to_approve_stands_on_the_first_screen(new_page: Pages) -> None:
    user, path = held()
    page = new_page(user=user)
    page.goto(path)
    for name in ("Nomor ponsel", "Data peserta", "Keputusan"):
        box = page.get_by_role("region", name=name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= DESK["height"]
    assert page.locator(".jkn-desk-photo img").evaluate_all("all => all.map(img => img.naturalWidth)") == [640, 640]


def test_a_case_is_taken_compared_and_approved_by_keyboard_alone(new_page: Pages) -> None:
    enters = make.staff()
    peserta = make.peserta(branch=enters.branch)
    cases.queued(peserta=peserta, by=enters, new_phone="+6281298765432")
    page = new_page(user=make.staff(branch=enters.branch))
    page.goto(reverse("admin:verification_queue"))
    for role, label, key in (
        ("button", "Ambil kasus berikutnya", "Enter"),
        ("checkbox", "Sudah saya bandingkan", "Space"),
        ("button", "Setujui", "Enter"),
    ):
        wanted = page.get_by_role(role, name=label)  # type: ignore[arg-type]
        for _ in range(60):
            page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                break
        page.keyboard.press(key)
        page.wait_for_load_state()
    assert "0812-••••-•432" in page.locator(".messagelist").inner_text()
    peserta.refresh_from_db()
    assert peserta.phone == "+6281298765432"
