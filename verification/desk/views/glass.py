"""Opening a case of another branch."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jknoffice.accounts.login.views.again import ask_again
from jknoffice.refusal import Refusal
from verification.desk.access import Permission, record_refusal, worker
from verification.desk.forms import GlassForm
from verification.glass import break_glass
from verification.moments import written


@require_http_methods(["GET", "HEAD", "POST"])
def glass(request: HttpRequest) -> HttpResponse:
    """Show the form for reference and reason, or open the case for a while and go there."""
    user = worker(request, Permission.BREAK_GLASS)
    form = GlassForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if asked := ask_again(request, _("Open a case of another branch"), form.cleaned_data["reference"]):
            return asked
        try:
            opened = break_glass(typed=form.cleaned_data["reference"], reason=form.cleaned_data["reason"], by=user)
        except Refusal as refusal:
            record_refusal(by=user, code=refusal.code, step="break_glass")
            form.add_error("reference", str(refusal))
        else:
            said = _("You may read this case until %(time)s. Its branch has been told.")
            messages.warning(request, said % {"time": written(opened.until)})
            return redirect("admin:verification_case", opened.request.reference)
    context = {**admin.site.each_context(request), "title": _("Open a case of another branch"), "form": form}
    return render(request, "admin/verification/glass.html", context)
