"""Texts are folded letter by letter where that is enough: the same as by the definition."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from graph.identifiers import fold


def defined(value: str) -> str:
    """Fold as defined: ligatures apart, marks taken away, lower case, words of ASCII."""
    for ligature, letters in (("œ", "oe"), ("Œ", "OE"), ("æ", "ae"), ("Æ", "AE")):
        value = value.replace(ligature, letters)
    letters = [
        letter
        for letter in unicodedata.normalize("NFKD", value)
        if not 0x300 <= ord(letter) <= 0x36F
    ]
    plain = "".join(letters).casefold()
    kept = [letter if letter.isascii() and letter.isalnum() else " " for letter in plain]
    return " ".join("".join(kept).split())


FRENCH = st.text(st.sampled_from("abz AÉéèçœŒæÆ’'-–ßŉ½ǅﬁ\u0301\u00a0\u0085·Å中"))


@given(FRENCH | st.text(st.characters(max_codepoint=0x24F)))
@example("Résidence de l’Écoute – Cœur d’Île")
@example("e\u0301te\u0301")
def test_fold_is_its_definition(value: str) -> None:
    assert fold(value) == defined(value)
