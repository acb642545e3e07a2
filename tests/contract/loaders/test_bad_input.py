"""Every layout of every loader against what happens to files: refused, or read and said.

A damaged file is refused with a message that names it, or gives what the sound file gives; where
it gives anything else, the report has a reason that the sound file's has not. Nothing is lost or
changed in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.services.loading import read_batch, run_load
from graph.errors import InputError, MaillageError, UsageError
from graph.messages import LANGUAGES
from graph.model import AnyClaim
from graph.store.open import open_store
from graph.store.port import GraphStore, LoadBatch
from loaders.registry import loader
from tests.contract.loaders import damage
from tests.contract.loaders.damage import Damage, Original
from tests.contract.loaders.samples import SAMPLES
from tests.contract.loaders.subject import Sample

LAYOUTS = [(name, make) for name, make in SAMPLES if name not in {"reference", "territoires"}]
"""Layouts of files that people bring: all but what the program ships."""

SERVE_FOR_ONE_ANOTHER = {("ensembles", "code_ensemble"), ("ensembles", "nom_ensemble")}
"""Columns of which one is enough: the name of a set makes its code, and the code its name."""

YEAR_BEFORE: dict[str, tuple[str, str]] = {
    "finess": ("2026-05-12", "2025-05-12"),
    "finess_feed": ("2026-08-13", "2025-08-13"),
    "ght_list": ("2024", "2019"),
    "ght_feed": ("2026-08-13", "2025-08-13"),
    "cpts_list": ("012026", "012025"),
    "cpts_finess": ("2026-05-12", "2025-05-12"),
    "cms": ("2026-05-12", "2025-05-12"),
    "ehpad": ("2026-05-12", "2025-05-12"),
    "ehpad_prices": ("202302", "202202"),
    "cliniques": ("2026-05-12", "2025-05-12"),
    "activites": ("2026-08-18", "2025-08-18"),
    "sae": (";2023;", ";2022;"),
    "apl": ("2023", "2022"),
}
"""What dates a sample, in its text or in the name of its file, and the same of a year before."""
DATED_BY_OPTION = {"cpts_layer", "ehpad_directory"}
"""Layouts that nothing dates but who loads them."""
WITHOUT_ORDER = {"population", "sets", "conventions"}
"""Each file of these is a source of its own, or always the state of the day."""


class Layout:
    """A sample of a loader, what it gives, and damaged copies of its files."""

    def __init__(self, name: str, make: Callable[[Path], Sample], folder: Path) -> None:
        self.name, self.folder = name, folder
        self.spec, self.sample = loader(name), make(folder)
        self.sound = self.read(self.sample.paths)

    def read(self, paths: Any, **changes: Any) -> LoadBatch:
        """Read as the services do."""
        context = msgspec.structs.replace(self.sample.context, **changes)
        return read_batch(self.spec, list(paths), context)

    def with_damage(self, file: Path, change: Damage) -> tuple[list[Path], Path]:
        """Return the sample's paths with `file` damaged, and where the damaged copy is."""
        copy = self.folder / "damaged" / file.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(change.content)
        return [copy if path == file else path for path in self.sample.paths], copy

    def refusal(self, paths: list[Path]) -> MaillageError | None:
        """Return the error of a load, None if it was read."""
        try:
            self.read(paths)
        except MaillageError as error:
            return error
        return None


