"""Claims of the CNSA directory, one an establishment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from graph.dates import PartialDate
from graph.identifiers import departement_of_finess
from graph.model import StructureClaim
from loaders.base import Reporter
from loaders.kind_sources.ehpad.directory import DIRECTORY_KEY, directory_claim
from loaders.kind_sources.ehpad.directory_table import read_directory
from loaders.kind_sources.ehpad.numbers import finess_of


class DirectoryRows:
    """Claims on the establishments of the directories of one load.

    Parameters
    ----------
    vintage : PartialDate or None
        Month of the files; nothing that they state is dated by it.
    departements : sequence of str
        Those asked for; all if empty.
    reporter : Reporter
        Told of every row.
    """

    def __init__(
        self,
        vintage: PartialDate | None,  # noqa: ARG002 - made as the rows of the price list are
        departements: Sequence[str],
        reporter: Reporter,
    ) -> None:
        self._wanted = frozenset(departements)
        self._reporter = reporter
        self.claims: dict[str, StructureClaim] = {}

    def skip(self, path: Path) -> None:
        """Count the rows of a file, and take none."""
        rows = read_directory(path, self._reporter)
        self._reporter.read(len(rows))
        self._reporter.skip(len(rows))

    def add(self, path: Path) -> None:
        """Take the rows of a file."""
        for where, cells in read_directory(path, self._reporter):
            claim = self._claim(where, cells)
            if claim is None:
                continue
            if claim.id in self.claims:
                self._reporter.report.kept -= 1
                self._reporter.skip()
                self._reporter.warn(where, "kind.twice", field=DIRECTORY_KEY, value=claim.id)
            self.claims[claim.id] = claim

    def _claim(self, where: str, cells: Mapping[str, str]) -> StructureClaim | None:
        reporter = self._reporter
        reporter.read()
        number = finess_of(cells.get(DIRECTORY_KEY, ""))
        if number is None:
            value = cells.get(DIRECTORY_KEY)
            reporter.reject(where, "kind.number", field=DIRECTORY_KEY, value=value)
            return None
        if self._wanted and departement_of_finess(number) not in self._wanted:
            reporter.skip()
            return None
        problems = Reporter()
        claim = directory_claim(number, where, cells, problems)
        if problems.report.rejections:
            first = problems.report.rejections[0]
            reporter.reject(where, first.code, field=first.field, value=first.value, **first.params)
            return None
        reporter.report.warnings.extend(problems.report.warnings)
        reporter.keep()
        return msgspec.structs.replace(claim, part=departement_of_finess(number))
