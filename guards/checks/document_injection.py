"""Guard `document_injection`: instructions to the assistant that somebody planted in a document.

The same two views as `injection`, with the wordings and the learnt head that fit documents.
"""

from collections.abc import Mapping
from typing import Any

from core.domain import Stage
from guards import options as given
from guards import rules
from guards.checks.injection import Injection
from guards.guard import Guard, Kit

STAGES = frozenset({Stage.CONTEXT})
DOC = "instructions to the assistant planted in a passage; the passage is dropped"
TITLE = "instructions planted in a document"
ADVICE = "Tell the people who keep the documents; nothing needs to be done here."


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `characters`, the longest passage that is read."""
    most = given.read(options, characters=20_000)["characters"]
    told = "This passage holds what looks like instructions planted for the assistant"
    return Injection(kit, "document_injection", (rules.ASKED, rules.PLANTED), most, told)
