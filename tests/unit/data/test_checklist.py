"""The checklist and the reference rows hold together, and nothing of the articles is missed."""

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
REFERENCE = CHECKOUT / "data" / "reference"
ARTICLES = ("000", "001", "002", "003", "004")
NATURES = {"entity", "cooperation", "figure", "date"}
HASHED = "sha256:"

HEADERS = {
    "sources": "id family publisher title date licence url vintage note",
    "structures": (
        "id name other_names kind level commune covers unnamed_note note source locator"
    ),
    "values": "id field value source locator status note",
    "memberships": "member group role since until note source locator",
    "cooperations": (
        "id title type object themes filiere pathway territory parent replaces signed effective"
        " end attested stage sites sites_stated confidentiality note source locator"
    ),
    "parties": "cooperation structure role level note source locator",
    "facts": "subject topic value unit qualifier modality date source locator note",
    "checklist": "article item nature row left_out_reason quote_key",
}
KEYS = {
    "sources": ("id",),
    "structures": ("id",),
    "values": ("id", "field"),
    "memberships": ("member", "group"),
    "cooperations": ("id",),
    "parties": ("cooperation", "structure"),
    "facts": ("subject", "topic"),
}

# Words that merely open a sentence or a heading in the five texts.
OPENERS = frozenset(
    re.findall(
        r"\w+",
        "A Afin Ainsi Au C Ce Celles Ces Cet Cette D Dans De Depuis Des Elle Elles En Enfin Il L La"
        " Le Les Lire Marquant Mieux Plus Pour Renforcer Son Source Sur Une",
    )
)
_NUMBER_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|vingt|trente|quarante|cinquante"
    "|(?:diz|vingt|cinquant|cent)aine|premi(?:er|ère)s?"
)
_CALENDAR = (
    "hier|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|mai"
    "|juin|juillet|août|septembre|octobre|novembre|décembre"
)
TOKEN = re.compile(rf"\d+|\b(?:{_NUMBER_WORDS}|{_CALENDAR})\b|(?<=l')été\b|\b[A-ZÀ-ÖØ-Þ][\wÀ-ÿ]*")


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def row_refs(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for row in rows(name):
        yield f"{name}:{'/'.join(row[field] for field in KEYS[name])}", row


def fingerprint(word: str) -> str:
    return HASHED + hashlib.sha256(word.casefold().encode()).hexdigest()[:16]


def plain(text: str) -> str:
    return re.sub(r"[^\S\n]", " ", text).replace("’", "'")


def spans(key: str, text: str) -> list[tuple[int, int]]:
    """Find `key` in `text`; a number is never found inside a longer number."""
    before = r"(?<!\d)" if key[0].isdigit() else ""
    after = r"(?!\d)" if key[-1].isdigit() else ""
    return [match.span() for match in re.finditer(before + re.escape(key) + after, text)]


def unaccounted(text: str, keys: list[str]) -> list[str]:
    """Return the numbers, dates and capitalised words of `text` that no key covers."""
    text = plain(text)
    covered = {
        place
        for key in keys
        if not key.startswith(HASHED)
        for start, end in spans(plain(key), text)
        for place in range(start, end)
    }
    return [
        match[0]
        for match in TOKEN.finditer(text)
        if match[0] not in OPENERS
        and fingerprint(match[0]) not in keys
        and not covered.issuperset(range(*match.span()))
    ]


def keys_of(article: str) -> list[str]:
    lines = [row for row in rows("checklist") if row["article"] == article]
    return [key for row in lines for key in row["quote_key"].split("|") if key]


def seed(folder: Path, article: str) -> str:
    (path,) = (folder.parent / "seeds").glob(f"{article}_*.txt")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HEADERS)
def test_file_is_sorted_utf8_with_lf_and_the_stated_columns(name: str) -> None:
    data = (REFERENCE / f"{name}.csv").read_bytes()
    table = list(csv.reader(data.decode("utf-8").splitlines()))
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert table[0] == HEADERS[name].split()
    assert table[1:] == sorted(table[1:])
    assert len({tuple(row) for row in table}) == len(table)


