"""Numbers of the register in templates: `{% load register %}`, then `{{ peserta.phone|masked_phone }}`."""

from collections.abc import Mapping

from django import template
from django.utils.formats import number_format

from participants import identifiers
from participants import phone as phones
from participants.importing import faults

register = template.Library()


@register.filter
def phone(e164: str | None) -> str:
    """Return a stored mobile number in groups, as in `0812-3456-7890`; nothing for none."""
    return phones.show(e164 or "")


@register.filter
def masked_phone(e164: str | None) -> str:
    """Return a stored mobile number with its middle hidden, as in `0812-••••-•890`; nothing for none."""
    return phones.mask(e164 or "")


@register.filter
def grouped(digits: str) -> str:
    """Return a NIK, card or KK number in groups of four."""
    return identifiers.show(digits)


@register.filter
def reasons(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return why rows were refused and how many, the most frequent reason first, of counts by code."""
    return [(faults.reason(code), count) for code, count in sorted(counts.items(), key=lambda pair: -pair[1])]


@register.filter
def number(count: int) -> str:
    """Return a count with its thousands apart."""
    return number_format(count, force_grouping=True)


@register.filter
def masked(digits: str) -> str:
    """Return a NIK, card or KK number with its middle hidden."""
    return identifiers.mask(digits)
