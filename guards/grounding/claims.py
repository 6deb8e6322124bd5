"""Which sentences of an answer claim nothing, and so need no support: greetings, questions, headings, not knowing.

Narrow on purpose: a sentence that also states something is a claim. Nothing is weighed here.
"""
# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import re

from core.words import content_stems

LONGEST = 300  # characters; what is longer says something
_MARKS = re.compile(r"\[\d{1,3}\]|[*_`]{1,3}")
_POLITE = (
    r"hi|hello|hey|welcome|thanks|thank you(?: (?:so much|for (?:asking|your (?:question|patience))))?|sure(?: thing)?|certainly|"
    r"of course|absolutely|okay|ok|yes|no|great question|good question|goodbye|bye|please|sorry|apologies|you(?:['’]re| are) welcome|"
    r"(?:i(?:['’]m| am) )?(?:happy|glad) to help|i hope (?:this|that) helps|good (?:morning|afternoon|evening)|have a (?:nice|good|great) day"
)
_OFFER = (
    r"(?:please )?(?:let me know|feel free to|don['’]t hesitate to)\b[^,;:.]{0,90}|"
    r"(?:if you (?:have|need|want|would like)\b[^,;:.]{0,60}, )(?:please )?(?:let me know|feel free to|just ask|ask me)\b[^,;:.]{0,60}|"
    r"(?:is there anything else|how can i help|what else)\b[^.]{0,60}"
)
_NOT_KNOWING = (
    r"(?:(?:i(?:['’]m| am) )?(?:sorry|afraid),? (?:but )?(?:that )?)?i (?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t|am not able to|was unable to|am unable to)"
    r" (?:know|say|tell|find|answer|help|see|determine)\b[^,;:.]{0,120}|"
    r"(?:unfortunately,? )?(?:the |these |those |your |the provided |the given )?(?:documents?|passages?|sources?|context|texts?)(?: \w{1,12}){0,2} "
    r"(?:do not|don['’]t|does not|doesn['’]t|did not) (?:say|answer|mention|contain|hold|cover|state|specify|provide|tell)\b[^,;:.]{0,120}"
)
_LEAD_IN = (
    r"(?:here (?:is|are)|this is|these are|the following (?:is|are)|as follows|to summari[sz]e|in summary|in short|"
    r"(?:according to|based on|from|as stated in) (?:the |your |these )?(?:documents?|passages?|sources?|texts?))\b[^.]{0,80}:|"
    r"the documents? says?(?: the following)?:"
)
_NO_CLAIM = re.compile(
    rf"(?i)^(?:[-*•\d.)\s]{{0,8}})(?:(?:{_POLITE})(?:[,!.\s]+(?:{_POLITE}))?[^\w]*|(?:{_OFFER}|{_NOT_KNOWING})[.!?]?|{_LEAD_IN})$"
)
# what stands before a statement though a question mark ends it
_TELLING_QUESTION = re.compile(r"(?i)\b(?:did you know|is(?:n['’]t| it not) it true|are you aware)\b")
_TAG = re.compile(
    r"(?i),\s(?:is|are|was|were|do|does|did|has|have|can|could|will|would|right|correct|what|who|how)[^,]{0,90}\?$"
)


def bare(sentence: str) -> str:
    """The sentence without citation marks and emphasis, on one line."""
    return " ".join(_MARKS.sub("", sentence).split())


def claims_nothing(sentence: str) -> bool:
    """Whether a sentence states nothing: a question, a greeting, a heading, or that the answer is not known."""
    if not content_stems(sentence) and not any(character.isdigit() for character in sentence):
        return not any(character.isalpha() for character in sentence) or len(sentence) < 12
    if len(sentence) > LONGEST:
        return False
    if sentence.startswith("#") and len(sentence) <= 80 and not sentence.endswith("."):
        return True
    if sentence.endswith("?") and not _states(sentence):
        return True
    return _NO_CLAIM.match(sentence) is not None


def _states(question: str) -> bool:
    """Whether a question tells something before it asks: `did you know …?`, `it opened in 1990, didn't it?`."""
    if _TELLING_QUESTION.search(question):
        return True
    tag = _TAG.search(question)
    before = question[: tag.start()] if tag else ""
    return len(content_stems(before)) >= 3 and not re.match(
        r"(?i)(?:who|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|will|would|should|has|have|if)\b",
        before,
    )
