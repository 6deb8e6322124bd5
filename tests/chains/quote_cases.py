"""Sentences, the passages that they cite, and the words that support them: written by hand.

Each case: its name, the sentence with its marks, the passages (a text, or a heading and a text), and the quotes to be
found, in order; none where nothing may be quoted.
"""

from core.domain import Chunk, Passage

Text = str | tuple[str, str]  # a passage, or its heading and it

LEAVE = "The office opens at nine. Staff get 25 days of\nholiday a year. Unused days lapse in March."
DOGS = "Dogs are allowed on Fridays."
PEOPLE = "Anna Berg leads finance since 2019. Bob Carter leads sales. The office dog is called Rex."
TWO_NUMBERS = "Staff get 25 days of holiday and 10 days of training leave."
CURIE = "Marie Curie was born in Warsaw in 1867. She won two Nobel Prizes. Her husband was Pierre."
BADGE = (
    "To get a badge you need:\n\n- a passport or an identity card\n- a photograph\n- the signature of your manager\n"
)
STEPS = (
    "How to reset it:\n\n"
    "1. Press the red button for five seconds.\n2. Wait until the lamp is green.\n3. Close the lid.\n"
)
PRICES = (
    "Prices of the canteen:\n\n"
    "| Dish | Price in euros |\n|---|---|\n| Soup | 3.20 |\n| Salad | 4.50 |\n| Pasta | 6.00 |\n"
)
CODE = "Run the ingest command:\n\n```\nparapet ingest add FOLDER --quiet\n```\n\nIt prints one line a file."
LONG = (
    "The committee, which met three times in the spring, decided after a long debate that the old boiler is to be "
    "replaced by a heat pump, although the caretaker had asked for a new boiler, and that the cellar is to be "
    "painted white."
)
UNICODE = "Das Büro öffnet um 9 Uhr. Le café coûte 2 €. “Nobody – not even staff – may enter,” said the caretaker."
TRAINS = "The company pays second class train tickets. Hotel nights cost at most 120 euros."

