"""Cells made from respondents with numpy, independently of the program's SQL, for the statistical tests."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from ens_dash.estimate.cells import Cell, Frame, answer_cell

HERE = Path(__file__).parent
REL = 1e-9


@dataclass(frozen=True)
class Sample:
    """Respondents with their stratum and PSU numbered from 0, and the frame of the whole sample."""

    data: pd.DataFrame
    weight: NDArray[np.float64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64] | None
    frame: Frame

    def groups(self, inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Cell]:
        """The group of each respondent inside, and a cell that holds the groups only."""
        psu = np.zeros_like(self.stratum) if self.psu is None else self.psu
        keys, group = np.unique(np.column_stack([self.stratum, psu])[inside], axis=0, return_inverse=True)
        empty = np.zeros(len(keys))
        codes = None if self.psu is None else keys[:, 1]
        return group.reshape(-1), Cell(keys[:, 0], *[empty] * 7, psu=codes)

    def cell(self, y: NDArray[np.float64], inside: NDArray[np.bool_]) -> Cell:
        """The sums of y over the respondents inside, those with y = NaN left out."""
        inside = inside & ~np.isnan(y)
        group, place = self.groups(inside)
        w, y, size = self.weight[inside], y[inside], len(place.stratum)
        terms = (np.ones_like(w), w, w * y, w * y * y, w * w, w * w * y, w * w * y * y)
        return Cell(place.stratum, *(np.bincount(group, term, size) for term in terms), psu=place.psu)

    def table(self, row: NDArray[np.int64], answer: NDArray[np.int64], shape: tuple[int, int]):
        """(stratum, psu, n, w, w2) for rao_scott; -1 in `row` or `answer` leaves a respondent out."""
        inside = (row >= 0) & (answer >= 0)
        group, place = self.groups(inside)
        w = self.weight[inside]
        tables = np.zeros((3, *shape, len(place.stratum)))
        at = row[inside], answer[inside], group
        for table, term in zip(tables, (np.ones_like(w), w, w * w), strict=True):
            np.add.at(table, at, term)
        return place.stratum, place.psu, *tables


def sample_of(data: pd.DataFrame, weight: str, stratum: str | None = None, psu: str | None = None) -> Sample:
    strata = np.zeros(len(data), dtype=np.int64)
    if stratum is not None:
        strata = pd.factorize(data[stratum], sort=True)[0].astype(np.int64)
    if psu is None:
        units, codes = np.bincount(strata), None
    else:
        codes = pd.factorize(data[psu], sort=True)[0].astype(np.int64)
        units = np.bincount(np.unique(np.column_stack([strata, codes]), axis=0)[:, 0])
    frame = Frame(units=units.astype(np.float64), clustered=psu is not None)
    return Sample(data, data[weight].to_numpy(dtype=np.float64), strata, codes, frame)


def own_samples() -> dict[str, Sample]:
    """The designs of witness.R over sample.csv."""
    data = pd.read_csv(HERE / "sample.csv", keep_default_na=False, na_values=[""])
    data["place"] = data["stratum"] + data["psu"].astype(str)
    return {
        "clustered": sample_of(data, "weight", "stratum", "psu"),
        "stratified": sample_of(data, "weight", "stratum"),
        "weighted": sample_of(data, "weight"),
        "clusters_only": sample_of(data, "weight", None, "place"),
    }


def own_segments(data: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """The segments of witness.R."""
    female, old, coast = data["sex"] == "female", data["age"] == "65-plus", data["coast"] == "yes"
    segments = {
        "all": data["sex"].notna(),
        "female": female,
        "male": ~female,
        "old": old,
        "young": data["age"] == "18-34",
        "coast": coast,
        "old_men_on_the_coast": old & ~female & coast,
    }
    return {name: mask.to_numpy(dtype=bool) for name, mask in segments.items()}


def own_variable(data: pd.DataFrame, item: str, answer: str) -> NDArray[np.float64]:
    """1 for the answer (or net), 0 for another, NaN for none; for "visits" the number itself."""
    if item == "visits":
        return data[item].to_numpy(dtype=np.float64)
    chosen = ["often", "always"] if answer == "net_often" else [answer]
    return np.where(data[item].isna(), np.nan, data[item].isin(chosen).astype(float))


def witness(name: str) -> list[dict[str, object]]:
    """R's figures; NaN where R has none."""
    return pd.read_csv(HERE / f"{name}.csv").to_dict("records")


def assert_same(found: object, row: dict[str, object], names: str, rel: float = REL) -> None:
    """Each named field equals R's to `rel` relative; None stands for R's NaN."""
    for name in names.split():
        mine, theirs = getattr(found, name), float(row[name])  # type: ignore[arg-type]
        if isnan(theirs):
            assert mine is None, (name, mine, row)
        else:
            assert mine == pytest.approx(theirs, rel=rel, abs=0), (name, mine, row)


def plain_cell(n: float, hits: float, weight: float = 1.0) -> Cell:
    """A cell of n respondents of the same weight in one stratum, `hits` of whom chose the answer."""
    counts = np.array([[hits, n - hits]], dtype=np.float64)
    return answer_cell([0], counts, counts * weight, counts * weight**2, [True, False])
