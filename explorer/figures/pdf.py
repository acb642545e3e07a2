"""What Matplotlib does not write into a PDF: its language, and that readers show its title.

The catalogue of the document is given once more at the end, as the format lets a document be
amended (ISO 32000-1, 7.5.6): nothing of what was written moves.
"""

from __future__ import annotations

import re

_CATALOGUE = re.compile(rb"(\d+) 0 obj\s*<<([^<>]*/Type /Catalog[^<>]*)>>\s*endobj")
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.DOTALL)


def with_language(data: bytes, language: str) -> bytes:
    """Return a PDF that says its language.

    Parameters
    ----------
    data : bytes
        A PDF as Matplotlib writes it: a plain catalogue, one table of cross-references.
    language : {'fr', 'en'}
        Language of its texts.
    """
    catalogue, trailer = _CATALOGUE.search(data), _TRAILER.search(data)
    if catalogue is None or trailer is None:  # pragma: no cover - another Matplotlib
        return data
    number, held = catalogue[1], catalogue[2].strip()
    shown = b"/ViewerPreferences << /DisplayDocTitle true >>"
    at = len(data)
    said = b"%b 0 obj\n<< %b /Lang (%b) %b >>\nendobj\n" % (number, held, language.encode(), shown)
    first = b"0 1\n0000000000 65535 f \n"
    table = b"xref\n%b%b 1\n%010d 00000 n \n" % (first, number, at)
    ends = b"trailer\n<< %b /Prev %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        trailer[1].strip(),
        trailer[2],
        at + len(said),
    )
    return data + said + table + ends
