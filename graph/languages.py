"""Languages: from their English names to BCP 47 tags (RFC 5646)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = [
    "LANGUAGES",
    "language_tag",
]


#: The official languages of the EU, then other large ones: English name -> tag.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "Bulgarian": "bg",
        "Croatian": "hr",
        "Czech": "cs",
        "Danish": "da",
        "Dutch": "nl",
        "English": "en",
        "Estonian": "et",
        "Finnish": "fi",
        "French": "fr",
        "German": "de",
        "Greek": "el",
        "Hungarian": "hu",
        "Irish": "ga",
        "Italian": "it",
        "Latvian": "lv",
        "Lithuanian": "lt",
        "Maltese": "mt",
        "Polish": "pl",
        "Portuguese": "pt",
        "Romanian": "ro",
        "Slovak": "sk",
        "Slovene": "sl",
        "Slovenian": "sl",
        "Spanish": "es",
        "Swedish": "sv",
        "Albanian": "sq",
        "Arabic": "ar",
        "Basque": "eu",
        "Bengali": "bn",
        "Bosnian": "bs",
        "Catalan": "ca",
        "Chinese": "zh",
        "Galician": "gl",
        "Hebrew": "he",
        "Hindi": "hi",
        "Icelandic": "is",
        "Indonesian": "id",
        "Japanese": "ja",
        "Korean": "ko",
        "Macedonian": "mk",
        "Malay": "ms",
        "Norwegian": "no",
        "Persian": "fa",
        "Punjabi": "pa",
        "Russian": "ru",
        "Serbian": "sr",
        "Swahili": "sw",
        "Tagalog": "tl",
        "Tamil": "ta",
        "Thai": "th",
        "Turkish": "tr",
        "Ukrainian": "uk",
        "Urdu": "ur",
        "Vietnamese": "vi",
    }
)
_TAGS = MappingProxyType({name.casefold(): tag for name, tag in LANGUAGES.items()})


def language_tag(name: str) -> str | None:
    """The tag of a language by its English name, whatever the case; None where it is not known.

    >>> language_tag("Swedish")
    'sv'
    """
    return _TAGS.get(name.strip().casefold())
