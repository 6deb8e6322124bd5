"""Words to keys: BM25 over stemmed words, stop words kept. The only door to Tantivy.

It can be rebuilt from the database, which holds the texts; this holds words and keys only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from core.errors import LibraryError

_BODY, _KEY, _ANALYSER = "body", "key", "stemmed"
_WORD_PART = re.compile(r"[^\W_]+")
MOST_QUERY_WORDS = 128
_PAGE = 50_000  # of keys; Tantivy goes through all pages before
_WRITER_BYTES = 32_000_000
# A search among some of the keys, as it was measured with 100,000: asking for a key by name takes about as long as
# reading the key of a hit. So few are asked for by name; of many, the best of all are sieved, more and more of them.
_NAMED_SQUARE = 2  # named so long as their number squared is less than this times k times the number of all keys
_SIEVED_MORE = 6


class LexicalIndex:
    """The words of every chunk, under the chunk's key; safe for many readers and one writer."""

    def __init__(self, folder: Path) -> None:
        """Keep where the index lies; it is opened at the first use."""
        self.folder = folder
        self._lock = Lock()
        self._opened: Any = None
        self._analyser: Any = None

    def search(self, query: str, k: int, among: AbstractSet[str] | None = None) -> dict[str, float]:
        """The BM25 score of the k keys whose texts fit the words of the query best, best first; of `among` if given."""
        index = self._index()
        words = self._words(query)
        if not words or k < 1:
            return {}
        searcher, asked = index.searcher(), _any_of(index.schema, words)
        if among is None:
            return self._scores(searcher, asked, k)
        held = max(searcher.num_docs, 1)
        if len(among) ** 2 <= _NAMED_SQUARE * k * held:
            return self._scores(searcher, _both(_named(index.schema, list(among)), asked), k) if among else {}
        wanted = 2 * k * held // len(among)
        while True:
            found = self._scores(searcher, asked, min(wanted, held))
            sieved = [(key, score) for key, score in found.items() if key in among][:k]
            if len(sieved) == k or len(found) < wanted:
                return dict(sieved)
            wanted *= _SIEVED_MORE

    def scores(self, query: str, keys: Sequence[str]) -> dict[str, float]:
        """The BM25 score of those of these keys that hold a word of the query."""
        index = self._index()
        words = self._words(query)
        if not words or not keys:
            return {}
        both = _both(_named(index.schema, keys), _any_of(index.schema, words))
        return self._scores(index.searcher(), both, len(keys))

    def document_frequency(self, stems: Sequence[str]) -> list[int]:
        """In how many chunks each stem stands; of a compound, its rarest part."""
        searcher = self._index().searcher()
        return [min((searcher.doc_freq(_BODY, part) for part in _WORD_PART.findall(stem)), default=0) for stem in stems]

    def count(self) -> int:
        """How many keys there are."""
        return int(self._index().searcher().num_docs)

    def keys(self) -> Iterator[str]:
        """Every key, page by page."""
        import tantivy

        searcher = self._index().searcher()
        everything = tantivy.Query.all_query()
        for offset in range(0, searcher.num_docs, _PAGE):
            for _, address in searcher.search(everything, _PAGE, count=False, offset=offset).hits:
                yield searcher.doc(address)[_KEY][0]

    def reload(self) -> None:
        """See what other processes have written since, also where the folder was lost and made anew."""
        with self._lock:
            self._opened = self._open()

    @contextmanager
    def writing(self) -> Iterator[LexicalWriter]:
        """A writer, of which there is one at a time across processes; what was not committed is dropped."""
        self.reload()
        index = self._index()
        try:
            writer = index.writer(_WRITER_BYTES, 1)
            writer.garbage_collect_files()  # what a killed commit left would be in the way of the next of its number
        except ValueError as error:
            raise _broken(self.folder, error) from error
        try:
            yield LexicalWriter(self, writer)
        finally:
            writer.rollback()
            writer.wait_merging_threads()
            self.reload()

    def _index(self) -> Any:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> Any:
        import tantivy

        schema = (
            tantivy.SchemaBuilder()
            .add_text_field(_KEY, stored=True, tokenizer_name="raw", index_option="basic")
            .add_text_field(_BODY, tokenizer_name=_ANALYSER, index_option="freq")
            .build()
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(schema, str(self.folder), reuse=True)
        except (ValueError, OSError) as error:
            raise _broken(self.folder, error) from error
        self._analyser = _analyser()
        index.register_tokenizer(_ANALYSER, self._analyser)
        index.config_reader("manual")
        index.reload()
        return index

    def _words(self, query: str) -> list[str]:
        return list(dict.fromkeys(self._analyser.analyze(query)))[:MOST_QUERY_WORDS]

    def _scores(self, searcher: Any, query: Any, k: int) -> dict[str, float]:
        hits = searcher.search(query, k, count=False).hits
        return {searcher.doc(address)[_KEY][0]: float(score) for score, address in hits}


class LexicalWriter:
    """Adds and removes keys; nothing is seen before `commit`."""

    def __init__(self, index: LexicalIndex, writer: Any) -> None:
        self._index = index
        self._writer = writer

    def put(self, key: str, text: str) -> None:
        """Put a key's words in, in place of what was there."""
        import tantivy

        self._writer.delete_documents_by_term(_KEY, key)
        self._writer.add_document(tantivy.Document(key=key, body=text))

    def remove(self, keys: Iterable[str]) -> None:
        """Take keys out."""
        for key in keys:
            self._writer.delete_documents_by_term(_KEY, key)

    def keys(self) -> Iterator[str]:
        """Every key that was committed."""
        return self._index.keys()

    def commit(self) -> None:
        """Make it lasting and seen."""
        try:
            self._writer.commit()
        except (ValueError, OSError) as error:
            raise _broken(self._index.folder, error) from error
        self._index.reload()


def _any_of(schema: Any, words: Sequence[str]) -> Any:
    import tantivy

    terms = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, _BODY, word, "freq")) for word in words]
    return tantivy.Query.boolean_query(terms)


def _named(schema: Any, keys: Sequence[str]) -> Any:
    """The texts under these keys, without a score."""
    import tantivy

    return tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema, _KEY, list(keys)), 0.0)


def _both(first: Any, second: Any) -> Any:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Must, first), (tantivy.Occur.Must, second)])


def _analyser() -> Any:
    """The same for writing and asking; its stems are those of `core.words`."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(41))
    return builder.filter(Filter.lowercase()).filter(Filter.stemmer("english")).build()


def _broken(folder: Path, error: Exception) -> LibraryError:
    return LibraryError(
        f"The word index in {folder} can't be used ({error}). Run `parapet ingest verify`: it makes the index anew."
    )
