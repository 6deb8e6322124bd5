"""Source code, settings and markup: the decoded file, unchanged, a section for each definition at its left edge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.domain import Document, Section
from ingest.formats.decoding import decode
from ingest.source import SourceFile

# What begins a definition, by language; `name` is what it defines. Each looks at one line and no further than it must.
_MODIFIERS = (
    r"(?:(?:public|private|protected|internal|static|abstract|final|sealed|open|data|partial|export|default|async"
)
_MODIFIERS += (
    r"|declare|override|inline|suspend|case|readonly|unsafe|virtual|extern|fileprivate|implicit|lazy|pub)\s+){0,6}"
)
_TYPES = (
    r"(?:class|interface|enum|record|struct|object|trait|protocol|extension|namespace|module|type|union|actor|mixin)"
)
_PYTHON = r"(?:async\s+)?(?:def|class)\s+(?P<name>\w+)"
_SCRIPT = (
    rf"{_MODIFIERS}(?:(?:function\s*\*?|{_TYPES})\s+(?P<name>[\w$.]+)"
    r"|(?:const|let|var)\s+(?P<bound>[\w$]+)[^=\n]{0,100}=\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>))"
)
_CURLY = rf"{_MODIFIERS}(?:{_TYPES}|fun|func|def|void)\s+(?:class\s+|\([^)\n]{{0,100}}\)\s*)?(?P<name>[\w.]+)"
_RUST = (
    r"(?:pub(?:\([^)\n]{0,40}\))?\s+)?(?:(?:async|unsafe|const|default|extern(?:\s+\"\w*\")?)\s+){0,4}"
    r"(?:fn|struct|enum|trait|union|mod|type|macro_rules!|impl(?:<[^\n>]{0,100}>)?)\s+(?P<name>[\w:]+)"
)
_C = (
    r"(?!(?:if|else|for|while|switch|return|typedef|using|goto|case|do|template)\b)"
    r"(?:(?:typedef\s+)?(?:struct|class|enum|union|namespace)\s+(?P<name>\w+)[^;\n]{0,200}$"
    r"|(?:[A-Za-z_][\w\s*&:<>,\[\]]{0,120}?[\s*&:]|(?=[a-z_]))(?P<bound>~?\w+)\s*\([^;\n]{0,300}$)"
)
_RUBY = r"(?:class|module|def)\s+(?P<name>[\w.:?!]+)"
_PHP = rf"{_MODIFIERS}(?:function|{_TYPES})\s+&?(?P<name>\w+)"
_SHELL = r"(?:function\s+(?P<name>[\w:.-]+)|(?P<bound>[\w:.-]+)\s*\(\)\s*(?:\{|\(|$))"
_POWERSHELL = r"(?i:function|filter|class|workflow)\s+(?P<name>[\w:-]+)"
_SQL = (
    r"(?i:create\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|unique|materialized|global|unlogged)\s+)?"
    r"(?:table|view|function|procedure|trigger|index|type|schema|sequence)\s+(?:if\s+not\s+exists\s+)?)"
    r"(?P<name>[\w.\"`\[\]]+)"
)
_R = r"(?P<name>[\w.]+)\s*(?:<-|=)\s*function\b"
_LUA = r"(?:local\s+)?function\s+(?P<name>[\w.:]+)"
_PERL = r"(?:sub|package)\s+(?P<name>[\w:]+)"
_ELIXIR = r"(?:defmodule|def|defp|defmacro)\s+(?P<name>[\w.?!]+)"
_TABLE = r"\[{1,2}\s*(?P<name>[^\]\n]{1,100}?)\s*\]{1,2}\s*(?:[#;].{0,200})?$"
_PROTO = r"(?:message|service|enum|input|interface|union|scalar|type)\s+(?P<name>\w+)"
_NONE = r"(?!)"
_LANGUAGES = {
    _PYTHON: ".py .pyi .pyx",
    _SCRIPT: ".js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte",
    _CURLY: ".java .kt .kts .cs .go .swift .scala .groovy .gradle .dart",
    _RUST: ".rs",
    _C: ".c .h .cc .cpp .cxx .hh .hpp .hxx .m .mm .cu .ino",
    _RUBY: ".rb .rake",
    _PHP: ".php",
    _SHELL: ".sh .bash .zsh .ksh",
    _POWERSHELL: ".ps1 .psm1",
    _SQL: ".sql",
    _R: ".r",
    _LUA: ".lua",
    _PERL: ".pl .pm",
    _ELIXIR: ".ex .exs",
    _TABLE: ".toml .ini .cfg .conf",
    _PROTO: ".proto .graphql .gql",
    _NONE: ".css .scss .sass .less .yaml .yml .xml .xsd .xsl .xslt .properties .tf .hcl .hs .clj .erl .jl .ml .fs .vb "
    ".bat .cmd .mk .cmake .diff .patch .tex .bib",
}
_RULES = {
    suffix: re.compile(rule, re.MULTILINE) for rule, suffixes in _LANGUAGES.items() for suffix in suffixes.split()
}
SUFFIXES = frozenset(_RULES)
DOC = "source code, settings and markup, with the names of what is defined; the text is kept as it stands"
# Lines right above a definition that belong to it: comments, decorators, attributes, template heads.
_LEADING = re.compile(r"(?:@|#|//|/\*|\s?\*|--|///|\[\w|template\s*<|'''|\"\"\"|=begin|=end).*")


def load(file: SourceFile) -> Document:
    """A definition's section begins with the comments and decorators right above it; its name is the heading."""
    text = decode(file.content)
    return Document(file.source, file.path.name, text, tuple(_sections(text, _RULES.get(file.suffix))))


def _sections(text: str, rule: re.Pattern[str] | None) -> Iterator[Section]:
    cuts: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    start, above = 0, 0  # of the line, and of the comments right above it
    for line in text.splitlines(keepends=True):
        found = rule.match(line.rstrip("\r\n")) if rule and not line[0].isspace() else None
        if found:
            cuts.append((above, (_name(found),)))
        leads = found is None and _LEADING.match(line) is not None
        start += len(line)
        above = above if leads else start
    for (begin, heading), (end, _) in zip(cuts, [*cuts[1:], (len(text), ())], strict=True):
        if begin < end:
            yield Section(begin, end, heading)


def _name(found: re.Match[str]) -> str:
    return str(found["name"] or found.groupdict().get("bound")).strip('"`[]')
