"""The directorate's own register of conventions: CSV, XLSX, XLS or ODS, with headings of its own.

What a page or a command needs is here: :data:`SPEC` (the loader), :func:`write_template`,
:func:`preview` with :class:`Profile` (mapping headings once and keeping it).
"""

from __future__ import annotations

from loaders.base import SourceSpec
from loaders.conventions.preview import Preview, preview
from loaders.conventions.profile import (
    Profile,
    fitting_profiles,
    list_profiles,
    load_profile,
    save_profile,
)
from loaders.conventions.register import read_register
from loaders.conventions.template import write_template

SPEC = SourceSpec(
    id="conventions",
    family="register",
    read=read_register,
    extensions=(".xlsx", ".ods", ".xls", ".xlsb", ".csv", ".txt"),
    guarded=True,
)

__all__ = [
    "SPEC",
    "Preview",
    "Profile",
    "fitting_profiles",
    "list_profiles",
    "load_profile",
    "preview",
    "read_register",
    "save_profile",
    "write_template",
]
