"""SeaweedFS as the S3 storage of photos: master, volume, filer and S3 in one process, demanding a key."""

import json
import os
import secrets
import sys
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy.cluster import processes

NAME = "seaweed"
BUCKET = "documents"
OPERATIONS = "operations"
"""The identity that makes buckets; nothing of the product has its key."""
REGION = "us-east-1"
_ONCE = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


def start(folder: Path, *, port: int, access_key: str, secret_key: str, seconds: float = 60) -> float:
    """Start SeaweedFS in `folder`, make the bucket, and return how many seconds it took until it can store.

    The key may use the bucket and make none, as in production: with a right to make some, a wrong name would be one.
    S3 listens on 127.0.0.1:`port`, its parts on the three ports after it (and each of these 10,000 higher). Raises
    ClusterError when it runs already or does not come up in `seconds`.
    """
    data, config = folder / "seaweed", folder / "seaweed.json"
    data.mkdir(exist_ok=True)
    makes_buckets = secrets.token_hex(16)
    ours = _identity("jkn", access_key, secret_key, *(f"{right}:{BUCKET}" for right in ("Read", "Write", "List")))
    identities = [ours, _identity(OPERATIONS, OPERATIONS, makes_buckets, "Admin")]
    # Without a file of identities anybody may read.
    config.touch(mode=0o600)
    config.write_text(json.dumps({"identities": identities}))
    options = {
        "dir": data,
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.port": port + 1,
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 256,
        "volume.port": port + 2,
        "volume.max": 100,
        "filer": "true",
        "filer.port": port + 3,
        "s3": "true",
        "s3.port": port,
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.config": config,
    }
    words = [f"-{name}={value}" for name, value in options.items()]
    program = Path(sys.executable).with_name("weed")
    processes.start(folder, NAME, [program, "server", *words], env={"PATH": os.defpath, "HOME": str(folder)})
    return processes.wait(lambda: _stores(port, OPERATIONS, makes_buckets), seconds=seconds, what="SeaweedFS")


def _identity(name: str, access_key: str, secret_key: str, *actions: str) -> dict[str, object]:
    return {"name": name, "credentials": [{"accessKey": access_key, "secretKey": secret_key}], "actions": actions}


def endpoint(port: int) -> str:
    """Return the address of S3."""
    return f"http://127.0.0.1:{port}"


def kill(folder: Path) -> None:
    """Kill SeaweedFS at once."""
    processes.kill(folder, NAME)


def stop(folder: Path) -> bool:
    """Stop SeaweedFS, and return whether it ran. Of its own it would take 25 s; what it holds is on the disk before."""
    return processes.end(folder, NAME, seconds=2)


def _stores(port: int, access_key: str, secret_key: str) -> bool:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint(port),
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=_ONCE,
    )
    try:
        if BUCKET not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=BUCKET)
        client.put_object(Bucket=BUCKET, Key=".ready", Body=b"")
        client.delete_object(Bucket=BUCKET, Key=".ready")
    except (BotoCoreError, ClientError):
        return False
    return True
