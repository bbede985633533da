"""Content in an S3-compatible store, guaranteed what files on disk are; `requirements/s3.txt` brings the client."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

HASH_LENGTH = 64
RENEWED_WITHIN = timedelta(hours=1)
ABSENT = {"404", "NoSuchKey", "NotFound"}
TAKEN = {"412", "PreconditionFailed"}
CONNECT_SECONDS, READ_SECONDS = 5, 60


@deconstructible
class ContentStorage(Storage):
    """One bucket of a store that speaks S3.

    An object is sent with the SHA-256 its name promises, which the store checks before it keeps it, and on condition
    that the name is free: it appears whole or not at all and is never written over. Reading streams.

    endpoint_url, region_name, access_key, secret_key: as the store's operator gives them; without them the client's own
    ways of finding them count. prefix: put before every name. ca_bundle: file of certificates to trust.
    path_style: the bucket stands in the path, as most stores that are not Amazon's want it.
    """

    def __init__(
        self,
        *,
        bucket: str,
        endpoint_url: str | None = None,
        region_name: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
        prefix: str = "",
        ca_bundle: str | None = None,
        path_style: bool = True,
    ):
        self.bucket = bucket
        self.prefix = prefix
        self._connection = {
            "endpoint_url": endpoint_url,
            "region_name": region_name,
            "aws_access_key_id": access_key,
            "aws_secret_access_key": secret_key,
            "verify": ca_bundle,
        }
        self._addressing = "path" if path_style else "auto"

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: two equal names hold equal bytes."""
        return name

    def exists(self, name: str) -> bool:
        """Whether an object of this name is there."""
        return self._head(name) is not None

    def delete(self, name: str) -> None:
        """Remove an object; nothing happens when there is none."""
        self._client.delete_object(**self._object(name))

    def size(self, name: str) -> int:
        """Bytes. Raises FileNotFoundError."""
        return int(self._known(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        """See `ContentKeeper`."""
        moment: datetime = self._known(name)["LastModified"]
        return moment

    def renew(self, name: str) -> bool:
        """See `ContentKeeper`. The store copies the object onto itself; its bytes do not travel."""
        head = self._head(name)
        if head is None:
            return False
        if head["LastModified"] < datetime.now(UTC) - RENEWED_WITHIN:
            place = self._object(name)
            self._client.copy_object(**place, CopySource=place, MetadataDirective="REPLACE")
        return True

    def contents(self) -> Iterator[tuple[str, datetime]]:
        """See `ContentKeeper`; an object still on its way is not there yet."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        for page in pages:
            for one in page.get("Contents", []):
                yield one["Key"].removeprefix(self.prefix), one["LastModified"]

    def _open(self, name: str, mode: str = "rb") -> File:
        found = self._unless_absent(self._client.get_object, name)
        if found is None:
            raise FileNotFoundError(name)
        return File(found["Body"], name)

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        digest = base64.b64encode(bytes.fromhex(name[-HASH_LENGTH:])).decode()
        try:
            self._client.put_object(**self._object(name), Body=content, ChecksumSHA256=digest, IfNoneMatch="*")
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in TAKEN:
                raise
        return name

    def _known(self, name: str) -> dict[str, Any]:
        head = self._head(name)
        if head is None:
            raise FileNotFoundError(name)
        return head

    def _head(self, name: str) -> dict[str, Any] | None:
        return self._unless_absent(self._client.head_object, name)

    def _unless_absent(self, ask: Any, name: str) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = ask(**self._object(name))
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                return None
            raise
        return answer

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{self.prefix}{name}"}

    @cached_property
    def _client(self) -> Any:
        """Made at first use, after a worker has been forked; one serves every thread."""
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise ImproperlyConfigured("Evidence in S3 needs the packages of requirements/s3.txt.") from error
        how = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard"},
            s3={"addressing_style": self._addressing},
            # Other checksums than ours only some stores know.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return boto3.session.Session().client("s3", config=how, **self._connection)
