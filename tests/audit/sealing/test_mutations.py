"""Nothing that a superuser of the database changes in the sealed log goes unseen."""

import random

import pytest

from jknoffice.audit.verify import whole
from tests.audit.sealing import mutations

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = 300


def test_random_mutations_are_all_found() -> None:
    mutations.sealed_log()
    assert whole.verify().problems == []
    chance, names, unseen = random.Random(3), list(mutations.MUTATIONS), []
    for number in range(NUMBER):
        name = names[number % len(names)]
        if not mutations.inside(name, chance, lambda: not whole.verify().ok):
            unseen.append(f"{number} {name}")
    assert unseen == []
    assert whole.verify().problems == []
