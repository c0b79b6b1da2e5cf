"""However many people leave, little is kept in memory, and it is quick."""

import time
import tracemalloc

import pytest
from recruiting.exporting.leaving import make_row, text_of

from webapp.recruiting.exporting.presets import PLAIN, PRESETS, VCARD
from webapp.recruiting.exporting.words import wording
from webapp.recruiting.exporting.writing import CHUNK, written

EVERY = pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)


def people(number):
    return (make_row(name=f"Amina Diallo{at}", note="- one\n- two\n" * 5) for at in range(number))


@EVERY
def test_the_first_chunk_comes_before_the_last_person(preset):
    seen = []

    def rows():
        for row in people(5_000):
            seen.append(row)
            yield row

    chunks = written(rows(), preset, wording())
    next(chunks)
    assert len(seen) < 500


@EVERY
def test_chunks_joined_are_the_file_and_none_is_large(preset):
    chunks = list(written(people(1_000), preset, wording()))
    assert len(chunks) > 3
    assert max(map(len, chunks)) < 2 * CHUNK
    assert b"".join(chunks).decode() == text_of(people(1_000), preset)


@pytest.mark.parametrize("preset", [PLAIN, VCARD], ids=lambda preset: preset.key)
def test_only_a_chunk_is_kept_in_memory(preset):
    tracemalloc.start()
    size = sum(map(len, written(people(3_000), preset, wording())))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * CHUNK < size


@EVERY
def test_ten_thousand_people_are_quick(preset):
    rows = list(people(10_000))
    begun = time.process_time()
    size = sum(map(len, written(rows, preset, wording())))
    assert time.process_time() - begun < 20
    assert size > 1_000_000
