"""The site: every route of the application, with one new visitor and with eight at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.client import HTTPConnection

from ..charts import rows
from ..clients import CLIENTS
from ..examples import examples
from ..part import SHIPPED, Bench, Figures, Part, called, table
from ..processes import processor_seconds
from ..recipes import Asked
from ..routes import endpoints, requests
from ..served import served
from ..visitors import one, visitors

#: The aim for every page: milliseconds at the 95th percentile.
_AIM = 200
#: Rows of the table and of the chart.
_SLOWEST = 30


def _measure(size: int, bench: Bench) -> Figures:
    release = bench.release(size)
    bench.step("site: choosing what to ask for")
    rules = endpoints(release)
    with served(release.folder) as site, visitors(site.port, bench.clients) as clients:

        def get(path: str) -> str:
            return _text(site.port, path)

        asked = requests(rules, Asked(examples(release), release.base_iri, release.version, get))
        pages: dict[str, Figures] = {}
        for name, some in asked.items():
            bench.step(f"site: {name}")
            first, status, _ = one(site.port, some[0])
            before = processor_seconds(site.pid)
            waits = clients.ask(some, bench.seconds)
            used = processor_seconds(site.pid) - before
            times = len(waits.seconds) + sum(waits.wrong.values())
            pages[name] = {
                "first": first,
                "p50": waits.at(0.5),
                "p95": waits.at(0.95),
                "processor": used / times,
                "times": times,
                "bytes": waits.size,
                "wrong": {**waits.wrong, **({f"first: {status}": 1} if status else {})},
            }
    return {"routes": len(rules), "pages": pages, "statements": release.quads}


def _text(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept": "text/html, */*;q=0.5"})
        return connection.getresponse().read().decode("utf-8", "replace")
    finally:
        connection.close()


def _markdown(sizes: Mapping[int, Figures]) -> str:
    parts = []
    for size, figures in sizes.items():
        parts += [
            f"### {'The shipped graph' if size == SHIPPED else f'{size:,} publications'}",
            *_size(figures),
        ]
    return "\n\n".join(parts)


def _size(figures: Figures) -> Iterator[str]:
    pages = figures["pages"]
    quick = [of for of in pages.values() if 1000 * of["p95"] <= _AIM and not of["wrong"]]
    wrong = {name: of["wrong"] for name, of in pages.items() if of["wrong"]}
    slowest = sorted(pages, key=lambda name: -max(pages[name]["p95"], pages[name]["first"]))
    yield (
        f"{figures['statements']:,} statements; {figures['routes']} routes, {len(pages)} kinds of "
        f"request. With {CLIENTS} clients, {len(quick)} kinds are answered without an error and "
        f"within {_AIM} ms at the 95th percentile. The {min(_SLOWEST, len(pages))} slowest, in "
        "milliseconds:"
    )
    head = ("request", "first, 1 client", "p50", "p95", "processor", "KB", "requests")
    yield table(
        head,
        [
            (
                f"`{name}`",
                *(_ms(pages[name][key]) for key in ("first", "p50", "p95", "processor")),
                f"{pages[name]['bytes'] / 1000:,.1f}",
                str(pages[name]["times"]),
            )
            for name in slowest[:_SLOWEST]
        ],
    )
    if wrong:
        lines = (
            f"- `{name}`: {', '.join(f'{count} × {what}' for what, count in faults.items())}"
            for name, faults in wrong.items()
        )
        yield "Requests that failed:\n\n" + "\n".join(lines)


def _ms(seconds: float) -> str:
    ms = 1000 * seconds
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.1f}"


def _chart(sizes: Mapping[int, Figures]) -> str:
    """The slowest pages of the largest size, at every size."""
    *_, last = sizes.values()
    pages = last["pages"]
    slowest = sorted(pages, key=lambda name: -pages[name]["p95"])[:_SLOWEST]
    data = {
        name: {
            called(size): 1000 * of["pages"][name]["p95"]
            for size, of in sizes.items()
            if name in of["pages"]
        }
        for name in slowest
    }
    return rows(f"The slowest pages: 95th percentile, {CLIENTS} clients", "milliseconds", data)


PART = Part(
    "site", _measure, _markdown, {"site": _chart}, base="the shipped catalogue", most=1_000_000
)
