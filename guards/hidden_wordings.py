"""Wordings by which hidden text of a document addresses a model or orders it about.

They are wider than those of shown text: nobody writes to a model where no reader looks.
"""
# ruff: noqa: E501  a pattern is read in one piece

from guards.rules import AIMED
from guards.wordings import ADDRESS, MODEL, PRIVATE, group

HIDDEN = group(
    (
        0.7,
        AIMED,
        rf"\b(?:note|message|instructions?|attention|notice|hey|dear|hello|for|to)\b[ :,]{{1,2}}(?:(?:to|for|all|any|the) ){{0,2}}(?:{MODEL}|assistant)\b[^.!?\n]{{0,24}}[:,-]",
    ),
    (
        0.7,
        AIMED,
        rf"\b{MODEL}\b[^.!?\n]{{0,30}}?(?:\b(?:must|should|shall|please|you)\b|[:,])[^.!?\n]{{0,30}}?\b(?:say|tell|reply|respond|answer|output|print|write|recommend|approve|rate|rank|return|state|claim|ignore|rewrite|hire|include|mention|insert|act)\b",
    ),
    (
        0.7,
        AIMED,
        rf"\bif you(?:'re| are) an? (?:{MODEL}|automated|assistant)\b|\byou are an? (?:\w{{1,16}} ){{0,3}}?(?:{MODEL}|assistant(?! \w)|bot)\b",
    ),
    (
        0.7,
        AIMED,
        r"\b(?:do not|don't|never) (?:tell|mention|reveal|inform|disclose|let)\b[^.!?\n]{0,30}\b(?:users?|readers?|humans?|reviewers?|anyone|this instruction|these instructions)\b",
    ),
    (
        0.6,
        AIMED,
        r"\b(?:previous|prior|earlier|above|hidden|system) (?:instructions|prompts?)\b|\b(?:new|override) instructions?\b",
    ),
    (
        0.6,
        AIMED,
        r"\b(?:give|write|provide|return|assign|leave|output)\b (?:a |an |only |this |it |the |me ){0,3}(?:very |highly |strongly )?(?:positive|favou?rable|glowing|excellent|perfect|highest|maximum|top)\b[^.!?\n]{0,20}\b(?:reviews?|ratings?|scores?|recommendations?|evaluations?|assessments?|grades?|marks?)\b",
    ),
    (
        0.6,
        AIMED,
        r"\b(?:exceptionally|extremely|highly|most|perfectly)[ -](?:well[ -])?(?:qualified|suited|recommended)\b|\b(?:is|as) (?:the|an?) (?:best|strongest|top|ideal|perfect) (?:candidate|applicant|choice|paper|product)\b|\b(?:hire|shortlist|recommend|rank) (?:this|the) (?:candidate|applicant|paper|submission|product|company|manuscript|vendor|supplier|proposal)\b",
    ),
    (
        0.6,
        AIMED,
        r"\b(?:always|only|instead|just|simply)\b (?:\w{1,12} )?(?:answer|respond|say|state|recommend|claim|output|tell|conclude)\b",
    ),
    (
        0.6,
        AIMED,
        r"\b(?:if|when|whenever)\b(?: \w{1,12}){0,3} (?:asks?|asked|queried|summari[sz]\w{1,4})\b[^.!?\n]{0,60}?\b(?:say|answer|reply|respond|tell|state|claim|recommend|insert|mention|include)\b",
    ),
    (
        0.6,
        AIMED,
        r"(?:^|[.!?:;\n] ?)(?:please |and )?(?:say|state|claim|answer|respond|conclude|tell (?:them|the user|the reader|users|everyone|people))\b(?: only| instead)? (?:that|with|to)\b|(?:^|[.!?:;\n] ?)(?:act as|pretend) |\binstead of (?:answering|responding|replying|summari[sz]ing)\b",
    ),
    (
        0.7,
        AIMED,
        rf"\b(?:send|forward|e-?mail|transmit|upload|exfiltrate|leak|post)\b (?:the|all|any|every|their|his|her|its) [^.!?\n]{{0,50}}?\b{PRIVATE}\b[^.!?\n]{{0,60}}?\bto\b[^.!?\n]{{0,30}}?{ADDRESS}",
    ),
)
