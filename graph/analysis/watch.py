"""Long computations say how far they are, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graph.errors import MaillageError


class Stopped(MaillageError):  # noqa: N818 - nothing failed: someone asked
    """The computation was stopped on request; nothing was kept of it."""


@dataclass(frozen=True)
class Watch:
    """Who looks on while a measure is computed.

    Parameters
    ----------
    progress : callable, optional
        Called with the stage (a metric's id), the parts done and the parts in all.
    stop : callable, optional
        Asked between two parts; once it returns true, :class:`Stopped` is raised.
    """

    progress: Callable[[str, int, int], None] | None = None
    stop: Callable[[], bool] | None = None

    def step(self, stage: str, done: int = 0, total: int = 1) -> None:
        """Say how far `stage` is, and stop if asked to.

        Raises
        ------
        Stopped
            The computation is no longer wanted.
        """
        if self.stop is not None and self.stop():
            raise Stopped("analysis.stopped")
        if self.progress is not None:
            self.progress(stage, done, total)


SILENT = Watch()
