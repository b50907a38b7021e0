"""The embedded store: answers, graphs, limits, and what happens when a worker dies."""

import errno
import gc
import json
import os
import resource
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph.graph.store import embedded as store_module
from oograph.graph.store import execution, fork_server, worker, worker_process
from oograph.graph.store import pool as pool_module
from oograph.graph.store.admission import never_disconnected
from oograph.graph.store.answers import WHOLE, Dataset, Limits
from oograph.graph.store.embedded import EmbeddedStore
from oograph.graph.store.execution import Execution
from oograph.graph.store.problems import ProblemDetails, QueryError
from oograph.graph.store.worker import Request, Setup, open_store
from oograph.graph.store.worker_process import ForkServer, WorkerEnded, WorkerProcess

EX = "http://example.org/"
ALL = "SELECT * { ?s ?p ?o } ORDER BY ?o"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


QUADS = [
    ox.Quad(node(f"s{number}"), node("p"), ox.Literal(number), node(f"g{number % 2}"))
    for number in range(40)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    release = tmp_path_factory.mktemp("release")
    (release / "dumps").mkdir()
    ox.serialize(QUADS, str(release / "dumps" / "oograph.nq"), ox.RdfFormat.N_QUADS)
    ox.Store(str(release / "store")).extend(QUADS)
    facts = {"quads": len(QUADS), "base_iri": "https://w3id.org/oograph/"}
    (release / "release.json").write_text(json.dumps(facts))
    return release


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(folder, Limits(seconds=60, memory_bytes=100 * 2**20)) as opened:
        yield opened


def rows(store: EmbeddedStore, query: str, dataset: Dataset = WHOLE) -> int:
    return len(json.loads(store.query(query, dataset=dataset).body)["results"]["bindings"])


def problem_of(store: EmbeddedStore, query: str, accept: str = "*/*") -> ProblemDetails:
    with pytest.raises(QueryError) as caught:
        store.query(query, accept)
    return caught.value.problem


def test_the_media_type_says_what_the_body_is(store: EmbeddedStore) -> None:
    assert store.query(ALL, "text/csv").media_type == "text/csv; charset=utf-8"
    assert store.query("CONSTRUCT WHERE { ?s ?p ?o }").media_type == "text/turtle; charset=utf-8"
    assert store.query("DESCRIBE ?s { ?s ?p 1 }", "application/rdf+xml").body.startswith(b"<?xml")


@pytest.mark.parametrize(
    ("dataset", "clause", "expected"),
    [
        pytest.param(WHOLE, "", 40, id="union"),
        pytest.param(WHOLE, f"FROM <{EX}g0>", 20, id="from"),
        pytest.param(WHOLE, f"FROM <{EX}g0> FROM <{EX}g1>", 40, id="from two"),
        pytest.param(WHOLE, f"FROM NAMED <{EX}g0>", 0, id="from named only"),
        pytest.param(Dataset((f"{EX}none",)), f"FROM <{EX}g0>", 0, id="protocol wins"),
        pytest.param(Dataset((), (f"{EX}g0",)), "", 0, id="named only"),
    ],
)
def test_the_dataset(store: EmbeddedStore, dataset: Dataset, clause: str, expected: int) -> None:
    assert rows(store, f"SELECT * {clause} {{ ?s ?p ?o }}", dataset) == expected


def test_a_graph_is_written_sorted_and_once(store: EmbeddedStore) -> None:
    query = "CONSTRUCT { ?s <urn:p> 1 } { ?s ?p ?o . ?t ?q ?r }"
    lines = store.query(query, "application/n-triples").body.splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == 40


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("SELECT * {", 400, id="syntax"),
        pytest.param("", 400, id="empty"),
        pytest.param("ASK { SERVICE <http://127.0.0.1/> {} }", 403, id="service"),
        pytest.param("DROP ALL", 400, id="update"),
        pytest.param("ASK {}" + " " * 100_000, 413, id="long"),
        pytest.param("ASK {" + "{" * 300 + "}" * 300 + "}", 400, id="brackets"),
    ],
)
def test_what_is_refused(store: EmbeddedStore, query: str, status: int) -> None:
    assert problem_of(store, query).status == status


