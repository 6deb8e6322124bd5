"""Wordings by which a text tries to take over the assistant, each with a weight. Shared by the injection guards.

The weights are how likely a text that holds the wording is such an attempt; they are joined as independent hints.
Every gap is bounded, so that a long text costs time in proportion to its length.
"""
# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_GAP = r"(?:[^\w]{1,6}\w{1,24}){0,4}?[^\w]{1,6}"  # up to four words between two others
_NOT = r"(?<!not )(?<!n't )(?<!never )(?<!nicht )"
_ORDERS = (
    r"(?:instructions?|directions?|directives?|prompts?|rules?|guidelines?|commands?|orders?|constraints?|restrictions?|"
    r"polic(?:y|ies)|programming|guidance|safeguards?|filters?|conversation|messages?|context|training|limitations?)"
)
_FORMER = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|initial|original|former|existing|current|system|safety|"
    r"your|all|any|every|these|those|the)"
)
_OWN = (
    r"(?:system|initial|hidden|original|secret|full|exact|complete|entire|developer|internal|base|starting|first|core)"
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One wording that was found."""

    start: int
    end: int
    weight: float
    what: str
    wording: str = ""  # the pattern that found it


Group = tuple[tuple[float, str, re.Pattern[str]], ...]  # weight, what it is, wording


def group(*rows: tuple[float, str, str]) -> Group:
    """Wordings with their weights, ready to be looked for."""
    return tuple((weight, what, re.compile(pattern, re.IGNORECASE)) for weight, what, pattern in rows)


OVERRIDE = "override of the instructions"
EXTRACT = "request for the hidden instructions"
ROLE = "another role without limits"
MARKUP = "marks of another speaker"
AIMED = "words addressed to the assistant"

ASKED = group(
    (
        0.9,
        OVERRIDE,
        rf"\b{_NOT}(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|discard|neglect|dismiss|cancel|bypass(?:ing)?|"
        rf"(?:stop|quit) (?:following|obeying)|do(?: not|n't) (?:follow|obey|listen to)|pay no attention to){_GAP}?"
        rf"\b(?:previous|prior|above|earlier|preceding|foregoing|initial|original|former|system)\b{_GAP}?{_ORDERS}\b",
    ),
    (
        0.8,
        OVERRIDE,
        rf"\b{_NOT}(?:ignore|disregard|forget|override|discard|bypass|stop following)[^\w]{{1,4}}(?:all |any |of |about )"
        rf"{{0,3}}(?:your|the|these|those|my)? ?(?:(?!its|their|his|her)\w{{1,16}} )?{_ORDERS}\b(?! of (?:a|an|my|our|this) )",
    ),
    (
        0.8,
        OVERRIDE,
        rf"\b{_NOT}(?:ignore|disregard|forget)\b[^\w]{{1,4}}(?:everything|anything|all|whatever|what|that)\b"
        r"[^.!?\n]{0,40}?\b(?:before|above|prior|so far|until now|told|said|learned|was written|know)\b",
    ),
    (
        0.7,
        OVERRIDE,
        r"\b(?:here (?:is|are)|these are|this is|follow|obey)\b[^.!?\n]{0,20}\bnew (?:instructions?|rules|task)\b",
    ),
    (0.5, OVERRIDE, r"\bnew (?:instructions?|rules|orders|directives?)\s{0,3}:"),
    (0.4, OVERRIDE, r"\bfrom now on,? (?:you|your|please|all|every|only|i want|answer|act|respond)\b"),
    (
        0.9,
        OVERRIDE,
        r"\b(?:vergiss|vergesse|ignorier\w{0,3}|missachte)\b[^.!?\n]{0,40}?\b(?:anweisung\w{0,3}|aufgabe\w{0,2}|instruktion\w{0,3}|"
        r"regeln|vorherig\w{0,3}|vorgaben|davor|vorher|zuvor|bisher\w{0,3}|oben)\b",
    ),
    (
        0.9,
        OVERRIDE,
        r"\b(?:ignor(?:a|e|ez|er|es|ate|are)|olvid(?:a|e|es)|oubli(?:e|ez|er)|dimentica|esque[cç]a)\b[^.!?\n]{0,30}?"
        r"\b(?:instruccion\w{0,3}|instructions?\s{1,3}pr[eé]c[eé]dent\w{0,3}|istruzioni|instru[cç][oõ]es|ordenes|consignes|"
        r"reglas|regole|anterior\w{0,3}|precedent\w{0,3})\b",
    ),
    (
        0.9,
        EXTRACT,
        r"\b(?:reveal|show|print|repeat|output|display|disclose|leak|expose|dump|recite|give|tell|write|share|translate|"
        rf"summari[sz]e|copy|state|list|send|provide|paste)\b{_GAP}?\b(?:(?:your|its) (?:{_OWN}[^\w]{{1,3}}){{1,3}}|the (?:{_OWN} ){{0,2}}(?:system|hidden|secret|developer|internal) )"
        r"(?:prompts?|instructions?|messages?|rules|directives?|guidelines|configuration)\b",
    ),
    (
        0.8,
        EXTRACT,
        rf"\bwhat (?:is|are|was|were|does|do)\b{_GAP}?\byour (?:{_OWN}[^\w]{{1,3}}){{1,3}}(?:prompts?|instructions?|messages?|"
        r"rules|directives?)\b",
    ),
    (
        0.7,
        EXTRACT,
        r"\b(?:reveal|show|print|repeat|output|display|disclose|leak|dump|recite|tell|give)\b[^.!?\n]{0,24}?\byour "
        r"(?:prompts?|instructions|secret\w{0,2}|directives)\b",
    ),
    (
        0.8,
        EXTRACT,
        r"\b(?:repeat|print|output|copy|spell ?check|summari[sz]e|translate|return|echo|write)\b[^.!?\n]{0,30}?\b(?:everything|"
        r"all|the (?:words|text|lines?|paragraphs?|sentences?|instructions?|conversation))\b[^.!?\n]{0,16}?\b(?:above|before this)\b",
    ),
    (
        0.5,
        EXTRACT,
        r"\bwhat (?:were|are|have) you (?:been )?(?:told|instructed|programmed|asked) (?:to|not|before|at)\b",
    ),
    (
        0.9,
        ROLE,
        r"\b(?:do anything now|developer mode (?:enabled|on|activated|output)|jail ?break(?:ed|ing)? (?:mode|prompt|yourself))\b",
    ),
    (
        0.9,
        ROLE,
        r"\b(?:you are|you're|act as|become|as|called|named|enter|be)\b[^.!?\n]{0,12}?\bDAN\b(?! (?:brown|smith))",
    ),
    (
        0.7,
        ROLE,
        r"\b(?:you (?:are|have|will|can|must)|act|behave|respond|answer|reply|pretend|imagine|roleplay|assistant|ai|model|"
        r"character|bot|mode)\b[^.!?\n]{0,60}?\b(?:unfiltered|uncensored|unrestricted|amoral|unethical|immoral|"
        r"(?:no|without(?: any)?|free (?:of|from)(?: all| any)?|ignor\w{1,3}(?: all| any)?|lacks?) (?:\w{1,12} ){0,2}"
        r"(?:restrictions?|filters?|limitations?|moral\w{0,3}|ethic\w{0,3}|censorship|guidelines|boundaries|safeguards?))\b",
    ),
    (
        0.7,
        ROLE,
        r"\b(?:no longer|not|never|free from being) (?:bound|restricted|limited|constrained|governed) by\b[^.!?\n]{0,40}?\b(?:rules?|polic|guidelines|openai|filters?|restrictions|ethic|laws?)",
    ),
    (
        0.4,
        ROLE,
        r"\b(?:never|don't|do not|must not|cannot|won't) (?:ever )?(?:refuse|reject|decline|break character|say (?:that )?you can(?:'|no)?t|apologi[sz]e|warn me)\b",
    ),
    (0.4, ROLE, r"\b(?:stay|remain) in character\b"),
    (0.35, ROLE, r"\bpretend (?:to be|that you|you(?:'re| are| have| can))\b"),
    (
        0.5,
        ROLE,
        r"\b(?:turn off|disable|deactivate|switch off|remove|circumvent|bypass)\b[^.!?\n]{0,24}?\b(?:your|the|all|any) (?:\w{1,16} )?(?:filters?|safety|safeguards?|restrictions|guardrails?|censorship|moderation|content polic)",
    ),
    (
        0.9,
        MARKUP,
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|end_of_turn|start_header_id|eot_id)\|>|<<SYS>>|\[/?INST\]|<(?:start|end)_of_turn>",
    ),
    (
        0.7,
        MARKUP,
        r"(?:^|\n)[ \t#*\[<]{0,6}(?:system|developer)(?: (?:prompt|message|override|update|instruction)s?)?[ \t\]>*]{0,4}:|</?(?:system|instructions?|user_input|context|prompt)>",
    ),
    (
        0.6,
        MARKUP,
        r"[-=#*]{3,20}[ \t]{0,3}(?:end|begin|start|new)[^\n]{0,24}(?:prompt|instructions?|context|document|input|data|session)",
    ),
)

PLANTED = group(
    (
        0.7,
        AIMED,
        r"\b(?:ai|llm|language model|chatbot|gpt|assistant|copilot)s?\b[^.!?\n]{0,30}?\b(?:reading|processing|summari[sz]ing|parsing|"
        r"answering|must|should|shall|are instructed|is instructed|note|attention|will)\b[^.!?\n]{0,40}?\b(?:say|tell|recommend|"
        r"state|reply|respond|answer|output|include|ignore|add|write|send|mention|rate|rank|print|follow)\b",
    ),
    (
        0.7,
        AIMED,
        r"\bif you(?:'re| are) an? (?:ai|llm|language model|large language model|assistant|chatbot|automated)\b",
    ),
    (
        0.6,
        AIMED,
        r"\bwhen (?:you (?:are )?)?(?:summari[sz]|answer|process|read|respond|repl|us)\w{0,4}\b[^.!?\n]{0,40}?\b(?:this|the (?:user|question|"
        r"document|text|e-?mail))\b[^.!?\n]{0,40}?\b(?:say|tell|recommend|include|add|ignore|always|instead|only|also)\b",
    ),
    (
        0.6,
        AIMED,
        r"\b(?:do not|don't|never) (?:mention|tell|reveal|inform|disclose|show|let)\b[^.!?\n]{0,24}?\b(?:the )?(?:user|reader|human|this instruction|these instructions)\b",
    ),
    (
        0.6,
        AIMED,
        r"\b(?:tell|inform|convince|instruct|ask|urge|persuade) the (?:user|reader|asker|customer) (?:to|that)\b",
    ),
    (
        0.5,
        AIMED,
        r"\b(?:forward|send|e-?mail|transmit|upload|post|exfiltrate)\b[^.!?\n]{0,60}?\bto\b[^.!?\n]{0,20}?(?:[\w.+-]{1,40}@|https?://)",
    ),
    (0.5, AIMED, r"\b(?:in|with) your (?:next |final )?(?:response|reply|answer|summary|output)\b"),
    (
        0.35,
        AIMED,
        r"\b(?:instead|additionally|afterwards|then),? (?:say|print|output|respond|reply|write|tell|answer) (?:with|that|only|the|\"|')",
    ),
)


def hints(text: str, *groups: Group) -> Iterator[Hint]:
    """Every wording of these groups that occurs in a folded text."""
    for rows in groups:
        for weight, what, pattern in rows:
            for match in pattern.finditer(text):
                yield Hint(match.start(), match.end(), weight, what, pattern.pattern)


def joined(found: list[Hint]) -> float:
    """The risk of all hints together; the same wording counts once."""
    heaviest: dict[tuple[str, float], float] = {}
    for hint in found:
        heaviest[hint.what, hint.weight] = hint.weight
    safe = 1.0
    for weight in heaviest.values():
        safe *= 1 - weight
    return 1 - safe
