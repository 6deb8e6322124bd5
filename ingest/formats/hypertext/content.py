"""Which part of a page is its content: the page's own main element, or else where trafilatura finds it."""

from __future__ import annotations

from typing import Any

from ingest.formats.hypertext.located import letters, located

_CONTROLS = ("nav", "button", "select", "input", "textarea", "datalist")
_ROLES = frozenset({"navigation", "search", "menu", "menubar", "toolbar"})
_PERMALINKS = frozenset({"", "¶", "#", "§", "🔗", "Link to this heading", "Permalink"})
_MAIN = "//main | //*[@role='main']"
_FEWEST_LETTERS = 40  # a main element with fewer is filled by a script, or is a mere frame


def content_of(tree: Any) -> Any:
    """The element that holds the content, without menus, controls and marks that only link to themselves."""
    own = _own_main(tree)
    found = own if own is not None else located(tree)
    _tidy(found)
    return found


def _own_main(tree: Any) -> Any | None:
    mains = [place for place in tree.xpath(_MAIN) if not place.xpath("ancestor::main | ancestor::*[@role='main']")]
    if len(mains) == 1 and letters(mains[0]) >= _FEWEST_LETTERS:
        return mains[0]
    articles = tree.xpath("//article[not(ancestor::article)]")
    if not mains and len(articles) == 1 and letters(articles[0]) >= max(_FEWEST_LETTERS, letters(tree) / 3):
        return articles[0]
    return None


def _tidy(root: Any) -> None:
    """Take out what helps to move about the page and says nothing."""
    for element in list(root.iterdescendants()):
        useless = isinstance(element.tag, str) and (_is_navigation(element) or _is_permalink(element))
        if useless and element.getparent() is not None:
            element.drop_tree()


def _is_navigation(element: Any) -> bool:
    if element.tag in _CONTROLS or element.get("role") in _ROLES:
        return True
    if element.tag == "footer":
        return "footnote" not in element.get("class", "") and not element.xpath("ancestor::blockquote")
    return element.tag in {"ul", "ol"} and _leads_only_within(element)


def _leads_only_within(items: Any) -> bool:
    """Whether a list is a table of the page's own contents: nothing but links to places of the same page."""
    links = list(items.iter("a"))
    return (
        len(links) > 1
        and all(link.get("href", "").startswith("#") for link in links)
        and sum(map(letters, links)) == letters(items)
    )


def _is_permalink(element: Any) -> bool:
    if element.tag != "a" or "#" not in element.get("href", ""):
        return False
    return "headerlink" in element.get("class", "") or (
        "".join(element.itertext()).strip() in _PERMALINKS and not len(element)
    )
