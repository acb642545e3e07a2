"""What can be wrong with a cell: a code of the catalogue, where, and what was allowed."""

from __future__ import annotations


class CellError(Exception):
    """A cell that cannot be read. `code` is ``rejection.<code>`` in the catalogues.

    `field` and `value` are filled in by who knows them; the value shown is left out where it may
    hold a person's data.
    """

    def __init__(
        self, code: str, *, field: str | None = None, value: str | None = None, **params: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.value = value
        self.params: dict[str, object] = params
