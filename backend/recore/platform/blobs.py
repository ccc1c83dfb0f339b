"""Files under the sha256 of their bytes, per tenant: photos and upload files. On disk; an S3 store can stand beside it."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from recore.platform.errors import Invalid, NotFound, Retryable
from recore.platform.files import sync_directory

CHUNK_BYTES = 256 * 1024
PORTION_BYTES = 512 * 1024  # what one call to the digest's thread takes along
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True)
class Stored:
    sha256: str
    size_bytes: int


class StorageFull(Retryable):
    """The disk, quota or bucket has no room (HTTP 503); nothing was stored."""


class BlobStore(Protocol):
    """Putting the same bytes twice is one blob. What is stored never changes. A tenant sees only its own blobs.

    Methods that name a blob raise ValueError for anything but 64 lower-case hex digits, and `open`, `size` and
    `path_for_send` raise NotFound NO_SUCH_BLOB.
    """

    def put(
        self,
        tenant_id: int,
        chunks: Iterable[bytes],
        *,
        limit_bytes: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Stored:
        """Store what `chunks` yields (see `chunks_of` for a file); `progress` hears the bytes taken so far.

        Raises Invalid TOO_LARGE as soon as `limit_bytes` is passed and StorageFull DISK_FULL; nothing is left then.
        """

    def open(self, tenant_id: int, sha256: str) -> BinaryIO: ...

    def size(self, tenant_id: int, sha256: str) -> int: ...

    def path_for_send(self, tenant_id: int, sha256: str) -> Path | None:
        """A local file for the web server to send; None where the store has none (then send `open`)."""

    def exists(self, tenant_id: int, sha256: str) -> bool: ...

    def delete(self, tenant_id: int, sha256: str) -> None:
        """Remove the blob; a repeat is a no-op. Only the caller knows whether a row still names it."""


class DiskBlobStore:
    """BlobStore in `<root>/<tenant>/ab/cd/<sha256>`; written to `incoming-*` beside, synced, then renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    def put(
        self,
        tenant_id: int,
        chunks: Iterable[bytes],
        *,
        limit_bytes: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Stored:
        watched = _watched(chunks, limit_bytes, progress)
        temporary: Path | None = None
        try:
            descriptor, name = tempfile.mkstemp(dir=self._root, prefix="incoming-")
            temporary = Path(name)
            stored = _written(descriptor, watched)
            self._move_in(temporary, self.path(tenant_id, stored.sha256))
        except OSError as error:
            raise _named(error) from error
        finally:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
        return stored

    def open(self, tenant_id: int, sha256: str) -> BinaryIO:
        try:
            return self.path(tenant_id, sha256).open("rb")
        except FileNotFoundError as error:
            raise _missing(sha256) from error

    def size(self, tenant_id: int, sha256: str) -> int:
        try:
            return self.path(tenant_id, sha256).stat().st_size
        except FileNotFoundError as error:
            raise _missing(sha256) from error

    def path_for_send(self, tenant_id: int, sha256: str) -> Path:
        path = self.path(tenant_id, sha256)
        if not path.is_file():
            raise _missing(sha256)
        return path.resolve()

    def exists(self, tenant_id: int, sha256: str) -> bool:
        return self.path(tenant_id, sha256).is_file()

    def delete(self, tenant_id: int, sha256: str) -> None:
        self.path(tenant_id, sha256).unlink(missing_ok=True)

    def path(self, tenant_id: int, sha256: str) -> Path:
        """Where the blob lies or would lie; ValueError for a name that is no sha256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256")
        return self._root.joinpath(f"{tenant_id:d}/{sha256[:2]}/{sha256[2:4]}/{sha256}")

    def _move_in(self, temporary: Path, target: Path) -> None:
        """Rename over what is there: the bytes are equal unless the old copy was damaged, and then this mends it."""
        made = [parent for parent in (target.parent, *target.parent.parents[:2]) if not parent.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, target)
        for directory in (target.parent, *(each.parent for each in made)):
            sync_directory(directory)


def chunks_of(stream: BinaryIO, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    """The rest of an open file in pieces of `size` bytes, for `put`."""
    while chunk := stream.read(size):
        yield chunk


def _watched(
    chunks: Iterable[bytes], limit_bytes: int | None, progress: Callable[[int], None] | None
) -> Iterator[bytes]:
    taken = 0
    for chunk in chunks:
        taken += len(chunk)
        if limit_bytes is not None and taken > limit_bytes:
            raise Invalid(
                "TOO_LARGE",
                f"ファイルが大きすぎます（上限 {limit_bytes / 1_000_000:.1f}MB）。",
                remedy="小さいファイルを選んでください。",
            )
        yield chunk
        if progress is not None:
            progress(taken)


def _written(descriptor: int, chunks: Iterable[bytes]) -> Stored:
    """Write and sync the file; a second thread computes the digest of a large one (hashlib lets go of the GIL; B3)."""
    digest, size = hashlib.sha256(), 0
    waiting: list[bytes] = []
    waiting_bytes = 0
    hashing: Future[None] | None = None
    with os.fdopen(descriptor, "wb") as file, ThreadPoolExecutor(1) as beside:
        for chunk in chunks:
            size += file.write(chunk)
            waiting.append(chunk)
            waiting_bytes += len(chunk)
            if waiting_bytes < PORTION_BYTES:
                continue
            if hashing is not None:
                hashing.result()  # one portion behind at most: memory stays flat
            hashing = beside.submit(_digest, digest, waiting)
            waiting, waiting_bytes = [], 0
        file.flush()
        os.fsync(file.fileno())
    _digest(digest, waiting)
    return Stored(digest.hexdigest(), size)


def _digest(digest: hashlib._Hash, chunks: list[bytes]) -> None:
    for chunk in chunks:
        digest.update(chunk)


def _named(error: OSError) -> Exception:
    if error.errno in _NO_ROOM:
        return StorageFull(
            "DISK_FULL", "保存場所がいっぱいで、ファイルを保存できません。運用者に知らせてください。"
        )
    if error.errno in _NOT_WRITABLE:
        return Retryable("STORAGE_READ_ONLY", "保存場所に書き込めません。運用者に知らせてください。")
    return error


def _missing(sha256: str) -> NotFound:
    return NotFound(
        "NO_SUCH_BLOB", "保存したファイルが見つかりません。", item=sha256, remedy="運用者に知らせてください。"
    )
