"""Where the desk answers within the admin."""

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http import HttpResponseBase
from django.urls import URLPattern, path

from verification.desk.views.assign import assign
from verification.desk.views.case import case
from verification.desk.views.copies import same_photos
from verification.desk.views.copying import copied
from verification.desk.views.counter import code, counter, resend
from verification.desk.views.detours import to_case, to_queue
from verification.desk.views.document import document
from verification.desk.views.figures import cases as figures_cases
from verification.desk.views.figures import figures, looks
from verification.desk.views.glass import glass
from verification.desk.views.keep import keep
from verification.desk.views.letters import letters, send_letters
from verification.desk.views.paper import receipt, sheet
from verification.desk.views.queue import queue
from verification.desk.views.reading import correct_reading
from verification.desk.views.steps import STEPS, take_next, take_step


def addresses(site: AdminSite) -> list[URLPattern]:
    """Return the pages of the desk behind the two-step log-in of `site`, with the names `admin:verification_…`."""

    def page(route: str, view: Callable[..., HttpResponseBase], name: str, **given: str) -> URLPattern:
        return path(f"verification/{route}", site.admin_view(view), given, name=f"verification_{name}")

    return [
        page("queue/", queue, "queue"),
        page("queue/take-next/", take_next, "take_next"),
        page("queue/assign/", assign, "assign"),
        page("other-branch/", glass, "glass"),
        page("figures/", figures, "figures"),
        page("figures/cases/", figures_cases, "figures_cases"),
        page("figures/looks/", looks, "figures_looks"),
        page("messages/", letters, "letters"),
        page("messages/send/", send_letters, "send_letters"),
        page("case/<str:reference>/", case, "case"),
        page("case/<str:reference>/receipt/", receipt, "receipt"),
        page("case/<str:reference>/sheet/", sheet, "sheet"),
        page("case/<str:reference>/same-photos/", same_photos, "same_photos"),
        page("case/<str:reference>/copied/", copied, "copied"),
        *(page(f"case/<str:reference>/{step.replace('_', '-')}/", take_step, step, step=step) for step in STEPS),
        page("case/<str:reference>/keep/", keep, "keep"),
        page("case/<str:reference>/reading/", correct_reading, "reading"),
        page("document/<int:pk>/", document, "document"),
        page("counter/", counter, "counter"),
        page("counter/<str:reference>/", code, "counter_code"),
        page("counter/<str:reference>/resend/", resend, "counter_resend"),
    ]


def detours(site: AdminSite) -> list[URLPattern]:
    """Return Django's addresses of the model that lead here; the others do not exist."""
    name = "verification_phonechangerequest"
    return [
        path("", site.admin_view(to_queue), name=f"{name}_changelist"),
        path("<int:pk>/change/", site.admin_view(to_case), name=f"{name}_change"),
    ]
