"""E-mail addresses. Presidio's own pattern takes quadratic time on a long word and asks the network for domains."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.personal.found import Chosen, Found, Kind

_EMAIL = re.compile(
    r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}([^\W\d_]{2,24})(?![\w@])(?!:[\w~/])"
)
# written so that harvesters miss it: joe (at) mail (dot) com, joe [at] mail.com
_SPELLED = re.compile(
    r"(?i)(?<![\w.%+-])[\w.%+-]{1,64} ?[(\[{] ?at ?[)\]}] ?"
    r"(?:[a-z0-9-]{1,63} ?(?:\.|[(\[{] ?(?:dot|\.) ?[)\]}]) ?){1,4}([a-z]{2,24})(?!\w)"
)
_SIGN, _SPELLED_SIGN = re.compile("@"), re.compile(r"(?i)[(\[{] ?at ?[)\]}]")
_FILES = frozenset(
    "png jpg jpeg gif svg webp ico css js ts py md txt pdf html json xml yaml yml".split()
)  # icon@2x.png


def find(text: str, chosen: Chosen) -> Iterator[Found]:  # noqa: ARG001  every recogniser is asked alike
    """E-mail addresses; the form is proof enough."""
    for sign, pattern, risk in ((_SIGN, _EMAIL, 1.0), (_SPELLED_SIGN, _SPELLED, 0.8)):
        if not sign.search(text):
            continue
        for match in pattern.finditer(text):
            in_address = "://" in text[max(0, match.start() - 60) : match.start()].rpartition(" ")[2]
            if match[1].lower() not in _FILES and not in_address:
                yield Found(*match.span(), Kind.EMAIL, "e-mail address", risk)
