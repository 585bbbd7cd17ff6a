"""App configuration of the demo."""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest


class DemoConfig(AppConfig):
    """Made-up people and their log-ins, for development and tests; has no tables."""

    name = "jknoffice.demo"
    label = "demo"

    def ready(self) -> None:
        """Show the demo's accounts at the door, where the place allows it."""
        from jknoffice.accounts.login import hints

        if settings.JKN_ENV.allows_demo:
            hints.register("demo/accounts.html", _accounts)


def _accounts(request: HttpRequest) -> Mapping[str, Any]:
    """Return the accounts that the door shows: those of the home branch, and those without one."""
    from jknoffice.accounts.roles import Role
    from jknoffice.demo.staff import credentials

    shown = [account for account in credentials() if "-" not in account["username"]]
    return {"demo_accounts": [{**account, "role_name": Role(account["role"]).label} for account in shown]}
