"""Pages on which data admins bring a file into the register."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jknoffice.accounts.login.views.again import ask_again
from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from jknoffice.uploads import takes_files, too_large
from participants.importing import CannotRun
from participants.models import ImportUpload, UploadState
from participants.uploads import folder, steps
from participants.uploads.forms import LABELS, ColumnsForm, ConfirmForm, FileForm
from participants.uploads.preview import preview
from participants.uploads.receiving import OPEN, receive, refuse
from participants.views.access import NO_PERMISSION

START = "admin:participants_upload"
SHOW = "admin:participants_upload_show"
MOST_LISTED = 20


@takes_files(lambda: settings.UPLOAD_MAX_BYTES, unread=True)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a file, or take it in and go to its page."""
    user = data_admin(request)
    form = FileForm(most=settings.UPLOAD_MAX_BYTES)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, cut_off=too_large(request), most=settings.UPLOAD_MAX_BYTES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                return redirect(SHOW, receive(name=file.name, chunks=file.chunks(), by=user).uuid)
            except Refusal as refusal:
                form.add_error("file", str(refusal))
        else:
            refuse(by=user, reason="too_large" if too_large(request) else "no_file")
    waiting = ImportUpload.objects.select_related("uploaded_by").filter(state__in=OPEN)[:MOST_LISTED]
    return _page(request, "start", _("Upload a file"), form=form, waiting=waiting, most=settings.UPLOAD_MAX_BYTES)


@require_GET
def show(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Show where a file stands, and what can be done next."""
    user, row = data_admin(request), _found(upload)
    if row.state == UploadState.DONE:
        return redirect("admin:participants_importbatch_change", row.batch_id)
    wants_columns = row.state == UploadState.RECEIVED or ("columns" in request.GET and row.state in steps.AT_REST)
    if wants_columns:
        return _columns_page(request, row, user, ColumnsForm(row))
    if row.state == UploadState.CHECKED:
        return _page(request, "report", _("File for the register"), upload=row, form=ConfirmForm(), result=row.result)
    return _page(request, "standing", _("File for the register"), upload=row)


@require_POST
def columns(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Take the columns; then show the first rows anew, or begin the dry run."""
    user, row = data_admin(request), _found(upload)
    if row.state not in steps.AT_REST:
        return _moved_on(request, row)
    form = ColumnsForm(row, request.POST)
    if not form.is_valid():
        return _columns_page(request, row, user, form)
    try:
        steps.choose_columns(upload=row, places=form.places(), as_of=form.as_of(), by=user)
        if "check" in request.POST:
            steps.start_check(upload=row, by=user)
    except steps.NotNow:
        return _moved_on(request, row)
    return redirect(SHOW, row.uuid)


@require_POST
def confirm(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Begin the import, if the file's name was typed."""
    user, row = data_admin(request), _found(upload)
    if row.state != UploadState.CHECKED:
        return _moved_on(request, row)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        if asked := ask_again(request, _("Import"), row.file_name):
            return asked
        try:
            steps.confirm(upload=row, typed=form.cleaned_data["typed"], by=user)
        except steps.WrongName as refusal:
            form.add_error("typed", str(refusal))
        except steps.NotNow:
            return _moved_on(request, row)
        else:
            return redirect(SHOW, row.uuid)
    return _page(request, "report", _("File for the register"), upload=row, form=form, result=row.result)


@require_POST
def discard(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Delete a file that is not wanted."""
    user, row = data_admin(request), _found(upload)
    try:
        steps.discard(upload=row, by=user.as_actor())
    except steps.NotNow:
        return _moved_on(request, row)
    messages.success(request, _("The file was deleted. Nothing of it was imported."))
    return redirect(START)


@require_GET
def report(request: HttpRequest, upload: UUID, name: str) -> HttpResponseBase:
    """Hand out the refused rows of a file, or those warned of. The download is recorded first."""
    user, row = data_admin(request), _found(upload)
    if name not in folder.REPORTS or row.state not in {UploadState.CHECKED, UploadState.DONE}:
        raise Http404
    path = folder.report_of(row, name)
    if not path.is_file():
        raise Http404
    steps.record_download(upload=row, report=name, by=user)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{name}.csv", content_type="text/csv; charset=utf-8"
    )


def data_admin(request: HttpRequest) -> User:
    """Return the member of staff behind a request; raise PermissionDenied when the role may not import."""
    user = cast("User", request.user)  # `admin_view` lets nobody else in
    if not user.has_perm("participants.import_peserta"):
        refuse(by=user, reason=NO_PERMISSION)
        raise PermissionDenied
    return user


def _found(upload: UUID) -> ImportUpload:
    return get_object_or_404(ImportUpload.objects.select_related("uploaded_by", "ordered_by"), uuid=upload)


def _columns_page(request: HttpRequest, row: ImportUpload, user: User, form: ColumnsForm) -> HttpResponse:
    """Show which column is which and, once that is clear, the first rows as they will be read."""
    rows, trouble = None, ""
    if not form.is_bound and not form.missing():
        try:
            rows = preview(upload=row, by=user)
        except CannotRun as refusal:
            trouble = str(refusal)
    heads = [LABELS[column] for column in rows.columns] if rows else []
    return _page(
        request,
        "columns",
        _("File for the register"),
        upload=row,
        form=form,
        preview=rows,
        heads=heads,
        trouble=trouble,
    )


def _moved_on(request: HttpRequest, row: ImportUpload) -> HttpResponse:
    messages.warning(request, str(steps.NotNow()))
    return cast("HttpResponse", redirect(SHOW, row.uuid))


def _page(request: HttpRequest, name: str, title: str, **context: object) -> HttpResponse:
    given = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/participants/upload_{name}.html", given)
