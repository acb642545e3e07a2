"""What has to be said beside the data of any file: date, filters, sources, and what is left out."""

from __future__ import annotations

from explorer.exports.material import Material
from explorer.services.coverage_words import caveats
from graph.messages import text


def notes(material: Material) -> tuple[str, ...]:
    """Return the sentences that go with a file, without its title."""
    caption, language = material.view.caption, material.language
    said = [caption.date]
    if caption.filters:
        said.append(text("export.note.filters", language, filters=" ; ".join(caption.filters)))
    if caption.sources:
        said.append(text("export.note.sources", language, sources=" ; ".join(caption.sources)))
    said.append(text("export.note.positions", language))
    if not material.options.persons:
        said.append(text("export.note.persons_left_out", language))
    said += caveats(material.coverage, language) if material.coverage else ()
    return (*said, *remarks(material))


def remarks(material: Material) -> tuple[str, ...]:
    """Return what whoever gets the file must know: what is not in it, and who may not get it."""
    language, said = material.language, []
    unplaced = sum(key not in material.places for key in material.ids)
    if unplaced:
        said.append(text("export.note.unplaced", language, n=unplaced))
    if material.left_out:
        said.append(text("export.note.restricted", language, n=material.left_out))
    if material.options.persons:
        said.append(text("export.note.persons_kept", language))
    return tuple(said)
