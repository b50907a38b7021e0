"""All work for a request has a time limit, whatever the surface."""

import json
import sqlite3
import time
import urllib.parse
from itertools import count, islice
from pathlib import Path

import pytest
from flask import Flask

from oograph.graph.errors import OutOfTime
from oograph.graph.index.database import Database
from oograph.server.web import deadline

QUERIES = json.dumps({"q0": {"query": "Upwork"}})
EXTEND = json.dumps({"ids": ["platform/upwork"], "properties": [{"id": "definition"}]})


def form(**fields: str) -> str:
    return urllib.parse.urlencode(fields)


SURFACES = [
    "/works?q=click",
    "/works?platform=upwork",
    "/works.csv?q=click",
    "/works.ttl",
    "/works.atom",
    "/browse?class=platform",
    f"/reconcile?{form(queries=QUERIES)}",
    f"/reconcile?{form(extend=EXTEND)}",
    "/reconcile/suggest/entity?prefix=up",
    "/reconcile/preview?id=platform/upwork",
    "/lookup?iri=https://doi.org/10.5555/abc",
    "/doi/10.5555/abc",
    "/fragments",
    "/fragments?predicate=http://purl.org/dc/terms/title",
    "/publication/doe-2020-clicks.html",
    "/publication/doe-2020-clicks.ttl",
    "/platform/upwork.html",
    "/ontology.ttl",
    "/",
]


@pytest.fixture(scope="module")
def hurried(start_server):
    with start_server(limits={"seconds": 1e-9}, cache_bytes=0) as running:
        yield running


@pytest.mark.parametrize("path", SURFACES)
def test_every_surface_has_the_same_limit(server, hurried, path) -> None:
    assert server(path).status in (200, 303)
    reply = hurried(path)
    assert (reply.status, reply.json["limit"]) == (503, "seconds"), reply.text
    assert hurried("/robots.txt").status == 200


def test_names_like_a_wrong_address_are_not_worth_an_error(hurried) -> None:
    reply = hurried("/platform-upwork")
    assert (reply.status, "limit" in reply.json) == (404, False)


@pytest.fixture
def quick(start_server):
    with start_server(limits={"seconds": 1.0}) as running:
        yield running


def test_a_batch_that_takes_too_long_is_an_error_and_the_next_is_answered(quick) -> None:
    codes = (f"Upwrk {number}" for number in count())
    questions = {
        f"q{number}": {
            "query": next(codes),
            "properties": [{"pid": "doi", "v": list(islice(codes, 20))} for _ in range(20)],
        }
        for number in range(80)
    }
    queries = json.dumps(questions)
    reply = quick(
        "/reconcile",
        method="POST",
        body=form(queries=queries),
        Content_Type="application/x-www-form-urlencoded",
    )
    assert (reply.status, reply.json["limit"]) == (503, "seconds")
    assert "a smaller batch" in str(reply.json["detail"])
    answer = quick(f"/reconcile?{form(queries=QUERIES)}").json
    assert answer["q0"]["result"][0]["id"] == "platform/upwork"
    assert 'oograph_limits_reached_total{limit="seconds"}' in quick("/metrics").text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE number (value INTEGER)")
    connection.commit()
    connection.close()
    return path


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def test_a_look_up_in_a_file_is_interrupted(file: Path) -> None:
    looks = count()
    base = Database(file, lambda: 50.0 - next(looks))
    with pytest.raises(OutOfTime):
        list(base.rows(ENDLESS))
    assert next(looks) < 100


def test_rows_that_are_not_taken_leave_the_connection_usable(file: Path) -> None:
    base = Database(file)
    query = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    assert next(base.rows(query)) == (1,)
    assert list(base.rows("SELECT count(*) FROM number")) == [(0,)]


def test_another_error_of_a_file_stays_what_it_is(file: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        list(Database(file).rows("SELECT * FROM missing"))


def test_work_counts_and_waiting_does_not() -> None:
    app = Flask("a")
    deadline.register(app, 5.0)
    with app.test_request_context():
        app.preprocess_request()
        time.sleep(0.5)
        waited = deadline.seconds_left()
        assert 4.6 < waited <= 5.0
        deadline.spend(4.0)
        assert deadline.seconds_left() <= waited - 4
        deadline.check()
        deadline.spend(1.0)
        with pytest.raises(OutOfTime):
            deadline.check()
    deadline.check()  # Outside a request there is none.
