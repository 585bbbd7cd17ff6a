"""The header under the names that files give it."""

import pytest

from participants.importing import CannotRun
from participants.importing.columns import ALIASES, COLUMNS, OPTIONAL, places

VCLAIM = "nama nik noKartu pisa sex tglLahir jenisPeserta hakKelas provUmum statusPeserta noTelepon cabang".split()


def test_our_own_names_are_understood_in_any_order() -> None:
    assert places(COLUMNS) == {column: place for place, column in enumerate(COLUMNS)}
    assert places(COLUMNS[::-1]) == {column: place for place, column in enumerate(COLUMNS[::-1])}


def test_the_names_of_vclaim_are_understood() -> None:
    assert places(VCLAIM) == {
        "name": 0,
        "nik": 1,
        "card_number": 2,
        "relation": 3,
        "sex": 4,
        "birth_date": 5,
        "segment": 6,
        "care_class": 7,
        "facility": 8,
        "status": 9,
        "phone": 10,
        "branch": 11,
    }


@pytest.mark.parametrize("title", ["NIK", " nik ", "N.I.K", "nik_"])
def test_case_blanks_dots_and_dashes_of_a_title_do_not_matter(title: str) -> None:
    assert places([title, *COLUMNS[1:]])["nik"] == 0


@pytest.mark.parametrize(("alias", "column"), ALIASES.items())
def test_every_alias_leads_to_a_column(alias: str, column: str) -> None:
    titles = [alias.upper() if each == column else each for each in COLUMNS]
    assert places(titles)[column] == COLUMNS.index(column)


def test_other_columns_are_left_alone() -> None:
    assert places(["catatan", *COLUMNS, "catatan"])["nik"] == 1


@pytest.mark.parametrize("column", COLUMNS)
def test_only_what_a_person_must_have_must_be_a_column(column: str) -> None:
    titles = [each for each in COLUMNS if each != column]
    if column in OPTIONAL:
        assert column not in places(titles)
        return
    with pytest.raises(CannotRun) as refused:
        places(titles)
    assert refused.value.fault == "missing_column"
    assert column in str(refused.value)


def test_a_column_may_not_be_there_twice() -> None:
    with pytest.raises(CannotRun) as refused:
        places([*COLUMNS, "Nama"])
    assert refused.value.fault == "duplicate_column"
    assert "name" in str(refused.value)
