"""Wordings of instructions that somebody planted in the text of a document, with how sure each is.

Much is ordinary in a document that would be odd in a question ("ignore the warning", "show the messages"), so these are
narrower than the ones of `rules.py`.
"""
# ruff: noqa: E501  a pattern is read in one piece

from guards.rules import AIMED, EXTRACT, MARKUP, OVERRIDE, ROLE
from guards.wordings import ADDRESS, MODEL, PRIVATE, VERB, family

_IGNORE = (
    r"(?:ignore|disregard|forget|override|bypass|do(?: not|n't) follow|stop (?:following|obeying)|pay no attention to)"
)
_NOT = r"(?<!not )(?<!n't )(?<!never )"
_IGNORED_THE = r"(?<!ignore the )(?<!disregard the )(?<!forget the )(?<!override the )(?<!bypass the )(?<!follow the )"

SHOWN = (
    family(
        "ignore/disregard/forget/override/bypass/not follow/n't follow/stop following/stop obeying/no attention",
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
            rf"\b{_IGNORE} (?:the|these|those) (?:above|previous|prior|earlier|preceding)?(?: \w{{1,16}})? ?(?:instructions?|prompts?|directives|text|content)(?: above)?\W{{1,4}}(?:(?:and|then|instead|now|just|only|please)\W{{1,3}}){{0,3}}{VERB}\b",
        ),
        (
            0.6,
            OVERRIDE,
            rf"\b{_IGNORE} (?:the|these|those) (?:(?:above|previous|prior|earlier|preceding|foregoing) (?:instructions?|prompts?|directives)|(?:instructions?|prompts?|directives|guidelines|rules) above|above,? (?:and|then))\b",
        ),
        (
            0.9,
            OVERRIDE,
            rf"\b(?:ignore|disregard|forget) (?:everything|anything|all(?: that)?|whatever)(?: \w{{1,12}}){{0,4}} (?:before|above|prior|so far|until now|told|instructed)\b[^.!?\n]{{0,40}}\W(?:and|instead|now|you|then)\b[^.!?\n]{{0,20}}\b{VERB}\b",
        ),
        form=rf"{_IGNORE}\b.{{0,80}}(?:instruct|prompt|directive|programming|guideline|training|rule|command|order|restriction|polic|text|content|above|before|prior|so far|until now|told)",
    ),
    family(
        "vergiss/ignorier/missachte/ignorez /ignorer /ignora /ignore les /ignore tes /ignore vos /ignore tout/ignore tod/ignore las /ignore tus /ignore sus /ignore as /ignore suas /oublie/olvida/olvide/dimentica/esqueca",
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
    family(
        "your new /the new /your real /the real /your actual /the actual /your updated /the updated /your only /instruction/directive/override/prompt/from now on/this point/new task",
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
            rf"\bfrom (?:now on|this point(?: on| forward)?),? you (?:are|must|will|shall|should|only|always)\b|\bfrom now on,? (?:only |always )?(?:answer|respond|reply|act|speak)\b|\byour (?:new|only|real) (?:task|goal|job|instructions?|role|purpose) (?:is|are)\b|\bnew task\W{{1,3}}{VERB}\b",
        ),
        form=r"(?:your|the) (?:new|real|actual|updated|only) |(?:instruction|directive|override|prompt)s?\W{0,4}:|from now on|this point|new task",
    ),
    family(
        "prompt/instructions",
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
    family(
        "you are now/you are henceforth/you are no longer/do anything now/act as ",
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
    family(
        "<|/<<sys/_of_turn>/inst]/system>/system_prompt>/instructions>/user_query>/assistant>",
        (
            0.9,
            MARKUP,
            r"<\|(?:im_start|im_end|system|user|assistant|end_of_turn|start_header_id|end_header_id|eot_id|begin_of_text)\|>|<<sys>>|<(?:start|end)_of_turn>",
        ),
        (0.6, MARKUP, r"\[/?inst\]|</?(?:system|system_prompt|instructions|user_query|assistant)>"),
    ),
    family(
        ' ai / ai:/ ai,/ ai-/ ai!/(ai/[ai/*ai/#ai/>ai/"ai/“ai/a.i/llm/gpt/claude/gemini/copilot/language model/chat',
        (
            0.6,
            AIMED,
            rf"(?:^|[.!?:;\n(\[<>*#\"“-]) {{0,3}}(?:(?:dear|hey|hello) )?(?:(?:all|any|the|every) )?{MODEL} ?[:,!-]{{1,2}} ?(?=(?:please |you (?:must|should|are to) |kindly )?(?:{VERB}|ignore|disregard|forget)\b)",
        ),
        (
            0.9,
            AIMED,
            rf"\b{MODEL} (?:reading|processing|summari[sz]ing|parsing|screening|reviewing|evaluating|analy[sz]ing) (?:this|the)\b[^.!?\n:]{{0,40}}(?:[:,] ?(?:please )?|\b(?:must|should|shall) ){VERB}\b",
        ),
        (
            0.9,
            AIMED,
            rf"\b(?:(?:note|message|instructions?|attention|notice|important) (?:to|for)|attention,?) (?:(?:all|any|the|every) )?{MODEL}\b[^.!?\n]{{0,40}}?[:!,-]",
        ),
        (
            0.9,
            AIMED,
            rf"\bif you(?:'re| are) an? (?:{MODEL}|automated (?:assistant|system))\b[^.!?\n]{{0,60}}[,:] ?(?:please |then |you (?:must|should) )?(?:{VERB}|ignore|add|mention|append|insert|start|end|begin)\b",
        ),
        (
            0.6,
            AIMED,
            rf"\b{MODEL} (?:reading|processing|summari[sz]ing|parsing|screening|reviewing) this\b[^.!?\n]{{0,40}}\b(?:must|should|shall|are instructed|is instructed|will)\b",
        ),
    ),
    family(
        "assistant:/assistant :/assistant,/ai:/ai :/ai,/chatgpt:/chatgpt,/copilot:/copilot,/system:/system :/system,/model:/model :/model,",
        (
            0.9,
            AIMED,
            rf"(?:^|[.!?\n\]>*]) {{0,3}}(?:assistant|ai|chatgpt|copilot|system|model)\s{{0,2}}[:,] {{0,2}}(?:please |you must |now )?(?:send|forward|e-?mail|transmit|upload|delete|reveal|ignore|exfiltrate|post|share|do not tell)\b[^.!?\n]{{0,80}}?\b(?:{PRIVATE}\b|{ADDRESS})",
        ),
        (
            0.6,
            AIMED,
            r"(?:^|[.!?\n\]>*]) {0,3}(?:assistant|ai|chatgpt|copilot|system|model) ?: {0,2}(?:please )?(?:you must |you are |always |never |only |do not |ignore |disregard )",
        ),
    ),
    family(
        "not /n't /never /without ",
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
        form=r"(?:not|n't|never|without) (?:tell|mention|reveal|inform|disclose|show|say|let|alert|warn|notif|ask)",
    ),
    family(
        "@/http/www.",
        (
            0.6,
            AIMED,
            rf"\b(?:send|forward|e-?mail|transmit|upload|exfiltrate|leak|post)\b (?:the|all|any|this|every|their|his|her|its) [^.!?\n]{{0,60}}?\b{PRIVATE}\b[^.!?\n]{{0,60}}?\bto\b[^.!?\n]{{0,30}}?{ADDRESS}",
        ),
        form=r"(?:send|forward|mail|transmit|upload|exfiltrate|leak|post) (?:the|all|any|this|every|their|his|her|its) ",
    ),
    family(
        "when/your /every /each /all ",
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
        form=r"when(?:ever)? (?:you|summ|answ|proc|resp|ask|quer)|(?:your|every|each|all) (?:next |final )?(?:respon|repl|answ|summ|outp)",
    ),
)
