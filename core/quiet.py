"""Keeps the libraries quiet: no metrics, no call home, no hub. Each vendor's door calls `quiet()` before its import.

Values that the operator set are overwritten: nothing may be sent out by a library, whatever the environment says.
"""

import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ENVIRONMENT = {
    "OTEL_SDK_DISABLED": "true",  # guardrails-ai sends metrics unless this is set before its import
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # comes with guardrails-ai; else fetches a price map
    "TOKENIZERS_PARALLELISM": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}
# Tracing to LangSmith would send questions and documents out of the house.
_REMOVED = ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING")
# tiktoken's tables by their names, as litellm (which comes with guardrails-ai) ships them: SHA-1 of their addresses
_TOKEN_TABLES = {
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}


def quiet() -> None:
    """Switch off every outgoing call of every library. Cheap; safe to call often."""
    os.environ.update(_ENVIRONMENT)
    for name in _REMOVED:
        os.environ.pop(name, None)
    # jsonschema compiles a grammar of internationalised addresses when this is importable: 1.6 s at each start, for a
    # check (the `iri` format) that neither chromadb nor guardrails-ai asks for. It is optional to jsonschema.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    warnings.filterwarnings(
        "ignore", category=DeprecationWarning, module=r"(chromadb|guardrails|opentelemetry|langsmith)\b"
    )


@contextmanager
def silence() -> Iterator[None]:
    """Within it, libraries neither log nor warn: for what is checked, and told, right after."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def point_to_token_tables(name: str) -> bool:
    """Make tiktoken read this table from the disk; False when it is not there, and tiktoken would download it."""
    found = importlib.util.find_spec("litellm")
    if found is None or found.origin is None or name not in _TOKEN_TABLES:
        return False
    folder = Path(found.origin).parent / "litellm_core_utils" / "tokenizers"
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    return (folder / _TOKEN_TABLES[name]).is_file()
