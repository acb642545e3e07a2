"""Figures as files of an export: what was asked of the command, as a question and a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from explorer.exports.options import Options
from explorer.services.figure_question import FigureQuestion
from explorer.services.figures import render_figure

if TYPE_CHECKING:
    from explorer.services.exporting import Request


def write_figure(request: Request, form: str) -> bytes:
    """Return the figure that `request` asks for, as a file of the format `form`.

    Raises
    ------
    UsageError, InputError
        As :func:`explorer.services.figures.draw_figure`.
    """
    spec = msgspec.structs.replace(
        request.options.figure, title=request.title, language=request.language, format=form
    )
    asked = FigureQuestion(selection=request.selection, behind=request.behind)
    question = msgspec.structs.replace(asked, **_about(request.options))
    return render_figure(request.store, question, spec)


def _about(options: Options) -> dict[str, str]:
    """Return what ``--of`` and ``--level`` say: their meaning depends on the figure."""
    fields = {
        "couverture": "measure",
        "classement": "metric",
        "portrait": "territory",
        "fiche": "structure",
    }
    asked: dict[str, str] = {}
    if options.of is not None and (field := fields.get(options.figure.kind)):
        asked[field] = options.of
    level = options.level
    if level is None and options.figure.kind == "portrait" and options.of and ":" in options.of:
        level = options.of.partition(":")[0]
    return asked | ({"level": level} if level else {})
