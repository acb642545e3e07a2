"""Loader ``cms``: health centres (124), municipal ones told apart, specialities where stated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from graph.identifiers import fold
from graph.model import StructureClaim
from graph.store.port import LoadBatch
from loaders import finess
from loaders.base import LoadContext, SourceSpec
from loaders.kind_sources.narrow import read_narrowed

KINDS = frozenset({"CMS", "CDS"})

SPECIALITIES = (
    ("centre_dentaire", re.compile(r"\b(dent\w*|odonto\w*|cds dentaire|bucco)\b")),
    ("centre_ophtalmologique", re.compile(r"\b(ophtal\w*|oculaire|vision|yeux|oeil)\b")),
    ("centre_infirmier", re.compile(r"\b(infirm\w*|csi|soins inf)\b")),
    (
        "centre_polyvalent",
        re.compile(r"\b(polyvalent\w*|pluridisciplinaire|plurisdisciplinaire)\b"),
    ),
    ("centre_medical", re.compile(r"\b(medical\w*|medico\w*|medecine)\b")),
)
"""Speciality that the name states, the most particular first; several can hold."""


def specialities(*names: str | None) -> tuple[str, ...]:
    """Return the specialities that a centre's names state; empty where they state none."""
    words = fold(" ".join(name for name in names if name))
    return tuple(speciality for speciality, pattern in SPECIALITIES if pattern.search(words))


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:
    """Read the health centres of FINESS files of any layout.

    Raises
    ------
    InputError
        A file that is not FINESS, or holds no health centre.
    """
    return read_narrowed("cms", paths, context, _centre)


def _centre(claim: StructureClaim) -> StructureClaim | None:
    if claim.kind not in KINDS or claim.level != "ET":
        return None
    stated = specialities(claim.name, *claim.other_names)
    activities = tuple(dict.fromkeys((*claim.activities, *stated)))
    return msgspec.structs.replace(claim, activities=activities)


SPEC = SourceSpec(
    id="cms",
    family="finess",
    read=read,
    by_departement=True,
    extensions=finess.SPEC.extensions,
    publisher=finess.SPEC.publisher,
    licence=finess.SPEC.licence,
    address=finess.SPEC.address,
)
