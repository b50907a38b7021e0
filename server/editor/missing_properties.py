"""Missing properties: those that a query expects of a class whose members never have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from ...ontology import Prefixes
from .completion import Vocabulary
from .query_terms import Remark, declared_in, iri_of, replaced_at
from .triple_patterns import TriplePattern, triple_patterns

#: The most properties that are reported.
_MOST = 5
_TYPE = "rdf:type"
#: The properties for names: which one a thing has depends on its class.
_NAMING = ("skos:prefLabel", "dcterms:title", "foaf:name", "rdfs:label")


def missing_properties(query: str, vocabulary: Vocabulary, namespaces: Prefixes) -> list[Remark]:
    """Return a remark on each property that a query expects of a class whose members never have it.

    The class of a variable is taken from its type, or from the property that leads to it. If a
    variable may have several classes, there is no remark if members of any of them have the
    property.
    """
    patterns = triple_patterns(query)
    declared = declared_in(query)

    def known(term: str) -> str:
        """Return a term's name in the vocabulary."""
        return _TYPE if term == "a" else namespaces.compress(iri_of(term, declared))

    of = _classes(patterns, known, vocabulary)
    missing = (
        _missing(query, pattern, property, classes, vocabulary, namespaces)
        for pattern in patterns
        if (property := known(pattern.predicate)) != _TYPE
        and property in vocabulary.properties
        and (classes := of.get(pattern.subject, ()))
        and not any(property in _listed(vocabulary.classes[each], "properties") for each in classes)
    )
    return list(islice(missing, _MOST))


def _classes(
    patterns: Sequence[TriplePattern], known: Callable[[str], str], vocabulary: Vocabulary
) -> Mapping[str, list[str]]:
    """Return the classes that each variable may have, if the query says so."""
    said: dict[str, dict[str, None]] = {}
    led_to: dict[str, dict[str, None]] = {}
    for pattern in patterns:
        property = known(pattern.predicate)
        if property == _TYPE:
            said.setdefault(pattern.subject, {})[known(pattern.object)] = None
        elif about := vocabulary.properties.get(property):
            led_to.setdefault(pattern.object, {}).update(dict.fromkeys(_listed(about, "values")))
    return {
        name: [*classes]
        for name, classes in (led_to | said).items()
        if name[0] in "?$" and all(each in vocabulary.classes for each in classes)
    }


def _listed(about: Mapping[str, object], name: str) -> Iterable[str]:
    listed = about.get(name)
    return listed if isinstance(listed, dict | list) else ()


def _missing(
    query: str,
    pattern: TriplePattern,
    property: str,
    classes: Sequence[str],
    vocabulary: Vocabulary,
    namespaces: Prefixes,
) -> Remark:
    reason = f"No {_either(classes)} in this release has this property"
    had = {each for name in classes for each in _listed(vocabulary.classes[name], "properties")}
    meant = next((each for each in _NAMING if property in _NAMING and each in had), "")
    name = pattern.predicate
    instead = replaced_at(query, pattern.start, name, meant, namespaces) if meant else ()
    return Remark(name, reason, *instead)


def _either(classes: Sequence[str]) -> str:
    """Join class names with "or": only ours, which are the most specific, if there are any."""
    ours = [each for each in classes if each.startswith("oo:")] or list(classes)
    return " or ".join(filter(None, (", ".join(ours[:-1]), ours[-1])))
