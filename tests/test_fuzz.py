"""What the fuzzer found stays mended; `make fuzz` searches for more."""

from pathlib import Path

import pytest

from fuzz import SAMPLES, STORED, TARGETS  # type: ignore[import-not-found]  # pytest puts this folder on the path

FOUND = sorted(STORED.glob("*.bin"))


@pytest.mark.parametrize("sample", FOUND, ids=lambda path: path.stem)
def test_a_sample_that_once_broke_a_law_keeps_it(sample: Path):
    TARGETS[sample.stem.partition("-")[0]](sample.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_bent_is_sound_before(target: str):
    for sample in SAMPLES[target]:
        TARGETS[target](sample.encode())
