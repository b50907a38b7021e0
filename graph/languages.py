"""Languages: convert names and codes, as bibliographies write them, to BCP 47 tags (RFC 5646).

langcodes knows the ISO 639 codes and the names in any language; this module only adds the special
names of babel and biblatex.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import langcodes

#: The languages that a record page may name: the EU's official ones, then other large ones.
LANGUAGES = tuple(
    "Bulgarian Croatian Czech Danish Dutch English Estonian Finnish French German Greek Hungarian "
    "Irish Italian Latvian Lithuanian Maltese Polish Portuguese Romanian Slovak Slovene Slovenian "
    "Spanish Swedish Albanian Arabic Basque Bengali Bosnian Catalan Chinese Galician Hebrew Hindi "
    "Icelandic Indonesian Japanese Korean Macedonian Malay Norwegian Persian Punjabi Russian "
    "Serbian Swahili Tagalog Tamil Thai Turkish Ukrainian Urdu Vietnamese".split()
)
#: The names that babel and biblatex use besides the English ones; if there are several for one
#: language, the first one is written.
_BABEL: Mapping[str, str] = {
    "american": "en-US",
    "naustrian": "de-AT",
    "austrian": "de-AT",
    "brazilian": "pt-BR",
    "british": "en-GB",
    "canadian": "en-CA",
    "ngerman": "de",
    "norsk": "nb",
    "nswissgerman": "de-CH",
    "nynorsk": "nn",
    "swissgerman": "de-CH",
    "ukenglish": "en-GB",
    "usenglish": "en-US",
}
_BABEL_NAMES = {tag: name for name, tag in reversed(tuple(_BABEL.items()))}
#: A text this long is not a language.
_LONGEST = 100
#: Excludes "English and French", of which langcodes would take the first one.
_NAME = re.compile(r"(?!.* and )[^\W\d_]{3,}(?:[ '’-][^\W\d_]+)*")


@lru_cache(maxsize=1024)
def language(text: str) -> str:
    """The BCP 47 tag of a language, by its tag, code or name; an unknown name stays as it is.

    >>> language("en_us"), language("spa"), language("Deutsch."), language("Elvish")
    ('en-US', 'es', 'de', 'Elvish')
    """
    text = text.strip(" .")
    if len(text) < _LONGEST and langcodes.tag_is_valid(text):
        return langcodes.standardize_tag(text)
    return language_tag(text) or text


@lru_cache(maxsize=1024)
def babel_name(tag: str) -> str:
    """The name of a language in babel and biblatex, by its BCP 47 tag; "" if they have none.

    >>> babel_name("en"), babel_name("de"), babel_name("pt-BR"), babel_name("en-IN")
    ('english', 'ngerman', 'brazilian', 'english')
    >>> babel_name("Elvish")
    ''
    """
    if not langcodes.tag_is_valid(tag):
        return ""
    language = langcodes.get(tag).language or ""
    name = langcodes.get(language).display_name("en")
    plain = name.lower() if name in LANGUAGES else ""
    return _BABEL_NAMES.get(tag) or _BABEL_NAMES.get(language) or plain


@lru_cache(maxsize=1024)
def language_name(tag: str) -> str:
    """The English name of a language, by its BCP 47 tag; a text that is not a tag stays as it is.

    >>> language_name("pt-BR"), language_name("Elvish")
    ('Portuguese (Brazil)', 'Elvish')
    """
    if not langcodes.tag_is_valid(tag):
        return tag
    return langcodes.get(tag).display_name("en")


@lru_cache(maxsize=1024)
def language_tag(name: str) -> str | None:
    """The tag of a language by its name, ignoring case; None if it is unknown.

    >>> language_tag("Swedish")
    'sv'
    """
    name = name.strip().casefold()
    if tag := _BABEL.get(name):
        return tag
    if len(name) >= _LONGEST or not _NAME.fullmatch(name):
        return None
    try:
        return langcodes.find(name).to_tag()
    except LookupError:
        return None