@pytest.fixture(scope="module", params=LAYOUTS, ids=lambda item: item[1].__name__)
def layout(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Layout:
    name, make = request.param
    return Layout(name, make, tmp_path_factory.mktemp(make.__name__))


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(f"sqlite:///{tmp_path / 'own.db'}")
    yield opened
    opened.close()


def stated(batch: LoadBatch) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return what claims state, without where they stand in their file."""

    def plain(claim: AnyClaim) -> dict[str, Any]:
        values: dict[str, Any] = msgspec.to_builtins(claim, builtin_types=(bytes,))
        return {key: value for key, value in values.items() if key != "locator"}

    return {(type(c).__name__, c.id, c.source): plain(c) for c in batch.claims}


def reasons(batch: LoadBatch) -> Counter[tuple[str, str | None, str]]:
    items = [*batch.report.rejections, *batch.report.warnings]
    return Counter((item.code, item.value, str(sorted(item.params.items()))) for item in items)


def explained(batch: LoadBatch, sound: LoadBatch) -> bool:
    """Tell whether a batch states the same, or its report has reasons of its own."""
    return stated(batch) == stated(sound) or bool(reasons(batch) - reasons(sound))


def check_message(error: MaillageError, file: str) -> None:
    for language in LANGUAGES:
        message = error.message(language)
        assert file in message, f"{error.code} does not name the file: {message}"
        assert "{" not in message.replace('{"', "").replace("{{", ""), message
        assert not message.endswith(".."), message
        assert "—" not in message, f"{error.code} has a hole: {message}"


def files(layout: Layout) -> list[tuple[Path, Original]]:
    return [(path, Original(path)) for path in layout.sample.paths]


def test_what_is_something_else_is_refused(layout: Layout) -> None:
    for file, _ in files(layout):
        for change in damage.foreign():
            paths, copy = layout.with_damage(file, change)
            error = layout.refusal(paths)
            assert error is not None, f"{change.name} was read"
            check_message(error, copy.name)


def test_what_is_missing_or_a_folder_is_refused(layout: Layout) -> None:
    for path in (layout.folder / "nulle-part.csv", layout.folder):
        error = layout.refusal([path])
        assert isinstance(error, InputError)
        check_message(error, path.name)


def test_a_broken_transfer_is_refused(layout: Layout) -> None:
    for file, original in files(layout):
        for change in damage.broken(original):
            paths, copy = layout.with_damage(file, change)
            error = layout.refusal(paths)
            assert error is not None, f"{change.name} was read"
            check_message(error, copy.name)


def test_the_same_content_written_otherwise_is_the_same_or_refused(layout: Layout) -> None:
    for file, original in files(layout):
        for change in damage.harmless(original):
            paths, copy = layout.with_damage(file, change)
            error = layout.refusal(paths)
            if error is not None:
                check_message(error, copy.name)
                continue
            assert explained(layout.read(paths), layout.sound), change.name


def test_renamed_columns_and_ragged_rows_are_said(layout: Layout) -> None:
    for file, original in files(layout):
        for change in damage.altered(original):
            if (layout.name, change.column) in SERVE_FOR_ONE_ANOTHER:
                continue
            paths, copy = layout.with_damage(file, change)
            error = layout.refusal(paths)
            if error is not None:
                check_message(error, copy.name)
                continue
            assert explained(layout.read(paths), layout.sound), f"{change.name}: not a word"


def test_an_empty_month_is_refused_and_removes_nothing(layout: Layout, store: GraphStore) -> None:
    context = msgspec.structs.replace(layout.sample.context, store=store)
    store.apply(layout.sound)
    before = store.revision()
    emptied = [
        layout.with_damage(file, change)[1]
        for file, original in files(layout)
        for change in damage.without_rows(original)
    ]
    if emptied:
        with pytest.raises(InputError) as caught:
            run_load(store, layout.name, emptied, context=context)
        check_message(caught.value, emptied[0].name)
    assert store.revision() == before


def test_every_layout_says_how_it_is_dated() -> None:
    known = {*YEAR_BEFORE, *DATED_BY_OPTION, *WITHOUT_ORDER}
    assert known == {make.__name__ for _, make in LAYOUTS}


def test_an_older_file_after_a_newer_one_is_said(layout: Layout, store: GraphStore) -> None:
    make = layout.folder.name.rstrip("0123456789")
    if make in WITHOUT_ORDER:
        return
    newer, older = layout.sample.paths, layout.sample.paths
    options = [dict(layout.sample.context.options)] * 2
    if make in DATED_BY_OPTION:
        options = [{"vintage": "2026"}, {"vintage": "2025"}]
    else:
        older = tuple(_a_year_before(path, *YEAR_BEFORE[make]) for path in newer)
    store.apply(layout.read(newer, store=store, options=options[0]))
    sound = layout.read(newer, store=store, options=options[0])
    assert not [code for code, *_ in reasons(sound) if code.split(".")[1] == "older"]
    said = [code for code, *_ in reasons(layout.read(older, store=store, options=options[1]))]
    assert [code for code in said if code.split(".")[1] == "older"]


def _a_year_before(path: Path, date: str, other: str) -> Path:
    """Return a copy of a file that says that it is of the year before."""
    copy = path.parent / "before" / path.name.replace(date, other)
    copy.parent.mkdir(exist_ok=True)
    original = Original(path)
    content = path.read_bytes()
    if not original.workbook:
        content = original.text.replace(date, other).encode()
    copy.write_bytes(content)
    return copy


def test_a_file_of_another_departement_is_refused(layout: Layout) -> None:
    if not loader(layout.name).by_departement:
        with pytest.raises(UsageError) as refused:
            layout.read(layout.sample.paths, departements=("2A",))
        assert refused.value.code == "not_by_departement"
        return
    with pytest.raises(InputError) as caught:
        layout.read(layout.sample.paths, departements=("2A",))
    check_message(caught.value, layout.sample.paths[0].name)


def test_an_unknown_departement_is_a_usage_error(layout: Layout) -> None:
    with pytest.raises(UsageError, match="ZZ" if loader(layout.name).by_departement else "finess"):
        layout.read(layout.sample.paths, departements=("ZZ",))


@pytest.mark.parametrize("name", ["web page", "another table", "gzip cut in the middle"])
def test_the_command_says_it_and_leaves_the_store(
    layout: Layout, name: str, tmp_path: Path
) -> None:
    """Exit code 2 or 3, nothing on standard output, one message, the store as it was."""
    file, original = files(layout)[0]
    known = {item.name: item for item in (*damage.foreign(), *damage.broken(original))}
    paths, copy = layout.with_damage(file, known[name])
    url = f"sqlite:///{tmp_path / 'own.db'}"
    result = CliRunner().invoke(
        main, ["--store", url, "load", layout.name, *map(str, paths), "--json"]
    )
    assert result.exit_code in {2, 3}, result.output
    assert result.stdout == ""
    assert copy.name in result.stderr
    assert "Traceback" not in result.stderr
    opened = open_store(url)
    assert opened.loads() == []
    opened.close()


def test_a_loader_that_loses_a_column_in_silence_is_found(tmp_path: Path) -> None:
    """The check itself: a column that vanishes without a word must not pass."""
    name, make = next(item for item in LAYOUTS if item[0] == "population")
    sound = Layout(name, make, tmp_path).sound
    lost = [msgspec.structs.replace(claim, population_75=None) for claim in sound.claims]  # type: ignore[type-var]
    assert explained(sound, sound)
    assert not explained(msgspec.structs.replace(sound, claims=lost), sound)
