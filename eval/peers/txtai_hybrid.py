"""txtai with its hybrid index (sparse BM25 and dense vectors) at its defaults, over the paragraphs of the documents."""

from __future__ import annotations

import re
from importlib.metadata import version

from eval.peers.job import Built, Hit, Job, run


def build(job: Job) -> Built:
    """Cut by txtai's own segmentation into paragraphs and index them."""
    from txtai import Embeddings  # type: ignore[import-not-found]
    from txtai.pipeline import Segmentation  # type: ignore[import-not-found]

    segment = Segmentation(paragraphs=True)
    hits: list[Hit] = []
    texts: list[str] = []
    for source, text in job.texts().items():
        paragraphs = segment(text)
        texts += paragraphs
        hits += [(source, start, end) for start, end in _places(text, paragraphs)]
    embeddings = Embeddings(path=job.model, hybrid=True, content=True)
    embeddings.index((i, text, None) for i, text in enumerate(texts))

    def search(question: str) -> list[Hit]:
        return [hits[int(row["id"])] for row in embeddings.search(question, job.depth)]

    return Built(f"txtai {version('txtai')}", len(texts), search)


def _places(text: str, paragraphs: list[str]) -> list[tuple[int, int]]:
    """Where the paragraphs stand, which the segmentation trims and whose spaces it joins."""
    places, begin = [], 0
    for paragraph in paragraphs:
        found = re.compile(" +".join(map(re.escape, paragraph.split(" ")))).search(text, begin)
        if found is None:
            raise ValueError(f"a paragraph that is not in its document: {paragraph[:60]!r}")
        places.append(found.span())
        begin = found.end()
    return places


if __name__ == "__main__":
    run(build)
