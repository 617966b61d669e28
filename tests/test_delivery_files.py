"""Documents on the disk: whole or not at all, untouched where equal, never outside their folder."""

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from briefing.delivery import CHANNELS
from briefing.delivery.files import clear, publish, withdraw
from briefing.documents import Document
from briefing.errors import OutputError


def doc(path: str, body: bytes = b"words") -> Document:
    return Document(path=path, body=body)


def listing(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_channel_is_registered():
    assert CHANNELS["files"] is publish


def test_new_and_changed_documents_are_written_and_named_in_order(tmp_path):
    root = tmp_path / "storage" / "public"
    assert publish(root, [doc("b/x.atom"), doc("a.rss"), doc("a/日本.json")]) == ["b/x.atom", "a.rss", "a/日本.json"]
    assert publish(root, [doc("b/x.atom", b"other"), doc("a.rss")]) == ["b/x.atom"]
    assert listing(root) == {"b/x.atom": b"other", "a.rss": b"words", "a/日本.json": b"words"}


def test_equal_files_keep_their_modification_time_and_inode(tmp_path):
    publish(tmp_path, [doc("a.rss")])
    os.utime(tmp_path / "a.rss", (1_000_000, 1_000_000))
    before = (tmp_path / "a.rss").stat()
    assert publish(tmp_path, [doc("a.rss")]) == []
    after = (tmp_path / "a.rss").stat()
    assert (after.st_mtime, after.st_ino) == (before.st_mtime, before.st_ino)


def test_files_are_readable_for_every_web_server_whatever_the_umask(tmp_path):
    old = os.umask(0o077)
    try:
        publish(tmp_path, [doc("a.rss")])
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.rss").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/etc/x", "", ".", "a\\b", "a\x00b", "..", "a/.briefing-x.part/../../../y"]
)
def test_paths_that_leave_the_folder_are_refused(tmp_path, path):
    root = tmp_path / "public"
    with pytest.raises(OutputError, match="leads out of"):
        publish(root, [doc("fine"), doc(path)])
    with pytest.raises(OutputError, match="leads out of"):
        withdraw(root, [path])
    assert listing(tmp_path) == {}


def test_a_symbolic_link_does_not_lead_out_either(tmp_path):
    root, outside = tmp_path / "public", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    with pytest.raises(OutputError, match="leads out of"):
        publish(root, [doc("link/x")])
    (root / "file").symlink_to(outside / "target")
    publish(root, [doc("file")])
    assert not (root / "file").is_symlink()
    assert list(outside.iterdir()) == []


def test_one_refused_document_leaves_all_others_unpublished_and_nothing_behind(tmp_path):
    publish(tmp_path, [doc("a", b"old")])
    with pytest.raises(OutputError, match="published at b"):
        publish(tmp_path, [doc("a", b"new"), doc("b"), doc("b")])
    assert listing(tmp_path) == {"a": b"old"}


def test_what_the_file_system_refuses_is_told_in_a_sentence_and_leaves_nothing_behind(tmp_path):
    publish(tmp_path, [doc("a")])
    with pytest.raises(OutputError, match=r"a.* cannot be written .*: make room"):
        publish(tmp_path, [doc("b"), doc("a/c")])
    assert listing(tmp_path) == {"a": b"words"}


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path):
    root = tmp_path / "public"
    program = (
        "import sys, os, signal; from pathlib import Path; from briefing.delivery.files import publish;"
        "from briefing.documents import Document\n"
        "def documents():\n"
        "    yield Document(path='deep/a', body=b'a' * 100_000)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "publish(Path(sys.argv[1]), documents())"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(root)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(listing(root)) == 1
    assert not (root / "deep" / "a").exists()
    assert publish(root, [doc("b")]) == ["b"]
    assert listing(root) == {"b": b"words"}


def test_readers_never_see_half_a_document(tmp_path):
    bodies = [bytes([number]) * 400_000 for number in (65, 66)]
    publish(tmp_path, [doc("a", bodies[0])])
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add((tmp_path / "a").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(30):
            publish(tmp_path, [doc("a", bodies[number % 2])])
    finally:
        stop.set()
        reader.join()
    assert seen <= set(bodies)


def test_two_publishers_at_once_do_not_disturb_each_other(tmp_path):
    failures = []

    def run(name):
        try:
            for number in range(15):
                publish(tmp_path, [doc(f"{name}/{file}", f"{number}".encode()) for file in range(5)])
        except OutputError as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert listing(tmp_path) == {f"{name}/{file}": b"14" for name in "ab" for file in range(5)}


def test_withdrawn_files_go_with_the_folders_they_leave_empty(tmp_path):
    publish(tmp_path, [doc("a/b/c.rss"), doc("a/d.rss"), doc("e/f/g.rss")])
    assert withdraw(tmp_path, ["a/b/c.rss", "never/was", "e/f/g.rss"]) == ["a/b/c.rss", "e/f/g.rss"]
    assert listing(tmp_path) == {"a/d.rss": b"words"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]
    assert withdraw(tmp_path, ["a/d.rss"]) == ["a/d.rss"]
    assert tmp_path.is_dir()


def test_clear_empties_the_folder_but_follows_no_link(tmp_path):
    root, outside = tmp_path / "public", tmp_path / "outside"
    publish(root, [doc("a/b"), doc("c")])
    publish(outside, [doc("kept")])
    (root / "link").symlink_to(outside)
    clear(root)
    assert list(root.iterdir()) == []
    assert listing(outside) == {"kept": b"words"}
    clear(Path(tmp_path, "never made"))
