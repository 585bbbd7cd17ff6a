"""The generator of registers keeps what it promises."""

from itertools import islice
from pathlib import Path

import pytest

from benchmarks.dirt import DIRT
from benchmarks.generate_register import cells, fill, open_branches, write_file
from benchmarks.people import POOL, people
from participants.importing import run_import
from participants.importing.columns import COLUMNS
from participants.importing.faults import SENTENCES
from participants.models import Peserta
from tests.participants.importing.files import BY

ROUNDS = POOL + 5_000


def test_everybody_has_numbers_of_their_own_also_in_the_second_round() -> None:
    everybody = list(people(ROUNDS))
    assert len({row.nik for row in everybody}) == len({row.card_number for row in everybody}) == ROUNDS
    assert 0.3 * ROUNDS < len({row.kk_number for row in everybody}) < 0.6 * ROUNDS
    assert len({row.name for row in everybody}) > 0.5 * ROUNDS


def test_a_seed_always_gives_the_same_and_more_rows_only_add_some() -> None:
    assert list(people(500, seed=3)) == list(islice(people(900, seed=3), 500)) != list(people(500, seed=4))


def test_a_later_state_differs_in_as_many_people_as_it_should_in_one_value_each() -> None:
    pairs = zip(people(ROUNDS), people(ROUNDS, changed=0.05), strict=True)
    differences = [sum(one != other for one, other in zip(*pair, strict=True)) for pair in pairs]
    assert set(differences) == {0, 1}
    assert 0.045 * ROUNDS < sum(differences) < 0.055 * ROUNDS


def test_no_value_needs_quotation_marks() -> None:
    assert not any(mark in text for row in cells(3_000) for text in row for mark in ',"\r\n')


@pytest.mark.django_db
def test_dirty_rows_are_refused_for_every_reason_that_a_file_can_have(tmp_path: Path) -> None:
    open_branches()
    write_file(tmp_path / "register.csv", 3_000, dirty=0.1)
    with (tmp_path / "register.csv").open() as file:
        assert tuple(file.readline().strip().split(",")) == COLUMNS
    result = run_import(path=tmp_path / "register.csv", by=BY, user=None, rejects=None)
    assert result.reasons.keys() == SENTENCES.keys() - {"card_taken"}
    assert result.warnings > 0
    assert 0 <= sum(result.reasons.values()) - 0.1 * 3_000 * (len(DIRT) - 2) / len(DIRT) < 50


@pytest.mark.django_db
def test_a_register_that_is_filled_directly_is_that_of_a_clean_file(tmp_path: Path) -> None:
    fill(2_000)
    assert Peserta.objects.count() == 2_000
    write_file(tmp_path / "register.csv", 2_000, dirty=0)
    result = run_import(path=tmp_path / "register.csv", by=BY, user=None, rejects=None)
    assert (result.unchanged, result.warnings) == (2_000, 0)