@pytest.mark.parametrize(
    ("query", "line", "hint"),
    [
        ("SELECT *\n{ ?s dcterms:title ?o }", 2, "PREFIX dcterms: <http://purl.org/dc/terms/>"),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", 1, "GROUP BY"),
        ("SELECT * {\n\n { ?s ?p ?o }", 3, "1 bracket is opened and never closed."),
        ("SELCT * { ?s ?p ?o }", 1, "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("SELECT (1 AS ?a) (2 AS ?a) {}", 1, "same name"),
        (
            "SELECT (YEAR(?d) AS ?y) (COUNT(*) AS ?n) { ?w ?p ?d } GROUP BY YEAR(?d)",
            1,
            "GROUP BY (YEAR(?date) AS ?y)",
        ),
    ],
    ids=["prefix", "group by", "bracket", "form", "columns", "group by an expression"],
)
def test_a_syntax_error_helps(store: EmbeddedStore, query: str, line: int, hint: str) -> None:
    found = problem_of(store, query)
    assert found.line == line
    assert hint in found.hint
    assert found.excerpt.splitlines()[-1].strip() == "^"


def test_not_acceptable_before_the_query_runs(store: EmbeddedStore) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    found = problem_of(store, endless, "text/turtle")
    assert found.status == 406
    assert "text/csv" in found.available


@pytest.mark.parametrize("character", ["\\u0001", "\\u0000", "\\uFFFE", "\\u001F", "\\uFFFF"])
def test_a_text_that_xml_cannot_hold_is_no_xml(store: EmbeddedStore, character: str) -> None:
    results, graph = "application/sparql-results+xml", "application/rdf+xml"
    text = f'"{character}"'
    select, construct = f"SELECT ({text} AS ?x) {{}}", f"CONSTRUCT {{ <a:a> <a:b> {text} }} {{}}"
    for query, media_type in ((select, results), (construct, graph)):
        with pytest.raises(QueryError) as error:
            store.query(query, media_type)
        assert error.value.problem.status == 406
        assert error.value.problem.available and media_type not in error.value.problem.available
        for other in error.value.problem.available:
            assert store.query(query, other).media_type.startswith(other)
    fine = '"\\uFFFD\\t\\u0080\\uD7FF"'
    assert store.query(f"SELECT ({fine} AS ?x) {{}}", results).body.endswith(b"</sparql>")


@pytest.mark.parametrize(
    "triple",
    [
        "<x:s> <http://x/1> 1",
        "<x:s> a <http://x/>",
        "<x:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#about> 1",
    ],
)
def test_an_iri_that_is_no_xml_name_is_no_xml(store: EmbeddedStore, triple: str) -> None:
    query = f"CONSTRUCT {{ {triple} }} {{}}"
    with pytest.raises(QueryError) as error:
        store.query(query, "application/rdf+xml")
    assert error.value.problem.status == 406 and "text/turtle" in error.value.problem.available
    text = 'CONSTRUCT { <x:s> <http://x/a1> "<oxprefix: >" } {}'
    assert store.query(text, "application/rdf+xml").body.rstrip().endswith(b"</rdf:RDF>")


def test_a_worker_dies_and_the_next_query_is_unaffected(store: EmbeddedStore) -> None:
    for _ in range(4):  # More often than there are workers.
        assert problem_of(store, "ASK { FILTER(" + "!" * 50_000 + "true) }").status == 400
    assert rows(store, ALL) == 40


def test_without_the_guard_a_worker_still_cannot_leave(store: EmbeddedStore) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.5)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        query = f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
        request = Request(query, "json", WHOLE, True)
        outcome = Execution(store._pool, request, store.limits, never_disconnected).run("")
        assert isinstance(outcome, ProblemDetails)
        assert "Too many open files" in outcome.detail
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_large_release_is_read_from_disk(folder: Path) -> None:
    with EmbeddedStore(folder, Limits(workers=2), memory=0) as opened:
        # Both workers have it open at once.
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(rows(opened, ALL)))] * 1
        threads += [threading.Thread(target=lambda: found.append(rows(opened, ALL)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [40, 40]
        assert problem_of(opened, "ASK { SERVICE <http://127.0.0.1/> {} }").status == 403


def test_a_file_that_is_damaged_is_no_fault_of_the_query(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the engine says it once a table of the store has changed that it has open.
    message = f"Corruption: block checksum mismatch in {folder}/store/000010.sst offset 157772"

    def fail(*_: object) -> None:
        raise OSError(message)

    monkeypatch.setattr(worker, "_results", fail)
    setup = Setup(folder, EX, False, Limits())
    sent: list[bytes] = []
    problem = worker.answer(ox.Store(), Request(ALL, "json", WHOLE, True), setup, sent.append)
    assert isinstance(problem, ProblemDetails)
    assert (problem.status, problem.title) == (500, "The store is damaged")
    assert str(folder) not in problem.detail


def test_a_dump_that_lost_lines_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "release"))
    dump = copy / "dumps" / "oograph.nq"
    dump.write_bytes(b"".join(dump.read_bytes().splitlines(keepends=True)[:30]))
    with pytest.raises(ValueError, match="holds 30 statements, not 40"):
        open_store(Setup(copy, EX, True, Limits(), quads=40))


def test_a_store_of_many_files_answers(folder: Path, tmp_path: Path) -> None:
    # the engine opens sixteen files at once, and the others when a query needs them
    shutil.copytree(folder / "dumps", tmp_path / "dumps")
    shutil.copy(folder / "release.json", tmp_path)
    store = ox.Store(str(tmp_path / "store"))
    for place in range(0, len(QUADS), 8):
        lines = "".join(f"{quad} .\n" for quad in QUADS[place : place + 8])
        store.bulk_load(lines.encode(), ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    assert len(list((tmp_path / "store").glob("*.sst"))) > 16
    with EmbeddedStore(tmp_path, Limits(seconds=60, workers=1), memory=0) as opened:
        assert rows(opened, ALL) == 40
        for number in range(40):
            assert rows(opened, f"SELECT * {{ <{EX}s{number}> ?p ?o }}") == 1


def test_a_release_that_takes_long_to_load_is_read_from_disk_until_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, eventually
) -> None:
    monkeypatch.setattr(store_module, "LOADED_AT_ONCE", 10)
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        disk = opened._pool._source
        assert rows(opened, ALL) == 40
        eventually(lambda: opened._pool._source is not disk, "it is not loaded")
        eventually(lambda: {each.source for each in opened._pool._workers} != {disk}, "no fork")
        eventually(lambda: disk._process is None, "the one before it stays")
        assert opened.wait(60)
        assert rows(opened, f"{ALL} # again") == 40
        assert opened.status().replaced == 0
        assert opened.status().ready == opened.status().wanted


def test_a_store_in_memory_that_is_lost_is_read_from_disk_until_it_is_loaded_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, eventually
) -> None:
    monkeypatch.setattr(store_module, "LOADED_AT_ONCE", 10)
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        eventually(lambda: opened.status().in_memory, "it is not loaded")
        pool = opened._pool
        # a fork that has just begun holds the sockets of the others open
        eventually(lambda: {w.source for w in pool._ready} == {pool._later}, "no fork")
        assert opened.wait(60)
        may_load = threading.Event()
        wait = ForkServer.wait
        monkeypatch.setattr(ForkServer, "wait", lambda each: may_load.wait(60) and wait(each))
        lost = opened._pool._source._process
        assert lost
        lost.kill()
        lost.wait()
        assert rows(opened, f"{ALL} # lost") == 40
        assert (opened.status().in_memory, opened.status().is_loading) == (False, True)
        may_load.set()
        eventually(lambda: opened.status().in_memory, "it is not loaded again")
        assert not opened.status().is_loading
        assert rows(opened, f"{ALL} # again") == 40


def test_a_store_that_cannot_be_loaded_is_read_from_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, eventually, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store_module, "LOADED_AT_ONCE", 10)
    monkeypatch.setattr(pool_module, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(ForkServer, "wait", lambda each: False)
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        eventually(lambda: not opened.status().is_loading, "it is tried without end")
        assert rows(opened, ALL) == 40
        assert not opened.status().in_memory
    assert caplog.text.count("could not be loaded into memory") == 2


def test_a_worker_that_cannot_be_started_is_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors = [OSError(errno.EMFILE, "Too many open files")] * 3
    start = ForkServer.start

    def started(source: ForkServer) -> WorkerProcess:
        if errors:
            raise errors.pop()
        return start(source)

    monkeypatch.setattr(ForkServer, "start", started)
    monkeypatch.setattr(pool_module, "_RETRY_SECONDS", 0.01)
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        assert opened.wait(60)
        assert rows(opened, ALL) == 40
    assert caplog.text.count("a worker cannot be started: [Errno 24] Too many open files") == 3


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda worker: worker.receive(60), id="sends half a message"),
        pytest.param(lambda worker: worker.send("x" * 2**20), id="takes half a message"),
    ],
)
def test_a_worker_that_pauses_in_the_midst_of_a_message_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[WorkerProcess], object]
) -> None:
    monkeypatch.setattr(worker_process, "_PAUSE_SECONDS", 1)
    ours, theirs = worker_process._pipe()
    status, _ = socket.socketpair()
    source = ForkServer(Setup(Path(), "", True, Limits()))
    os.write(theirs.fileno(), (1000).to_bytes(4, "big") + b"begun")
    with pytest.raises(WorkerEnded):
        ask(WorkerProcess(source, ours, status))


