"""The whole cluster: start, stop, how it stands, and asking it as a browser would."""

import http.client
import ssl
from collections.abc import Mapping

from deploy.cluster import nginx, postgres, processes, seaweed, services
from deploy.cluster.layout import Layout

# Who serves is started last and ended first.
ORDER = ("nginx", *services.WEBS, *services.WORKERS, "reader", "sealer", "sms", "archive")


def start(layout: Layout, *, reading: bool = False, participants: int = 500) -> None:
    """Start everything, made and filled with made-up people first where there is nothing yet; wait until it serves.

    `reading` starts the reader of photos as well. Raises ClusterError, and leaves running what came up.
    """
    new = not (layout.folder / "filled").exists()
    layout.make()
    postgres.start(layout)
    if not layout.photos_in_folder and not processes.number(layout.folder, seaweed.NAME):
        seaweed.start(layout.folder, port=layout.s3, access_key="jkn", secret_key=layout.keys["JKN_S3_SECRET_KEY"])
    if new:
        _fill(layout, participants)
    start_missing(layout, reading=reading)
    processes.wait(lambda: ready(layout), seconds=60, what="a web process that is ready")


def start_missing(layout: Layout, *, reading: bool = False) -> list[str]:
    """Start the processes of the product that do not run, and return their names."""
    others = {"sms": services.start_sms, "nginx": nginx.start, "archive": services.start_archive}
    wanted = [name for name in reversed(ORDER) if reading or name != "reader"]
    missing = [name for name in wanted if not processes.number(layout.folder, name)]
    for name in missing:
        if name in services.WEBS:
            services.start_web(layout, name)
        elif name in others:
            others[name](layout)
        else:
            services.start_worker(layout, name)
    return missing


def stop(layout: Layout) -> None:
    """End everything; data stay."""
    for name in ORDER:
        processes.end(layout.folder, name)
    seaweed.stop(layout.folder)
    postgres.stop(layout)


def status(layout: Layout) -> Mapping[str, str]:
    """Return of each process that was ever started here whether it runs, and of the database which one leads."""
    found = {name: processes.number(layout.folder, name) for name in processes.names(layout.folder)}
    told = {name: f"runs ({number})" if number else "does not run" for name, number in found.items()}
    if found.get(postgres.STANDBY) and postgres.promoted(layout):
        told[postgres.STANDBY] += ", promoted: it is the primary now"
    elif found.get(postgres.PRIMARY) and found.get(postgres.STANDBY):
        told[postgres.STANDBY] += ", in step" if postgres.in_step(layout) else ", NOT in step"
    return told


def ready(layout: Layout) -> bool:
    """Return whether a page comes through nginx, and each web process that runs says that it is ready."""
    return ask(layout, "/")[0] == 200 and all(
        web_ready(layout, name) for name in services.WEBS if processes.number(layout.folder, name)
    )


def web_ready(layout: Layout, name: str) -> bool:
    """Return whether one web process answers `/readyz` with 200, past nginx."""
    connection = http.client.HTTPConnection("127.0.0.1", layout.webs[services.WEBS.index(name)], timeout=10)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def ask(layout: Layout, path: str, *, seconds: float = 10) -> tuple[int, str]:
    """Get a page through nginx; return its status and its text, 0 and "" when nobody answers in `seconds`."""
    context = ssl.create_default_context(cafile=str(layout.folder / "nginx" / "fullchain.pem"))
    connection = http.client.HTTPSConnection("localhost", layout.https, timeout=seconds, context=context)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _fill(layout: Layout, participants: int) -> None:
    """Migrate, part the roles, and let the demo fill the database: only that step takes this place for development."""
    services.manage(layout, "owner", "collectstatic", "--noinput", "-v0")
    demo = ("demo", "--participants", str(participants))
    services.manage(layout, "owner", *demo, JKN_ENV="development", JKN_SMS_GATEWAY="console")
    services.manage(layout, "owner", "grant_hands")
    services.manage(layout, "owner", "grant_hands", "--check")
    (layout.folder / "filled").touch()
