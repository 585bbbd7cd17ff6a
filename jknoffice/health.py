"""Is it alive, is it ready: for load balancers, without personal data and without log-in."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jknoffice.audit.sealing.health import halted
from jknoffice.hands import may_alter_the_log


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process serves requests."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when all is well, else 503 with what is missing.

    The database answers and is migrated, its log is being sealed, and in production this process could not alter it.
    """
    checks = {"database": False, "migrations": False, "audit_log": False, "hands": False}
    try:
        executor = MigrationExecutor(connection)
        checks["database"] = True
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["audit_log"] = halted() is None
        checks["hands"] = not (settings.PRODUCTION and may_alter_the_log())
    except DatabaseError:
        pass
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)
