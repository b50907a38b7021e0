"""Says in plain words why XML cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from .nesting import Elements

#: Plain words for errors that expat reports in the terms of the specification.
_FAULTS = {
    expat.errors.XML_ERROR_MISPLACED_XML_PI: "<?xml is not at the start of the file",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: (
        "more content follows the end, as if two files were joined"
    ),
}


def xml_fault(blocks: Iterable[bytes]) -> tuple[int, str] | None:
    """The line and the reason if XML is not well-formed, or its elements are nested too deeply.

    RDF parsers accept a file that is cut short, and cannot cope with elements nested too deeply.
    """
    parser = expat.ParserCreate()
    elements = Elements.of(parser)
    try:
        for block in blocks:
            parser.Parse(block, False)
            if elements.are_too_deep:
                return parser.CurrentLineNumber, "the elements are nested too deeply"
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        return error.lineno, xml_reason(error)
    return None


def xml_reason(error: expat.ExpatError) -> str:
    """What is wrong with XML, in plain words."""
    said = expat.ErrorString(error.code)
    return _FAULTS.get(said, said)