SUPPORTED: list[tuple[str, str, list[Text], list[str]]] = [
    # --- word for word ---
    ("verbatim", "The office opens at nine. [1]", [LEAVE], ["The office opens at nine."]),
    (
        "across a line break",
        "Staff get 25 days of holiday a year [1].",
        [LEAVE],
        ["Staff get 25 days of\nholiday a year."],
    ),
    ("without its full stop", "Dogs are allowed on Fridays [1]", [DOGS], [DOGS]),
    ("other capitals", "dogs are allowed on fridays [1].", [DOGS], [DOGS]),
    (
        "straight quotes for curly",
        '"Nobody - not even staff - may enter," said the caretaker. [1]',
        [UNICODE],
        ["“Nobody – not even staff – may enter,” said the caretaker."],
    ),
    ("umlauts", "Das Büro öffnet um 9 Uhr [1].", [UNICODE], ["Das Büro öffnet um 9 Uhr."]),
    ("accents written otherwise", "Le cafe\u0301 cou\u0302te 2 € [1].", [UNICODE], ["Le café coûte 2 €."]),
    (
        "no-break space",
        "Hotel nights cost at most 120 euros [1].",
        ["Hotel nights cost at most 120\u00a0euros."],
        ["Hotel nights cost at most 120\u00a0euros."],
    ),
    (
        "emphasis in the document",
        "The office opens at nine [1].",
        ["The **office** opens at _nine_."],
        ["The **office** opens at _nine_."],
    ),
    (
        "a reference of the document's own",
        "The tower is 300 metres high [1].",
        ["The tower is 300 metres high.[12] It leans."],
        ["The tower is 300 metres high."],
    ),
    ("quotation marks around", '"Dogs are allowed on Fridays." [1]', [DOGS], [DOGS]),
    (
        "part of a sentence",
        "The old boiler is to be replaced by a heat pump [1].",
        [LONG],
        ["the old boiler is to be replaced by a heat pump"],
    ),
    # --- in other words ---
    ("other order", "Days that are unused lapse in March [1].", [LEAVE], ["Unused days lapse in March."]),
    (
        "passive",
        "Second class train tickets are paid by the company [1].",
        [TRAINS],
        ["The company pays second class train tickets."],
    ),
    (
        "another form of a word",
        "A hotel night costs at most 120 euros [1].",
        [TRAINS],
        ["Hotel nights cost at most 120 euros."],
    ),
    ("a number in words", "The office opens at 9 [1].", [LEAVE], ["The office opens at nine."]),
    (
        "a number in figures",
        "Staff get twenty-five days of holiday each year [1].",
        [LEAVE],
        ["Staff get 25 days of\nholiday a year."],
    ),
    (
        "thousands",
        "The budget is 1.5 million euros [1].",
        ["The budget of the year is 1,500,000 euros."],
        ["The budget of the year is 1,500,000 euros."],
    ),
    (
        "a date written otherwise",
        "The contract ends on 24 November 2026 [1].",
        ["The contract ends on 2026-11-24."],
        ["The contract ends on 2026-11-24."],
    ),
    (
        "a clock",
        "The office opens at nine [1].",
        ["The office opens at 9:00 and closes at 17:30."],
        ["The office opens at 9:00 and closes at 17:30."],
    ),
    (
        "an abbreviation",
        "The EU pays for the bridge [1].",
        ["The European Union pays for the bridge."],
        ["The European Union pays for the bridge."],
    ),
    (
        "a family name",
        "Anna Berg heads finance since 2019 [1].",
        ["Berg leads finance since 2019."],
        ["Berg leads finance since 2019."],
    ),
    (
        "two denials",
        "Dogs are not allowed in the kitchen [1].",
        ["Dogs are forbidden in the kitchen."],
        ["Dogs are forbidden in the kitchen."],
    ),
    ("an opposite and a denial", "The cellar is not open [1].", ["The cellar is closed."], ["The cellar is closed."]),
    (
        "a word of the heading",
        "Unused holiday lapses in March [1].",
        [("Holiday", "Days that are unused lapse in March.")],
        ["Days that are unused lapse in March."],
    ),
    (
        "a name of the heading",
        "Parapet keeps its data in one folder [1].",
        [("Parapet", "It keeps all data in one folder.")],
        ["It keeps all data in one folder."],
    ),
    (
        "a clause of a long sentence",
        "The cellar will be painted white [1].",
        [LONG],
        ["and that the cellar is to be painted white."],
    ),
    ("the right number of two", "Staff get 10 days of training leave [1].", [TWO_NUMBERS], [TWO_NUMBERS]),
    ("the right person of two", "Bob Carter leads sales [1].", [PEOPLE], ["Bob Carter leads sales."]),
    # --- two sentences ---
    (
        "a pronoun and its name",
        "Marie Curie won two Nobel Prizes [1].",
        [CURIE],
        ["Marie Curie was born in Warsaw in 1867. She won two Nobel Prizes."],
    ),
    (
        "two that are neighbours",
        "Company pays second class train tickets and hotel nights up to 120 euros [1].",
        [TRAINS],
        [TRAINS],
    ),
    (
        "two that are apart",
        "The office opens at nine, and unused days lapse in March [1].",
        [LEAVE],
        ["The office opens at nine.", "Unused days lapse in March."],
    ),
    (
        "two passages",
        "Staff get 25 days of holiday a year, and dogs are allowed on Fridays [1][2].",
        [LEAVE, DOGS],
        ["Staff get 25 days of\nholiday a year.", DOGS],
    ),
    (
        "a name that stands elsewhere",
        "Ada Brown won the Lisbon prize for a book on malaria [1].",
        ["Ada Brown wrote a book on malaria. Dinner was at eight. She won the Lisbon prize for it."],
        ["Ada Brown wrote a book on malaria.", "She won the Lisbon prize for it."],
    ),
    # --- lists, tables, code ---
    ("an item", "- a photograph [1]", [BADGE], ["a photograph"]),
    (
        "an item with its introduction",
        "You need a photograph to get a badge [1].",
        [BADGE],
        ["To get a badge you need:\n\n- a passport or an identity card\n- a photograph"],
    ),
    ("a step", "Wait until the lamp is green [1].", [STEPS], ["Wait until the lamp is green."]),
    (
        "a numbered sentence",
        "1. Press the red button for five seconds [1].",
        [STEPS],
        ["Press the red button for five seconds."],
    ),
    (
        "a row",
        "Salad costs 4.50 euros [1].",
        [PRICES],
        ["| Dish | Price in euros |\n|---|---|\n| Soup | 3.20 |\n| Salad | 4.50 |"],
    ),
    (
        "a command",
        "Run `parapet ingest add FOLDER --quiet` [1].",
        [CODE],
        ["Run the ingest command:\n\n```\nparapet ingest add FOLDER --quiet\n```"],
    ),
    # --- references ---
    ("a wrong reference put right", "Dogs are allowed on Fridays [1].", [LEAVE, DOGS], [DOGS]),
    ("no reference", "Dogs are allowed on Fridays.", [LEAVE, DOGS], [DOGS]),
    ("one of two references holds", "Dogs are allowed on Fridays [1][2].", [LEAVE, DOGS], [DOGS]),
    ("one of two is invented", "Dogs are allowed on Fridays [2, 9].", [LEAVE, DOGS], [DOGS]),
    ("a range", "Dogs are allowed on Fridays [1-2].", [LEAVE, DOGS], [DOGS]),
    ("wide brackets", "Dogs are allowed on Fridays【2†rules】.", [LEAVE, DOGS], [DOGS]),
]

