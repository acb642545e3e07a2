"""The formats that a view can be exported to, one line each.

A new format is a writer that turns a request into bytes, a line here, and its texts
``export.format.<extension>`` in the catalogues. Writers are imported when they are called: some
need geopandas or XlsxWriter, and the command line starts without them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from graph.errors import UsageError
from graph.messages import text

if TYPE_CHECKING:
    from explorer.services.exporting import Request

Writer = Callable[["Request"], bytes]


class Format(NamedTuple):
    """A format: its extension, its MIME type, the first word of its file names, its writer.

    `drawn` tells the formats of figures and packs, whose names follow what is drawn.
    """

    extension: str
    mime: str
    figure: str
    write: Writer
    drawn: bool = False

    def title(self, language: str) -> str:
        """Return what people call it."""
        return text(f"export.format.{self.extension}.title", language)

    def holds(self, language: str) -> str:
        """Return what such a file holds and what reads it, in a sentence."""
        return text(f"export.format.{self.extension}.holds", language)


def _png(request: Request) -> bytes:
    from explorer.services.drawn import drawn_file

    return drawn_file(request, "png")


def _svg(request: Request) -> bytes:
    from explorer.services.drawn import drawn_file

    return drawn_file(request, "svg")


def _pdf(request: Request) -> bytes:
    from explorer.services.drawn import drawn_file

    return drawn_file(request, "pdf")


def _pptx(request: Request) -> bytes:
    from explorer.services.drawn import drawn_file

    return drawn_file(request, "pptx")


def _html(request: Request) -> bytes:
    from explorer.exports.page import write_html

    return write_html(request.material)


def _graphml(request: Request) -> bytes:
    from explorer.exports.graphs import write_graphml

    return write_graphml(request.material)


def _gexf(request: Request) -> bytes:
    from explorer.exports.gexf import write_gexf

    return write_gexf(request.material)


def _geojson(request: Request) -> bytes:
    from explorer.exports.geo import write_geojson

    return write_geojson(request.material)


def _gpkg(request: Request) -> bytes:
    from explorer.exports.geopackage import write_gpkg

    return write_gpkg(request.material)


def _xlsx(request: Request) -> bytes:
    from explorer.exports.workbook import write_xlsx

    return write_xlsx(request.material)


def _csv(request: Request) -> bytes:
    from explorer.exports.delimited import write_csv

    return write_csv(request.material)


def _ics(request: Request) -> bytes:
    from explorer.exports.calendar import write_ics

    return write_ics(request.material)


FORMATS = (
    Format("png", "image/png", "reseau", _png, drawn=True),
    Format("svg", "image/svg+xml", "reseau", _svg, drawn=True),
    Format("pdf", "application/pdf", "reseau", _pdf, drawn=True),
    Format(
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "reseau",
        _pptx,
        drawn=True,
    ),
    Format("html", "text/html", "reseau", _html),
    Format("graphml", "application/graphml+xml", "reseau", _graphml),
    Format("gexf", "application/gexf+xml", "reseau", _gexf),
    Format("geojson", "application/geo+json", "reseau", _geojson),
    Format("gpkg", "application/geopackage+sqlite3", "reseau", _gpkg),
    Format(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "reseau",
        _xlsx,
    ),
    Format("csv", "text/csv", "reseau", _csv),
    Format("ics", "text/calendar", "echeances", _ics),
)


def format_of(extension: str) -> Format:
    """Return the format of an extension, with or without its dot, in any case.

    Raises
    ------
    UsageError
        There is none.
    """
    wanted = extension.removeprefix(".").casefold()
    for item in FORMATS:
        if item.extension == wanted:
            return item
    allowed = ", ".join(item.extension for item in FORMATS)
    raise UsageError("export.unknown_format", value=extension, allowed=allowed)
