"""Who calls, what they may do, how often, and which requests they hold.

HTTP basic over TLS (RFC 7617) on each call, rather than OAuth's client credentials: one standard header, nothing to
refresh or to steal besides the secret, and a partner that is switched off is out from its next call on. The secret is
256 random bits, so that no slow hash is needed.
"""

import base64
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.security import HttpBasicAuth

from jknoffice.accounts import limits
from jknoffice.accounts.address import client_address
from jknoffice.accounts.limits import Limit
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record_alone
from jknoffice.crypto import Purpose, key_for, keyed_hash
from jknoffice.refusal import Refusal
from verification import reference as references
from verification.api import partners
from verification.api.partners import Scope
from verification.models import ApiClient, PhoneChangeRequest
from verification.models.choices import Channel

CALLS = Limit(name="api calls", most=600, window=timedelta(minutes=1))
WRONG = Limit(name="api wrong secret", most=20, window=timedelta(minutes=15))


class NoScope(Refusal):
    """The partner may not do this."""

    code = "no_scope"


class NotThere(Refusal):
    """No such request of this partner, or its token is wrong; which of them is not said."""

    code = "no_such_request"


class PartnerAuth(HttpBasicAuth):
    """Lets a partner in that has `scope`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Any:
        """Return the partner, or None. Raises `Throttled` and `NoScope`."""
        client = partners.known(username, password)
        if client is None:
            self._within(WRONG, client_address(request), Actor.participant(Channel.API))
            return None
        self._within(CALLS, client.client_id, actor(client))
        if self.scope not in client.scopes:
            record_alone("partner.refused", by=actor(client), reason=NoScope.code)
            raise NoScope
        return client

    def _within(self, limit: Limit, subject: str, by: Actor) -> None:
        record: Callable[[], object] = lambda: record_alone("partner.refused", by=by, reason="too_many")  # noqa: E731
        if not limits.within(limit, subject, record=record):
            raise Throttled(int(limits.wait(limit, subject).total_seconds()) + 1)


def actor(client: ApiClient) -> Actor:
    """Return a partner as the log names it."""
    return Actor.participant(f"{Channel.API}:{client.client_id}")


def token_of(case: PhoneChangeRequest) -> str:
    """Return the token that only who started a request gets; it is derived, and stored nowhere."""
    digest = keyed_hash(key_for(Purpose.PARTNER), "token", str(case.submission), str(case.partner_id))
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def held(client: ApiClient, reference: str, token: str) -> PhoneChangeRequest:
    """Return the partner's request. Raises `NotThere`, which is recorded."""
    known = references.parse(reference)
    case = PhoneChangeRequest.objects.filter(partner=client, reference=known).first() if known else None
    if case is None or not hmac.compare_digest(token_of(case).encode(), token.encode()):
        record_alone("request.status_refused", by=actor(client), reason=NotThere.code)
        raise NotThere
    return case
