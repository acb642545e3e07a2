"""The command line: an interface that scripts depend on (DESIGN.md section 8)."""

from explorer.cli.main import main

__all__ = ["main"]
