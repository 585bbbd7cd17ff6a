"""`python -m benchmarks.page_weight`: what each page at the participants' door weighs on a first visit, in bytes.

A page with all that it names (style sheets, scripts, icon), each packed by gzip as it travels, without headers and
photos; error states too. The goal of the issue is 60 KiB a step.
"""

from django.conf import settings

from benchmarks import house
from tests.hands import part_hands
from tests.verification.portal.every import pages, weight


def main() -> None:
    """Weigh and print, in both languages."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    rows: dict[str, int] = {}
    for language in ("id", "en"):
        with house.database():
            part_hands()
            rows |= {f"{name} ({language})": weight(page) for name, page in pages(language).items()}
    house.show("What pages weigh", dict(sorted(rows.items(), key=lambda row: -row[1])), goal=60 * 1024)


if __name__ == "__main__":
    main()
