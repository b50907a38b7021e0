"""Concepts: a catalogue's own, in addition to the vocabularies that come with oograph.

They are Turtle files in ``vocabularies/`` (docs/curation.md). Their IRIs are relative, such as
``<topic/soil>``, because the base IRI is only chosen when a release is built.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

import pyoxigraph as ox

from ..errors import BrokenCatalogue
from ..iris import RDF_TYPE, IRIs
from ..model import Problem
from ..nesting import NotReadable, check_nesting
from ..vocabulary import CONCEPTS, load_vocabulary

#: No real IRI begins like this: one that does was written relative to the base.
_NOWHERE = IRIs("https://catalogue.invalid/")
_PATH = re.compile(rf"({'|'.join(sorted(CONCEPTS))})/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
Subject = ox.NamedNode | ox.BlankNode | ox.Triple


def parse_concepts(data: bytes, path: Path) -> str:
    """Return the concepts that a file describes, in the form that ``load_vocabulary`` takes.

    Raises BrokenCatalogue with every problem of the file: if a concept were left out, the works
    that name it would be classified differently.
    """
    if problems := tuple(_problems(data, path)):
        raise BrokenCatalogue(problems)
    return data.decode()


def _problems(data: bytes, path: Path) -> Iterator[Problem]:
    try:
        data.decode()
        check_nesting(lambda: [data], ox.RdfFormat.TURTLE)
        triples = [
            quad.triple
            for quad in ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=_NOWHERE.base)
        ]
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8: byte 0x{data[error.start]:02x} starts no character."
        yield _problem(path, message, "Save the file as UTF-8.")
        return
    except SyntaxError as error:
        message = f"This is not valid Turtle: {error.msg}."
        yield Problem("violation", message, "Correct it there.", str(path), error.lineno)
        return
    except (NotReadable, MemoryError) as error:
        yield _problem(path, f"The file cannot be read: {error}.", "Remove what causes this.")
        return
    yield from _of_subjects({triple.subject for triple in triples}, path)
    yield from _of_values(triples, path)


def _of_subjects(subjects: Iterable[Subject], path: Path) -> Iterator[Problem]:
    shipped = {iri.removeprefix(IRIs().base) for iri in load_vocabulary().iris}
    for subject in sorted(subjects, key=str):
        node = _written(subject)
        if not _PATH.fullmatch(node.strip("<>")):
            message = f"This is not a concept of the catalogue: {node}."
            remedy = (
                "Write the path of its IRI below the base, such as <topic/soil>. It must begin"
                f" with one of {', '.join(sorted(CONCEPTS))}."
            )
            yield _problem(path, message, remedy)
        elif node.strip("<>") in shipped:
            message = f"The concept {node} already comes with oograph."
            yield _problem(path, message, "Give yours a different path, or use that one.")


def _of_values(triples: Iterable[ox.Triple], path: Path) -> Iterator[Problem]:
    for triple in triples:
        node = _written(triple.subject)
        if not isinstance(triple.object, ox.NamedNode | ox.Literal):
            message = f"The value of {triple.predicate} of {node} is neither an IRI nor a literal."
            yield _problem(path, message, "Write an IRI or a literal.")
        elif triple.predicate == RDF_TYPE:
            message = f"The class of {node} follows from its path and must not be given."
            yield _problem(path, message, f"Remove the class {triple.object}.")
        elif not _fits_xml(triple):
            message = f"XML cannot represent {triple.predicate} of {node}, or its value."
            remedy = (
                "Use a property whose IRI ends in a name, such as <http://example.org/soil>, and"
                " remove control characters."
            )
            yield _problem(path, message, remedy)


def _fits_xml(triple: ox.Triple) -> bool:
    """Whether a release with this triple can be written as RDF/XML."""
    written = io.BytesIO()
    try:
        ox.serialize([triple], written, ox.RdfFormat.RDF_XML)
        expat.ParserCreate(namespace_separator=" ").Parse(written.getvalue(), True)
    except (OSError, expat.ExpatError):  # OSError: the syntax reserves rdf:about, for example
        return False
    return True


def _written(subject: Subject) -> str:
    """Write a subject as in the file; a node without an IRI in words."""
    if not isinstance(subject, ox.NamedNode):
        return "a node without an IRI"
    return f"<{subject.value.removeprefix(_NOWHERE.base)}>"


def _problem(path: Path, message: str, remedy: str) -> Problem:
    return Problem("violation", message, remedy, str(path))
