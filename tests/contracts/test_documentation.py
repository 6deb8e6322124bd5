"""The documentation is true of the code: tables name every plug-in and setting, links lead somewhere."""

import re
from pathlib import Path

import pytest

from core import plugins
from core.settings import describe

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
KINDS = ("guards.checks", "ingest.loaders", "chains.models", "eval.metrics")
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in plugins.names(kind)])
def test_the_readme_names_every_plug_in_with_its_line(kind: str, name: str) -> None:
    """A new guard, loader, provider or metric stands in the README's table, in its own words."""
    assert re.search(rf"^\| `{name}` \|.*{re.escape(plugins.load(kind, name).DOC)} \|$", README, re.MULTILINE)


def test_the_manual_has_every_setting_with_its_default() -> None:
    """The table of settings is the one that the program knows."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for variable, default, meaning in describe():
        assert f"| `{variable}` | {f'`{default}`' if default else '-'} | {meaning} |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Every relative link and image of the documentation exists."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_manual_is_a_book_of_at_least_twelve_pages() -> None:
    """Each page has one title and says something."""
    pages = sorted((ROOT / "docs").glob("*.md"))
    assert len(pages) >= 12
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert len(text) > 500
