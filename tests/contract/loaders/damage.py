"""What happens to files on their way: each damage is a name and the bytes that it leaves."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DELIMITERS = ";,\t|"
WORKBOOK = b"PK\x03\x04"
TITLE = "Fichier d’essai\n\nÉdité pour la direction\n"


class Damage(NamedTuple):
    """A damaged copy of a file; `column` is the heading that was renamed, where one was."""

    name: str
    content: bytes
    column: str | None = None


class Original:
    """The bytes of a sample's file, and what it is."""

    def __init__(self, path: Path) -> None:
        content = path.read_bytes()
        self.content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        self.workbook = self.content.startswith(WORKBOOK)
        self.json = not self.workbook and self.content.lstrip()[:1] in {b"{", b"["}
        self.table = not self.workbook and not self.json

    @property
    def text(self) -> str:
        """The text of a file that is no workbook."""
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return self.content.decode("cp1252")

    @property
    def delimiter(self) -> str:
        """What parts its cells."""
        return max(DELIMITERS, key=self.text.count)

    @property
    def header(self) -> int:
        """Number of the line of headings: the first that is parted as often as most are."""
        cells = [line.count(self.delimiter) for line in self.text.splitlines()]
        return cells.index(max(cells))

    @property
    def headed(self) -> bool:
        """Whether its columns have names (the classic FINESS files have none)."""
        return self.table and not self.text.startswith("finess;etalab")


def foreign() -> Iterator[Damage]:
    """Files that are something else under the name of the right one."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as stream:
        stream.writestr("lisez-moi.txt", "essai")
    yield Damage("empty", b"")
    yield Damage("blank", b"  \r\n \n\t\n")
    yield Damage("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01")
    yield Damage("picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    yield Damage("archive", archive.getvalue())
    yield Damage("seven-zip", b"7z\xbc\xaf'\x1c\x00\x04")
    yield Damage("web page", b"<!DOCTYPE html>\n<html><body><h1>404 Not Found</h1></body></html>")
    yield Damage("web page without doctype", b'\n <html lang="fr"><body>Erreur</body></html>')
    yield Damage("xml", b'<?xml version="1.0"?><fluxfiness/>')
    yield Damage("error of an API", b'{"error_code": "Dataset not found", "message": "Unknown"}')
    yield Damage("list of numbers", b"[1, 2, 3]")
    yield Damage("word", b'"oops"')
    yield Damage("null", b"null")
    yield Damage("another table", "prénom;âge\nX;3\n".encode())


def broken(original: Original) -> Iterator[Damage]:
    """Transfers that stopped or went wrong: none of them may be read."""
    packed = gzip.compress(original.content, mtime=0)
    yield Damage("gzip cut in the middle", packed[: len(packed) // 2])
    yield Damage("gzip cut at its end", packed[:-6])
    yield Damage("gzip with a wrong byte", packed[:-7] + bytes([packed[-7] ^ 255]) + packed[-6:])
    if original.json or original.workbook:
        for share in (0.1, 0.4, 0.7, 0.97):
            size = int(len(original.content) * share)
            yield Damage(f"cut at {share:.0%}", original.content[:size])
    if not original.workbook:
        text = original.text.encode("utf-16-le")
        yield Damage("UTF-16 without a mark", text)


def harmless(original: Original) -> Iterator[Damage]:
    """The same content written otherwise: read as it was, or refused."""
    yield Damage("gzip", gzip.compress(original.content, mtime=0))
    if original.workbook:
        return
    text = original.text.replace("\r\n", "\n")
    yield Damage("byte order mark", b"\xef\xbb\xbf" + text.encode())
    yield Damage("UTF-16", text.encode("utf-16"))
    yield Damage("Windows line ends", text.replace("\n", "\r\n").encode())
    yield Damage("Windows-1252", text.encode("cp1252", "xmlcharrefreplace"))
    if original.table:
        yield Damage("titles above the header", (TITLE + text).encode())
        yield Damage("blank lines", text.replace("\n", "\n\n").encode())
    if original.headed:
        lines = text.splitlines()
        lines[original.header] = lines[original.header].upper()
        yield Damage("header in capitals", ("\n".join(lines) + "\n").encode())


def without_rows(original: Original) -> Iterator[Damage]:
    """An empty month: headings and nothing below."""
    if original.table:
        lines = original.text.splitlines()[: original.header + 1 if original.headed else 1]
        yield Damage("headings only", ("\n".join(lines) + "\n").encode())
    if original.json:
        document = json.loads(original.text)
        emptied = {k: [] if isinstance(v, list) else v for k, v in _items(document)}
        yield Damage("empty lists", json.dumps(emptied or []).encode())


def _items(document: object) -> list[tuple[str, object]]:
    return list(document.items()) if isinstance(document, dict) else []


def altered(original: Original) -> Iterator[Damage]:
    """Columns renamed one by one, cells too many or too few: what is lost must be said."""
    if not original.table:
        return
    lines, mark = original.text.splitlines(), original.delimiter
    if original.headed:
        names = lines[original.header].split(mark)
        for place, name in enumerate(names):
            renamed = mark.join([*names[:place], f"zzz{place}", *names[place + 1 :]])
            changed = [*lines[: original.header], renamed, *lines[original.header + 1 :]]
            yield Damage(f"{name} renamed", ("\n".join(changed) + "\n").encode(), name)
    row = next(k for k in range(original.header, len(lines)) if _states(original, lines, k))
    more = [*lines[:row], lines[row].replace(mark, f"{mark}X{mark}", 1), *lines[row + 1 :]]
    fewer = [*lines[:row], mark.join(lines[row].split(mark)[:2]), *lines[row + 1 :]]
    yield Damage("a cell too many", ("\n".join(more) + "\n").encode())
    yield Damage("cells too few", ("\n".join(fewer) + "\n").encode())


def _states(original: Original, lines: list[str], number: int) -> bool:
    """Tell whether a line is a row: not the headings, nor units below them."""
    heading = original.headed and number == original.header
    return not heading and bool(lines[number].split(original.delimiter)[0].strip())
