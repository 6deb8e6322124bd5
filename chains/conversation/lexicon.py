"""Closed classes of English words, and the verbs that questions use: what a rule needs to tell nouns from the rest."""

from __future__ import annotations

DO = frozenset("do does did don't doesn't didn't".split())
MODALS = frozenset("can could may might must shall should will would cannot can't won't".split())
BE = frozenset("is are was were isn't aren't wasn't weren't".split())
HAVE = frozenset("has have had".split())
AUXILIARIES = DO | MODALS | BE | HAVE
WH = frozenset("what which who whom whose where when why how".split())
DETERMINERS = frozenset(
    "a an the my your our their its his her each every any some no other another all both this that these those"
    " such which what whose many much more most few several".split()
)
PREPOSITIONS = frozenset(
    "of in on at by for with without from to into onto over under about after before between through during"
    " against among beside beyond per since until till as than like within inside outside via upon off out up"
    " down".split()
)
CONJUNCTIONS = frozenset(
    "and or but nor so if when while whenever because although though unless once that which who where whether"
    " why how until before after as since".split()
)
# a clause of its own begins behind these, so that a pronoun there may mean a noun before them
CLAUSE_OPENERS = frozenset(
    "and or but if when while whenever because although though unless once that which who whom whose where"
    " whether why how until before after as since so than".split()
)
PRONOUNS = frozenset(
    "i you we he she it they me us him her them one ones someone somebody anyone anybody everyone everybody"
    " nobody something anything everything nothing myself yourself itself themselves there here".split()
)
SUBJECT_PRONOUNS = frozenset("i you we he she it they one someone somebody anyone anybody everyone".split())
ADVERBS = frozenset(
    "not also then just only still even ever never always often again already yet really exactly actually too now"
    " today first last instead afterwards beforehand otherwise either together alone once twice back away please"
    " usually automatically offline online".split()
)
FUNCTION = AUXILIARIES | WH | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | ADVERBS | frozenset(("be", "been"))

VERBS = frozenset(
    "abstain accept access act add admit agree allow analyse answer appear apply approve ask assume attach avoid"
    " back become begin belong block break bring build buy calculate call cancel carry catch cause change charge"
    " check choose cite claim clean close collect come compare configure connect consider contain continue control"
    " convert copy cost count cover crawl create cut decide decline define delete deliver depend describe detect"
    " determine differ disable disappear discover do download drop embed enable encrypt end ensure enter erase"
    " estimate exclude exist expect expire explain export extract fail fall fetch fill filter find finish fire fit"
    " fix flag follow forget get give go grow guess handle happen have hear help hide hold identify ignore import"
    " improve include increase index inform ingest inspect install judge keep know label last learn leave let like"
    " limit link list listen live load log look lose make manage mask match matter mean measure meet mend miss"
    " mount move name need notice obey offer open order overwrite own pass pay permit pick place play prepare"
    " prevent print process produce protect prove provide publish pull push put quote raise reach react read"
    " rebuild receive recognise recognize record redact reduce refer refuse reject release rely remain remember"
    " remove rename render repair repeat replace report request require reset resolve respect restart restore"
    " restrict return reveal review revoke roll run save say scan search see select send separate serve set share"
    " show sign skip sort speak split stand start stay stop store suggest support switch sync take talk teach tell"
    " test think transfer translate try turn understand undo update upgrade uphold upload use validate verify view"
    " visit wait want warn watch wear weigh withhold work write".split()
)
PARTICIPLES = frozenset(
    "begun bought broken brought built caught chosen cut done drawn driven fallen felt found given gone held"
    " hidden hit kept known left lent let lost made meant met paid put quit read run said seen sent set shown shut"
    " spent split stood taken taught thought told understood undone withheld won written".split()
)
PASTS = frozenset(
    "became began bought broke brought built came caught chose drew fell felt found gave got grew heard held kept"
    " knew led left lost made met paid put ran read said sang saw sent set sold spoke stood taught thought told"
    " took understood went won wrote".split()
)
STATES = frozenset(
    "able allowed available damaged different down empty enough fresh gone important large missing necessary"
    " normal open permanent possible ready required safe secret slow small true up valid visible wrong".split()
)
PEOPLE = frozenset(
    "administrator admin asker author boss caller colleague customer employee engineer guest man manager member"
    " operator owner people person reader reviewer staff student supplier teacher tenant user visitor woman"
    " worker".split()
)
# nouns that say too little without an "of"
RELATIONAL = frozenset(
    "advantage alternative amount colour consequence cost default deadline difference disadvantage duration"
    " effect example exception format frequency kind length limit maximum meaning minimum name number order option"
    " price opposite output purpose reason requirement restriction risk rule setting size speed step type value"
    " way".split()
)
PLURALS_WITHOUT_S = frozenset("people staff data children men women criteria".split())

# function words of German, French, Spanish, Italian, Portuguese and Dutch: enough to see that a question is no English
FOREIGN = frozenset(
    "aan aber al alla als am an anche ao aos as au auch auf aus aux avec bei bij bin bis ce ces cet cette ceux"
    " che chez chi ci com come comment como con cosa cuando cuál cuáles cuándo cuánto cuántos cómo da dal damit"
    " dan dann dans das dass dat de dei del della delle dem den denn der des deze di die dies diese dieser dieses"
    " dit do doch door dos dove du dónde e een ein eine einem einen einer eines el ela ele ella elle elles ellos"
    " em en er es eso essa esse est esta este et eux für geht gibt gli habe haben hat het hij hoe i ich ihm ihn"
    " ihr ihre ik il ils im in is isso ist ja je kan kann kein keine la las le les leur leurs lo los lui ma maar"
    " mais man mas mein met mit moi muss muy más na naar nach ne nel nella nicht niet no noch nog non nos nous nur"
    " não o ob oder of ohne om onde ook op os ou over où par para pas pela pelo per perché pero peut più plus por"
    " porque pour pourquoi puede può quais qual quale quali quand quando quanti quanto que quel quelle quelles"
    " quels quem questo qui quién quoi qué sa sans se sein sem ses seu si sich sie sin sind sobre soll son sono"
    " sont su sua sur sus são te tot uit um uma un una und une uns unter van vom von voor vor vous waar waarom"
    " wann wanneer war warum was wat wegen welche welcher welches welke wenn wer werden wie wij wir wird wo worden"
    " wordt y zijn zu zum zur è é über".split()
)


def is_plural(word: str) -> bool:
    """Whether a noun is in the plural, by its form."""
    word = word.lower()
    return word in PLURALS_WITHOUT_S or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")))


def singular(word: str) -> str:
    """The singular of a regular plural in lower case; any other word as it is."""
    word = word.lower()
    if not is_plural(word) or word in PLURALS_WITHOUT_S:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]


def gerund(verb: str) -> str:
    """The -ing form of a verb."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    vowels = "aeiou"
    short = len(verb) >= 3 and verb[-1] not in vowels + "wxy" and verb[-2] in vowels and verb[-3] not in vowels
    if short and sum(letter in vowels for letter in verb) == 1:
        return verb + verb[-1] + "ing"
    return verb + "ing"
