"""Which documents of a library the sources of a set mean, and whether the gold words stand there.

A set may say `normans.txt` where the library says `squad/normans.txt`, or the other way round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from core.errors import UsageError
from eval.cases import Case, Gold

Place = tuple[str, str]  # collection, source
TextOf = Callable[[str, str], str]  # collection, source -> the document's text


@dataclass(frozen=True, slots=True)
class Located:
    """The cases with gold as the library knows it, and what had to be left out."""

    cases: tuple[Case, ...]
    notes: tuple[str, ...]  # one sentence for each kind of thing left out


class Places:
    """The documents of a library by source."""

    def __init__(self, places: Iterable[Place]) -> None:
        """`places` are (collection, source) of each document that is searched."""
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        for collection, source in places:
            self._by_name[_last(source)].append((collection, source))

    def find(self, source: str) -> Place | None:
        """The one document that is meant; None when there is none. UsageError when it may be several."""
        same_name = self._by_name.get(_last(source), [])
        found = [place for place in same_name if place[1] == source] or [
            place for place in same_name if _behind(place[1], source) or _behind(source, place[1])
        ]
        if len(found) > 1:
            known = ", ".join(f"{known!r} (collection {collection})" for collection, known in sorted(found)[:5])
            raise UsageError(
                f"The set's {source!r} may be any of {len(found)} documents of the library: {known}. "
                "Name the collection with --collection, or write the whole source into the set."
            )
        return found[0] if found else None


def locate(cases: Sequence[Case], places: Places, text_of: TextOf) -> Located:
    """The cases that can be asked of a library that holds these documents.

    Gold that is not there, or whose words don't stand at its offsets, is left out; a case that named gold and has none
    left is left out as well, and told. UsageError when the library holds no document of the set.
    """
    means = {gold.source: places.find(gold.source) for case in cases for gold in case.gold}
    absent = sorted(source for source, place in means.items() if place is None)
    if means and len(absent) == len(means):
        raise UsageError(
            f"None of the set's documents is in the library (of {len(means):,}, such as {absent[0]!r}). "
            "Ingest them first, or give their folder with --documents FOLDER."
        )
    kept, without, moved = [], 0, []
    for case in cases:
        there = [_placed(gold, means[gold.source], text_of) for gold in case.gold]
        gold = tuple(one for one in there if one is not None)
        moved += [
            named.source
            for named, one in zip(case.gold, there, strict=True)
            if one is None and means[named.source] is not None
        ]
        if gold or not case.gold:
            kept.append(replace(case, gold=gold))
        else:
            without += 1
    return Located(tuple(kept), tuple(_notes(absent, moved, without)))


def _placed(gold: Gold, place: Place | None, text_of: TextOf) -> Gold | None:
    """The gold with the library's names and words; None when it does not stand there."""
    if place is None:
        return None
    text = text_of(*place)[gold.start : gold.end]
    if len(text) != gold.end - gold.start or (gold.text and gold.text != text):
        return None
    return replace(gold, collection=place[0], source=place[1], text=text)


def _notes(absent: Sequence[str], moved: Sequence[str], without: int) -> Iterable[str]:
    if absent:
        yield f"Documents of the set that are not in the library: {len(absent):,}, such as {absent[0]}."
    if moved:
        yield (
            f"Gold places whose words do not stand there in the library: {len(moved):,}, such as one in {moved[0]}; "
            "the document has changed, or is read differently."
        )
    if without:
        yield f"Questions not asked, for their gold is not in the library: {without:,}."


def _last(source: str) -> str:
    return source.rsplit("/", 1)[-1]


def _behind(longer: str, shorter: str) -> bool:
    return longer.endswith(f"/{shorter}")
