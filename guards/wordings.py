"""Wordings of instructions that somebody planted in a document: those of shown text, and those of hidden text.

In a document much is ordinary that would be odd in a question ("ignore the warning", "show the messages"), so these are
narrower than the ones of `rules.py`, which weigh half here. `SHOWN` wants a weight near 0.9; `HIDDEN` suffices with less:
nobody writes to a model where no reader looks.
"""
# ruff: noqa: E501  a pattern is read in one piece

import re

from guards import rules
from guards.rules import AIMED, EXTRACT, MARKUP, OVERRIDE, ROLE, Group

_MODEL = r"(?:ai|a\.i\.|llms?|gpt(?:-?\d\w{0,2})?|chatgpt|claude|gemini|copilot|(?:large )?language models?|chat ?bots?|ai (?:assistant|agent|model|system|reviewer|reader|tool)s?)"
_VERB = r"(?:say|tell|reply|respond|answer|output|print|write|reveal|show|send|forward|recommend|give|approve|rate|rank|return|repeat|translate|state|claim|only|always|never|do not|don't|you are|act|pretend|visit|include|delete|call|execute|run)"
_IGNORE = (
    r"(?:ignore|disregard|forget|override|bypass|do(?: not|n't) follow|stop (?:following|obeying)|pay no attention to)"
)
_NOT = r"(?<!not )(?<!n't )(?<!never )"
_IGNORED_THE = r"(?<!ignore the )(?<!disregard the )(?<!forget the )(?<!override the )(?<!bypass the )(?<!follow the )"
_PRIVATE = r"(?:conversation|chat|history|passwords?|credentials?|api keys?|secrets?|tokens?|user(?:'?s)?|customers?|context|session|system prompt|instructions|confidential|private|personal|records?|e-?mails?|files?|documents?|data)"
_ADDRESS = r"(?:[\w.+-]{1,64}@|https?://|www\.)"


