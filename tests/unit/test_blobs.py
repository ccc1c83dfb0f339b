"""R9, R15: bytes are stored whole or not at all, under their own hash, and never across tenants."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recore.platform.blobs import BlobStore, DiskBlobStore, StorageFull, chunks_of
from recore.platform.errors import Invalid, NotFound, Retryable

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def store(root: Path) -> DiskBlobStore:
    return DiskBlobStore(root)


def files(root: Path) -> list[str]:
    return sorted(str(each.relative_to(root)) for each in root.rglob("*") if each.is_file())


def test_r9_a_blob_lies_under_its_hash_and_reads_back(store: DiskBlobStore, root: Path) -> None:
    protocol: BlobStore = store
    stored = protocol.put(7, [b"a", b"", b"bc"])
    assert (stored.sha256, stored.size_bytes) == (ABC, 3)
    assert files(root) == [f"7/ba/78/{ABC}"]
    with store.open(7, ABC) as file:
        assert file.read() == b"abc"
    assert store.size(7, ABC) == 3
    sent = store.path_for_send(7, ABC)
    assert sent.is_absolute() and sent.read_bytes() == b"abc"


def test_r9_an_open_file_is_taken_in_pieces_and_progress_is_told(store: DiskBlobStore) -> None:
    heard: list[int] = []
    stored = store.put(1, chunks_of(io.BytesIO(b"x" * 10), 4), progress=heard.append)
    assert (stored.size_bytes, heard) == (10, [4, 8, 10])


def test_r9_the_same_bytes_twice_and_at_once_are_one_blob(store: DiskBlobStore, root: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        hashes = {each.sha256 for each in pool.map(lambda _: store.put(1, [b"abc"]), range(16))}
    assert hashes == {ABC}
    assert files(root) == [f"1/ba/78/{ABC}"]


def test_r9_putting_again_mends_a_damaged_copy(store: DiskBlobStore) -> None:
    store.put(1, [b"abc"])
    store.path(1, ABC).write_bytes(b"a")
    store.put(1, [b"abc"])
    assert store.path(1, ABC).read_bytes() == b"abc"


def test_r1_a_tenant_does_not_see_the_blob_of_another(store: DiskBlobStore) -> None:
    store.put(1, [b"abc"])
    assert store.exists(1, ABC) and not store.exists(2, ABC)
    for read in (store.open, store.size, store.path_for_send):
        with pytest.raises(NotFound) as caught:
            read(2, ABC)
        assert (caught.value.code, caught.value.item) == ("NO_SUCH_BLOB", ABC)
    store.delete(2, ABC)
    assert store.exists(1, ABC)


def test_r9_delete_removes_and_may_be_repeated(store: DiskBlobStore, root: Path) -> None:
    store.put(1, [b"abc"])
    store.delete(1, ABC)
    store.delete(1, ABC)
    assert files(root) == []


def test_r9_the_limit_stops_the_reading_and_leaves_nothing(store: DiskBlobStore, root: Path) -> None:
    asked: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            asked.append(1)
            yield b"x" * 1_000_000

    with pytest.raises(Invalid) as caught:
        store.put(1, endless(), limit_bytes=1_500_000)
    assert caught.value.code == "TOO_LARGE" and "1.5MB" in caught.value.message
    assert len(asked) == 2
    assert files(root) == []
    assert store.put(1, [b"abc"], limit_bytes=3).size_bytes == 3


@pytest.mark.parametrize("call", ["fsync", "replace", "mkstemp"])
@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [(errno.ENOSPC, StorageFull, "DISK_FULL"), (errno.EDQUOT, StorageFull, "DISK_FULL"), (errno.EROFS, Retryable, "STORAGE_READ_ONLY")],
)  # fmt: skip
def test_r9_a_full_or_locked_disk_is_named_and_leaves_nothing(
    store: DiskBlobStore,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    kind: type[Retryable],
    code: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tempfile.mkstemp" if call == "mkstemp" else f"os.{call}", refuse)
    with pytest.raises(kind) as caught:
        store.put(1, [b"abc"])
    assert caught.value.code == code
    assert files(root) == []


def test_r9_another_io_error_stays_what_it_is(store: DiskBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="I/O error"):
        store.put(1, [b"abc"])


def test_r9_an_upload_that_breaks_off_leaves_nothing(store: DiskBlobStore, root: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"abc"
        raise ConnectionResetError("the phone went away")

    with pytest.raises(ConnectionResetError, match="the phone went away"):
        store.put(1, broken())
    assert files(root) == []


@pytest.mark.parametrize(
    "name", ["", "..", "../" * 21 + "x", ABC.upper(), ABC + "\n", ABC[:-1], "/etc/passwd", ABC + "/../x"]
)
def test_r9_only_a_hash_names_a_blob(store: DiskBlobStore, name: str) -> None:
    for call in (store.open, store.size, store.path_for_send, store.exists, store.delete):
        with pytest.raises(ValueError, match="not a sha256"):
            call(1, name)


def test_r9_a_tenant_is_a_number(store: DiskBlobStore) -> None:
    with pytest.raises(ValueError):
        store.exists("../1", ABC)  # type: ignore[arg-type]
