"""The canvas's modules as one classic script: a page opened from a disk may import no module.

Each module becomes a function that returns what it exports, in the order of imports. Only the
forms that the canvas uses are known; anything else is an error here, not a blank page there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

ENTRY = "page.js"
VIS = "templates/lib/vis-9.1.2/vis-network.min.js"

_IMPORT = re.compile(
    r'^import\s+(?:(?:\{(?P<names>[^}]*)\}|\*\s+as\s+(?P<whole>\w+))\s+from\s+)?"\./(?P<path>[^"]+)";',
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export\s+(?=(?:async\s+)?(?:function\*?|class|const|let)\s+(?P<name>[\w$]+))", re.MULTILINE
)
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b.*$|\bimport\s*\(", re.MULTILINE)
_COMMENT = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@cache
def canvas_script() -> str:
    """Return the canvas and the page's own code as one script."""
    own = files("explorer.exports").joinpath(ENTRY).read_text(encoding="utf-8")
    assets = files("explorer.canvas").joinpath("assets")

    def read(name: str) -> str:
        return own if name == ENTRY else assets.joinpath(name).read_text(encoding="utf-8")

    return inline(bundled(ENTRY, read))


@cache
def vis_script() -> str:
    """Return vis-network as pyvis ships it, its licence included."""
    script = files("pyvis").joinpath(VIS).read_text(encoding="utf-8")
    return inline(_COMMENT.sub("", script))


def inline(script: str) -> str:
    """Return `script` so that no text in it ends, or hides the end of, its element."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("\r\n", "\n")


def bundled(entry: str, read: Callable[[str], str]) -> str:
    """Return the module `entry` and all that it imports as one script.

    Parameters
    ----------
    entry : str
        Name of a module; it exports nothing that is used.
    read : callable
        Gives the text of a module by name.

    Raises
    ------
    ValueError
        A module imports or exports in a form that is not known, or modules import in a circle.
    """
    done: dict[str, str] = {}
    _add(entry, read, done, ())
    return '"use strict";\n' + "\n".join(done.values())


def _add(
    name: str, read: Callable[[str], str], done: dict[str, str], above: tuple[str, ...]
) -> None:
    if name in above:
        message = f"modules import in a circle: {' > '.join((*above, name))}"
        raise ValueError(message)
    if name in done:
        return
    text = read(name)
    for found in _IMPORT.finditer(text):
        if not _is_vis(found["path"]):
            _add(found["path"], read, done, (*above, name))
    done[name] = _wrapped(name, text)


def _is_vis(path: str) -> bool:
    """Tell whether it is vis-network, which sets ``globalThis.vis`` from a script of its own."""
    return path.startswith("vis-network")


def _wrapped(name: str, text: str) -> str:
    exported = [found["name"] for found in _EXPORT.finditer(text)]
    body = _EXPORT.sub("", _IMPORT.sub(_constants, text))
    if left := _LEFT_OVER.search(body):
        message = f"{name}: not a form of import or export that is known: {left[0].strip()}"
        raise ValueError(message)
    return (
        f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"
    )


def _constants(found: re.Match[str]) -> str:
    if _is_vis(found["path"]):
        return ""
    module = _variable(found["path"])
    if found["whole"]:
        return f"const {found['whole']} = {module};"
    if found["names"] is None:
        return ""
    names = " ".join(found["names"].split()).replace(" as ", ": ")
    return f"const {{ {names} }} = {module};"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
