"""What a reader changes of what the page *Couverture* was asked."""

from __future__ import annotations

from typing import Any

import msgspec

from explorer.ui import session


def choose(**changes: Any) -> None:  # noqa: ANN401 - fields of CoverState
    """Change what the page was asked."""
    session.change(cover=msgspec.structs.replace(session.state().cover, **changes))
