"""Choices: read which works an address asks for, and make the address of a choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NoReturn
from urllib.parse import quote_plus, urlencode

from flask import request

from ...graph.index.names import Match
from ...graph.index.orders import SORTS
from ...graph.index.search_query import CHARACTERS, QUOTATION_MARKS
from ...graph.index.works import Choice, Works
from ...graph.index.works_index import NOT_STATED
from ...graph.iris import fold, slug
from ...graph.store.problems import ProblemDetails, QueryError
from .corrected import lead_to
from .parameters import BY_FACET, PARAMETERS, Parameter
from .site import Site

#: The most values of all facets together.
_VALUES = 20
#: The parameters that are not facets, and those that links do not carry on.
_OTHERS = ("q", "from", "to", "sort", "evidence")
_NOT_KEPT = ("year", "page")
#: Tracking parameters that other sites add to links.
_OF_TRACKERS = re.compile(r"utm_|.*clid$")
#: The most unknown parameters to name, and the most characters of each.
_UNREAD, _UNREAD_CHARACTERS = 3, 40
#: The evidence a list may be limited to: value of the parameter -> its label.
EVIDENCE = {"": "stated or inferred", "stated": "stated only", "inferred": "inferred only"}
#: Other names of a parameter, such as the columns of the table of works -> its name.
_ALSO_CALLED = {
    name: parameter.name
    for parameter in PARAMETERS.values()
    for name in (parameter.facet, slug(parameter.heading))
    if name not in PARAMETERS
} | dict.fromkeys(("organisation", "organisations", "publisher"), "organization")


def asked_choice(site: Site) -> Choice:
    """The choice in the address; 404 for a value that the release does not have.

    Redirects to the canonical address if a value differs in case, a parameter has another name,
    or ``year=`` is given.
    """
    arguments = request.args
    for name in _ALSO_CALLED.keys() & arguments.keys():
        own = _ALSO_CALLED[name]
        lead_to({name: (), own: [*arguments.getlist(own), *arguments.getlist(name)]})
    if year := _year("year"):
        lead_to({"year": (), "from": (str(year),), "to": (str(year),)})
    facets, workless = _asked_facets(site)
    text = arguments.get("q", "")[:CHARACTERS]
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    sort = arguments.get("sort") or usual_order(words)
    if sort not in SORTS:
        refuse(f"Works can be sorted by {', '.join(SORTS)}, not by {sort[:40]!r}.", 400)
    evidence = arguments.get("evidence", "")
    if evidence not in EVIDENCE:
        kinds = " or ".join(filter(None, EVIDENCE))
        refuse(f"Evidence must be {kinds}, not {evidence[:40]!r}.", 400)
    return Choice(words, facets, *_asked_years(), evidence, sort, workless)


def _asked_facets(site: Site) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, str], str]]:
    """The values asked for by facet, and the labels of those that no work has."""
    facets: dict[str, tuple[str, ...]] = {}
    workless: dict[tuple[str, str], str] = {}
    for parameter in PARAMETERS.values():
        values = tuple(dict.fromkeys(filter(None, request.args.getlist(parameter.name))))
        if sum(map(len, facets.values())) + len(values) > _VALUES:
            refuse(f"A list can have at most {_VALUES} filters; this one has more.", 400)
        for value in values:
            if value == NOT_STATED or site.works.values.label(parameter.facet, value):
                continue
            if match := _without_works(site, parameter, value):
                workless[parameter.facet, value] = match.label
                continue
            if other := _meant(site, parameter, value):
                lead_to({parameter.name: [other if v == value else v for v in values]})
            refuse(f"No work in this release has the {parameter.name} {value[:80]!r}.")
        if values:
            facets[parameter.facet] = values
    return facets, workless


def _asked_years() -> tuple[int | None, int | None]:
    first, last = _year("from"), _year("to")
    if first is not None and last is not None and first > last:
        refuse(
            f"The years are the wrong way round: {first} is after {last}. "
            f"Fix: from={last}&to={first}.",
            400,
        )
    return first, last


def _without_works(site: Site, parameter: Parameter, value: str) -> Match | None:
    """The thing behind a value that no work has; None if there is none."""
    if ":" in value:
        return None
    iri = parameter.iri(site.iris, value)
    return site.names.named([iri]).get(iri)


def _meant(site: Site, parameter: Parameter, value: str) -> str:
    """The value meant by another spelling or a name; "" if there is none."""
    works, value = site.works, value[:CHARACTERS]
    for other in (value.lower(), value.upper(), slug(value)):
        if works.values.label(parameter.facet, other) or _without_works(site, parameter, other):
            return other
    called = works.values.called(fold(value))
    if called and called[0] == parameter.facet:
        return called[1].value
    completions = works.completions.values(value, [parameter.facet])
    if entry := next((each.entry for each in completions if each.rank == 0), None):
        return entry.value
    kinds = [parameter.name] if parameter.name in site.names.classes else []
    matches = site.names.called(value, kinds, 1) if kinds else []
    return next((parameter.value(site.iris.path(match.iri)) for match in matches), "")


def unread(*others: str) -> list[str]:
    """The parameters of the address that have no meaning here, as written there.

    ``others`` are parameters with a meaning here besides those of a list.
    """
    known = {*PARAMETERS, *_OTHERS, *_NOT_KEPT, *others}
    names = (name for name in request.args if name not in known and not _OF_TRACKERS.match(name))
    return [name[:_UNREAD_CHARACTERS] for name in islice(names, _UNREAD)]


def refuse_unread(*others: str) -> None:
    """Refuse a file if the address has a parameter with no meaning here.

    A page can name such a parameter and ignore it. A file cannot, and ignoring a misspelt filter
    would put all works into it.
    """
    if names := unread(*others):
        named = ", ".join(f"“{name}”" for name in names)
        are = "is not a filter" if len(names) == 1 else "are not filters"
        filters = ", ".join(PARAMETERS)
        refuse(f"{named} {are}. The filters are q, {filters}, from, to and evidence.", 400)


def value_label(works: Works, choice: Choice, facet: str, value: str) -> str:
    """The label of a value of a choice in the release."""
    return works.values.label(facet, value) or choice.workless.get((facet, value), "")


def label_of(facet: str, value: str, label: str) -> str:
    """The label of a filter value to show, given its label in the release."""
    if facet == "doi":
        return "no DOI" if value == NOT_STATED else "has a DOI"
    return "not known" if value == NOT_STATED else label


def words_for(works: Works, choice: Choice) -> str:
    """A choice in words: "Country: India · 2015–2020"; "" for all works.

    Labels come from the release.
    """
    # words that already contain quotation marks get no more
    is_quoted = QUOTATION_MARKS.isdisjoint(choice.words)
    parts = [f"“{choice.words}”" if is_quoted else choice.words] if choice.words else []
    for facet, values in choice.facets.items():
        labels = (label_of(facet, each, value_label(works, choice, facet, each)) for each in values)
        parameter = BY_FACET[facet]
        name = parameter.singular if len(values) == 1 else parameter.heading
        parts.append(f"{name}: {' and '.join(labels)}")
    if years := years_in_words(choice.first_year, choice.last_year):
        parts.append(years)
    if choice.evidence:
        parts.append(EVIDENCE[choice.evidence])
    return " · ".join(parts)


def refuse(detail: str, status: int = 404) -> NoReturn:
    """Answer with an error: there is no such list, and why."""
    raise QueryError(ProblemDetails(status, "No such list", detail))


def asked_for(*names: str) -> dict[str, list[str]]:
    """The values of some parameters in the address, cut to the limits."""
    asked = {}
    for name in names:
        values = request.args.getlist(name)
        if name not in PARAMETERS:
            values = [text[:CHARACTERS].strip() for text in values[:1]]
        if given := list(filter(None, values)):
            asked[name] = given[:_VALUES]
    return asked


def addresses(root: str, page: str = "works") -> Callable[..., str]:
    """A function that makes the address of the current list with some parameters changed.

    The address is of ``page`` below ``root``. A value in a list is toggled: added, or removed if
    it is there. A page has hundreds of such addresses, so the current parameters are read once.
    Parameters that are not those of a list are dropped, so that addresses do not grow.
    """
    asked = asked_for(*PARAMETERS, *_OTHERS)
    written = {name: _written(name, values) for name, values in asked.items()}

    def address(change: Mapping[str, object], form: str = "") -> str:
        parts = dict(written)
        for name, value in change.items():
            values: list[str] = []
            if isinstance(value, list):
                before, (toggled,) = asked.get(name, []), value
                values = [each for each in before if each != toggled]
                if toggled not in before:
                    values.append(toggled)
            elif value not in (None, ""):
                values = [str(value)]
            parts[name] = _written(name, values)
        path = f"{root}{page}{f'.{form}' if form else ''}"
        query = "&".join(filter(None, parts.values()))
        return f"{path}?{query}" if query else path

    return address


def toggle(address: Callable[..., str], name: str) -> Callable[[str], str]:
    """A function that makes the address with a value of one parameter added or removed.

    The part that all these addresses share is built once.
    """
    before, _, after = address({name: ["\0"]}).partition(f"{name}=%00")
    chosen = asked_for(name).get(name, ())

    def toggled(value: str) -> str:
        if value in chosen:
            return address({name: [value]})
        return f"{before}{name}={quote_plus(value)}{after}"

    return toggled


def _written(name: str, values: Sequence[str]) -> str:
    """A parameter as written in an address."""
    return "&".join(f"{name}={quote_plus(value)}" for value in values if value)


def usual_order(words: str) -> str:
    """The order of a list whose address names none."""
    return "relevance" if words else "newest"


def address_of(root: str, choice: Choice) -> str:
    """The address of a choice below ``root``, without its sort order."""
    pairs = [("q", choice.words)]
    pairs += [(BY_FACET[f].name, value) for f, values in choice.facets.items() for value in values]
    years = (("from", choice.first_year), ("to", choice.last_year))
    pairs += [(name, str(year)) for name, year in years if year is not None]
    pairs.append(("evidence", choice.evidence))
    return f"{root}works?{urlencode([pair for pair in pairs if pair[1]])}"


def years_in_words(first: int | None, last: int | None) -> str:
    """A range of years in words; "" for all years.

    >>> years_in_words(2015, None), years_in_words(None, 2020), years_in_words(2015, 2020)
    ('since 2015', 'until 2020', '2015–2020')
    """
    if first is not None and last is not None:
        return str(first) if first == last else f"{first}–{last}"
    return f"since {first}" if first is not None else f"until {last}" if last is not None else ""


def _year(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        refuse(f"The year {text[:20]!r} is not a number such as 2015.", 400)
    return int(text)
