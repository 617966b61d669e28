"""The tree beside the definition of RFC 6962, which is short enough to be written down again, slowly."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import StoreError
from briefing.eventstore import merkle, tiles
from briefing.eventstore.tree import Tree


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def k(n: int) -> int:
    power = 1
    while power * 2 < n:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    return sha(b"\1" + mth(leaves[: k(len(leaves))]) + mth(leaves[k(len(leaves)) :]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    cut = k(len(leaves))
    if m < cut:
        return [*path(m, leaves[:cut]), mth(leaves[cut:])]
    return [*path(m - cut, leaves[cut:]), mth(leaves[:cut])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    cut = k(len(leaves))
    if m <= cut:
        return [*subproof(m, leaves[:cut], whole), mth(leaves[cut:])]
    return [*subproof(m - cut, leaves[cut:], False), mth(leaves[:cut])]


LEAVES = [merkle.leaf(str(number).encode()) for number in range(1400)]
SIZES = st.one_of(st.integers(1, 70), st.sampled_from([255, 256, 257, 511, 512, 513, 768, 1023, 1024, 1025, 1400]))


class Log:
    """A log of which only the leaves are asked, and how many of them."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.held = leaves
        self.asked = 0

    def leaves(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        found = self.held[after : after + limit]
        self.asked += len(found)
        return found


def tree(size: int = len(LEAVES)) -> Tree:
    return Tree(Log(LEAVES[:size]))


@pytest.mark.parametrize("size", [*range(66), 255, 256, 257, 512, 600, 1400])
def test_the_root_is_that_of_the_definition(size):
    assert merkle.root(LEAVES[:size]) == tree().root(size) == mth(LEAVES[:size])


@given(SIZES, st.data())
def test_an_inclusion_proof_is_that_of_the_definition_and_leads_to_the_root(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = tree().inclusion(index, size)
    assert proof == path(index, LEAVES[:size])
    assert merkle.included(LEAVES[index], index, size, proof) == mth(LEAVES[:size])


@given(SIZES, st.data())
def test_a_consistency_proof_is_that_of_the_definition_and_is_accepted(size, data):
    old = data.draw(st.integers(1, size))
    proof = tree().consistency(old, size)
    assert proof == subproof(old, LEAVES[:size], True)
    assert merkle.consistent(old, size, (mth(LEAVES[:old]), mth(LEAVES[:size])), proof)


@given(st.integers(2, 70), st.data())
def test_a_wrong_inclusion_proof_leads_elsewhere_or_nowhere(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = tree().inclusion(index, size)
    root = mth(LEAVES[:size])
    other = data.draw(st.integers(0, size).filter(lambda number: number != index))
    assert merkle.included(LEAVES[index], other, size, proof) != root
    spoilt = data.draw(st.integers(0, len(proof) - 1))
    assert merkle.included(LEAVES[index], index, size, [*proof[:spoilt], sha(b""), *proof[spoilt + 1 :]]) != root
    assert merkle.included(LEAVES[index], index, size, proof[:-1]) is None
    assert merkle.included(LEAVES[index], index, size, [*proof, sha(b"")]) is None
    assert merkle.included(sha(b"another"), index, size, proof) != root


@given(st.integers(2, 70), st.data())
def test_a_wrong_consistency_proof_is_refused(size, data):
    old = data.draw(st.integers(1, size - 1))
    proof, roots = tree().consistency(old, size), (mth(LEAVES[:old]), mth(LEAVES[:size]))
    spoilt = data.draw(st.integers(0, len(proof) - 1))
    assert not merkle.consistent(old, size, roots, [*proof[:spoilt], sha(b""), *proof[spoilt + 1 :]])
    assert not merkle.consistent(old, size, roots, proof[:-1])
    assert not merkle.consistent(old, size, roots, [*proof, sha(b"")])
    assert not merkle.consistent(old, size, (sha(b"another"), roots[1]), proof)
    assert not merkle.consistent(old, size, (roots[0], sha(b"another")), proof)
    assert not merkle.consistent(size, old, roots, proof)


def test_an_empty_log_begins_every_log_and_a_log_itself():
    assert merkle.consistent(0, 5, (mth([]), mth(LEAVES[:5])), [])
    assert not merkle.consistent(0, 5, (sha(b"x"), mth(LEAVES[:5])), [])
    assert merkle.consistent(5, 5, (mth(LEAVES[:5]), mth(LEAVES[:5])), [])
    assert not merkle.consistent(5, 5, (mth(LEAVES[:5]), mth(LEAVES[:6])), [])
    assert tree().consistency(0, 5) == []


@pytest.mark.parametrize("ask", [lambda: merkle.inclusion(5, 5), lambda: merkle.consistency(6, 5)])
def test_there_is_no_proof_of_what_is_not_there(ask):
    with pytest.raises(ValueError, match="no"):
        ask()


# ---------------------------------------------------------------- what is kept of the tree


def test_a_tree_reads_whole_tiles_once_and_a_new_process_not_at_all(tmp_path):
    log = Log(LEAVES)
    Tree(log, tmp_path / "kept").root(1400)
    log.asked = 0
    again = Tree(log, tmp_path / "kept")
    assert again.root(1300) == mth(LEAVES[:1300])
    assert log.asked == 256 + 1300 % 256, "the last kept tile, to see that the log is the same, and the rest"


@pytest.mark.parametrize("place", [0, 40, 170, -1])
def test_a_kept_file_that_was_damaged_is_made_again(tmp_path, place):
    kept = tmp_path / "kept"
    Tree(Log(LEAVES), kept).root(1400)
    whole = kept.read_bytes()
    damaged = bytearray(whole)
    damaged[place] ^= 1
    kept.write_bytes(damaged)
    assert Tree(Log(LEAVES), kept).root(1400) == mth(LEAVES)
    assert kept.read_bytes() == whole


def test_a_kept_file_of_another_log_is_not_used(tmp_path):
    other = [merkle.leaf(b"other" + leaf) for leaf in LEAVES]
    Tree(Log(other), tmp_path / "kept").root(1400)
    assert Tree(Log(LEAVES), tmp_path / "kept").root(1400) == mth(LEAVES)


def test_a_tree_says_where_the_log_ends():
    with pytest.raises(StoreError, match="the log ends at position 1400: there is no position 1401 in it"):
        tree().root(1401)


# ---------------------------------------------------------------- tiles


@pytest.mark.parametrize(
    ("span", "path"),
    [
        (tiles.Span(0, 0, 256), "tile/0/000"),
        (tiles.Span(0, 1234067, 256), "tile/0/x001/x234/067"),
        (tiles.Span(1, 1000, 7), "tile/1/x001/000.p/7"),
        (tiles.Span(None, 999, 255), "tile/entries/999.p/255"),
    ],
)
def test_a_tile_lies_where_the_specification_says(span, path):
    assert span.path == path


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65535, 65536, 65537, 70000])
def test_each_level_holds_a_256th_of_the_one_below(size):
    for level in tiles.levels(size):
        assert sum(span.width for span in tiles.spans(size, level)) == size // 256**level
    assert size // 256 ** len(tiles.levels(size)) == 0


@given(st.integers(1, 200_000), st.data())
def test_files_from_an_earlier_size_on_are_all_that_changed(size, data):
    since = data.draw(st.integers(0, size))
    for level in tiles.levels(size):
        before = {span.path for span in tiles.spans(since, level)}
        new = {span.path for span in tiles.spans(size, level)} - before
        assert new <= {span.path for span in tiles.spans(size, level, since)}


def test_higher_tiles_are_made_of_the_roots_of_those_below():
    roots = [sha(str(number).encode()) for number in range(600)]
    assert tiles.above(roots, 1) == roots
    assert tiles.above(roots, 2) == [mth(roots[:256]), mth(roots[256:512])]


def test_entries_stand_behind_their_lengths():
    assert tiles.bundle([b"ab", b"", b"c" * 300]) == b"\0\2ab\0\0\x01\x2c" + b"c" * 300
