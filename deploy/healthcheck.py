"""Exit 0 when the web process of this container serves: for the image's HEALTHCHECK. Needs nothing but Python."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def alive(*, host: str, port: int) -> bool:
    """Return whether `/healthz` answers 200 on 127.0.0.1:`port`; `host` is a name of JKN_ALLOWED_HOSTS."""
    connection = HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    bind = os.environ.get("JKN_BIND", "127.0.0.1:8000")
    hosts = os.environ.get("JKN_ALLOWED_HOSTS", "localhost").split(",")
    sys.exit(0 if alive(host=hosts[0], port=int(bind.rpartition(":")[2])) else 1)
