"""A ZIP file, opened again: the data, the same in words and for programs, nothing missing."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from sites import API, HOSTILE, client, microdata_site

from ens_dash.settings import Settings


@pytest.fixture(scope="module")
def shipped(releases):
    return client(Settings(releases=releases))


def contents(asked, path: str) -> tuple[dict[str, str], str]:
    answer = asked.get(f"{API}/downloads/{path}")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        found = {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}
    return found, answer.headers["content-disposition"]


def test_it_holds_data_metadata_and_a_readme(shipped, store, survey):
    found, name = contents(shipped, "ens_risks.zip?age=65-plus&sex=female&lang=en")
    assert set(found) == {"readme.md", "data.csv", "metadata.json"}
    assert "ens_risks_65-plus_female_FICTITIOUS_2020-07.zip" in name
    told = json.loads(found["metadata.json"])
    assert told["active_filter"] == {
        "codes": {"age": ["65-plus"], "sex": ["female"]},
        "text": "Women aged 65 and over",
        "by": None,
    }
    assert told["permalink"] == "/risques?age=65-plus&sex=female&q=ens_risks&lang=en#ens_risks"
    assert told["release"] == store.release.id
    assert told["source"] == survey.study.citation.en
    assert told["licence"] == survey.study.licence.en
    assert told["origins"] == ["published", "simulated"] and told["fictitious"]
    for text in (told["permalink"], told["source"], told["licence"], told["title"], "Women aged 65 and over"):
        assert text in found["readme.md"]


def test_every_column_is_described(shipped):
    found, _ = contents(shipped, "ens_risks.zip")
    heads = next(csv.reader(io.StringIO(found["data.csv"])))
    assert list(json.loads(found["metadata.json"])["columns"]) == heads


@pytest.mark.parametrize(("lang", "mark"), [("fr", "CHIFFRES FICTIFS"), ("en", "FICTITIOUS FIGURES")])
def test_the_warning_comes_first(shipped, lang, mark):
    found, _ = contents(shipped, f"ens_risks.zip?by=age&lang={lang}")
    assert mark in found["readme.md"].splitlines()[2]
    assert mark in json.loads(found["metadata.json"])["warning"]
    assert mark in found["data.csv"]
    plain, _ = contents(shipped, f"ens_risks.zip?lang={lang}")
    assert json.loads(plain["metadata.json"])["warning"] is None
    assert mark not in plain["readme.md"].splitlines()[2]


def test_the_same_view_gives_the_same_bytes(releases):
    path = f"{API}/downloads/ens_risks.zip?age=65-plus"
    first, second = (client(Settings(releases=releases)).get(path) for _ in range(2))
    assert first.content == second.content


def test_a_hostile_title_cannot_run_in_a_spreadsheet_nor_make_headings(tmp_path):
    found, _ = contents(client(microdata_site(tmp_path)), "use.zip?by=kind")
    cells = [cell for line in csv.reader(io.StringIO(found["data.csv"])) for cell in line]
    assert f"'{HOSTILE}" in cells and HOSTILE not in cells
    assert not [c for c in cells if c.startswith(("=", "+", "@"))]
    assert sum(line.startswith("#") for line in found["readme.md"].splitlines()) == 3


def test_a_name_with_many_codes_stays_short_and_keeps_the_mark(shipped, survey):
    every = "&".join(
        f"{v.id}={','.join(s.code for s in v.segments)}" for v in survey.variables if len(v.segments) > 3
    )
    _, name = contents(shipped, f"ens_risks.zip?{every}")
    assert len(name) < 300
    assert "FICTIF" in name and "+" in name
