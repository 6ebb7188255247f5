"""The one direction of the program, read from its imports; where streamlit may be; sizes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from folders import ROOT

PACKAGE = ROOT / "ens_dash"
LONGEST_MODULE, LONGEST_PAGE = 300, 5

# A part of the program -> the parts that it may import besides itself. The way of a number is
# data -> survey -> store -> estimate -> render -> ui, web, cli; `view` and `text` come in from the side.
CORE = {
    *("survey", "store", "estimate", "verify", "render", "view", "briefing", "text", "search", "settings"),
    "site",
    "surveys",
    "paths",
}
MAY_IMPORT: dict[str, set[str]] = {
    "survey": set(),
    "settings": set(),
    "surveys": {"survey", "settings", "release"},
    "paths": set(),
    "audited": {"survey"},
    "text": {"survey"},
    "search": {"survey"},
    "briefing": {"survey"},
    "view": {"survey", "text", "briefing"},
    "release": {"survey"},
    "respondents": {"survey", "release"},
    "imported": {"survey", "release"},
    "store": {"survey", "release", "respondents", "imported"},
    "estimate": {"survey", "store", "respondents"},
    "microdata": {"survey", "release", "respondents", "imported", "store"},
    "verify": {"survey", "store", "estimate"},
    "render": {"survey", "store", "estimate", "verify", "view", "briefing", "text", "audited"},
    "statement": {"audited", "render", "settings", "text"},
    "audit": {"audited", "paths", "settings", "survey", "text", "view"},
    "site": CORE - {"site"},
    "export": CORE,
    "ui": CORE | {"export", "statement"},
    "web": CORE | {"export", "statement"},
    "options": {"survey"},
    "check": CORE | {"export"},
    "presskit": CORE | {"export", "check"},
    "commands": CORE
    | {"options", "export", "check", "presskit", "audit", "audited", "microdata", "imported"},
    "cli": CORE | {"options", "commands"},
    "__main__": {"cli"},
}
# What draws or serves: nothing that computes imports it.
EDGE = {"streamlit", "starlette", "plotly", "rich", "click"}
NO_EDGE = (
    "survey",
    "store",
    "estimate",
    "verify",
    "view",
    "briefing",
    "text",
    "search",
    "settings",
    "options",
)
HAVE_STREAMLIT = ("app.py", "pages/", "ens_dash/ui/")
NOT_OURS = {".venv", "venv", "node_modules", "var", ".git", "build"}


def sources() -> list[Path]:
    found = sorted(p for p in ROOT.rglob("*.py") if not NOT_OURS & set(p.relative_to(ROOT).parts))
    assert len(found) > 60
    return found


def imports(path: Path) -> set[str]:
    """Every module imported anywhere in the file, also inside functions and under TYPE_CHECKING."""
    found = set()
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module or "")))
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def modules() -> list[Path]:
    return [p for p in sources() if p.is_relative_to(PACKAGE) and p != PACKAGE / "__init__.py"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_part_of_the_program_has_its_place_in_the_flow():
    assert {part_of(p) for p in modules()} <= set(MAY_IMPORT)


def test_the_flow_has_no_way_back():
    order: list[str] = []
    left = dict(MAY_IMPORT)
    while left:
        free = [part for part, needs in left.items() if needs <= set(order)]
        assert free, f"a circle among {sorted(left)}"
        order += free
        left = {part: needs for part, needs in left.items() if part not in free}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_imports_go_one_way_only(path):
    mine = part_of(path)
    parts = {i.split(".")[1] for i in imports(path) if i.startswith("ens_dash.")} - {"__version__"}
    assert parts <= MAY_IMPORT[mine] | {mine}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_what_computes_neither_draws_nor_serves(path):
    if part_of(path) in NO_EDGE:
        assert not {i.split(".")[0] for i in imports(path)} & EDGE


def test_streamlit_is_imported_at_the_edge_only():
    where = [name(p) for p in sources() if any(i.split(".")[0] == "streamlit" for i in imports(p))]
    ours = [p for p in where if not p.startswith("tests/")]
    assert ours, "the dashboard imports streamlit somewhere"
    assert [p for p in ours if not p.startswith(HAVE_STREAMLIT)] == []


def test_sql_is_written_in_the_store_the_import_and_the_estimator_only():
    def has_sql(path: Path) -> bool:
        texts = (n.value for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Constant))
        return any(isinstance(t, str) and t.lstrip().startswith(("SELECT ", "CREATE TABLE ")) for t in texts)

    may = {"ens_dash/store.py", "ens_dash/respondents.py", "ens_dash/estimate/sums.py"}
    found = {name(p) for p in modules() if has_sql(p)}
    assert {p for p in found if not p.startswith("ens_dash/microdata/")} <= may
    assert has_sql(PACKAGE / "store.py")


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_is_short(path):
    # blank lines only part what is there
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= LONGEST_MODULE


def test_a_page_holds_no_logic():
    pages = sorted((ROOT / "pages").glob("*.py"))
    assert len(pages) >= 9
    for page in pages:
        lines = page.read_text("utf-8").splitlines()
        assert len(lines) <= LONGEST_PAGE, page.name
        called = [n for n in ast.walk(ast.parse("\n".join(lines))) if isinstance(n, ast.Call)]
        assert [getattr(c.func, "id", "") for c in called] == ["show"]


def test_no_machine_path_or_host_stands_in_the_program():
    for path in modules():
        text = path.read_text("utf-8")
        assert not [w for w in ("/work/", "/home/", "/root/", "localhost:") if w in text], name(path)
