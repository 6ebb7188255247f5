"""Assets: names that never mean other bytes, compressed once; plotly.js as it draws on screen."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from importlib.metadata import version

import pytest
from folders import ROOT
from plotly.offline import get_plotlyjs_version
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ens_dash.render import plotlyjs
from ens_dash.render.plotlyjs import BundleShape, cut, from_package, from_streamlit, plotly_js
from ens_dash.web import assets
from ens_dash.web.assets import Asset, asset, page_asset, plotly_asset
from ens_dash.web.compression import CODINGS, FOREVER

NAMED = re.compile(r"/assets/[a-z_]+\.[0-9a-f]{16}\.js")


@pytest.fixture(scope="module")
def served() -> TestClient:
    return TestClient(Starlette(routes=assets.routes()))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    (tmp_path / "one.js").write_text("1", "utf-8")
    (tmp_path / "secret.py").write_text("2", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["start.js", "embed.js"])
def test_our_own_files_are_served_for_ever_under_a_name_with_their_digest(served, name):
    address = asset(name)
    assert NAMED.fullmatch(address)
    answer = served.get(address)
    assert answer.status_code == 200
    assert answer.text == (assets.FOLDER / name).read_text("utf-8")
    assert answer.headers["cache-control"] == FOREVER
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert served.head(address).headers["content-encoding"] == "br"


@pytest.mark.parametrize("address", [asset("embed.js"), plotly_asset()])
def test_a_client_gets_the_coding_that_it_takes_and_the_same_bytes(served, address):
    plain = served.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for coding in CODINGS:
        packed = served.get(address, headers={"Accept-Encoding": coding})
        assert packed.headers["content-encoding"] == coding
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        assert packed.content == plain.content
        assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])


def test_what_every_page_loads_is_one_file_of_all_its_scripts_in_their_order(served):
    answer = served.get(page_asset())
    assert answer.headers["cache-control"] == FOREVER
    parts = [(assets.FOLDER / name).read_text("utf-8") for name in assets.PAGE_PARTS]
    assert answer.text == "\n".join(parts)
    older = served.get("/assets/page.0123456789abcdef.js", follow_redirects=False)
    assert f"/assets/{older.headers['location']}" == page_asset()


def test_every_script_of_the_folder_is_in_the_pages_file_or_is_the_embeds():
    assert {p.name for p in assets.FOLDER.glob("*.js")} == {*assets.PAGE_PARTS, "embed.js"}


def test_a_file_that_changes_gets_another_name(folder):
    before = asset("one.js")
    (folder / "one.js").write_text("1;", "utf-8")
    assert asset("one.js") != before


def test_the_same_bytes_are_packed_alike_everywhere():
    first, second = Asset.of("a.js", b"x"), Asset.of("a.js", b"x")
    assert first.name == second.name
    assert first.file.body("gzip") == second.file.body("gzip")
    assert gzip.decompress(first.file.body("gzip")) == first.file.body(None) == b"x"


def test_an_older_name_leads_to_the_present_file(served):
    answer = served.get("/assets/embed.0123456789abcdef.js", follow_redirects=False)
    assert answer.status_code == 307
    assert f"/assets/{answer.headers['location']}" == asset("embed.js")
    assert answer.headers["cache-control"] == "no-store"
    older = served.get("/assets/plotly-3.0.0.0123456789abcdef.js", follow_redirects=False)
    assert f"/assets/{older.headers['location']}" == plotly_asset()


@pytest.mark.parametrize(
    "name",
    [
        "other.js",
        "secret.py",
        "secret.0123456789abcdef.py",
        "..%2Fone.js",
        "%2Fetc%2Fpasswd",
        "one",
        ".js",
        "%00",
    ],
)
def test_nothing_else_is_served(served, folder, name):
    assert served.get(f"/assets/{name}", follow_redirects=False).status_code == 404


def test_a_file_that_is_not_there_is_not_named(folder):
    assert asset("one.js")
    with pytest.raises(KeyError):
        asset("secret.py")
    with pytest.raises(KeyError):
        asset("two.js")


def test_canary_streamlits_plotly_can_be_cut_out_of_its_bundle():
    found = from_streamlit()
    assert found.on_screen
    assert version("streamlit") == "1.67.0", "another streamlit: look whether its plotly.js is another, too"
    assert found.version == "4.2.0"
    assert plotly_js() == found


def test_canary_the_plotly_package_ships_another_version_than_the_screen_has():
    # once they agree, embeds and files can use the package's, and ens_dash/render/plotlyjs.py can go
    package = from_package()
    assert package.version == get_plotlyjs_version()
    assert package.version != from_streamlit().version


def test_the_plotly_asset_is_the_one_that_draws_on_screen(served):
    address = plotly_asset()
    assert re.fullmatch(rf"/assets/plotly-{re.escape(from_streamlit().version)}\.[0-9a-f]{{16}}\.js", address)
    assert served.get(address).text == from_streamlit().script
    assert int(served.head(address).headers["content-length"]) < 1_500_000


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_cut_script_has_the_syntax_of_a_script(tmp_path):
    path = tmp_path / "plotly.js"
    path.write_text(from_streamlit().script, "utf-8")
    assert subprocess.run(["node", "--check", path], check=False).returncode == 0


@pytest.mark.parametrize(
    "bundle", ["", "return window.Plotly=e,e})}))", "W=n(((e,t,n)=>{(function(e,n){typeof t==`object`"]
)
def test_a_bundle_of_another_shape_is_told_and_the_packages_plotly_is_used(monkeypatch, bundle, caplog):
    with pytest.raises(BundleShape, match=r"expected plotly\.js once as a module inside Streamlit's bundle"):
        cut(bundle)
    monkeypatch.setattr(plotlyjs, "from_streamlit", lambda: cut(bundle))
    found = plotly_js()
    assert not found.on_screen
    assert found.version == get_plotlyjs_version()
    assert "another plotly.js than on screen" in caplog.text


def test_no_code_of_others_is_in_the_tree():
    known = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    scripts = [ROOT / name for name in known.stdout.split() if name.endswith((".js", ".mjs"))]
    assert scripts
    assert [p.name for p in scripts if p.stat().st_size > 50_000] == []
    assert json.dumps([p.name for p in scripts]).find("plotly") == -1
