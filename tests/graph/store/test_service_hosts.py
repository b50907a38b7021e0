"""Which SERVICE a query may have: found as the engine finds it, and only to listed hosts."""

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oograph.graph.errors import BadHost
from oograph.graph.store.guard import as_graphs, targets
from oograph.graph.store.service_hosts import ServiceHosts

LISTED = ServiceHosts.of(["a.example", "B.example:8080", "127.0.0.1:3030", "[::1]:9"])


@pytest.mark.parametrize(
    "iri",
    [
        "http://a.example",
        "http://a.example/",
        "https://A.Example/sparql?default-graph-uri=x:y#part",
        "http://a.example:80/x",
        "https://a.example:443/x",
        "HTTP://b.example:8080/sparql",
        "https://b.example:8080?a",
        "http://127.0.0.1:3030/ds/query",
        "http://[::1]:9/",
    ],
)
def test_listed(iri: str) -> None:
    assert LISTED.allow(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "",
        "ftp://a.example/",
        "file:///etc/passwd",
        "http:a.example",
        "http:///a.example",
        "//a.example/",
        "http://evil.example/",
        "http://a.example.evil.example/",
        "http://evila.example/",
        "http://a.example@evil.example/",
        "http://user@a.example/",
        "http://a.example:80@evil.example/",
        "http://a.example#@evil.example/",
        "http://a.example\\@evil.example/",
        "http://a.example%2F@evil.example/",
        "http://evil.example/http://a.example/",
        "http://a.example:81/",
        "http://a.example:443/",
        "https://a.example:80/",
        "http://a.example:/",
        "http://a.example:080/",
        "http://a.example./",
        "http://\N{FULLWIDTH LATIN SMALL LETTER A}.example/",
        "http://a.example\N{FULLWIDTH SOLIDUS}evil.example/",
        "http://b.example/",
        "http://127.0.0.1/",
        "http://127.1:3030/",
        "http://2130706433:3030/",
        "http://[::1]/",
        "http://[0:0:0:0:0:0:0:1]:9/",
        "http://a.example\n.evil.example/",
    ],
)
def test_not_listed(iri: str) -> None:
    assert not LISTED.allow(iri)
    assert not ServiceHosts().allow(iri)


@pytest.mark.parametrize(
    "host",
    ["", "http://a.example", "a.example/", "a b", "a:b", "a@b", "*", ".a", "a.example:", "é"],
)
def test_what_is_no_host(host: str) -> None:
    with pytest.raises(BadHost, match="is not a host name"):
        ServiceHosts.of([host])


A, B = "http://a.example/", "https://b.example:8080/sparql"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK {}", ()),
        (f"ASK {{ SERVICE <{A}> {{}} }}", (A,)),
        (f"ASK {{ service silent <{A}> {{}} SERVICE<{B}>{{}} }}", (A, B)),
        (f"ASK {{ SERVICE # <http://evil/>\n SILENT #\r <{A}> {{}} }}", (A,)),
        (f"ASK {{ SERVICE <{A}> {{ SERVICE <{B}> {{}} }} ?service ?p 'SERVICE' }}", (A, B)),
        (f"ASK {{ ?s <x:SERVICE> <{A}#service> SERVICE <{A}> {{}} }}", (A,)),
        (f"ASK {{ SERVICE <{A}> {{}} SERVICE ?x {{}} }}", (A, "")),
        (f"PREFIX a: <{A}> ASK {{ SERVICE a:b {{}} }}", ("",)),
        (f"PREFIX service: <{A}> ASK {{ SERVICE <{A}> {{}} }}", ("", A)),
        (f"BASE <{A}> ASK {{ SERVICE <b> {{}} }}", ("",)),
        (f"ASK {{ SERVICE SILENT SILENT <{A}> {{}} }}", ("",)),
        (f"ASK {{ SERVICE ?x <{A}> {{}} }}", ("",)),
        (f"ASK {{ SERVICE . <{A}> {{}} }}", ("",)),
        (f"ASK {{ SERVICE . # \n <{A}> {{}} }}", ("",)),
        (f"ASK {{ SERVICE <{A}> {{ ?s ?p '\\u00e9' }} }}", ("",)),
        ("ASK { SERVICE <\\u0068ttp://a.example/> {} }", ("",)),
        (f"ASK {{ SERVICE <{A}> {{}} ?s ?p ''' }}", ("",)),
        (f"ASK{{FILTER(1<2)SERVICE#>\n<{A}>{{}}}}", ("",)),
        (f"ASK{{SERVICE <{A}> {{}} FILTER(1<'>')SERVICE <http://evil/>{{}} }}", ("",)),
        (f"ASK{{SERVICE <{A}> {{}} FILTER(1<2#>'''\n)SERVICE <http://evil/>{{}} #'''\n}}", ("",)),
        ("ASK { SERVICE", ("",)),
    ],
)
def test_targets(query: str, expected: tuple[str, ...]) -> None:
    assert targets(query) == expected


def test_a_query_read_without_asking() -> None:
    query = f"ASK {{ SERVICE <{A}> {{}} service #\nsilent <{B}> {{}} 'SERVICE' }}"
    read = as_graphs(query)
    assert read == f"ASK {{ GRAPH   <{A}> {{}} GRAPH   #\n       <{B}> {{}} 'SERVICE' }}"
    assert len(read) == len(query)


#: Where the engine asks, it says that it knows no such scheme: nothing is sent.
ASKING = "Not supported URL scheme: ftp"
HIDDEN = "SERVICE <ftp://evil/> {}"
PIECES = [
    *["<", ">", "#", "\n", "'", '"', "'''", '"""', "\\", "(", ")", "{", "}", ".", " ", "?a", "1"],
    *["FILTER(1<2", "FILTER(?a<'", "FILTER(1>2)", "VALUES ?v {", "BIND(1 AS ?b)", "OPTIONAL {"],
    *["SERVICE", "SILENT", "ftp:", "SERVICE#>", "true", "a:b", "_:b", "<a:b>", "<a:b#", "\\u0027"],
    *[
        "\\u0022",
        "\\u005C",
        "\\u000A",
        "?s ?p ",
        "''",
        '""',
        "@en",
        "^^",
        ";",
        ",",
        "[]",
        "EXISTS{",
    ],
]


def asks(query: str) -> bool:
    """Whether the engine would ask another service than the listed one."""
    store = ox.Store()
    try:
        found = store.query(query)
        list(found if not isinstance(found, ox.QueryBoolean) else ())
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        return ASKING in str(error)
    return False


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
)
@example("FILTER(1<'>')", "")
@example("FILTER(1<2#>'''\n)", "#'''\n")
@example("VALUES ?v {'''x' 1}", "")
@example("FILTER(1<2)SERVICE#>\n<ftp://evil/>{}", "")
def test_no_text_hides_a_service_from_us(before: str, after: str) -> None:
    listed = f"SERVICE SILENT <{A}> {{}}"
    for query in (
        f"PREFIX a: <a:> SELECT * {{ {before}{HIDDEN}{after} }}",
        f"PREFIX a: <a:> SELECT * {{ {before}{HIDDEN}{after} }} #'''\"\"\"",
    ):
        if asks(query):
            assert not all(map(LISTED.allow, targets(query))) or not targets(query)
            # With another one that may be asked, sockets are there: nothing may be hidden then.
            beside = query.replace("SELECT * {", f"SELECT * {{ OPTIONAL {{ {listed} }} ", 1)
            assert not all(map(LISTED.allow, targets(beside)))
