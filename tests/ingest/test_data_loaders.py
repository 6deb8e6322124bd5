"""What comes out of CSV, JSON, JSON Lines, source code and reStructuredText."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import Document
from core.errors import RefusedDocument
from ingest import reading
from ingest.formats import tabular
from ingest.source import ReadOptions, SourceFile


def loaded(name: str, content: str | bytes, *fields: str) -> Document:
    """The document in a file of this name and content."""
    raw = content.encode() if isinstance(content, str) else content
    return reading.load(SourceFile(name, Path(name), raw, ReadOptions(json_fields=fields)))


def sections(document: Document) -> list[tuple[tuple[str, ...], str]]:
    """Heading path and text of each section."""
    return [(section.heading, document.text[section.start : section.end]) for section in document.sections]


def refused(name: str, content: str | bytes, *fields: str) -> RefusedDocument:
    """The refusal of a file."""
    with pytest.raises(RefusedDocument) as refusal:
        loaded(name, content, *fields)
    return refusal.value


# --- tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_of_a_table_stand_with_their_headers(separator: str) -> None:
    """Any usual separator is found out; quoted cells may hold it, and line ends."""
    rows = [["Name", "City", "Note"], ["Smith", "Paris", f'"one{separator}\ntwo"'], ["Müller", "", "x"]]
    document = loaded("a.csv", "\r\n".join(separator.join(row) for row in rows))
    told = "one two" if separator == "\t" else f"one{separator} two"
    assert document.text == f"Name: Smith | City: Paris | Note: {told}\n\nName: Müller | Note: x"
    assert document.tables == 1


def test_a_table_without_headers_stays_without() -> None:
    """Where the first row holds numbers or the same word twice, values stand side by side."""
    assert loaded("a.csv", "1,Paris\n2,Rome\n").text == "1 | Paris\n\n2 | Rome"
    assert loaded("a.csv", "yes,yes\nno,yes\n").text == "yes | yes\n\nno | yes"


def test_ragged_and_empty_rows() -> None:
    """Short rows leave values out, long ones keep theirs; empty rows are skipped, captions stay."""
    assert loaded("a.tsv", "Prices\n\na\tb\n1\n1\t2\t3\n\t\n").text == "Prices\n\na: 1\n\na: 1 | b: 2 | 3"


def test_headers_alone_are_text() -> None:
    """A table of one row is that row."""
    assert loaded("a.csv", "Name,City\n").text == "Name | City"


def test_one_column_is_lines() -> None:
    """A list of words is no table, so its first line is not a header."""
    assert loaded("a.csv", "Paris\nRome\n").text == "Paris\n\nRome"


def test_tables_in_old_encodings() -> None:
    """What spreadsheets write on Western computers is decoded."""
    assert loaded("a.csv", "Größe;Preis\nkurz;5 €\n".encode("cp1252")).text == "Größe: kurz | Preis: 5 €"


def test_hopeless_tables_are_refused() -> None:
    """Cells without end and tables of nothing have their reasons."""
    assert refused("a.csv", 'a,"' + "x" * 1_100_000).code == "corrupt"
    assert refused("a.csv", ",,\n,,\n").code == "no_text"
    assert refused("a.csv", b"\x00\x01" * 20).code == "binary"


@pytest.mark.parametrize(
    "cell", ["12", "-3.5", "1,200.50", "€ 5", "2024-05-01", "10:30", "a@example.org", "x" * 61, ""]
)
def test_values_do_not_name_columns(cell: str) -> None:
    """Numbers, dates, addresses and long texts are content."""
    assert not tabular.is_name(cell)


@given(st.lists(st.lists(st.text("ab1 |", max_size=4), max_size=4), max_size=5))
def test_no_value_is_lost(rows: list[list[str]]) -> None:
    """Whatever the rows below the names, every word of every cell is in the lines."""
    text = "\n".join(tabular.lines([["Name", "Place", "Thing"], *rows]))
    assert all(word in text for row in rows for cell in row for word in cell.split())


# --- JSON -------------------------------------------------------------------------------------------------------


def test_records_are_sections_with_their_names() -> None:
    """A list of records has a section each, under its title, name or number; every field stands with its key."""
    document = loaded(
        "a.json", '[{"title": "First", "tags": ["x", "y"], "n": 1.5}, {"body": {"text": "Hi", "ok": true}, "no": null}]'
    )
    assert sections(document) == [
        (("First",), "title: First\ntags: x, y\nn: 1.5\n\n"),
        (("Record 2",), "body.text: Hi\nbody.ok: true"),
    ]


def test_json_lines_are_records() -> None:
    """A line a record, by whatever suffix; empty lines are passed over."""
    content = '{"id": 1, "text": "One"}\r\n\n{"id": 2, "text": "Two"}\n'
    expected = [(("1",), "id: 1\ntext: One\n\n"), (("2",), "id: 2\ntext: Two")]
    assert sections(loaded("a.jsonl", content)) == expected
    assert sections(loaded("a.ndjson", content)) == expected
    assert sections(loaded("a.json", content)) == expected


def test_chosen_fields_make_the_text() -> None:
    """Dotted paths reach into records and lists; other fields are left out."""
    content = '[{"name": "A", "parts": [{"text": "One."}, {"text": "Two."}], "secret": "x"}, {"a.b": "Three."}]'
    assert loaded("a.json", content, "parts.text", "a.b").text == "One.\nTwo.\n\nThree."
    assert "price" in refused("a.json", content, "price").reason


def test_nested_values_are_lines() -> None:
    """What is no list of records is written line by line; records within are kept apart, vectors left out."""
    content = '{"name": "Map", "places": [{"city": "Rome"}, {"city": "Bonn"}], "size": [1, 2], "vector": [%s]}'
    document = loaded("a.json", content % ", ".join(["0.5"] * 50))
    assert document.title == "Map"
    assert document.text == "name: Map\n\nplaces.city: Rome\n\nplaces.city: Bonn\nsize: 1, 2"


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("a.json", '{"a": ', "corrupt", "not JSON"),
        ("a.jsonl", '{"a": 1}\n\n{"b": }\n', "corrupt", "line 3"),
        ("a.json", '{"a": 1}\n{"b": }\n', "corrupt", "line 2"),
        ("a.json", "[" * 100_000, "bomb", "nested"),
        ("a.json", '{"a":' * 80 + "1" + "}" * 80, "bomb", "nested"),
        ("a.json", "[" + "9" * 5000 + "]", "corrupt", "not JSON"),
        ("a.json", '{"a": null, "b": []}', "no_text", "no text"),
        ("a.json", '{"a": "\\ud800"}', "encoding", "broken"),
    ],
)
def test_broken_json_is_refused(name: str, content: str, code: str, said: str) -> None:
    """The reason names the line where there are lines."""
    refusal = refused(name, content)
    assert refusal.code == code
    assert said in refusal.reason


# --- code and reStructuredText ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [
        (
            "a.py",
            "import x\n\n# why\n@deco\nasync def run():\n    def inner(): ...\n\nclass Big(B):\n    pass\n",
            "run Big",
        ),
        (
            "a.ts",
            "export default function go() {}\nexport const to = async (x) => 1;\nconst n = 1;\ninterface I {}\n",
            "go to I",
        ),
        (
            "A.java",
            "package a;\n/** Doc. */\n@Bean\npublic final class A {\n  void b() {}\n}\nrecord R(int x) {}\n",
            "A R",
        ),
        ("a.go", "package m\n\nfunc (s *S) Run() {\n}\n\ntype T struct {\n}\n", "Run T"),
        ("a.rs", "#[derive(Debug)]\npub struct P;\nimpl<T> Q for P {\n}\npub(crate) async fn go() {}\n", "P Q go"),
        (
            "a.c",
            "#include <x.h>\nint *find(int a,\n          int b)\n{\n  return f(a);\n}\nint g(void);\nstruct S {\n};\n",
            "find S",
        ),
        (
            "a.h",
            "PyAPI_FUNC(int) PyRun(void);\nint\nrun_all (int a)\n{\n}\nvoid K::~K()\n{\n}\nnamespace n {\n}\n",
            "run_all ~K n",
        ),
        ("a.cs", "namespace A.B;\npublic class D<T> {}\n", "A.B D"),
        ("a.kt", "fun main() {}\ndata class P(val a: Int)\n", "main P"),
        ("a.rb", "module M\nend\ndef ok?\nend\n", "M ok?"),
        ("a.php", "<?php\nabstract class A {}\nfunction f() {}\n", "A f"),
        ("a.sh", "x=1\nrun() {\n}\nfunction stop {\n}\n", "run stop"),
        ("a.sql", "-- all\ncreate or replace view v as select 1;\nCREATE TABLE IF NOT EXISTS s.t (x int);\n", "v s.t"),
        ("a.r", "f <- function(x) x\ny <- 2\n", "f"),
        ("a.lua", "local function f()\nend\n", "f"),
        ("a.pl", "package P;\nsub f {\n}\n", "P f"),
        ("a.toml", "x = 1\n[tool.a]\ny = 2\n[[b]]\n", "tool.a b"),
        ("a.yaml", "a: 1\nb: 2\n", ""),
        ("a.xml", "<?xml version='1.0'?><a/>", ""),
    ],
)
def test_code_is_kept_with_a_section_for_each_definition(name: str, content: str, names: str) -> None:
    """The text is the file; definitions at the left edge are headings, comments and decorators above go with them."""
    document = loaded(name, content)
    assert document.text == content
    assert document.title == name
    assert [section.heading[0] for section in document.sections if section.heading] == names.split()
    assert "".join(text for _, text in sections(document)) == content


def test_comments_above_a_definition_belong_to_it() -> None:
    """What describes a function is found together with it."""
    document = loaded("a.py", "import x\n\n# Says why.\n@deco\ndef run():\n    pass\n")
    assert sections(document)[1] == (("run",), "# Says why.\n@deco\ndef run():\n    pass\n")


@given(st.text(st.sampled_from("def f():\n\r\x0c\u2028 #class{}x"), min_size=1, max_size=60))
def test_code_sections_cover_any_text(content: str) -> None:
    """However odd the line ends, sections follow each other without gap."""
    from ingest.loaders import code

    document = code.load(SourceFile("a.py", Path("a.py"), content.encode()))
    assert "".join(text for _, text in sections(document)) == document.text


def test_long_lines_of_code_cost_little() -> None:
    """A megabyte on one line, as of minified scripts, is read at once."""
    for suffix in ("c", "js", "java", "toml"):
        assert loaded(f"a.{suffix}", "a b " * 250_000).text.startswith("a b")


def test_restructured_text_headings() -> None:
    """Underlines and overlines make levels in the order of their coming; tables and literal blocks make none."""
    content = (
        "=======\n Title\n=======\n\nIntro.\n\nThe :mod:`os` *module*\n----------------------\n\n"
        "Text::\n\n    Not\n    ---\n\n"
        "Deep\n~~~~\n\n=====  =====\nA      B\n=====  =====\n1      2\n=====  =====\n\nNext\n----\nEnd.\n"
    )
    document = loaded("a.rst", content)
    assert (document.title, document.text) == ("Title", content)
    assert [heading for heading, _ in sections(document)] == [
        ("Title",),
        ("Title", "The os module"),
        ("Title", "The os module", "Deep"),
        ("Title", "Next"),
    ]
    assert sections(document)[1][1].startswith("The :mod:")


def test_restructured_text_without_headings() -> None:
    """Its title is the file's name."""
    assert loaded("notes.rst", "Only text.\n\n----\n\nMore.\n").title == "notes"


def test_a_set_of_evaluation_questions_is_no_document() -> None:
    """Questions that lie beside the documents they ask about are refused by name, unless their fields are chosen."""
    line = '{"id": "1", "question": "Who lights the lamp?", "answerable": true, "gold": []}\n'
    assert refused("a.questions.jsonl", line * 3).code == "evaluation_set"
    assert loaded("a.jsonl", line, "question").text == "Who lights the lamp?"
