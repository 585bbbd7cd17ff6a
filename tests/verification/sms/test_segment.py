"""Messages with a link in one segment."""

from typing import Any

import pytest
from django.utils import timezone

from tests import cases
from verification import checks, links
from verification.models.link import LinkKind
from verification.sms import segment, texts


@pytest.mark.django_db
def test_the_longest_address_that_passes_fits_and_one_character_more_does_not(settings: Any) -> None:
    lengths = {}
    for more in (0, 1):
        settings.JKN_SITE_URL = "https://".ljust(segment.room() + more, "x")
        link = links.to_request(kind=LinkKind.OBJECTION, request=cases.submitted(), at=timezone.now())
        lengths[more] = max(
            len(texts.text_of(template=template, language=language, context=segment.LONGEST | {"link": link}))
            for template in texts.TEXTS
            for language in ("id", "en")
        )
        assert [found.id for found in checks.links_fit_one_segment(None)] == ["verification.W002"] * more
    assert lengths == {0: 160, 1: 161}


@pytest.mark.parametrize("address", ["https://jkn.example/~a", "https://bpjs–jkn.example"])
def test_an_address_with_other_than_plain_characters_is_warned_of(settings: Any, address: str) -> None:
    settings.JKN_SITE_URL = address
    (found,) = checks.links_fit_one_segment(None)
    assert f"{segment.room()} plain characters" in found.msg
