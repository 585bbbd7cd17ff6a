"""Saved questions: to save, rename, share and delete them. Opening one is a link to the list."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jknoffice.audit import questions
from jknoffice.audit.asking import demand_whole_log
from jknoffice.audit.forms import EntryFilter, QuestionForm
from jknoffice.audit.models import AuditQuestion
from jknoffice.audit.scope import Reader
from jknoffice.audit.views.reader import reader_of, row_for

_MENDABLE = (questions.NamesSomebody, questions.NameTaken, questions.TooManyQuestions)


@require_http_methods(["GET", "HEAD", "POST"])
def save_question(request: HttpRequest) -> HttpResponse:
    """Ask for the name of what the list shows, and keep it."""
    reader = reader_of(request)
    demand_whole_log(reader, refused=questions.REFUSED)
    asked = EntryFilter(request.POST if request.method == "POST" else request.GET)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and asked.is_valid():
        try:
            questions.save(asked=asked.asked(), by=reader, **form.cleaned_data)
        except _MENDABLE as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The question has been saved."))
            return redirect("admin:audit_auditlog_changelist")
    return _page(request, _("Save the question"), asked, form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one of one's own questions, and share it or not."""
    reader = reader_of(request)
    question = _own(reader, pk)
    kept = {"name": question.name, "is_shared": question.is_shared}
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        try:
            questions.rename(question=question, by=reader, **form.cleaned_data)
        except _MENDABLE as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The question has been saved."))
            return redirect("admin:audit_auditlog_changelist")
    return _page(request, _("Saved question"), EntryFilter(question.filters), form, question)


@require_POST
def delete_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of one's own questions."""
    reader = reader_of(request)
    questions.delete(question=_own(reader, pk), by=reader)
    messages.success(request, _("The question has been deleted."))
    return redirect("admin:audit_auditlog_changelist")


def _own(reader: Reader, pk: int) -> AuditQuestion:
    return row_for(
        reader, questions.own_questions(reader), pk, of=AuditQuestion.objects.all(), refused=questions.REFUSED
    )


def _page(
    request: HttpRequest, title: str, asked: EntryFilter, form: QuestionForm, question: AuditQuestion | None = None
) -> HttpResponse:
    readable = asked.is_valid()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "question": question,
        "asked": asked if readable else None,
        "names_somebody": questions.NamesSomebody.sentence if readable and asked.asked().typed else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "admin/audit/question.html", context)
