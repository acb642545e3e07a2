"""The real EHPAD prices of the shared folder, rewritten as the CNSA's raw export.

The copy at hand (CNSA, February 2023, Île-de-France) was rendered as popups of a map: euros per
*month*, without FINESS numbers. Prices are the real ones; the numbers are made up, one a row, so
that the price loader is tried on real values at real size.
"""

import json
import re
from pathlib import Path

FILE = "prix_ehpad_tillac_idf.geojson"
COLUMNS = {
    "Prix en chambre simple": "prixHebPermCs",
    "Prix en chambre double": "prixHebPermCd",
    "Tarif GIR 1-2": "TARIF_GIR_12",
    "Tarif GIR 3-4": "TARIF_GIR_34",
    "Tarif GIR 5-6": "TARIF_GIR_56",
}
DAYS_A_MONTH = 365 / 12
_LINE = re.compile(r"<li>\s*([^:<]+?)\s*:\s*<b>\s*([\d\s]+)€")


def monthly(folder: Path) -> list[dict[str, int]]:
    """Return the euros per month of each establishment, by column of the raw export."""
    features = json.loads((folder / FILE).read_text(encoding="utf-8"))["features"]
    return [
        {
            COLUMNS[words]: int(re.sub(r"\s", "", euros))
            for words, euros in _LINE.findall(feature["properties"]["popup"])
        }
        for feature in features
    ]


def rewrite(folder: Path, out: Path, *, per_day: bool) -> Path:
    """Write the prices to `out` as the raw export does, per day or (wrongly) per month."""
    names = list(COLUMNS.values())
    lines = [";".join(["finessEt", *names])]
    for place, prices in enumerate(monthly(folder)):
        cells = [_cell(prices.get(name), per_day=per_day) for name in names]
        lines.append(";".join([f"94{place:07d}", *cells]))
    out.write_text("\n".join(lines) + "\n", encoding="cp1252")
    return out


def _cell(euros: int | None, *, per_day: bool) -> str:
    if euros is None:
        return ""
    return f"{euros / DAYS_A_MONTH:.2f}".replace(".", ",") if per_day else f"{euros} €"
