"""What keeps XML from being read, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from .nesting import Elements

#: In plain words what expat says in those of the specification.
_FAULTS = {
    expat.errors.XML_ERROR_MISPLACED_XML_PI: "<?xml is not at the start of the file",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "it goes on after its end, as two files in one",
}


def xml_fault(blocks: Iterable[bytes]) -> tuple[int, str] | None:
    """The line and the reason where XML is not well-formed: RDF parsers take a file cut short.

    And where its elements are so deep that what reads RDF would not come to an end.
    """
    parser = expat.ParserCreate()
    elements = Elements.of(parser)
    try:
        for block in blocks:
            parser.Parse(block, False)
            if elements.are_too_deep:
                return parser.CurrentLineNumber, "too many elements are within elements"
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        return error.lineno, xml_reason(error)
    return None


def xml_reason(error: expat.ExpatError) -> str:
    """What is wrong with XML, in plain words."""
    said = expat.ErrorString(error.code)
    return _FAULTS.get(said, said)
