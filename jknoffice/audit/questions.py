"""Saved questions: an auditor's filters under a name, for themselves or for all auditors."""

import re

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.asking import demand_whole_log
from jknoffice.audit.filters import Asked
from jknoffice.audit.log import Thing, record, record_alone
from jknoffice.audit.models import AuditQuestion
from jknoffice.audit.scope import Reader, Scope
from jknoffice.refusal import Refusal

MOST_QUESTIONS = 50
REFUSED = "audit.question_refused"

# Nine digits or more are a NIK, a card or a telephone; the digits of a date are eight.
_LONG_NUMBER = re.compile(r"(?:\d[\s./-]*){9}")


class NamesSomebody(Refusal):
    """The question, or its name, points at one person, session or case."""

    code = "names_somebody"
    sentence = _(
        "A saved question must not point at a person: clear user name, object, person and session in the filter, and"
        " leave long numbers out of the name."
    )


class NameTaken(Refusal):
    """The auditor has another question of this name."""

    code = "name_taken"
    sentence = _("You have saved a question under this name already. Choose another name.")


class TooManyQuestions(Refusal):
    """The auditor has as many questions as one may have."""

    code = "too_many_questions"
    sentence = _("You have saved 50 questions, more are not kept. Delete one first.")


def questions_of(by: Reader) -> QuerySet[AuditQuestion]:
    """Return the questions that `by` may open, their own and the shared ones; none unless they read the whole log."""
    if by.audit_scope is not Scope.ALL:
        return AuditQuestion.objects.none()
    return AuditQuestion.objects.filter(Q(owner=by.as_actor().name) | Q(is_shared=True))


def own_questions(by: Reader) -> QuerySet[AuditQuestion]:
    """Return the questions that `by` may change."""
    return questions_of(by).filter(owner=by.as_actor().name)


def save(*, name: str, asked: Asked, is_shared: bool, by: Reader) -> AuditQuestion:
    """Keep the filters under a name, up to 60 characters, and return the question.

    Raises `OnlyAuditors`, `NamesSomebody`, `NameTaken`, `TooManyQuestions`. Must be called outside a transaction.
    """
    demand_whole_log(by, refused=REFUSED)
    _demand_nobody_named(name, by, asked=asked)
    if own_questions(by).count() >= MOST_QUESTIONS:
        raise TooManyQuestions
    question = AuditQuestion(owner=by.as_actor().name, name=name, filters=dict(asked.kept), is_shared=is_shared)
    _keep(question, "audit.question_saved", by)
    return question


def rename(*, question: AuditQuestion, name: str, is_shared: bool, by: Reader) -> None:
    """Give a question of `own_questions()` another name, and share it or not.

    Raises `OnlyAuditors`, `NamesSomebody`, `NameTaken`. Must be called outside a transaction.
    """
    demand_whole_log(by, refused=REFUSED)
    _demand_nobody_named(name, by)
    question.name, question.is_shared = name, is_shared
    _keep(question, "audit.question_renamed", by)


def delete(*, question: AuditQuestion, by: Reader) -> None:
    """Delete a question of `own_questions()`. Raises `OnlyAuditors`. Must be called outside a transaction."""
    demand_whole_log(by, refused=REFUSED)
    with transaction.atomic():
        record("audit.question_deleted", by=by.as_actor(), about=Thing.of(question))
        question.delete()


def _demand_nobody_named(name: str, by: Reader, *, asked: Asked | None = None) -> None:
    if (asked and asked.typed) or _LONG_NUMBER.search(name):
        record_alone(REFUSED, by=by.as_actor(), reason=NamesSomebody.code)
        raise NamesSomebody


def _keep(question: AuditQuestion, action: str, by: Reader) -> None:
    try:
        with transaction.atomic():
            question.save()
            record(
                action,
                by=by.as_actor(),
                about=Thing.of(question),
                after={**question.filters, "is_shared": question.is_shared},
                pii={"name": question.name},
            )
    except IntegrityError as taken:
        raise NameTaken from taken