def test_a_store_that_is_closed_leaves_no_descriptor(folder: Path) -> None:
    def use() -> int:
        with EmbeddedStore(folder, Limits(workers=1)) as opened:
            assert opened.wait(60)
            assert rows(opened, ALL) == 40
        gc.collect()
        return len(os.listdir("/dev/fd"))

    first = use()
    assert [use() for _ in range(3)] == [first] * 3


def test_a_load_ends_with_its_server(folder: Path) -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    with pytest.raises(EOFError):
        open_store(Setup(folder, "", True, Limits()), partial(fork_server._watched, theirs))


def test_a_store_that_is_closed_while_it_loads_loads_no_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch, eventually, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store_module, "LOADED_AT_ONCE", 10)
    may_load, has_loaded = threading.Event(), threading.Event()
    wait = ForkServer.wait

    def waited(source: ForkServer) -> bool:
        may_load.wait(60)
        is_loaded = wait(source)
        has_loaded.set()
        return is_loaded

    monkeypatch.setattr(ForkServer, "wait", waited)
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        later = opened._pool._later
        assert later
    may_load.set()
    assert has_loaded.wait(60)
    eventually(lambda: not later.alive, "the loader stays")
    assert "could not be loaded" not in caplog.text


def test_after_a_long_query_a_worker_shares_the_store_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, eventually
) -> None:
    monkeypatch.setattr(execution, "_WEARING_SECONDS", 0.0)
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        assert opened.wait(60)
        before = {worker.pid for worker in opened._pool._ready}
        assert rows(opened, ALL) == 40
        eventually(lambda: len(opened._pool._ready) == 3, "it is not replaced")
        assert len({worker.pid for worker in opened._pool._ready} - before) == 1
        assert opened.status().replaced == 0


