"""Imported by the process alone that `killable` forks others from: loads what they need, starts no thread."""

import chromadb  # noqa: F401
import tantivy  # noqa: F401

from ingest.embed import _counting_tokenizer
from ingest.languages import language_of
from ingest.loaders import markdown, text  # noqa: F401
from tests.ingest import killable  # noqa: F401

_counting_tokenizer()
language_of("Words of some language, to load the model that tells languages.")
