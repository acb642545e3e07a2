"""What LibreOffice and poppler make of a file: as PDF, and as pixels."""

import subprocess
from pathlib import Path

from PIL import Image


def as_pdf(file: Path) -> Path:
    """Convert with LibreOffice Impress, in a profile of its own, beside the file."""
    profile = (file.parent / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    done = subprocess.run(
        [*command, "--outdir", str(file.parent), str(file)],
        capture_output=True,
        timeout=150,
        check=False,
    )
    made = file.with_suffix(".pdf")
    assert made.exists(), done.stderr.decode(errors="replace")
    return made


def pages(pdf: Path, dpi: int = 40) -> list[Image.Image]:
    """Draw each page with poppler."""
    prefix = pdf.with_suffix("")
    command = ["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(prefix)]
    subprocess.run(command, check=True, timeout=100)
    return [Image.open(path) for path in sorted(pdf.parent.glob(f"{prefix.name}-*.png"))]


def inked(page: Image.Image) -> float:
    """Return the share of a page that is not white."""
    counts = page.convert("L").histogram()
    return 1 - sum(counts[250:]) / sum(counts)
