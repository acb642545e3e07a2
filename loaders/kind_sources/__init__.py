"""Loaders of one kind of partner: health centres, EHPAD, private hospitals.

Each reads any FINESS layout, or lists of its own, told apart by content, and keeps its own kinds
only. Its series is its own, so that loading EHPAD never removes clinics.
"""

from loaders.kind_sources.cliniques import SPEC as CLINIQUES
from loaders.kind_sources.cms import SPEC as CMS
from loaders.kind_sources.ehpad import SPEC as EHPAD

__all__ = ["CLINIQUES", "CMS", "EHPAD"]
