"""Files under the sha256 of their bytes, per tenant: photos and upload files. On disk; an S3 store can stand beside it."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from recore.platform.errors import Invalid, NotFound, Retryable

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    sha256: str
    size_bytes: int


class BlobStore(Protocol):
    """Putting the same bytes twice is one blob. What is stored never changes."""

    def put(self, tenant_id: int, chunks: Iterable[bytes], *, limit_bytes: int | None = None) -> Stored: ...
    def open(self, tenant_id: int, sha256: str) -> BinaryIO: ...
    def path(self, tenant_id: int, sha256: str) -> Path: ...
    def exists(self, tenant_id: int, sha256: str) -> bool: ...
    def delete(self, tenant_id: int, sha256: str) -> None: ...


class DiskBlobStore:
    """`<root>/<tenant>/ab/cd/<sha256>`; written to a temporary file, synced, then renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    def put(self, tenant_id: int, chunks: Iterable[bytes], *, limit_bytes: int | None = None) -> Stored:
        """Raises Invalid TOO_LARGE past `limit_bytes`, Retryable DISK_FULL; nothing is left behind then."""
        digest, size = hashlib.sha256(), 0
        descriptor, temporary = tempfile.mkstemp(dir=self._root, prefix="incoming-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if limit_bytes is not None and size > limit_bytes:
                        raise Invalid(
                            "TOO_LARGE", f"ファイルが大きすぎます（上限 {limit_bytes // 1024 // 1024}MB）。",
                            remedy="小さいファイルを選んでください。",
                        )  # fmt: skip
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            target = self.path(tenant_id, digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, target)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise Retryable("DISK_FULL", "サーバーの保存場所がいっぱいです。運用者に知らせてください。") from error
            raise
        finally:
            Path(temporary).unlink(missing_ok=True)
        return Stored(digest.hexdigest(), size)

    def open(self, tenant_id: int, sha256: str) -> BinaryIO:
        try:
            return self.path(tenant_id, sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound("NO_SUCH_BLOB", "ファイルが見つかりません。", remedy="運用者に知らせてください。") from error

    def path(self, tenant_id: int, sha256: str) -> Path:
        """Where the blob lies (or would lie); ValueError for anything but a sha256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256")
        return self._root / str(int(tenant_id)) / sha256[:2] / sha256[2:4] / sha256

    def exists(self, tenant_id: int, sha256: str) -> bool:
        return self.path(tenant_id, sha256).is_file()

    def delete(self, tenant_id: int, sha256: str) -> None:
        self.path(tenant_id, sha256).unlink(missing_ok=True)
