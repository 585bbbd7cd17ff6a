"""The pages of the staff administrators. Each view reads a form, makes one domain call, and shows what came of it."""

from django.contrib import admin
from django.urls import URLPattern, path

from jknoffice.accounts.life.views import inviting, proposing, rights, steps


def addresses(site: admin.AdminSite) -> list[URLPattern]:
    """Return the pages behind the two-step log-in of `site`, beside the list and the page of an account."""
    return [
        path("staff/invite/", site.admin_view(inviting.invite), name="staff_invite"),
        path("staff/<int:pk>/link/", site.admin_view(inviting.link), name="staff_link"),
        path("staff/waiting/", site.admin_view(proposing.waiting), name="staff_waiting"),
        path("staff/waiting/<int:pk>/confirm/", site.admin_view(proposing.confirm), name="staff_confirm"),
        path("staff/waiting/<int:pk>/withdraw/", site.admin_view(proposing.withdraw), name="staff_withdraw"),
        path("staff/rights/", site.admin_view(rights.rights), name="staff_rights"),
        path("staff/rights/file/", site.admin_view(rights.file), name="staff_rights_file"),
        *(
            path(f"staff/<int:pk>/{name}/", site.admin_view(steps.view_of(name)), name=f"staff_{name}")
            for name in steps.STEPS
        ),
    ]
