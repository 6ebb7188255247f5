"""A change that a reader makes is made to its end, whatever they click meanwhile."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

from ens_dash.ui.state import callback


class Session:
    """What Streamlit does at an access to the session while clicks wait: each stops it once."""

    def __init__(self, stops: list[int]) -> None:
        self.stops, self.accesses, self.done = stops, 0, []

    def access(self, name: str) -> str:
        self.accesses += 1
        if self.accesses in self.stops:
            raise RerunException(RerunData(page_script_hash=f"click {self.accesses}"))
        self.done.append(name)
        return name


def change_in(session: Session):
    @callback
    def change(step, value):
        read = step(lambda: session.access("read"))
        step(lambda: session.access(f"{read} {value}"))
        step(lambda: session.access("written"))

    return change


@pytest.mark.parametrize("stops", [[], [1], [2], [3], [1, 2], [1, 3, 4], [3, 4, 5]])
def test_every_step_is_done_once_and_in_order_whenever_a_click_waits(stops):
    session = Session(stops)
    if stops:
        with pytest.raises(RerunException) as click:
            change_in(session)("x")
        assert click.value.rerun_data.page_script_hash == f"click {stops[-1]}"
    else:
        change_in(session)("x")
    assert session.done == ["read", "read x", "written"]


def test_another_error_is_not_kept_for_later():
    @callback
    def change(step):
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        change()
