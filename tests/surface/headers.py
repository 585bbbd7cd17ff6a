"""What every answer has to carry."""

from django.http.response import HttpResponseBase

from jknoffice.headers import HEADERS


def lacks(answer: HttpResponseBase) -> list[str]:
    """The headers that an answer lacks, or that say too much."""
    wanted = {
        **HEADERS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    found = [name for name, value in wanted.items() if answer.headers.get(name) != value]
    directives = [part.split() for part in answer.headers.get("Content-Security-Policy", "").split(";")]
    if ["default-src", "'none'"] not in directives or ["frame-ancestors", "'none'"] not in directives:
        found.append("Content-Security-Policy")
    found += [part[0] for part in directives if part and part[1:] not in (["'self'"], ["'none'"])]
    if answer.headers.get("Referrer-Policy") not in {"same-origin", "strict-origin"}:
        found.append("Referrer-Policy")
    return found + [name for name in ("Server", "X-Powered-By") if name in answer.headers]
