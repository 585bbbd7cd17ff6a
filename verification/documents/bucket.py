"""Photos in a bucket (S3), by setting. Nothing in it is public, and nothing leaves it by a link of its own.

What can go wrong at the other end becomes an `OSError`, as with a folder: `FileNotFoundError` for an object that is not
there, `StorageFault` for the rest. Callers need not know which storage they have.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from verification.documents.store import StorageFault

CONNECT_SECONDS, ANSWER_SECONDS, TRIES = 2, 5, 2
"""At worst a request waits 14 s for a storage that is away; gunicorn ends it after 30."""

_REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403"}


class Bucket(S3Storage):  # type: ignore[misc]  # the package has no types
    """A private bucket. Its name, address and keys come from the variables JKN_S3_… (`settings.py`)."""

    def __init__(self, *, bucket: str, endpoint: str, region: str, access_key: str, secret_key: str) -> None:
        super().__init__(
            bucket_name=bucket,
            endpoint_url=endpoint,
            region_name=region,
            access_key=access_key,
            secret_key=secret_key,
            security_token=None,
            session_profile=None,
            default_acl=None,
            client_config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=ANSWER_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                # Not every S3 server knows the newer checksums; what we store is authenticated by its encryption.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def exists(self, name: str) -> bool:
        """Return whether an object is there; with "" whether the bucket is, which else raises StorageFault."""
        with _faults_told():
            if not name:
                self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
                return True
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Delete an object, if it is there."""
        with _faults_told():
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the objects below `path`."""
        with _faults_told():
            folders, names = super().listdir(path)
        return folders, names

    def get_modified_time(self, name: str) -> datetime:
        """Return when an object was written."""
        with _faults_told():
            found: datetime = super().get_modified_time(name)
        return found

    def url(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse: a link would go past the check of rights and the log."""
        raise NotImplementedError("Photos are shown by the application only.")

    def anyone_may_read(self) -> bool:
        """Return whether the bucket can be listed without a key, as that of a server without `-s3.config` can."""
        try:
            self.unsigned_connection.meta.client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)
        except (ClientError, BotoCoreError):
            return False
        return True

    def _open(self, name: str, mode: str = "rb") -> "ContentFile[bytes]":
        # One request; the package's own file makes three.
        with _faults_told():
            answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            return ContentFile(answer["Body"].read(), name=name)

    def _save(self, name: str, content: Any) -> str:
        with _faults_told():
            self.connection.meta.client.put_object(
                Bucket=self.bucket_name,
                Key=self._normalize_name(name),
                Body=content.read(),
                ContentType=self.default_content_type,
            )
        return name


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchKey" or (code == "404" and error.operation_name == "HeadObject"):
            raise FileNotFoundError("The object is not in the bucket.") from error
        if code in {"NoSuchBucket", "404"}:
            raise StorageFault("The object storage has no bucket of this name.") from error
        if code in _REFUSED:
            raise StorageFault(f"The object storage refuses our keys ({code}).") from error
        raise StorageFault(f"The object storage reports a fault of its own ({code}).") from error
    except BotoCoreError as error:
        raise StorageFault(f"The object storage does not answer ({type(error).__name__}).") from error
