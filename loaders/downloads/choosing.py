"""Which file to download: the newest version of a data.gouv dataset, or fixed addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote, urlsplit

import msgspec

from graph.model import Record
from loaders.downloads.addresses import Asset
from loaders.downloads.cache import Checksum

YEARS_BACK = 4
LICENCES = {
    "lov2": "Licence Ouverte 2.0 (Etalab)",
    "fr-lo": "Licence Ouverte 1.0 (Etalab)",
    "odc-odbl": "ODbL 1.0",
    "notspecified": None,
}


class Resource(msgspec.Struct):
    """A file of a data.gouv dataset, as the platform describes it; the rest is not read."""

    url: str
    title: str | None = None
    checksum: Checksum | None = None
    last_modified: str | None = None


class Dataset(msgspec.Struct):
    """A data.gouv dataset, as the platform describes it."""

    resources: list[Resource]
    license: str | None = None


class Remote(Record, frozen=True, kw_only=True):
    """A file to download."""

    address: str
    name: str
    vintage: str | None = None
    licence: str | None = None
    stated: Checksum | None = None


def newest(asset: Asset, dataset: Dataset) -> Remote | None:
    """Return the newest file of `dataset` whose name is that of `asset`; None if none is."""
    named = [
        (found, resource) for resource in dataset.resources if (found := _match(asset, resource))
    ]
    if not named:
        return None
    match, resource = max(
        named,
        key=lambda pair: (pair[0].groupdict().get("vintage", ""), pair[1].last_modified or ""),
    )
    return Remote(
        address=resource.url,
        name=match[0],
        vintage=dated(match),
        licence=LICENCES.get(dataset.license or "", dataset.license) or asset.licence,
        stated=resource.checksum,
    )


def fixed(asset: Asset, today: date) -> Iterator[Remote]:
    """Yield the fixed addresses of `asset` in the order in which to try them."""
    for address in asset.addresses:
        years = range(today.year, today.year - YEARS_BACK, -1) if "{year}" in address else (0,)
        for year in years:
            name = (asset.name or "").format(year=year)
            match = re.fullmatch(asset.pattern, name)
            yield Remote(
                address=address.replace("{year}", str(year)),
                name=name,
                vintage=dated(match) if match else None,
                licence=asset.licence,
            )


def dated(match: re.Match[str]) -> str | None:
    """Return the date that a file's name tells: 202607 is 2026-07."""
    digits = match.groupdict().get("vintage")
    if not digits:
        return None
    parts = (digits[:4], digits[4:6], digits[6:8])
    return "-".join(part for part in parts if part)


def _match(asset: Asset, resource: Resource) -> re.Match[str] | None:
    """Match the name in the address, or the title that the publisher wrote."""
    in_address = unquote(urlsplit(resource.url).path.rpartition("/")[2])
    for name in (in_address, resource.title or ""):
        if match := re.fullmatch(asset.pattern, name.strip()):
            return match
    return None
