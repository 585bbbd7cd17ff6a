"""Specimens of the cards that made-up people show, drawn as phone photos. No Django, and no real person's document."""

from jknoffice.demo.cards.jkn_card import draw_jkn_card
from jknoffice.demo.cards.ktp import draw_ktp
from jknoffice.demo.cards.photo import blurred

__all__ = ["blurred", "draw_jkn_card", "draw_ktp"]