def _trigger(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s"))


def _group(*rows: tuple[float, str, str]) -> Group:
    """The wordings, a blank of which may be any white space: lines of a page break anywhere."""
    return rules.group(*((weight, what, pattern.replace(" ", r"\s")) for weight, what, pattern in rows))


# what a lower-case text must hold before its wordings are looked for, and the wordings
SHOWN: tuple[tuple[re.Pattern[str], Group], ...] = (
    (
        re.compile(
            r"ignore |disregard |forget |override |bypass |not follow|n\'t follow|stop (?:follow|obey)|no attention"
        ),
        _group(
            (
                0.9,
                OVERRIDE,
                rf"\b{_NOT}{_IGNORE} (?:(?:all|any|every|each|everything|of|your|my) ){{0,3}}(?:the |your |these |those )?{_IGNORED_THE}(?:previous|prior|above|earlier|preceding|foregoing|initial|original|former) (?:\w{{1,16}} )?(?:instructions?|prompts?|directives?|programming)\b",
            ),
            (
                0.9,
                OVERRIDE,
                rf"\b{_NOT}{_IGNORE} (?:all (?:of )?)?your (?:\w{{1,16}} )?(?:instructions?|prompts?|directives|programming|guidelines|training|rules)\b",
            ),
            (
                0.6,
                OVERRIDE,
                rf"\b{_NOT}{_IGNORE} (?:all|any|every) (?:of )?(?:the |these |those )?(?:instructions?|directives)\b",
            ),
            (
                0.6,
                OVERRIDE,
                rf"\b{_NOT}{_IGNORE} (?:all|any|every) (?:of )?(?:the |these |those |other )?(?:previous |prior |earlier |system )?(?:rules|guidelines|commands|orders|restrictions|policies)\b",
            ),
            (
                0.9,
                OVERRIDE,
                rf"\b{_IGNORE} (?:the|these|those) (?:above|previous|prior|earlier|preceding)?(?: \w{{1,16}})? ?(?:instructions?|prompts?|directives|text|content)(?: above)?\W{{1,4}}(?:(?:and|then|instead|now|just|only|please)\W{{1,3}}){{0,3}}{_VERB}\b",
            ),
            (
                0.6,
                OVERRIDE,
                rf"\b{_IGNORE} (?:the|these|those) (?:(?:above|previous|prior|earlier|preceding|foregoing) (?:instructions?|prompts?|directives)|(?:instructions?|prompts?|directives|guidelines|rules) above|above,? (?:and|then))\b",
            ),
            (
                0.9,
                OVERRIDE,
                rf"\b(?:ignore|disregard|forget) (?:everything|anything|all(?: that)?|whatever)(?: \w{{1,12}}){{0,4}} (?:before|above|prior|so far|until now|told|instructed)\b[^.!?\n]{{0,40}}\W(?:and|instead|now|you|then)\b[^.!?\n]{{0,20}}\b{_VERB}\b",
            ),
        ),
    ),
    (
        _trigger(r"vergiss|ignorier|missachte|ignore[zr]? |ignora |oublie|olvid|dimentica|esqueca"),
        _group(
            (
                0.9,
                OVERRIDE,
                r"\b(?:vergiss|ignorier(?:e|en sie)?|missachte) [^.!?\n]{0,20}?\b(?:alle|deine|samtliche|bisherigen?|vorherigen?|obigen)\b[^.!?\n]{0,24}?\b(?:anweisung|instruktion|vorgabe|regel|befehl)\w{0,3}|"
                r"\b(?:ignore[zr]?|oublie[zr]?) (?:toutes )?(?:les|vos|tes) (?:instructions|consignes) (?:precedentes|anterieures|ci-dessus)|"
                r"\b(?:ignora|ignore|olvida|olvide) (?:todas )?(?:las|tus|sus) (?:instrucciones|ordenes) (?:anteriores|previas)|"
                r"\b(?:ignora|dimentica) (?:tutte )?(?:le|tue) (?:tue )?istruzioni (?:precedenti|ricevute)|"
                r"\b(?:ignore|esqueca) (?:todas )?(?:as|suas) instrucoes (?:anteriores|previas)",
            ),
        ),
    ),
    (
        re.compile(
            r"(?:your|the) (?:new|real|actual|updated) |(?:instruction|directive|override|prompt)s?\W{0,4}:|from (?:now on|this point)|your (?:new|only|real) |new task"
        ),
        _group(
            (
                0.6,
                OVERRIDE,
                r"\b(?:here (?:is|are)|this is|follow|obey|these are) (?:your|the) (?:new|real|actual|updated) (?:instructions?|rules|task|directives?)\b",
            ),
            (
                0.6,
                OVERRIDE,
                r"(?:^|[\n\[<#*]) ?(?:new|updated|real|hidden|secret|admin|system|urgent|important) (?:system )?(?:instructions?|directives?|override|prompt)s?\W{0,4}:",
            ),
            (
                0.6,
                OVERRIDE,
                rf"\bfrom (?:now on|this point(?: on| forward)?),? you (?:are|must|will|shall|should|only|always)\b|\bfrom now on,? (?:only |always )?(?:answer|respond|reply|act|speak)\b|\byour (?:new|only|real) (?:task|goal|job|instructions?|role|purpose) (?:is|are)\b|\bnew task\W{{1,3}}{_VERB}\b",
            ),
        ),
    ),
    (
        _trigger(r"prompt|instructions"),
        _group(
            (
                0.9,
                EXTRACT,
                r"\b(?:reveal|print|repeat|output|display|disclose|leak|dump|recite|show|tell|give|send|share|write|paste|list|copy)\b(?: \w{1,12}){0,3} your (?:(?:system|initial|hidden|original|secret|full|exact|complete|entire|own|internal) ){0,3}(?:system|initial|hidden|original|secret|internal)? ?(?:prompt|instructions)\b",
            ),
            (
                0.6,
                EXTRACT,
                r"\b(?:reveal|print|repeat|output|disclose|leak|dump|recite|send|paste)\b(?: \w{1,12}){0,3} (?:the )?(?:system|hidden|secret|developer) (?:prompt|instructions)\b",
            ),
        ),
    ),
    (
        _trigger(r"you are (?:now|henceforth|no longer)|do anything now|act as "),
        _group(
            (
                0.9,
                ROLE,
                r"\byou are (?:now|henceforth|no longer)\b[^.!?\n]{0,60}?\b(?:unrestricted|unfiltered|uncensored|jailbroken|evil|dan|without (?:any )?(?:restrictions|rules|filters|limits|limitations)|bound by|(?:an? |the )(?:\w{1,16} ){0,3}?(?:ai|llm|chatbot|language model|assistant(?! \w)|bot)|\w{2,16}bot)\b",
            ),
            (
                0.9,
                ROLE,
                r"\byou are now\b[^.!?\n]{0,60}?\b(?:must|will|shall|should|and|who|that|only|always) (?:only |always |now )?(?:answers?|responds?|reply|replies|speaks?|obeys?|says?)\b",
            ),
            (
                0.6,
                ROLE,
                r"\byou are now (?:in (?:developer|god|admin|debug|dan|jailbreak|unrestricted|maintenance) mode|free (?:of|from)|acting as|called|named)\b|\bdo anything now\b|\bact as (?:an? )?(?:unrestricted|unfiltered|uncensored|jailbroken|evil)\b",
            ),
        ),
    ),
    (
        _trigger(r"<\||<<sys|_of_turn>|inst\]|</?(?:system|instructions|user_query|assistant)"),
        _group(
            (
                0.9,
                MARKUP,
                r"<\|(?:im_start|im_end|system|user|assistant|end_of_turn|start_header_id|end_header_id|eot_id|begin_of_text)\|>|<<sys>>|<(?:start|end)_of_turn>",
            ),
            (0.6, MARKUP, r"\[/?inst\]|</?(?:system|system_prompt|instructions|user_query|assistant)>"),
        ),
    ),
    (
        _trigger(rf"\b{_MODEL}\b"),
        _group(
            (
                0.6,
                AIMED,
                rf"(?:^|[.!?:;\n(\[<>*#\"“-]) {{0,3}}(?:(?:dear|hey|hello) )?(?:(?:all|any|the|every) )?{_MODEL} ?[:,!-]{{1,2}} ?(?=(?:please |you (?:must|should|are to) |kindly )?(?:{_VERB}|ignore|disregard|forget)\b)",
            ),
            (
                0.9,
                AIMED,
                rf"\b{_MODEL} (?:reading|processing|summari[sz]ing|parsing|screening|reviewing|evaluating|analy[sz]ing) (?:this|the)\b[^.!?\n:]{{0,40}}(?:[:,] ?(?:please )?|\b(?:must|should|shall) ){_VERB}\b",
            ),
            (
                0.9,
                AIMED,
                rf"\b(?:(?:note|message|instructions?|attention|notice|important) (?:to|for)|attention,?) (?:(?:all|any|the|every) )?{_MODEL}\b[^.!?\n]{{0,40}}?[:!,-]",
            ),
            (
                0.9,
                AIMED,
                rf"\bif you(?:'re| are) an? (?:{_MODEL}|automated (?:assistant|system))\b[^.!?\n]{{0,60}}[,:] ?(?:please |then |you (?:must|should) )?(?:{_VERB}|ignore|add|mention|append|insert|start|end|begin)\b",
            ),
            (
                0.6,
                AIMED,
                rf"\b{_MODEL} (?:reading|processing|summari[sz]ing|parsing|screening|reviewing) this\b[^.!?\n]{{0,40}}\b(?:must|should|shall|are instructed|is instructed|will)\b",
            ),
        ),
    ),
    (
        _trigger(r"(?:assistant|ai|chatgpt|copilot|system|model)\s{0,2}[:,]"),
        _group(
            (
                0.9,
                AIMED,
                rf"(?:^|[.!?\n\]>*]) {{0,3}}(?:assistant|ai|chatgpt|copilot|system|model)\s{{0,2}}[:,] {{0,2}}(?:please |you must |now )?(?:send|forward|e-?mail|transmit|upload|delete|reveal|ignore|exfiltrate|post|share|do not tell)\b[^.!?\n]{{0,80}}?\b(?:{_PRIVATE}\b|{_ADDRESS})",
            ),
            (
                0.6,
                AIMED,
                r"(?:^|[.!?\n\]>*]) {0,3}(?:assistant|ai|chatgpt|copilot|system|model) ?: {0,2}(?:please )?(?:you must |you are |always |never |only |do not |ignore |disregard )",
            ),
        ),
    ),
    (
        _trigger(
            r"(?:not|n\'t|never|without) (?:tell|mention|reveal|inform|disclose|show|say|let|alert|warn|notif|ask)"
        ),
        _group(
            (
                0.9,
                AIMED,
                r"\b(?:do not|don't|never) (?:tell|mention|reveal|inform|disclose|show|say|let|alert|warn|notify)\b[^.!?\n]{0,40}?\b(?:the )?(?:users?|readers?|humans?)\b[^.!?\n]{0,30}?\b(?:about (?:this|these)|of (?:this|these)|this (?:instruction|message|note|prompt)|these (?:instructions|rules)|that you|why you|know you)\b|\b(?:do not|don't|never) (?:mention|reveal|disclose) (?:this (?:instruction|message|prompt|note)|these instructions)\b",
            ),
            (
                0.6,
                AIMED,
                r"\b(?:do not|don't|never|without) (?:tell|inform|alert|warn|notify|telling|informing|alerting|notifying|ask|asking) (?:the )?users?\b",
            ),
        ),
    ),
    (
        _trigger(r"@|http|www\."),
        _group(
            (
                0.6,
                AIMED,
                rf"\b(?:send|forward|e-?mail|transmit|upload|exfiltrate|leak|post)\b (?:the|all|any|this|every|their|his|her|its) [^.!?\n]{{0,60}}?\b{_PRIVATE}\b[^.!?\n]{{0,60}}?\bto\b[^.!?\n]{{0,30}}?{_ADDRESS}",
            ),
        ),
    ),
    (
        _trigger(
            r"when(?:ever)? (?:you|summ|answ|proc|resp|ask|quer)|(?:your|every|each|all) (?:next |final )?(?:respon|repl|answ|summ|outp)"
        ),
        _group(
            (
                0.6,
                AIMED,
                r"\bwhen(?:ever)? (?:you (?:are )?)?(?:summari[sz]|answer|process|respond|asked|quer)\w{0,4}\b[^.!?\n]{0,60}?\b(?:this (?:document|page|text|e-?mail|file)|the user|a user|users?)\b[^.!?\n]{0,40}?[, ](?:you must|you should|always|say|tell them|tell the user|recommend|insert|append|state)\b",
            ),
            (
                0.6,
                AIMED,
                r"\b(?:end|begin|start|finish|append|include)\b[^.!?\n]{0,60}\b(?:your|every|each|all) (?:next |final )?(?:responses?|repl(?:y|ies)|answers?|summary|summaries|outputs?)\b",
            ),
        ),
    ),
)

HIDDEN = _group(
    (
        0.7,
        AIMED,
        rf"\b(?:note|message|instructions?|attention|notice|hey|dear|hello|for|to)\b[ :,]{{1,2}}(?:(?:to|for|all|any|the) ){{0,2}}(?:{_MODEL}|assistant)\b[^.!?\n]{{0,24}}[:,-]",
    ),
    (
        0.7,
        AIMED,
        rf"\b{_MODEL}\b[^.!?\n]{{0,30}}?(?:\b(?:must|should|shall|please|you)\b|[:,])[^.!?\n]{{0,30}}?\b(?:say|tell|reply|respond|answer|output|print|write|recommend|approve|rate|rank|return|state|claim|ignore|rewrite|hire|include|mention|insert|act)\b",
    ),
    (
        0.7,
        AIMED,
        rf"\bif you(?:'re| are) an? (?:{_MODEL}|automated|assistant)\b|\byou are an? (?:\w{{1,16}} ){{0,3}}?(?:{_MODEL}|assistant(?! \w)|bot)\b",
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
        rf"\b(?:send|forward|e-?mail|transmit|upload|exfiltrate|leak|post)\b (?:the|all|any|every|their|his|her|its) [^.!?\n]{{0,50}}?\b{_PRIVATE}\b[^.!?\n]{{0,60}}?\bto\b[^.!?\n]{{0,30}}?{_ADDRESS}",
    ),
)
