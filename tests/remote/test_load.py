"""Loading a release into a store: chunks, resuming, checking, swapping."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, partialmethod
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from oograph.cli import serve as commands
from oograph.graph.errors import LoadError
from oograph.graph.iris import GRAPHS, IRIs
from oograph.graph.release import Release
from oograph.graph.store import graph_store_client
from oograph.graph.store import load as loading
from oograph.graph.store.graph_store_client import GraphStoreClient, find_graph_store
from oograph.graph.store.load import load, loaded_version
from oograph.ontology import BASE_IRI

KINDS = ["oxigraph", "virtuoso"]
STAGING = f"{BASE_IRI}graph/loading/"
ALL_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


def expected(release: Release) -> dict[str, int]:
    counts = dict.fromkeys(GRAPHS, 0)
    for quad in ox.parse(path=str(release.folder / "dumps" / "oograph.nq")):
        counts[str(quad.graph_name).strip("<>").removeprefix(f"{BASE_IRI}graph/")] += 1
    return counts


def load_as(place: GraphStoreClient, version: str, mark: str) -> loading._Load:
    """A load whose steps a test takes one by one."""
    return loading._Load(place, loading._Graphs(IRIs(BASE_IRI), version, mark), print)


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(f"new_{request.param}")()


def test_a_load_is_counted_recorded_and_done_once(store: Any, small_release: Release) -> None:
    place = find_graph_store(store.url)
    place.update("INSERT DATA { GRAPH <urn:other> { <urn:a> <urn:b> 1 } }")
    old = f"{BASE_IRI}graph/stated"
    place.update(f"INSERT DATA {{ GRAPH <{old}> {{ <urn:old> <urn:old> 1 }} }}")
    steps: list[str] = []
    report = load(store.url, small_release, step=steps.append)
    assert report.counts == expected(small_release)
    assert report.sent == small_release.quads
    assert report.fresh
    assert any("statements" in step for step in steps)
    assert loaded_version(store.query_url, BASE_IRI) == small_release.version
    graphs = {row["g"] for row in place.select(ALL_GRAPHS)}
    assert "urn:other" in graphs
    assert not any(graph.startswith(STAGING) for graph in graphs)
    assert not place.select(f"SELECT ?p WHERE {{ GRAPH <{old}> {{ <urn:old> ?p ?o }} }}")
    again = load(store.url, small_release)
    assert (again.fresh, again.sent, again.counts) == (False, 0, report.counts)


def test_what_a_load_says_to_do_next_can_be_done(
    filled: Callable[[str], Any], small_release: Release
) -> None:
    running, folder = filled("oxigraph"), str(small_release.folder)
    said = CliRunner().invoke(commands.load, [running.url, "--release", folder]).stdout
    assert f"`oograph serve --release {folder} --store {running.query_url}`" in said
    # the address that was loaded to is not that of its queries
    told = CliRunner().invoke(commands.serve, ["--release", folder, "--store", running.url])
    assert isinstance(told.exception, LoadError)
    assert f"such as {running.query_url}" in str(told.exception)


def test_a_killed_store_is_resumed_where_the_load_was(
    new_oxigraph: Callable[..., Any], small_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = new_oxigraph()
    monkeypatch.setattr(loading, "_CHUNK", 500)
    monkeypatch.setattr(graph_store_client, "PAUSES", (0.01,))
    sent: list[str] = []

    def kill_midway(text: str) -> None:
        sent.append(text)
        if sum("sent " in step for step in sent) == 8:
            running.kill()

    with pytest.raises(LoadError, match="run the same command again"):
        load(running.url, small_release, step=kill_midway)
    running.start()
    assert loaded_version(running.query_url, BASE_IRI) == ""
    report = load(running.url, small_release)
    assert report.counts == expected(small_release)
    assert 0 < report.sent < small_release.quads
    assert loaded_version(running.query_url, BASE_IRI) == small_release.version


def test_a_load_killed_at_any_change_leaves_the_old_release_or_the_new(
    new_oxigraph: Callable[..., Any],
    small_release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = new_oxigraph()
    place = find_graph_store(running.url)
    monkeypatch.setattr(loading, "_CHUNK", 20)
    lines = (small_release.folder / "dumps" / "oograph.nq").read_text().splitlines(keepends=True)
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "oograph.nq").write_text("".join(lines[:: len(lines) // 100]))
    release = replace(small_release, folder=tmp_path)
    new = expected(release)
    graphs = [f"{BASE_IRI}graph/{name}" for name in GRAPHS]
    state = f"{BASE_IRI}graph/loading"
    for at in range(100):
        place.update(
            f"DROP SILENT GRAPH <{state}> ; "
            + " ; ".join(
                f"DROP SILENT GRAPH <{g}> ; INSERT DATA {{ GRAPH <{g}> {{ <urn:old> <urn:p> 1 }} }}"
                for g in graphs
            )
        )
        ended = load_killed_at(running.url, release, at)
        counts = {name: place.count(graph) for name, graph in zip(GRAPHS, graphs, strict=True)}
        version = loaded_version(running.query_url, BASE_IRI)
        assert counts in (new, dict.fromkeys(GRAPHS, 1)), at
        assert version in ("", release.version), at
        assert not version or counts == new, at
        report = load(running.url, release)
        assert report.counts == new and loaded_version(running.query_url, BASE_IRI), at
        assert not any(row["g"].startswith(STAGING) for row in place.select(ALL_GRAPHS)), at
        if not ended:
            assert at > 5
            return
    raise AssertionError("it never comes to its end")


def load_killed_at(url: str, release: Release, at: int) -> bool:
    """Whether a process that loads a release is killed before its change of that number."""
    if not (child := os.fork()):
        numbers = iter(range(10**6))
        for name in ("add", "update"):
            change = getattr(GraphStoreClient, name)

            def counted(*args: Any, change: Callable[..., Any] = change) -> Any:
                if next(numbers) == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return change(*args)

            setattr(GraphStoreClient, name, counted)
        try:
            load(url, release)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def variant(small_release: Release, folder: Path, version: str) -> Release:
    """A release of a hundred statements; those of any version differ, their numbers do not."""
    lines = (small_release.folder / "dumps" / "oograph.nq").read_text().splitlines(keepends=True)
    (folder / version / "dumps").mkdir(parents=True)
    chosen = (line.replace("<", f"<urn:{version}:", 1) for line in lines[:: len(lines) // 100])
    (folder / version / "dumps" / "oograph.nq").write_text("".join(sorted(chosen)))
    return replace(small_release, folder=folder / version, version=version)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("second", ["one", "two"])
def test_of_two_loads_at_once_the_later_one_goes_on(
    kind: str,
    second: str,
    request: pytest.FixtureRequest,
    small_release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = request.getfixturevalue(f"new_{kind}")()
    place = find_graph_store(running.url)
    monkeypatch.setattr(loading, "_CHUNK", 20)
    monkeypatch.setattr(graph_store_client, "PAUSES", (0.1, 0.5))
    releases = {version: variant(small_release, tmp_path, version) for version in ("one", "two")}
    graphs = [f"{BASE_IRI}graph/{name}" for name in GRAPHS]
    clear = " ; ".join(f"DROP SILENT GRAPH <{g}>" for g in (f"{BASE_IRI}graph/loading", *graphs))
    subjects = " ".join(f"FROM <{graph}>" for graph in graphs)
    for at in range(100):
        place.update(clear)
        said, ended = load_with_another_at(running.url, releases["one"], releases[second], at)
        found = {row["s"] for row in place.select(f"SELECT ?s {subjects} WHERE {{ ?s ?p ?o }}")}
        (version,) = {subject.split(":")[1] for subject in found}
        assert loaded_version(running.query_url, BASE_IRI) == version, (at, said)
        assert not any(row["g"].startswith(STAGING) for row in place.select(ALL_GRAPHS)), (at, said)
        if ended:
            assert at > 5 and not said
            return
        assert not said or "That one continues" in said, at
    raise AssertionError("it never comes to its end")


@pytest.mark.parametrize("kind", KINDS)
def test_a_load_that_began_unseen_moves_nothing(
    kind: str,
    request: pytest.FixtureRequest,
    small_release: Release,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(graph_store_client, "PAUSES", (0.01,))
    running = request.getfixturevalue(f"new_{kind}")()
    place = find_graph_store(running.url)
    one, other = (load_as(place, small_release.version, mark) for mark in "ab")
    unseen = one.state()
    one.begin(unseen)
    other.begin(unseen)
    held = {row["g"] for row in place.select(ALL_GRAPHS) if "/by/" in row["g"]}
    assert held == {other.graphs.held()}
    with pytest.raises(LoadError, match="That one continues"):
        one.swap(dict.fromkeys(GRAPHS, 0))


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_that_holds_the_release_is_rid_of_a_load_that_was_cut_off(
    kind: str, request: pytest.FixtureRequest, small_release: Release, tmp_path: Path
) -> None:
    running = request.getfixturevalue(f"new_{kind}")()
    place = find_graph_store(running.url)
    one = variant(small_release, tmp_path, "one")
    load(running.url, one)
    cut_off = load_as(place, "two", "b")
    cut_off.begin(cut_off.state())
    place.add(cut_off.graphs.staging("stated"), ["<urn:a> <urn:b> 1 .\n"])
    load(running.url, one)
    assert not any(row["g"].startswith(STAGING) for row in place.select(ALL_GRAPHS))
    assert cut_off.state() == {"loadedVersion": "one"}


def test_a_load_killed_as_it_replaces_another_leaves_nothing_of_that(
    new_oxigraph: Callable[..., Any],
    small_release: Release,
    tmp_path: Path,
) -> None:
    running = new_oxigraph()
    place = find_graph_store(running.url)
    one = variant(small_release, tmp_path, "one")
    older = load_as(place, "older", "b")
    for at in range(3):
        older.begin(older.state())
        place.add(older.graphs.staging("stated"), ["<urn:a> <urn:b> 1 .\n"])
        load_killed_at(running.url, one, at)
        load(running.url, one)
        assert not any(row["g"].startswith(STAGING) for row in place.select(ALL_GRAPHS)), at
        place.update(f"DROP GRAPH <{older.graphs.state}>")


@pytest.mark.parametrize("kind", KINDS)
def test_a_load_that_stops_spares_a_third_one_of_its_release(
    kind: str,
    request: pytest.FixtureRequest,
    small_release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = request.getfixturevalue(f"new_{kind}")()
    place = find_graph_store(running.url)
    add, update = GraphStoreClient.add, GraphStoreClient.update
    second, third = (
        load_as(place, version, mark) for version, mark in ("two b".split(), "one c".split())
    )
    begun: list[str] = []

    def begin(other: loading._Load) -> None:
        begun.append(other.graphs.version)
        other.begin(other.state())

    def then_the_second(self: GraphStoreClient, graph: str, lines: Sequence[str]) -> None:
        add(self, graph, lines)
        if graph == third.graphs.staging("vocabulary"):
            begin(second)

    def first_the_third(self: GraphStoreClient, text: str) -> None:
        if begun == ["two"] and self is not place:
            begin(third)
            inferred = third.graphs.staging("inferred")
            place.update(f"INSERT DATA {{ GRAPH <{inferred}> {{ <urn:a> <urn:b> 1 }} }}")
        update(self, text)

    monkeypatch.setattr(GraphStoreClient, "add", then_the_second)
    monkeypatch.setattr(GraphStoreClient, "update", first_the_third)
    with pytest.raises(LoadError, match="That one continues"):
        load(running.url, variant(small_release, tmp_path, "one"))
    assert begun == ["two", "one"]
    assert place.count(third.graphs.staging("inferred")) == 1


def test_a_load_whose_graphs_an_earlier_one_moves_starts_from_scratch(
    new_oxigraph: Callable[..., Any],
    small_release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = new_oxigraph()
    place = find_graph_store(running.url)
    monkeypatch.setattr(loading, "_CHUNK", 20)
    one = variant(small_release, tmp_path, "one")
    earlier = load_as(place, "one", "a")
    earlier.begin({})
    earlier.send(one, 0)
    send = loading._Load.send

    def after_the_move(*args: Any) -> int:
        # Oxigraph may run it beside the update with which the later load begins
        monkeypatch.setattr(loading._Load, "send", send)
        there = {name: place.count(earlier.graphs.staging(name)) for name in GRAPHS}
        place.update(f"CREATE SILENT GRAPH <{earlier.graphs.held()}>")
        earlier.swap(there)
        return 0

    monkeypatch.setattr(loading._Load, "send", after_the_move)
    report = load(running.url, one)
    assert report.counts == expected(one) and report.sent == sum(report.counts.values())
    assert loaded_version(running.query_url, BASE_IRI) == "one"
    assert not any(row["g"].startswith(STAGING) for row in place.select(ALL_GRAPHS))


def load_with_another_at(url: str, one: Release, other: Release, at: int) -> tuple[str, bool]:
    """What a load says in whose midst, before its change of that number, another comes to its end;
    and whether it has no such change.
    """
    numbers, lock = iter(range(10**6)), threading.Lock()
    changes = {name: getattr(GraphStoreClient, name) for name in ("add", "update")}
    with pytest.MonkeyPatch.context() as patch:

        def counted(change: Callable[..., Any], *args: Any) -> Any:
            with lock:
                if next(numbers) == at:
                    patch.undo()
                    assert load(url, other).fresh
            return change(*args)

        for name, change in changes.items():
            patch.setattr(GraphStoreClient, name, partialmethod(partial(counted, change)))
        try:
            load(url, one)
        except LoadError as error:
            return str(error), False
    return "", next(numbers) <= at


def test_a_graph_dropped_while_it_was_added_to_can_be_emptied(
    new_oxigraph: Callable[..., Any],
) -> None:
    place = find_graph_store(new_oxigraph().url)
    graph = f"{STAGING}one/stated"
    for at in range(1000):
        place.add(graph, [f"<urn:a{at}> <urn:p> {n} .\n" for n in range(20)])
        lines = [f"<urn:b{at}> <urn:p> {n} .\n" for n in range(20)]
        adding = threading.Thread(target=place.add, args=(graph, lines))
        adding.start()
        time.sleep(at % 40 / 10_000)  # a twentieth of the drops comes between its read and write
        place.update(f"DROP SILENT GRAPH <{graph}>")
        adding.join()
        place.update(f"DROP SILENT GRAPH <{graph}>")
        if place.count(graph):
            break
    else:
        pytest.skip("this version of Oxigraph leaves no statements in a graph it has dropped")
    place.update(loading._emptied(graph))
    assert place.count(graph) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_move_whose_answer_is_lost_is_not_made_twice(
    kind: str,
    request: pytest.FixtureRequest,
    small_release: Release,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = request.getfixturevalue(f"new_{kind}")()
    monkeypatch.setattr(graph_store_client, "PAUSES", (0.01,))
    send = graph_store_client._update
    lost: list[str] = []

    def lose_the_answer(endpoint: Any, text: str, seconds: float) -> None:
        send(endpoint, text, seconds)
        if "MOVE" in text and not lost:
            lost.append(text)
            raise graph_store_client._Failed("it hung up")

    monkeypatch.setattr(graph_store_client, "_update", lose_the_answer)
    assert load(running.url, small_release).counts == expected(small_release)
    assert lost
    assert loaded_version(running.query_url, BASE_IRI) == small_release.version


def test_a_store_that_is_back_soon_is_waited_for(
    new_oxigraph: Callable[..., Any], small_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = new_oxigraph()
    monkeypatch.setattr(loading, "_CHUNK", 1000)
    monkeypatch.setattr(graph_store_client, "PAUSES", (0.01, 0.01))
    steps: list[str] = []
    # Each of the lines that broke says so, and one of them has to start the store.
    one_at_a_time = threading.Lock()

    def stumble(text: str) -> None:
        with one_at_a_time:
            steps.append(text)
            if sum("sent " in step for step in steps) == 3 and "trying" not in "".join(steps):
                running.kill()
            if "retrying in" in text and running.has_ended():
                running.start()

    assert load(running.url, small_release, step=stumble).sent == small_release.quads
    assert any("retrying in" in step for step in steps)


def test_another_version_replaces_what_was_begun(
    new_oxigraph: Callable[..., Any], small_release: Release
) -> None:
    running = new_oxigraph()
    place = find_graph_store(running.url)
    state = f"<{BASE_IRI}graph/loading>"
    loading_property = f"<{BASE_IRI}ontology#loading>"
    left = f"{STAGING}older/stated"
    place.update(
        f'INSERT DATA {{ GRAPH {state} {{ {state} {loading_property} "older" }} '
        f"GRAPH <{left}> {{ <urn:a> <urn:b> 1 }} }}"
    )
    load(running.url, small_release)
    assert place.count(left) == 0


def test_a_store_that_loses_statements_is_found_out(
    new_oxigraph: Callable[..., Any], small_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = new_oxigraph()
    add = GraphStoreClient.add
    monkeypatch.setattr(
        GraphStoreClient, "add", lambda self, graph, lines: add(self, graph, lines[:-1])
    )
    with pytest.raises(LoadError, match="differ from what was sent"):
        load(running.url, small_release)
    assert loaded_version(running.query_url, BASE_IRI) == ""
    monkeypatch.undo()
    assert load(running.url, small_release).sent == small_release.quads


def test_without_the_graph_store_protocol(store: Any) -> None:
    steps: list[str] = []
    place = find_graph_store(store.url, step=steps.append)
    nowhere = store.query_url.rpartition("/")[0] + "/none"
    place._graph_stores = (replace(place._layout.query, url=nowhere),)
    lines: Sequence[str] = [f'<urn:s{n}> <urn:p> "é{n}" .\n' for n in range(4500)]
    place.add("urn:inserted", lines)
    place.add("urn:inserted", lines)
    assert place.count("urn:inserted") == 4500
    assert any("trying another way" in step for step in steps)


def test_a_refused_update_is_told(store: Any) -> None:
    with pytest.raises(LoadError, match="refused an update"):
        find_graph_store(store.url).update("MOVE GRAPH <urn:a> TO nonsense")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/", "is the store running"),
        ("ftp://127.0.0.1/", "must start with http"),
    ],
)
def test_what_is_wrong_is_said(small_release: Release, url: str, said: str) -> None:
    with pytest.raises(LoadError, match=said):
        load(url, small_release)


def test_without_credentials_virtuoso_says_what_is_missing(
    filled: Callable[[str], Any], small_release: Release
) -> None:
    with pytest.raises(LoadError, match="OOGRAPH_STORE_PASSWORD") as caught:
        load(filled("virtuoso").query_url, small_release)
    assert "401" in str(caught.value)


def test_an_explicit_update_url(filled: Callable[[str], Any], small_release: Release) -> None:
    running = filled("oxigraph")
    update = running.query_url.replace("/query", "/update")
    assert not load(running.query_url, small_release, update).fresh
    with pytest.raises(LoadError, match="404"):
        load(running.query_url, small_release, f"{update}/none")
