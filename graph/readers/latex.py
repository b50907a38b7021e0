"""LaTeX as bibliographies use it, turned into the text a reader sees, without losing a word.

pylatexenc does the work. This module keeps it from dropping text that only LaTeX itself would drop
("50% of workers", an unknown macro's name) and from reading other text as LaTeX.
"""

from __future__ import annotations

import html
import logging
import re
import unicodedata
from functools import cache
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec
from pylatexenc.latex2text import get_default_latex_context_db as text_macros
from pylatexenc.latexwalker import LatexWalker, LatexWalkerError
from pylatexenc.latexwalker import get_default_latex_context_db as parser_macros
from pylatexenc.macrospec import MacroSpec

from ..characters import UNREADABLE

# Readers report each problem with its file and line; the library's own log would repeat it.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

#: Text that needs the parser; anything else except braces means the same without LaTeX.
_LATEX = re.compile(r"[\\$~]|--|``|''|[!?]`")
#: Text whose only LaTeX is dashes, as in most pages and many titles.
_DASHED = re.compile(r"[^\\$~`'{}%&#^_]*")
_NO_BRACES = str.maketrans("", "", "{}")
#: Math as pandoc recognises it, so that "from $5 to $10" is not math.
_MATH = re.compile(r"((?<!\\)\$(?=\S)[^$]*(?<=[^\s\\])\$(?!\d))")
#: What raises or lowers in math. HTML's tags for it are dropped, too: "CO2".
_RAISED = re.compile(r"(?<!\\)[\^_](?=[{\w\\])")
_SPECIAL = re.compile(r"\\.|[%&#$_^]", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_URL = re.compile(r"\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}")
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*(?=\{)")
_TILDE = re.compile(r"\$\\sim\$|\\textasciitilde(?:\{\}|\s)?")
_ESCAPE = re.compile(r"\\([_%&#$~{}])")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}")
#: A macro swallows the space after it only if it stands for a letter or a mark ("S\o ren").
_SPACED = re.compile(
    r"\\(?!(?:o|O|l|L|ss|ae|AE|oe|OE|aa|AA|i|j|dh|DH|th|TH|dj|DJ|ng|NG|[cvuHkrdbt]|textcommabelow"
    r"|ocirc|textquote(?:(?:dbl)?(?:left|right)|single))(?![A-Za-z]))"
    r"([A-Za-z]+)(?=\s)"
)
#: Deeper than any real value, and short of Python's recursion limit.
MAX_DEPTH = 50
#: No title is longer; the parser takes a second for every 100,000 characters.
MAX_LENGTH = 20_000

#: Macros pylatexenc has no text for.
_TEXT = {
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
    "copyright": "©",
    "pounds": "£",
    "textsterling": "£",
    "euro": "€",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textunderscore": "_",
    "textquotedbl": '"',
    "glqq": "„",
    "grqq": "“",
    "P": "¶",
    "S": "§",
    "newline": " ",
    "and": "and",
    "-": "",
    "/": "",
    "@": "",
}
#: Accents that pylatexenc does not know, and their combining characters.
_ACCENTS = {"textcommabelow": "\u0326", "ocirc": "\u030a"}
#: Macros that put their argument in quotation marks.
_QUOTING = ("enquote", "mkbibquote", "textquote")
#: Macros that only affect typesetting.
_SILENT = (
    "em bf it rm sc sf sl tt bfseries itshape mdseries rmfamily scshape sffamily slshape "
    "ttfamily upshape normalfont normalsize small large relax protect xspace ignorespaces "
    "thinspace displaystyle textstyle"
).split()
#: Macros that pylatexenc would run as in a document, dropping their text or printing a mark.
_NOT_RUN = (
    "title author date today maketitle part chapter section subsection subsubsection paragraph "
    "subparagraph ref autoref cref Cref eqref cite citet citep input include includegraphics "
    "item footnote thanks url path nolinkurl href verb label hspace vspace"
).split()


def readable(text: str) -> str:
    """``text`` with one kind of line end, and U+FFFD for characters that XML does not allow."""
    if text.isprintable():  # nearly every value, in a tenth of the time
        return text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return UNREADABLE.sub("\ufffd", text)


def fold_space(text: str) -> str:
    """``text`` on one line, with single spaces."""
    return " ".join(text.split())


def unescaped(text: str) -> str:
    """``text`` with those HTML entities decoded that end in a semicolon."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text)


def verbatim(text: str) -> str:
    """An identifier, URL or number without braces and escapes; dashes and tildes are kept."""
    if "\\" in text:
        text = _URL.sub(r"\1", text)
        text = _TILDE.sub("~", text)
        text = _ESCAPE.sub(r"\1", text).replace("\\textunderscore", "_")
    return fold_space(unescaped(text.translate(_NO_BRACES)))


def plain(text: str) -> str:
    """The words of a LaTeX value in Unicode NFC, with whitespace folded and HTML entities decoded.

    >>> plain(r"Arbeitsm{\\"a}rkte \\& {{Plattform}}")
    'Arbeitsmärkte & Plattform'

    Raises ValueError if the value is too long, or its braces too deeply nested, to be read.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"it has {len(text):,} characters, more than {MAX_LENGTH:,}")
    if not _LATEX.search(text):
        text = text.translate(_NO_BRACES) if "{" in text or "}" in text else text
    elif _DASHED.fullmatch(text):
        text = text.replace("---", "—").replace("--", "–")
    else:
        try:
            text = _converter().nodelist_to_text(_nodes(_prepared(text)))
        except RecursionError as error:
            raise ValueError("its braces or macros are nested too deeply") from error
        except (LatexWalkerError, LookupError, TypeError, ValueError):
            # A macro without its argument: words without braces are better than none.
            text = verbatim(text)
    return unicodedata.normalize("NFC", fold_space(unescaped(text)))


