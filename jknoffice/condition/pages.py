"""Is it alive, is it ready, how is it doing: for load balancers and Prometheus, without personal data or log-in."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from jknoffice.audit.sealing.health import halted
from jknoffice.condition import measures, metrics
from jknoffice.hands import may_alter_the_log


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process serves requests."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when this process can serve, else 503 with what is missing.

    The database answers and is migrated, its log is being sealed, photos can be stored, and in production this process
    could not alter the log. `worker` says whether a worker lives; without one all pages still serve, so that alone is
    no reason to take every web process out of the balancer (`/metrics` and `manage.py doctor` raise the alarm). When
    photos cannot be stored `storage` says in a sentence why.
    """
    checks = {"database": False, "migrations": False, "audit_log": False, "hands": False, "storage": False}
    worker, trouble = False, ""
    try:
        executor = MigrationExecutor(connection)
        checks["database"] = True
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["audit_log"] = halted() is None
        checks["hands"] = not (settings.PRODUCTION and may_alter_the_log())
        trouble = measures.storage_trouble()
        checks["storage"] = not trouble
        worker = measures.worker_lives()
    except DatabaseError:
        pass
    ready = all(checks.values())
    told = {"ready": ready, "checks": checks, "worker": worker} | ({"storage": trouble} if trouble else {})
    return JsonResponse(told, status=200 if ready else 503)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures in Prometheus' text format to who brings `JKN_METRICS_TOKEN` as a bearer token (RFC 6750).

    Without that setting, or with a wrong token, there is no such page.
    """
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Http404
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)
