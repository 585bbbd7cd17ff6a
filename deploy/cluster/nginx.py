"""nginx with the configuration that is deployed, but for names, ports and a certificate of our own making."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.cluster import processes
from deploy.cluster.layout import Layout
from deploy.cluster.processes import ClusterError

DEPLOYED = Path(__file__).resolve().parents[1] / "nginx" / "nginx.conf"
ERRORS = DEPLOYED.parent / "errors"


def start(layout: Layout) -> None:
    """Start nginx before both web processes. Raises ClusterError when it is not installed or refuses to start."""
    program = shutil.which("nginx", path=f"{os.defpath}:/usr/sbin")
    if program is None:
        raise ClusterError("nginx is missing: apt-get install nginx-light")
    folder = layout.folder / "nginx"
    folder.mkdir(exist_ok=True)
    certify(folder)
    file = folder / "nginx.conf"
    file.write_text(configuration(layout))
    tested = subprocess.run([program, "-t", "-q", "-c", file], capture_output=True, text=True, check=False)  # noqa: S603
    if tested.returncode:
        raise ClusterError(f"nginx refuses its configuration:\n{tested.stderr}")
    processes.start(layout.folder, "nginx", [program, "-c", file, "-g", "daemon off;"], env={"PATH": os.defpath})


def configuration(layout: Layout) -> str:
    """Return the deployed configuration with the ports and folders of a cluster."""
    folder = layout.folder / "nginx"
    told = DEPLOYED.read_text()
    for name, port in zip(("web1:8000", "web2:8000"), layout.webs, strict=True):
        told = told.replace(f"server {name}", f"server 127.0.0.1:{port}")
    told = told.replace("listen 8080", f"listen 127.0.0.1:{layout.http}")
    told = told.replace("listen 8443", f"listen 127.0.0.1:{layout.https}")
    told = told.replace("/tmp/", f"{folder}/").replace("/etc/nginx/tls/", f"{folder}/")  # noqa: S108
    told = told.replace("/etc/nginx/errors/", f"{ERRORS}/")
    told = told.replace("/dev/stdout", str(layout.folder / "access.log"))
    # Here the port is not the usual one: a browser says it, and forms are checked against it.
    told = re.sub(r"proxy_set_header Host \$host;", "proxy_set_header Host $http_host;", told)
    return f"user root;\n{told}" if os.geteuid() == 0 else told


def certify(folder: Path) -> None:
    """Make in `folder` a key and a certificate for localhost, valid for a year, unless they are there."""
    if (folder / "privkey.pem").exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(365))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = folder / "privkey.pem"
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
