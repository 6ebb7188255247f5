"""The sums: how cells are made, joined, and what their variance owes to the whole sample."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from witnesses.make_sample import rows
from witnesses.sums import HERE, own_samples, own_segments, own_variable, plain_cell

from ens_dash.estimate.cells import Cell, Frame, LonelyUnit, answer_cell, degrees_of_freedom, merge, variance
from ens_dash.estimate.proportion import mean, proportion

SAMPLES = own_samples()
SEGMENTS = own_segments(SAMPLES["weighted"].data)
N = np.array([[2.0, 1.0, 4.0], [0.0, 3.0, 1.0]])


def test_an_answer_cell_counts_chosen_answers_among_all():
    cell = answer_cell([0, 1], N, 2 * N, 4 * N, [True, False, True])
    assert cell.n.tolist() == [7, 4]
    assert cell.wy.tolist() == [12, 2]
    assert cell.w2y.tolist() == [24, 4]
    assert (cell.respondents, cell.weight) == (11, 22)


def test_an_answer_cell_equals_the_sums_over_respondents():
    for sample in SAMPLES.values():
        data = sample.data
        answers = {"never": 0, "rarely": 1, "often": 2, "always": 3}
        answer = data["use"].map(answers).fillna(-1).to_numpy(dtype=np.int64)
        stratum, psu, n, w, w2 = sample.table(np.zeros_like(answer), answer, (1, 4))
        chosen = [False, False, True, True]
        made = answer_cell(stratum, n[0].T, w[0].T, w2[0].T, chosen, psu=psu)
        expected = sample.cell(own_variable(data, "use", "net_often"), SEGMENTS["all"])
        for name in ("stratum", "n", "w", "wy", "w2", "w2y", "w2y2", "wy2"):
            np.testing.assert_allclose(getattr(made, name), getattr(expected, name), rtol=1e-12)


@pytest.mark.parametrize("design", SAMPLES)
def test_parts_joined_are_the_whole(design):
    sample = SAMPLES[design]
    y = own_variable(sample.data, "visits", "")
    parts = [sample.cell(y, SEGMENTS[name]) for name in ("female", "male")]
    whole = mean(sample.cell(y, SEGMENTS["all"]), sample.frame)
    joined = mean(merge(parts), sample.frame)
    for name in ("est", "se", "low", "high", "n", "n_eff", "deff", "df"):
        assert getattr(joined, name) == pytest.approx(getattr(whole, name), rel=1e-10)
    weighted = sum(p.weight * mean(p, sample.frame).est for p in parts) / sum(p.weight for p in parts)
    assert whole.est == pytest.approx(weighted, rel=1e-12)


def test_units_outside_a_domain_count_in_its_variance():
    cell = plain_cell(40, 10)
    inside, whole = (variance([(cell, 1, 0)], Frame(np.array([n]), False)) for n in (40.0, 4000.0))
    assert inside == pytest.approx(40 / 39 * (10 - 100 / 40))
    assert whole == pytest.approx(4000 / 3999 * (10 - 100 / 4000))


def test_the_same_psu_in_two_cells_is_one_unit():
    frame = Frame(np.array([2.0, 2.0]), clustered=True)
    one = np.array([[1.0, 0.0]])
    first, again = (answer_cell([0], one, one, one, [True, False], psu=[5]) for _ in range(2))
    other_stratum = answer_cell([1], one, one, one, [True, False], psu=[5])
    assert degrees_of_freedom([first, again], frame) == 0
    assert degrees_of_freedom([first, again, other_stratum], frame) == 0
    assert variance([(first, 1, 0), (again, 1, 0)], frame) == pytest.approx(2 * (4 - 4 / 2))
    assert variance([(first, 1, 0), (other_stratum, 1, 0)], frame) == pytest.approx(2 * 2 * (1 - 1 / 2))


def test_a_constant_has_no_variance_at_all():
    y = np.full(len(SAMPLES["weighted"].data), 1987.3)
    for sample in SAMPLES.values():
        assert mean(sample.cell(y, SEGMENTS["all"]), sample.frame).se == 0


def test_a_lonely_unit_is_an_error_only_where_somebody_is():
    frame = Frame(np.array([50.0, 1.0]), clustered=False)
    empty_group = answer_cell([0, 1], [[9, 9], [0, 0]], [[9, 9], [0, 0]], [[9, 9], [0, 0]], [True, False])
    assert proportion(empty_group, frame).est == 0.5
    with pytest.raises(LonelyUnit, match="stratum 1: expected at least 2 units"):
        variance([(answer_cell([1], [[1, 0]], [[1, 0]], [[1, 0]], [True, False]), 1, 0)], frame)


def test_more_respondents_than_the_frame_has_are_refused():
    with pytest.raises(ValueError, match="the frame has 10 units, the cells hold 20"):
        proportion(plain_cell(20, 10), Frame(np.array([10.0]), clustered=False))


def test_a_clustered_frame_wants_psus():
    with pytest.raises(ValueError, match="PSU code for each group"):
        proportion(plain_cell(20, 10), Frame(np.array([10.0]), clustered=True))


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="expected arrays of 1 groups"):
        Cell(np.array([0]), *[np.zeros(2)] * 7)
    with pytest.raises(ValueError, match=r"shape \(2, 2\)"):
        answer_cell([0, 1], N, N, N, [True, False])
    with pytest.raises(ValueError, match="one count of 1 or more"):
        Frame(np.array([0.0]), clustered=False)
    with pytest.raises(ValueError, match="at least one cell"):
        merge([])
    with pytest.raises(ValueError, match="PSUs in all 2 cells"):
        merge([plain_cell(2, 1), answer_cell([0], [[1]], [[1]], [[1]], [True], psu=[0])])


def test_the_sample_of_the_witnesses_is_what_its_generator_makes():
    committed = pd.read_csv(HERE / "sample.csv", dtype=str, keep_default_na=False)
    assert committed.to_dict("records") == rows()
