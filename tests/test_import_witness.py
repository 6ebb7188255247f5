"""Files of every format through describe and import, held to R's figures.

The real survey is the witness beside the project; the invented one is tests/witnesses/sample.csv.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import SAMPLE, witness_folder
from importing import WITNESS, run, write_formats
from witnesses.sums import assert_same

from ens_dash.estimate.comparisons import association, compare
from ens_dash.estimate.figures import figures
from ens_dash.store import Store, open_store
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import MEAN

FORMATS = ("csv", "latin1", "parquet", "sav", "dta")
REAL = pytest.mark.skipif(
    not (WITNESS / "hdv2003.csv").exists(),
    reason="../shared/witness/hdv2003.csv is absent: the survey may not be committed to the project",
)
SEGMENTS = {
    "all": "",
    "femmes": "sexe=Femme",
    "moins_de_30": "age=under-30",
    "plus_de_65": "age=65-plus",
    "etudiants": 'occup="Etudiant, eleve"',
}


def opened(releases: Path, survey: str) -> Store:
    return open_store(releases, survey)


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> dict[str, Store]:
    """The real survey from each format: described from its .csv once, imported from all; and described
    from a .sav with codes and labels."""
    place = tmp_path_factory.mktemp("real")
    rows = pd.read_csv(WITNESS / "hdv2003.csv")
    files = write_formats(rows, place / "files")
    stores = {}
    roles = "--id id --weight poids --segment sexe --segment age --segment occup".split()
    for name, file in files.items():
        folder, releases = place / name, place / f"releases-{name}"
        described = run(releases, "describe", file, "-o", folder, *roles, "--survey-id", "hdv")
        assert described.exit_code == 0, described.output
        done = run(releases, "import", file, "--survey", folder)
        assert done.exit_code == 0, done.output
        stores[name] = opened(releases, "hdv")
    yield stores
    for store in stores.values():
        store.close()


def rows_of(name: str) -> list[dict[str, object]]:
    return pd.read_csv(WITNESS / f"{name}.csv").to_dict("records")


def among(store: Store, segment: str) -> Filter:
    return Filter.parse(SEGMENTS[segment], store.survey.variables)


@REAL
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("method", ["beta", "xlogit", "mean"])
def test_figures_of_a_real_survey_equal_r_from_every_format(real, form, method):
    store = real[form]
    rows = [row for row in rows_of("hdv2003_intervals") if row["svyciprop_method"] == method]
    assert rows
    for segment in SEGMENTS:
        found = {
            (f.question, f.answer): f
            for f in figures(store, store.survey.questions, among(store, segment), method=method)
        }
        for row in (r for r in rows if r["segment"] == segment):
            figure = found[str(row["item"]).replace(".", "_"), row["answer"]]
            expected = {
                "n": row["unweighted_base"],
                "n_eff": row["kish_effective_base"],
                "est": row["share"],
                "low": row["low_95"],
                "high": row["high_95"],
            }
            assert figure.origin == "microdata"
            # where nobody gave the answer R has no beta interval
            nobody = method == "beta" and row["share"] == 0
            assert_same(figure, expected, "n n_eff est" if nobody else "n n_eff est low high")


@REAL
@pytest.mark.parametrize("form", FORMATS)
def test_comparisons_of_a_real_survey_equal_r_from_every_format(real, form):
    store = real[form]
    rows = rows_of("hdv2003_comparisons")
    assert rows
    for segment in {str(r["segment"]) for r in rows}:
        made = compare(store, store.survey.questions, among(store, segment), None)
        found = {(c.question, c.answer): c for c in made}
        for row in (r for r in rows if r["segment"] == segment):
            mine = found[str(row["item"]).replace(".", "_"), row["answer"]]
            expected = {
                "difference": row["difference_segment_minus_rest"],
                "low": row["low_95"],
                "p": row["p_value"],
            }
            assert_same(mine.result, expected, "difference low p")


@REAL
@pytest.mark.parametrize("form", FORMATS[1:])
def test_every_format_gives_the_very_same_figures(real, form):
    def all_of(store: Store) -> dict[object, object]:
        made = figures(store, store.survey.questions, Filter(), by="occup")
        return {(f.key, f.segment): (f.est, f.se, f.low, f.high, f.n) for f in made}

    first, mine = all_of(real["csv"]), all_of(real[form])
    assert mine.keys() == first.keys()
    for key, expected in first.items():
        assert [v is None for v in mine[key]] == [v is None for v in expected]
        known = [(a, b) for a, b in zip(mine[key], expected, strict=True) if a is not None]
        assert [a for a, _ in known] == pytest.approx([b for _, b in known], rel=1e-12)


# --- strata, clusters, missing answers ---

DESIGN = {"weight": "weight", "stratum": "stratum", "psu": "psu"}
WHERE = {"all": "", "female": "sex=female", "male": "sex=male", "old": "age=65-plus", "young": "age=18-34"}
WHERE |= {"coast": "coast=yes", "old_men_on_the_coast": "age=65-plus&sex=male&coast=yes"}


def clustered(place: Path, form: str, rows: pd.DataFrame, *options: str) -> Store:
    """The invented survey imported from a format: codes of PSUs begin again in each stratum."""
    folder = witness_folder(place / "made", DESIGN)
    (folder / "respondents.parquet").unlink()
    file = write_formats(rows, place / "files")[form]
    kinds = "psu-in-two-strata,sample-size" + (",separator,decimal,encoding" if form == "latin1" else "")
    done = run(place / "releases", "import", file, "--survey", folder, "--allow", kinds, *options)
    assert done.exit_code == 0, done.output
    return opened(place / "releases", "made")


def sample() -> pd.DataFrame:
    return pd.read_csv(SAMPLE, dtype={"psu": str}, keep_default_na=False, na_values=[""])


@pytest.fixture(scope="module", params=FORMATS)
def invented(request, tmp_path_factory):
    store = clustered(tmp_path_factory.mktemp(request.param), request.param, sample())
    yield store
    store.close()


def witness(name: str) -> list[dict[str, object]]:
    rows = pd.read_csv(SAMPLE.parent / f"{name}.csv").to_dict("records")
    return [r for r in rows if r.get("design", "clustered") == "clustered"]


def in_segment(store: Store, name: str) -> Filter:
    return Filter.parse(WHERE[name], store.survey.variables)


@pytest.mark.parametrize("method", ["beta", "xlogit", "mean"])
def test_intervals_df_and_design_effects_of_a_clustered_design_equal_r(invented, method):
    rows = [r for r in witness("intervals") if r["method"] == method]
    assert len(rows) == 42
    for row in rows:
        made = figures(
            invented, invented.survey.questions, in_segment(invented, row["segment"]), method=method
        )
        mine = next(f for f in made if (f.question, f.answer) == (row["item"], row["answer"]))
        assert_same(mine, row, "n est n_eff df")
        if row["n"] and row["df"] > 0:
            assert_same(mine, row, "se")
        if 0 < row["est"] < 1:
            assert_same(mine, row, "deff low high")


def test_means_tests_and_associations_of_a_clustered_design_equal_r(invented):
    for row in witness("means"):
        made = figures(invented, invented.survey.questions, in_segment(invented, row["segment"]))
        mine = next(f for f in made if f.answer == MEAN)
        assert_same(mine, row, "n est se low high deff df")
    tests = [r for r in witness("comparisons") if not np.isnan(r["t"]) and r["t"] != 0]
    assert len(tests) > 15
    for row in tests:
        b = None if row["b"] == "rest" else in_segment(invented, row["b"])
        made = compare(invented, invented.survey.questions, in_segment(invented, row["a"]), b)
        mine = next(c for c in made if (c.question, c.answer) == (row["item"], row["answer"]))
        assert_same(mine.result, row, "difference low high t df p")
    tables = witness("crosstabs")
    assert len(tables) > 5
    for row in tables:
        asked = invented.survey.by_id[row["item"]]
        found = association(invented, asked, None, row["rows"], in_segment(invented, row["segment"]))
        assert_same(
            found, {"F": row["F"], "ndf": row["ndf"], "ddf": row["ddf"], "p": row["p"]}, "F ndf ddf p"
        )


@pytest.mark.parametrize("choice", ["adjust", "certainty"])
def test_a_stratum_with_one_psu_counts_as_r_counts_it(tmp_path, choice):
    rows = sample()
    rows = rows[(rows["stratum"] != "D") | (rows["psu"] == "1")]
    store = clustered(tmp_path, "csv", rows, "--lonely-psu", choice)
    expected = [
        r for r in pd.read_csv(SAMPLE.parent / "lonely.csv").to_dict("records") if r["lonely"] == choice
    ]
    assert len(expected) == 13
    use = store.survey.by_id["use"]
    for row in expected:
        if row["what"] == "proportion":
            made = figures(store, [use], in_segment(store, row["segment"]))
            mine = next(f for f in made if f.answer == row["answer"])
            assert_same(mine, row, "n est se low high df")
        elif row["what"] == "difference":
            made = compare(store, [use], in_segment(store, "female"), None)
            result = next(c for c in made if c.answer == row["answer"]).result
            renamed = {"difference": row["est"], "low": row["low"], "high": row["high"]}
            assert_same(result, renamed | {"df": row["df"], "p": row["p"]}, "difference low high df p")
        else:
            found = association(store, use, None, "sex", Filter())
            renamed = {"F": row["est"], "ndf": row["low"], "ddf": row["high"], "p": row["p"]}
            assert_same(found, renamed, "F ndf ddf p")
    store.close()
