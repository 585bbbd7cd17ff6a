"""Where the embedded server keeps its files, and which system user owns them.

All is derived from one folder, `var`:

- `var/postgres` is the home: `data`, `server.log` and, for root, `install-VERSION`.
  PostgreSQL refuses to run as root, so root drops to a system user. Where that user cannot reach `var` (below /root,
  say), `var/postgres` is a link to a folder below /var/lib/jknoffice: folders that are not ours keep their modes.
- The socket folder lies in /tmp: a socket's path is limited to 107 bytes (unix(7)), and `var` may be longer.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

FAR = Path("/var/lib/jknoffice")
SYSTEM_USERS = ("postgres", "nobody")


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot do what was asked; the message says why, for people."""


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The system user as which the server runs."""

    uid: int
    gid: int


def is_root() -> bool:
    """Return whether this process is root, as which PostgreSQL refuses to run."""
    return os.geteuid() == 0


def home(var: Path) -> Path:
    """Return the server's home for `var`; it need not exist yet."""
    return var / "postgres"


def data(var: Path) -> Path:
    """Return the data folder for `var`, free of links; it need not exist yet."""
    return Path(os.path.realpath(home(var) / "data"))


def socket_folder(var: Path) -> Path:
    """Return the folder of the server's socket: short, the same for the same `var`; it need not exist yet."""
    # A shared folder is safe here, for `claim_socket_folder` refuses what is not ours.
    return Path("/tmp") / f"jknoffice-{_digest(var)}"  # noqa: S108


def owner(var: Path) -> Owner:
    """Return who shall run the server: this process's user; for root whoever has the data, else a system user.

    Raises EmbeddedError when root finds no system user to drop to.
    """
    if not is_root():
        return Owner(uid=os.geteuid(), gid=os.getegid())
    if data(var).is_dir() and (found := data(var).stat()).st_uid != 0:
        return Owner(uid=found.st_uid, gid=found.st_gid)
    for name in SYSTEM_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(uid=entry.pw_uid, gid=entry.pw_gid)
    raise EmbeddedError(f"PostgreSQL does not run as root, and the users {', '.join(SYSTEM_USERS)} do not exist here.")


def make_home(var: Path, user: Owner) -> Path:
    """Make the home for `var` when there is none yet, and return its real path.

    Root keeps the home itself, so that the system user cannot exchange the programs in it.
    Raises EmbeddedError when the home is there but the system user cannot reach it.
    """
    here = home(var)
    if not here.is_dir():
        if is_root() and not _reaches(user, var):
            here.unlink(missing_ok=True)
            here.symlink_to(_make_far(var))
        else:
            _make_folder(here, 0o711 if is_root() else 0o700)
    if is_root() and not _reaches(user, here):
        raise EmbeddedError(
            f"User {user.uid} cannot reach {here}: let others pass the folders above it, or set JKN_VAR."
        )
    return here.resolve()


def has_socket_folder(var: Path, user: Owner) -> bool:
    """Return whether the socket folder is there.

    Raises EmbeddedError when it is not for `user` alone: a stranger's socket is no place for our data.
    """
    folder = socket_folder(var)
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid in {user.uid, os.geteuid()} and not found.st_mode & 0o077
    if not ours:
        raise EmbeddedError(f"{folder} is not a private folder of user {user.uid}: remove it.")
    return True


def claim_socket_folder(var: Path, user: Owner) -> None:
    """Make sure that the socket folder is there, for `user` alone. Raises EmbeddedError when a stranger holds it."""
    with contextlib.suppress(FileExistsError):
        socket_folder(var).mkdir(mode=0o700)
    has_socket_folder(var, user)
    if is_root():
        os.chown(socket_folder(var), user.uid, user.gid, follow_symlinks=False)


def _digest(var: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(var))).hexdigest()[:16]


def _reaches(user: Owner, folder: Path) -> bool:
    """Tell whether a system user may pass through `folder` and all above it, by the modes for owner and others."""
    real = folder.resolve()
    found = [each.stat() for each in (real, *real.parents)]
    return all(each.st_mode & (0o100 if each.st_uid == user.uid else 0o001) for each in found)


def _make_far(var: Path) -> Path:
    """Make an empty home outside of `var`. One that is there already belonged to a `var` since deleted."""
    far = FAR / _digest(var)
    if not FAR.is_dir():
        _make_folder(FAR, 0o711)
    if far.is_dir():
        shutil.rmtree(far)
    _make_folder(far, 0o711)
    return far


def _make_folder(path: Path, mode: int) -> None:
    """Make a folder with exactly `mode`, whatever the umask."""
    path.mkdir()
    path.chmod(mode)
