"""Copy the browser code that pyvis ships to where Streamlit serves it.

The files are not kept in the repository: the copy always matches the pinned pyvis.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

ASSET_DIR = Path(__file__).resolve().parent.parent / "explorer" / "canvas" / "assets"
PYVIS_FILES = ("templates/lib/vis-9.1.2/vis-network.min.js",)


def pyvis_folder() -> Path | None:
    """Find pyvis without importing it (its import pulls IPython in).

    Returns
    -------
    Path | None
        The installed package's folder, or None where pyvis is not installed.
    """
    spec = importlib.util.find_spec("pyvis")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def copy_assets(package: Path, target: Path) -> list[Path]:
    """Copy the files of `PYVIS_FILES` into the asset folder.

    Parameters
    ----------
    package : Path
        Folder of the installed pyvis.
    target : Path
        Asset folder, made if it is missing.

    Returns
    -------
    list[Path]
        The copies.

    Raises
    ------
    FileNotFoundError
        If this pyvis has no such file.
    """
    target.mkdir(parents=True, exist_ok=True)
    copies = []
    for name in PYVIS_FILES:
        source = package / name
        if not source.is_file():
            raise FileNotFoundError(source)
        copies.append(Path(shutil.copyfile(source, target / source.name)))
    return copies


def main() -> int:
    """Copy the assets and say so, or say what is missing and what to do."""
    package = pyvis_folder()
    if package is None:
        print("setup_assets: pyvis is not installed; run `make setup`.", file=sys.stderr)
        return 1
    try:
        copies = copy_assets(package, ASSET_DIR)
    except FileNotFoundError as error:
        print(
            f"setup_assets: {error} does not exist; the network canvas needs it. "
            "Install the pyvis pinned in requirements.txt (make clean, then make setup).",
            file=sys.stderr,
        )
        return 1
    for copy in copies:
        print(f"setup_assets: {copy.name}, {copy.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
