"""Which part of a page is its content: the page's own main element, or else what trafilatura takes for it."""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import Any

_CONTROLS = ("nav", "button", "select", "input", "textarea", "datalist")
_ROLES = frozenset({"navigation", "search", "menu", "menubar", "toolbar"})
_PERMALINKS = frozenset({"", "¶", "#", "§", "🔗", "Link to this heading", "Permalink"})
_MAIN = "//main | //*[@role='main']"
_FEWEST_LETTERS = 40  # a main element with fewer is filled by a script, or is a mere frame


def content_of(tree: Any) -> Any:
    """The element that holds the content, without menus, controls and marks that only link to themselves."""
    own = _own_main(tree)
    found = own if own is not None else _extracted(tree)
    _tidy(found)
    return found


def _own_main(tree: Any) -> Any | None:
    mains = [place for place in tree.xpath(_MAIN) if not place.xpath("ancestor::main | ancestor::*[@role='main']")]
    if len(mains) == 1 and _letters(mains[0]) >= _FEWEST_LETTERS:
        return mains[0]
    articles = tree.xpath("//article[not(ancestor::article)]")
    if not mains and len(articles) == 1 and _letters(articles[0]) >= max(_FEWEST_LETTERS, _letters(tree) / 3):
        return articles[0]
    return None


def _letters(element: Any) -> int:
    return sum(len("".join(text.split())) for text in element.itertext())


def _extracted(tree: Any) -> Any:
    """What trafilatura takes for the main content, as HTML again; the whole body where it finds none."""
    from trafilatura import bare_extraction
    from trafilatura.settings import use_config

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of each page that it finds small
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")  # below it, headings are lost and menus come in
    whole = deepcopy(tree)
    found = bare_extraction(
        tree, include_comments=False, include_links=True, favor_recall=True, with_metadata=False, config=config
    )
    body = getattr(found, "body", None)
    if body is not None and _letters(body):
        return _as_html(body)
    return whole.find("body") if whole.find("body") is not None else whole


_TEI = {"list": "ul", "item": "li", "row": "tr", "ref": "a", "lb": "br", "quote": "blockquote", "del": "s"}


def _as_html(body: Any) -> Any:
    """Trafilatura's elements by the names that HTML has for them."""
    for element in body.iter():
        kind = element.get("rend", "")
        if element.tag == "head":
            element.tag = kind if kind in {"h1", "h2", "h3", "h4", "h5", "h6"} else "h2"
        elif element.tag == "cell":
            element.tag = "th" if element.get("role") == "head" else "td"
        elif element.tag == "list" and kind == "ol":
            element.tag = "ol"
        elif element.tag in {"code", "quote"} and "\n" in "".join(element.itertext()).strip("\n"):
            element.tag = "pre" if element.tag == "code" else "blockquote"
        elif element.tag in _TEI:
            element.tag = _TEI[element.tag]
        if element.tag == "a" and "target" in element.attrib:
            element.set("href", element.get("target"))
    return body


def _tidy(root: Any) -> None:
    """Take out what helps to move about the page and says nothing."""
    for element in list(root.iterdescendants()):
        if isinstance(element.tag, str) and (_is_navigation(element) or _is_permalink(element)):
            parent = element.getparent()
            if parent is not None:
                _remove(parent, element)


def _remove(parent: Any, element: Any) -> None:
    """Take out an element; what stands after it stays (trafilatura's elements know no drop_tree)."""
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


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
        and sum(map(_letters, links)) == _letters(items)
    )


def _is_permalink(element: Any) -> bool:
    if element.tag != "a" or "#" not in element.get("href", ""):
        return False
    return "headerlink" in element.get("class", "") or (
        "".join(element.itertext()).strip() in _PERMALINKS and not len(element)
    )
