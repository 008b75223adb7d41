# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folding of place names, the same as places_fold() in src/domain/places/places.c; a test compares them.

Lower case, no accents, letters and digits in words parted by one space; `st` and `ste` spelled out.
"""
import re
import unicodedata

LETTERS = str.maketrans({'œ': 'oe', 'Œ': 'oe', 'æ': 'ae', 'Æ': 'ae', 'ß': 'ss', 'ø': 'o', 'Ø': 'o', 'ł': 'l', 'Ł': 'l'})
SHORT = {'st': 'saint', 'ste': 'sainte'}


def fold(text):
    """The folded form of a name: fold("St-Vit") == "saint vit"."""
    plain = unicodedata.normalize('NFD', text.translate(LETTERS).lower())
    plain = ''.join(c for c in plain if not unicodedata.combining(c))
    return ' '.join(SHORT.get(w, w) for w in re.sub('[^a-z0-9]+', ' ', plain).split())
