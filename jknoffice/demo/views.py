"""Pages of the demo: what has been sent by SMS. Routed in development and test only."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participants import phone
from verification.sms.gateways import console

NEWEST = 50


@never_cache
@require_safe
def sms(request: HttpRequest) -> HttpResponse:
    """Show the newest messages that the console gateway kept, as a telephone would."""
    newest = console.messages()[: -NEWEST - 1 : -1]
    sent = [{**each, "to": phone.show(each["to"]), "at": datetime.fromisoformat(each["at"])} for each in newest]
    return render(request, "demo/sms.html", {"sent": sent})
