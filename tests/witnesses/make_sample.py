"""Generate sample.csv, the invented respondents on which R's figures in this folder were computed.

`python tests/witnesses/make_sample.py` writes the same file each time. Nobody was asked anything: the
answers are drawn at random, with what makes estimates hard built in (see README.md).
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SEED = 20200717
PSUS = (7, 6, 9, 5)
ANSWERS = ("never", "rarely", "often", "always")


def rows() -> list[dict[str, str]]:
    random = np.random.default_rng(SEED)
    made: list[dict[str, str]] = []
    for stratum, psus in enumerate(PSUS):
        # Codes of PSUs start again in each stratum.
        for psu in range(1, psus + 1):
            pull = random.normal(0, 0.7)
            for _ in range(int(random.integers(6, 21))):
                made.append(respondent(random, stratum, psu, pull))
    return [{"id": str(i), **row} for i, row in enumerate(made, start=1)]


def respondent(random: np.random.Generator, stratum: int, psu: int, pull: float) -> dict[str, str]:
    sex = str(random.choice(["female", "male"], p=[0.55, 0.45]))
    age = str(random.choice(["18-34", "35-49", "50-64", "65-plus"], p=[0.28, 0.3, 0.27, 0.15]))
    # A segment that lives in two strata only.
    coast = "yes" if stratum in (1, 3) and random.random() < 0.3 else "no"
    latent = 0.3 * stratum + pull + (0.5 if sex == "female" else 0.0) + random.normal()
    use = ANSWERS[int(np.searchsorted([-0.2, 0.9, 2.2], latent))]
    if age == "65-plus" and use == "always":
        use = "often"
    if random.random() < 0.09:
        use = ""
    visits = str(random.poisson(2.5 + 0.8 * stratum)) if random.random() > 0.12 else ""
    # Fewer than five in a hundred, nobody on the coast.
    rare = "yes" if coast == "no" and random.random() < 0.045 else "no"
    weight = float(np.exp(random.normal(0.15 * stratum, 0.6)))
    return {
        "stratum": "ABCD"[stratum],
        "psu": str(psu),
        "weight": f"{weight:.6f}",
        "sex": sex,
        "age": age,
        "coast": coast,
        "use": use,
        "visits": visits,
        "rare": rare,
    }


def main() -> None:
    made = rows()
    with (HERE / "sample.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(made[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)


if __name__ == "__main__":
    main()
