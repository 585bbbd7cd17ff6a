"""What kind of place this process runs in."""

from enum import StrEnum


class Place(StrEnum):
    """Kind of place, named by `JKN_ENV`; production when nothing is said.

    Embedded database, demo data and demo pages exist only where
    `allows_demo` is true. `DEBUG` never decides anything of that kind.
    """

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"

    @property
    def allows_demo(self) -> bool:
        """Whether made-up people and their log-ins may exist here."""
        return self is not Place.PRODUCTION
