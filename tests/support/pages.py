"""The pages of the documentation, and what tests read in them: tables, blocks, links."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = (
    *(CHECKOUT / name for name in ("README.md", "CHANGELOG.md", "data/README.md")),
    *sorted((CHECKOUT / "docs").glob("*.md")),
)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def page(name: str) -> str:
    """Return the text of a page, by its path in the checkout."""
    return plain((CHECKOUT / name).read_text(encoding="utf-8"))


def everything() -> str:
    """Return the text of all pages."""
    return "\n".join(plain(path.read_text(encoding="utf-8")) for path in PAGES)


def plain(text: str) -> str:
    """Return `text` with ordinary spaces for those that French puts before high punctuation."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def blocks(content: str, *languages: str) -> list[str]:
    """Return the fenced blocks in one of `languages`; an empty one is a block that names none."""
    return [body for language, body in _FENCE.findall(content) if language in languages]


def rows_of(content: str, heading: str) -> list[list[str]]:
    """Return the rows of the first table whose first heading is `heading`."""
    lines = content.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def links(content: str) -> list[str]:
    """Return the targets of links and images."""
    return _LINK.findall(_FENCE.sub("", content))


def anchors(content: str) -> set[str]:
    """Return the anchors that GitHub makes of the headings."""
    headings = _HEADING.findall(_FENCE.sub("", content))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