@pytest.mark.parametrize("name", sorted(KEYS.keys() - {"sources"}))
def test_every_row_has_a_known_source_and_a_locator(name: str) -> None:
    known = {row["id"] for row in rows("sources")}
    for row in rows(name):
        assert row["source"] in known, row
        assert row["locator"], row


def test_checklist_lines_name_existing_rows_or_say_why_they_are_left_out() -> None:
    known = {ref for name in KEYS for ref, _ in row_refs(name)}
    for line in rows("checklist"):
        refs = [ref for ref in line["row"].split("|") if ref]
        assert set(refs) <= known, line
        assert bool(refs) != bool(line["left_out_reason"]), line
        assert line["article"] in ARTICLES, line
        assert line["nature"] in NATURES, line


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_row_that_an_article_states_is_on_its_checklist(name: str) -> None:
    listed = {
        (line["article"], ref) for line in rows("checklist") for ref in line["row"].split("|")
    }
    for ref, row in row_refs(name):
        source = row.get("source", row.get("id", ""))
        if source.startswith("seed-"):
            assert (source.removeprefix("seed-"), ref) in listed


def test_the_scan_sees_what_is_not_accounted_for() -> None:
    text = "Le CHIC a signé hier avec 12 EHPAD, en juin 2021, à l’été 1 200 fois ; Dupont aussi."
    keys = ["CHIC", "12", "juin 2021", fingerprint("Dupont")]
    assert unaccounted(text, keys) == ["hier", "EHPAD", "été", "1", "200"]
    assert unaccounted("120 lits", ["12"]) == ["120"]


@pytest.mark.realdata
@pytest.mark.parametrize("article", ARTICLES)
def test_every_name_number_and_date_of_the_text_is_accounted_for(
    article: str, shared_data: Path
) -> None:
    assert unaccounted(seed(shared_data, article), keys_of(article)) == []


@pytest.mark.realdata
@pytest.mark.parametrize("article", ARTICLES)
def test_every_quoted_key_stands_in_the_text(article: str, shared_data: Path) -> None:
    text = plain(seed(shared_data, article))
    words = {fingerprint(match[0]) for match in TOKEN.finditer(text)}
    for key in keys_of(article):
        assert key in words if key.startswith(HASHED) else spans(plain(key), text), key


@pytest.mark.realdata
@pytest.mark.parametrize("name", sorted(KEYS.keys() - {"sources"}))
def test_locators_point_at_existing_paragraphs(name: str, shared_data: Path) -> None:
    for row in rows(name):
        if not row["source"].startswith("seed-"):
            continue
        text = seed(shared_data, row["source"].removeprefix("seed-"))
        paragraphs = [line for line in text.splitlines() if line.strip()]
        for place in row["locator"].split(", "):
            match = re.fullmatch(r"§(\d+) phrases? (\d+)(?: (?:à|et) (\d+))?", place)
            assert match, row
            assert int(match[1]) <= len(paragraphs), row
            sentences = re.split(r"(?<=[.!?;])\s+(?=[A-ZÀ-Ý0-9])", paragraphs[int(match[1]) - 1])
            assert int(match[3] or match[2]) <= len(sentences), (row, len(sentences))


@pytest.mark.realdata
@pytest.mark.parametrize("article", ARTICLES)
def test_no_sentence_of_an_article_is_copied(article: str, shared_data: Path) -> None:
    length = 9
    words = re.findall(r"[\wÀ-ÿ]+", seed(shared_data, article).casefold())
    runs = {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
    for name in KEYS.keys() - {"sources"}:
        for row in rows(name):
            for field in ("object", "note", "unnamed_note", "value", "item"):
                own = re.findall(r"[\wÀ-ÿ]+", row.get(field, "").casefold())
                copied = [own[at : at + length] for at in range(len(own) - length + 1)]
                assert not runs & {tuple(run) for run in copied}, (name, field, row)


def test_no_person_named_by_an_article_stands_in_any_file() -> None:
    people = {
        key
        for line in rows("checklist")
        for key in line["quote_key"].split("|")
        if key.startswith(HASHED)
    }
    assert len(people) >= 10
    for path in REFERENCE.glob("*.csv"):
        found = {fingerprint(word) for word in re.findall(r"[\wÀ-ÿ]+", path.read_text("utf-8"))}
        assert not found & people, path.name