UNSUPPORTED: list[tuple[str, str, list[Text]]] = [
    # --- another number, name, or the opposite ---
    ("another number", "Staff get 30 days of holiday a year [1].", [LEAVE]),
    ("another number in words", "The office opens at ten [1].", [LEAVE]),
    ("a year beside it", "Marie Curie was born in Warsaw in 1876 [1].", [CURIE]),
    ("a number of another thing", "Staff get 10 days of holiday [1].", [TWO_NUMBERS]),
    ("another unit of size", "The budget is 1.5 billion euros [1].", ["The budget of the year is 1.5 million euros."]),
    ("another month", "Unused days lapse in April [1].", [LEAVE]),
    ("another row's number", "Salad costs 3.20 euros [1].", [PRICES]),
    ("another name", "Clara Berg leads finance since 2019 [1].", [PEOPLE]),
    ("the other person", "Bob Carter leads finance [1].", [PEOPLE]),
    ("the other person's year", "Bob Carter leads sales since 2019 [1].", [PEOPLE]),
    ("another place", "Marie Curie was born in Paris in 1867 [1].", [CURIE]),
    ("denied", "Dogs are not allowed on Fridays [1].", [DOGS]),
    ("never", "The office never opens at nine [1].", [LEAVE]),
    ("asserted, and denied there", "Visitors may enter the cellar [1].", ["Visitors may not enter the cellar."]),
    ("word for word inside of a denial", "Staff get a yacht [1].", ["It is not true that staff get a yacht."]),
    ("the opposite word", "Dogs are forbidden on Fridays [1].", [DOGS]),
    ("the opposite direction", "Sales rose by 5 percent in 2020 [1].", ["Sales fell by 5 percent in 2020."]),
    ("before for after", "The report is due before the audit [1].", ["The report is due after the audit."]),
    (
        "a name of another matter",
        "Visitors need a badge on Sunday [1].",
        ["Visitors need a badge. The office is closed on Sunday."],
    ),
    (
        "the other office",
        "The Lisbon office opens at nine [1].",
        ["The office in Porto opens at nine. Tea is free. The Lisbon office is closed on Mondays."],
    ),
    (
        "a number of another matter",
        "Parents get 25 weeks of leave [1].",
        ["Parents get leave after a birth. The office has 25 rooms."],
    ),
    # --- nothing of the kind ---
    ("invented", "The moon is made of cheese [1].", [LEAVE]),
    ("invented reference", "The moon is made of cheese [7].", [LEAVE]),
    ("one word in common", "The office dog bit the mayor [1].", [LEAVE]),
    ("a beginning that goes on otherwise", "Unused days are paid out with the salary of December [1].", [LEAVE]),
    (
        "one part holds, one does not",
        "The office opens at nine, and the canteen serves lobster on Sundays [1].",
        [LEAVE],
    ),
    ("words of one's own", "I get 25 days of holiday a year [1].", [LEAVE]),
    ("part of a word", "art [1]", ["The party is on Monday."]),
    ("nothing to support", "… [1]", [LEAVE]),
    ("no passage", "Dogs are allowed on Fridays [1].", []),
    ("an empty passage", "Dogs are allowed on Fridays [1].", [""]),
]


def made(texts: list[Text]) -> list[Passage]:
    """The passages of a case, by rank, each in a document of its own behind a few other words."""
    found = []
    for rank, one in enumerate(texts, 1):
        heading, text = one if isinstance(one, tuple) else ("", one)
        chunk = Chunk(f"{rank}.md", "", text, start=7, end=7 + len(text), heading=(heading,) if heading else ())
        found.append(Passage(chunk, score=1 / rank, rank=rank))
    return found
