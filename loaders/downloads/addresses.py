"""The official files and their addresses: change an address here, nowhere else.

An asset is one official file. Several loaders may read the same one (the FINESS feed), which is
then downloaded once. Three ways lead to a file: the newest of a data.gouv dataset whose name fits,
fixed addresses tried in order, or by hand where no lasting address is known.
"""

from __future__ import annotations

from typing import Literal

from graph.model import Record

Form = Literal["gzip", "xlsx", "7z", "json", "csv"]

_PLATFORM = "https://www.data.gouv.fr"
_DREES = "https://data.drees.solidarites-sante.gouv.fr"
_DREES_DATASETS = f"{_DREES}/api/explore/v2.1/catalog/datasets"
_APL = f"{_DREES_DATASETS}/530_l-accessibilite-potentielle-localisee-apl/attachments"
_APL_UNTIL_2025 = (
    "indicateur_d_accessibilite_potentielle_localisee_apl_aux_medecins_generalistes_xlsx"
)
_SAE = f"{_DREES_DATASETS}/707_bases-administratives-sae/attachments"
_SANTEGRAPHIE = "https://santegraphie.fr/geoserver/GCS/ows"
_CPTS_LAYER = "service=WFS&version=1.0.0&request=GetFeature&typeName=GCS:AMBU_CPTS"
_LICENCE = "Licence Ouverte 2.0 (Etalab)"


class Asset(Record, frozen=True, kw_only=True):
    """An official file: where it is, what it looks like, who reads it.

    Attributes
    ----------
    id : str
        Its folder in the cache; ``fetch.hand.<id>`` says in words what to take by hand.
    sources : tuple of str
        The loaders that read it.
    page : str
        Where a person finds it.
    dataset : str or None
        Address of the data.gouv description that lists its versions.
    addresses : tuple of str
        Fixed addresses, tried in order; ``{year}`` stands for this year and those before.
    pattern : str
        What its name looks like; the group ``vintage`` dates it.
    name : str or None
        What to call it where its address has no telling name; ``{year}`` as above.
    loadable : bool
        Whether loaders read it as it is (an archive is to be unpacked beside it first).
    suffixes : tuple of str
        Ends of the names of files that a person may put in its folder.
    answer : float
        Seconds that the server may take before it answers: a map layer is made on demand.
    """

    id: str
    sources: tuple[str, ...]
    page: str
    form: Form
    publisher: str
    licence: str | None = None
    dataset: str | None = None
    addresses: tuple[str, ...] = ()
    pattern: str = ".+"
    name: str | None = None
    loadable: bool = True
    suffixes: tuple[str, ...]
    answer: float = 30.0

    @property
    def by_hand(self) -> bool:
        """Whether no lasting address is known."""
        return self.dataset is None and not self.addresses


ASSETS: tuple[Asset, ...] = (
    Asset(
        id="finess-structures",
        sources=("finess", "ght", "cms", "cliniques", "ehpad"),
        page=f"{_PLATFORM}/datasets/finess-structures-1",
        form="gzip",
        publisher="Agence du Numérique en Santé",
        licence=_LICENCE,
        dataset=f"{_PLATFORM}/api/1/datasets/finess-structures-1/",
        # The monthly file: it stays online, so that others can read the same one.
        pattern=r"finess-structures-mensuel-(?P<vintage>\d{6})\.json\.gz",
        suffixes=(".json.gz", ".json", ".gz", ".csv"),
    ),
    Asset(
        id="finess-activites",
        sources=("activites",),
        page=f"{_PLATFORM}/datasets/finess-activites-1",
        form="gzip",
        publisher="Agence du Numérique en Santé",
        licence=_LICENCE,
        dataset=f"{_PLATFORM}/api/1/datasets/finess-activites-1/",
        pattern=r"finess-activites-mensuel-(?P<vintage>\d{6})\.json\.gz",
        suffixes=(".json.gz", ".json", ".gz"),
    ),
    Asset(
        id="cpts-perimetres",
        sources=("cpts",),
        page="https://santegraphie.fr",
        form="json",
        publisher="DGOS (Santégraphie)",
        addresses=(f"{_SANTEGRAPHIE}?{_CPTS_LAYER}&outputFormat=application/json",),
        name="ambu_cpts.geojson",
        suffixes=(".geojson", ".json", ".xlsx", ".csv", ".ods"),
        answer=90.0,
    ),
    Asset(
        id="apl-generalistes",
        sources=("apl",),
        page=f"{_DREES}/explore/dataset/530_l-accessibilite-potentielle-localisee-apl/",
        form="xlsx",
        publisher="DREES",
        licence=_LICENCE,
        addresses=(
            f"{_APL}/indicateur_d_apl_aux_medecins_generalistes_xlsx",
            f"{_APL}/{_APL_UNTIL_2025}",
        ),
        name="apl_medecins_generalistes.xlsx",
        suffixes=(".xlsx", ".xls", ".ods", ".csv"),
    ),
    Asset(
        id="sae",
        sources=("sae",),
        page=f"{_DREES}/explore/dataset/707_bases-administratives-sae/",
        form="7z",
        publisher="DREES",
        licence=_LICENCE,
        addresses=(f"{_SAE}/sae_{{year}}_base_administrative_formats_sas_csv_7z",),
        pattern=r"sae_(?P<vintage>\d{4})_base_administrative\.7z",
        name="sae_{year}_base_administrative.7z",
        loadable=False,
        suffixes=(".csv", ".csv.gz"),
    ),
    Asset(
        id="cnsa-prix-ehpad",
        sources=("ehpad",),
        page=f"{_PLATFORM}/datasets/",
        form="csv",
        publisher="CNSA",
        licence=_LICENCE,
        suffixes=(".csv",),
    ),
    Asset(
        id="insee-population",
        sources=("population",),
        page="https://www.insee.fr",
        form="csv",
        publisher="INSEE",
        licence="Licence Ouverte",
        suffixes=(".csv", ".xlsx", ".xls", ".ods", ".json"),
    ),
)

BUNDLED = ("reference", "territoires")
"""Loaders whose files come with the program."""


def assets_of(source: str) -> tuple[Asset, ...]:
    """Return the files that the loader `source` takes up: those that can be downloaded, if any."""
    found = tuple(asset for asset in ASSETS if source in asset.sources)
    return tuple(asset for asset in found if not asset.by_hand) or found


def others_of(source: str) -> tuple[Asset, ...]:
    """Return what `source` also reads, from a path only: its loads are not to be mixed."""
    taken = {asset.id for asset in assets_of(source)}
    return tuple(asset for asset in ASSETS if source in asset.sources and asset.id not in taken)
