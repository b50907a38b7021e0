"""The tokens of a query's text: comments, strings, IRIs, names, words and brackets."""

from __future__ import annotations

import re

__all__ = ["TOKEN", "unescape"]

#: Comments, strings and IRIs (which may hold any word), names, words, brackets (SPARQL 1.1, 19.8).
#: Each alternative runs on to its end without looking back ("*+"), and a string that never ends
#: is taken whole, so that no text of n characters needs more than some n steps.
TOKEN = re.compile(
    r"""
      (?P<comment>  \#[^\r\n]*+)
    | (?P<string>   \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*+\"{3} | (?!\"{3})\"(?:[^"\\\r\n]|\\.)*+\"
                  | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+'{3} | (?!'{3})'(?:[^'\\\r\n]|\\.)*+')
    | (?P<unclosed> \"{3}.*+ | '{3}.*+ | ["'][^\r\n]*+)
    | (?P<iri>      <[^<>"{}|^`\\\x00-\x20]*+>)
    | (?P<variable> [?$]\w++ | @[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<number>   \d++(?:[eE][+-]?\d++)?+)
    | (?P<word>     [^\W\d][\w.\-]*+)(?P<local>:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\.)*+)?+
    | (?P<name>     :(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\.)*+)
    | (?P<open>     [({\[])
    | (?P<close>    [)}\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def unescape(text: str) -> str:
    r"""A text with its ``\u`` escapes undone (SPARQL 1.1, 19.2)."""
    return _ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 else ""