def test_no_two_workers_draw_the_same_numbers(folder: Path) -> None:
    with EmbeddedStore(folder, Limits(workers=3)) as opened:
        assert opened.wait(60)
        drawn = set()
        for worker in opened._pool._ready:
            worker.send(Request("SELECT (STRUUID() AS ?u) (RAND() AS ?r) {}", "csv", WHOLE, True))
            drawn.add(worker.receive(60))
        assert len(drawn) == len(opened._pool._ready) == 5


def test_an_idle_worker_that_ends_is_replaced_though_nobody_asks(folder: Path, eventually) -> None:
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        assert opened.wait(60)
        for worker in tuple(opened._pool._ready):
            os.kill(worker.pid, signal.SIGKILL)
        eventually(lambda: opened.status().replaced == 3, "workers are not missed")
        eventually(lambda: opened.status().ready == 3, "workers are missing")


def test_a_store_that_is_cut_short_is_not_called_a_lack_of_memory(tmp_path: Path, folder) -> None:
    shutil.copy(folder / "release.json", tmp_path)
    stored = ox.Store(str(tmp_path / "store"))
    lines = (f'<urn:s{n}> <urn:p> "{n:0100}" .\n' for n in range(50_000))
    stored.bulk_load("".join(lines).encode(), ox.RdfFormat.N_TRIPLES)
    stored.flush()
    del stored
    with EmbeddedStore(tmp_path, Limits(seconds=60, workers=1), memory=0) as opened:
        assert opened.wait(60)
        for table in (tmp_path / "store").glob("*.sst"):
            os.truncate(table, table.stat().st_size // 2)
        problem = problem_of(opened, "SELECT (SUM(STRLEN(?o)) AS ?n) { ?s ?p ?o }")
        assert (problem.status, problem.title) == (500, "The store is damaged")


def test_workers_are_forked_anew_where_their_source_is_killed(folder: Path, eventually) -> None:
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        assert opened.wait(60)
        source = opened._pool._source._process
        assert source
        source.kill()
        source.wait()  # a worker that is called for before that is alive
        for number in range(5):
            assert rows(opened, f"{ALL} # {number}") == 40
        eventually(lambda: opened.status().ready == 3, "workers are missing")
        assert source.poll() is not None


def test_a_closed_store_has_no_processes(folder: Path) -> None:
    opened = EmbeddedStore(folder)
    rows(opened, ALL)
    workers, source = list(opened._pool._workers), opened._pool._source._process
    opened.close()
    assert source and source.poll() is not None
    assert workers
    assert not any(worker.alive for worker in workers)


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", "*/*"])
def test_an_answer_knows_its_length_and_its_rows(store: EmbeddedStore, accept: str) -> None:
    answer = store.query(ALL, accept)
    assert answer.rows == 40
    assert answer.length == len(answer.body)


def test_a_graphs_triples_are_its_rows(store: EmbeddedStore) -> None:
    assert store.query("CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json").rows == 40
    assert store.query("ASK {}").rows is None


def test_a_graph_too_large_to_be_sorted_is_whole(folder: Path) -> None:
    # 30,000 triples; with answers of at most 1 MB no more than 25,000 are sorted.
    query = (
        "CONSTRUCT { ?x <urn:p> ?n } { ?a ?b ?c . ?d ?e ?f . VALUES ?v { "
        + " ".join(map(str, range(20)))
        + " } BIND(IRI(CONCAT('urn:', STR(?c), '-', STR(?f), '-', STR(?v))) AS ?x) BIND(1 AS ?n) }"
    )
    with EmbeddedStore(folder, Limits(workers=1, result_bytes=2**20)) as opened:
        answer = opened.query(query)
        assert answer.rows == 32_000
        assert len(set(ox.parse(answer.body, ox.RdfFormat.TURTLE))) == 32_000


def test_the_time_may_be_lowered_and_not_raised(folder: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?q }"
    with EmbeddedStore(folder, Limits(workers=1, seconds=1)) as opened:
        for seconds, said in ((0.25, "0.25 seconds"), (60, "1 seconds")):
            with pytest.raises(QueryError) as caught:
                opened.query(endless, seconds=seconds)
            assert said in caught.value.problem.detail


def test_the_same_question_is_answered_once(folder: Path) -> None:
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        first = opened.query(ALL).body
        for worker in opened._pool._workers.copy():
            worker.kill()
        assert opened.query(ALL).body == first
        assert opened.query(ALL, "application/json").media_type == "application/json"
        assert opened.status().kept_hits == 2
        # In another format, or over other graphs, it is another answer.
        assert opened.query(ALL, "text/csv").body != first
        assert rows(opened, ALL, Dataset((f"{EX}g0",))) == 20


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "STRUUID()", "UUID()"])
def test_what_differs_each_time_is_asked_each_time(store: EmbeddedStore, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    assert store.query(query).body != store.query(query).body


def test_a_client_that_leaves_frees_its_worker(folder: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?q }"
    with EmbeddedStore(folder, Limits(workers=1, seconds=60)) as opened:
        with pytest.raises(QueryError) as caught:
            opened.query(endless, client="a", is_disconnected=lambda: True)
        assert caught.value.problem.status == 499
        assert opened.query(ALL, client="b").rows == 40


def test_a_worker_killed_by_hand_costs_its_query_a_second_try(
    folder: Path, eventually: Callable[[Callable[[], object], str], None]
) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with EmbeddedStore(folder, Limits(workers=1, seconds=60)) as opened:
        opened.query("ASK {}")
        expected = opened.query(slow, client="a").body
        found: list[bytes] = []
        # A comment, so that it is not the answer that was kept.
        query = f"{slow} # again"
        asking = threading.Thread(target=lambda: found.append(opened.query(query, client="a").body))
        asking.start()
        eventually(lambda: opened.status().running, "the query does not start")
        for worker in opened._pool._workers.copy():
            worker.kill()
        asking.join(60)
        assert found == [expected]


def test_a_store_that_cannot_be_opened_says_so(
    folder: Path, tmp_path: Path, eventually: Callable[[Callable[[], object], str], None]
) -> None:
    (tmp_path / "release.json").write_text((folder / "release.json").read_text())
    with EmbeddedStore(tmp_path, Limits(workers=1, seconds=1)) as opened:

        def title() -> str:
            with pytest.raises(QueryError) as caught:
                opened.query("ASK {}")
            assert caught.value.problem.status == 503
            return caught.value.problem.title

        eventually(lambda: "cannot be opened" in title(), "it does not say so")
        assert opened.status().ready == 0


def test_what_is_kept_does_not_grow_with_the_names_of_graphs(folder: Path) -> None:
    with EmbeddedStore(folder, Limits(workers=1)) as opened:
        for number in range(4):
            iri = f"{EX}{number}{'x' * 90_000}"
            assert rows(opened, ALL, Dataset((iri,))) == 0
        assert opened._cache.bytes < 4 * 2000
        assert all(len(str(key)) < 200 for key in opened._cache._answers)


@pytest.mark.parametrize(
    "dataset",
    [
        pytest.param(Dataset((EX + "x" * 100_000,)), id="one long"),
        pytest.param(Dataset((), (f"{EX}g",) * 10_000), id="many"),
    ],
)
def test_the_names_of_graphs_are_bounded(store: EmbeddedStore, dataset: Dataset) -> None:
    with pytest.raises(QueryError) as caught:
        store.plan("ASK {}", dataset=dataset)
    assert (caught.value.problem.status, caught.value.problem.limit) == (413, "query_characters")


def test_relative_iris_are_resolved(store: EmbeddedStore) -> None:
    def subjects(text: str, base: str) -> bytes:
        planned = store.plan(text, "application/n-triples", base_iri=base)
        return store.ask(planned).body

    query = "CONSTRUCT { <s> <p> 1 } {}"
    assert subjects(query, "http://a.example/sparql").startswith(
        b"<http://a.example/s> <http://a.example/p>"
    )
    # Another base is another answer, and the query's own base wins.
    assert subjects(query, "http://b.example/").startswith(b"<http://b.example/s>")
    own = f"BASE <http://c.example/> {query}"
    assert subjects(own, "http://b.example/").startswith(b"<http://c.example/s>")
    # A base that is not an IRI, as a client's Host may make it, is as good as none.
    with pytest.raises(QueryError) as caught:
        subjects(query, "http://not a host/")
    assert caught.value.problem.line == 1
    assert store.ask(store.plan("ASK {}", base_iri="http://not a host/")).body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { ?s ?p ?o FILTER <urn:f>(?s, ?o) }", 0),
        ("SELECT ?s { ?s ?p ?o FILTER(<urn:f>(?o) || ?o < 3) }", 3),
        ("SELECT ?x { ?s ?p ?o BIND(COALESCE(<urn:f>(?o), <urn:g>(), 1) AS ?x) }", 40),
        ("SELECT ?s { ?s ?p ?o FILTER EXISTS { ?s ?p ?z FILTER <urn:f>(?z) } }", 0),
        ("SELECT ?s { ?s ?p ?o } ORDER BY <urn:f>(?o)", 40),
        ("PREFIX e: <urn:e:> SELECT ?o (SUM(e:f(?o)) AS ?n) { ?s ?p ?o } GROUP BY ?o", 40),
    ],
    ids=["filter", "or", "coalesce", "exists", "order", "aggregate"],
)
def test_a_call_of_an_unknown_function_is_an_error_in_its_expression(
    store: EmbeddedStore, query: str, expected: int
) -> None:
    assert rows(store, query) == expected


def test_an_update_as_a_query_is_called_an_update(store: EmbeddedStore) -> None:
    refused = problem_of(store, "INSERT DATA { <urn:a> <urn:b> 1 }")
    assert refused.status == 400
    assert "SPARQL Update (INSERT)" in refused.detail


SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_sort_that_the_engine_cannot_do_says_how_to_sort(store: EmbeddedStore) -> None:
    numbers = (n * 7919 % 1000 for n in range(3000))
    values = " ".join(f'"{number}"@en' if number % 2 else str(number) for number in numbers)
    query = f"SELECT * {{ VALUES ?x {{ {values} }} }} ORDER BY "
    assert rows(store, query + "STR(?x)") == 3000
    problem = problem_of(store, query + "?x")
    assert problem.title == "The query engine gave up"
    assert "write ORDER BY STR(?x)" in problem.hint


@pytest.mark.parametrize(
    "sent", [signal.SIGSEGV, signal.SIGBUS, signal.SIGKILL, signal.SIGUSR1, signal.SIGINT]
)
def test_a_signal_from_outside_costs_its_query_a_second_try(
    folder: Path, sent: signal.Signals, eventually: Callable[[Callable[[], object], str], None]
) -> None:
    with EmbeddedStore(folder, Limits(workers=1, seconds=60)) as opened:
        assert opened.wait(60)
        found: list[bytes] = []
        asking = threading.Thread(target=lambda: found.append(opened.query(SLOW, client="a").body))
        asking.start()
        eventually(lambda: opened.status().running, "the query does not begin")
        (asked,) = opened._pool._ready - set(opened._pool.queue._idle)
        os.kill(asked.pid, sent)
        asking.join(60)
        assert json.loads(found[0])["results"]["bindings"][0]["n"]["value"] == str(40**4)


@pytest.mark.parametrize("sent", [signal.SIGSEGV, signal.SIGKILL, signal.SIGUSR1])
def test_a_short_query_is_not_blamed_for_signals(folder: Path, sent: signal.Signals) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?q }"
    with EmbeddedStore(folder, Limits(workers=1, seconds=60)) as opened:
        outcome: list[ProblemDetails] = []
        asking = threading.Thread(target=lambda: outcome.append(problem_of(opened, endless)))
        asking.start()
        while asking.is_alive():
            for worker in opened._pool._ready.copy():
                with suppress(ProcessLookupError):  # it has ended, and is not missed yet
                    os.kill(worker.pid, sent)
            asking.join(0.2)
        assert outcome[0].status == 503
        assert "nested" not in outcome[0].detail


BIG = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f . VALUES ?t {{ '{'x' * 2000}' }} }}"


@pytest.fixture(params=["no folder", "full"])
def temporary(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A temporary folder that takes no large file."""
    if request.param == "no folder":
        monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_answer_that_does_not_fit_on_the_disk(store: EmbeddedStore, temporary: None) -> None:
    refused = problem_of(store, BIG)
    assert (refused.status, refused.limit) == (507, "result_bytes")
    assert "temporary folder" in refused.detail
    assert rows(store, ALL) == 40