def _depth(text: str) -> int:
    """The nesting depth of the braces."""
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest


def _prepared(text: str) -> str:
    if _depth(text) > MAX_DEPTH:
        raise RecursionError
    text = _LINK.sub("", text)
    text = _URL.sub(lambda match: "{" + _literal(match.group(1)) + "}", text)
    text = _ENVIRONMENT.sub(" ", text)
    if (len(text) - len(text.rstrip("\\"))) % 2:
        text = text[:-1] + r"\textbackslash"
    parts = _MATH.split(text)
    # Every second part is math.
    parts[::2] = [_SPACED.sub(r"\\\1{}", _SPECIAL.sub(_escaped, part)) for part in parts[::2]]
    parts[1::2] = [_RAISED.sub("", part) for part in parts[1::2]]
    return "".join(parts)


def _escaped(match: re.Match[str]) -> str:
    text = match.group()
    if text == "^":
        return r"\textasciicircum{}"
    return text if text.startswith("\\") else "\\" + text


def _literal(url: str) -> str:
    escapes = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    url = re.sub(r"\\([_%&#$~])", r"\1", url)
    return re.sub(r"[\\~^]", lambda match: escapes[match.group()], url).replace("--", "-{}-")


def _nodes(text: str) -> Any:
    walker = LatexWalker(text, latex_context=_parser_macros(), tolerant_parsing=True)
    return walker.get_latex_nodes()[0]


def _unknown(node: Any, l2tobj: Any) -> str:
    """The text of an unknown macro: its arguments, or its name if it stands alone."""
    arguments = [given for given in node.nodeargd.argnlist if given] if node.nodeargd else []
    if arguments:
        return str(l2tobj.nodelist_to_text(arguments))
    text, end = node.parsing_state.s, node.pos + node.len
    has_group = text.startswith("{", end) and not text.startswith("{}", end)
    return "" if has_group else f"\\{node.macroname}"


def _quoted(node: Any, l2tobj: Any) -> str:
    return f"“{l2tobj.nodelist_to_text(node.nodeargd.argnlist[-1:])}”"


@cache
def _parser_macros() -> Any:
    macros = parser_macros().filter_context(keep_categories=["latex-base", "nonascii-specials"])
    bare = [MacroSpec(name, "") for name in (*_NOT_RUN, *_TEXT, *_SILENT)]
    ours = [MacroSpec(name, "*{") for name in _QUOTING]
    ours += [MacroSpec(name, "{") for name in _ACCENTS]
    ours.append(MacroSpec("foreignlanguage", "[{{"))
    macros.add_context_category("bibliography", macros=[*bare, *ours], prepend=True)
    return macros


@cache
def _converter() -> Any:
    categories = ["latex-base", "latex-approximations", "nonascii-specials", "advanced-symbols"]
    macros = text_macros().filter_context(keep_categories=categories)
    ours = [MacroTextSpec(name, simplify_repl=text) for name, text in _TEXT.items()]
    ours += [MacroTextSpec(name, simplify_repl="") for name in _SILENT]
    ours += [MacroTextSpec(name, simplify_repl=_unknown) for name in _NOT_RUN]
    ours += [MacroTextSpec(name, simplify_repl=_quoted) for name in _QUOTING]
    ours += [MacroTextSpec(name, simplify_repl=f"%s{mark}") for name, mark in _ACCENTS.items()]
    ours.append(MacroTextSpec("foreignlanguage", simplify_repl="%(3)s"))
    macros.add_context_category("bibliography", macros=ours, prepend=True)
    macros.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_unknown))
    return LatexNodes2Text(latex_context=macros, math_mode="text", keep_comments=True)
