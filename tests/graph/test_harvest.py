"""Harvesting: a server on this machine answers with pages; no test asks the network."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from oograph.cli import main
from oograph.graph.catalogue import Catalogue
from oograph.graph.errors import NoAnswer
from oograph.graph.harvest import APIS, Harvest
from oograph.graph.readers import read_file

FIXTURES = Path(__file__).parents[1] / "fixtures" / "answers"
WORKS = json.loads((FIXTURES / "openalex.json").read_text(encoding="utf-8"))["results"]


class Api:
    """A server that gives one answer after another, and remembers what it was asked."""

    def __init__(self, answers: list[tuple[int, str]]) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.agents: list[str] = []
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                place = len(api.asked)
                api.asked.append(parse_qs(urlsplit(self.path).query))
                api.agents.append(self.headers["User-Agent"])
                status, text = answers[min(place, len(answers) - 1)]
                body = text.encode()
                self.send_response(status)
                if status == 429:
                    self.send_header("Retry-After", "7")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/works"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


Serve = Callable[..., Api]


@pytest.fixture
def serve() -> Iterator[Serve]:
    apis: list[Api] = []

    def start(*answers: tuple[int, str]) -> Api:
        apis.append(Api(list(answers)))
        return apis[-1]

    yield start
    for api in apis:
        api.stop()


def page(works: list[object], cursor: str | None) -> tuple[int, str]:
    return 200, json.dumps({"meta": {"next_cursor": cursor}, "results": works})


PAGES = (page(WORKS[:1], "abc"), page(WORKS[1:], "def"), page([], None))


def test_pages_are_asked_for_until_the_end(serve: Serve, tmp_path: Path) -> None:
    api = serve(*PAGES)
    waits: list[float] = []
    harvest = Harvest("openalex", "gig work", "2024-01-01", api.url, "a@example.org", waits.append)
    files = list(harvest.pages(tmp_path))
    assert [each["cursor"] for each in api.asked] == [["*"], ["abc"], ["def"]]
    assert api.asked[0]["filter"] == ["from_publication_date:2024-01-01"]
    assert api.asked[0]["mailto"] == ["a@example.org"]
    assert all("a@example.org" in agent for agent in api.agents)
    assert waits == [1.0, 1.0]
    assert [len(json.loads(file.read_text())["results"]) for file in files] == [1, 1, 0]
    assert list(harvest.pages(tmp_path)) == files
    assert len(api.asked) == 3  # what has come to its end is not asked for again


def test_an_interrupted_harvest_goes_on_where_it_stopped(serve: Serve, tmp_path: Path) -> None:
    api = serve(PAGES[0], (400, ""), *PAGES[1:])
    harvest = Harvest("openalex", "gig", address=api.url, sleep=lambda _: None)
    with pytest.raises(NoAnswer, match=r"status 400.*run the command again to continue"):
        list(harvest.pages(tmp_path))
    assert len(list(harvest.pages(tmp_path))) == 3
    assert [each["cursor"] for each in api.asked] == [["*"], ["abc"], ["abc"], ["def"]]


def test_a_harvest_of_too_many_pages_says_so_and_keeps_them(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oograph.graph.harvest._MOST_PAGES", 2)
    api = serve(*PAGES)
    harvest = Harvest("openalex", "gig", address=api.url, sleep=lambda _: None)
    with pytest.raises(NoAnswer, match="2 pages received, and there are more; narrow the query"):
        list(harvest.pages(tmp_path))
    assert len(list(tmp_path.rglob("openalex-*.json"))) == 2


def test_pages_with_an_entry_that_cannot_be_read_are_kept(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    api = serve(page([WORKS[0], "no work"], None))
    arguments = ["harvest", "openalex", "gig", "--api", api.url, "--catalogue", "c"]
    reply = CliRunner().invoke(main, arguments)
    assert reply.exit_code == 1, reply.output
    assert list(tmp_path.glob("harvest/*/openalex-*.json"))
    assert "the pages are kept in harvest" in reply.output


def test_a_busy_api_is_asked_again_when_it_says(serve: Serve, tmp_path: Path) -> None:
    api = serve((429, ""), (503, ""), page([], None))
    waits: list[float] = []
    assert len(list(Harvest("openalex", "gig", "", api.url, "", waits.append).pages(tmp_path))) == 1
    assert waits == [7.0, 2.0]


def test_an_api_that_stays_busy_is_given_up(serve: Serve, tmp_path: Path) -> None:
    api = serve((503, ""))
    with pytest.raises(NoAnswer, match="status 503"):
        list(Harvest("openalex", "gig", address=api.url, sleep=lambda _: None).pages(tmp_path))
    assert len(api.asked) == 5


@pytest.mark.parametrize("text", ["<html>", "", "[" * 100_000])
def test_what_is_no_answer_is_not_kept(serve: Serve, tmp_path: Path, text: str) -> None:
    api = serve((200, text))
    with pytest.raises(NoAnswer, match="not a valid answer of the API"):
        list(Harvest("crossref", "gig", address=api.url).pages(tmp_path))
    assert not list(tmp_path.rglob("*.json"))


def test_only_the_web_is_asked(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer, match="not the address of an API"):
        list(Harvest("openalex", "gig", address="file:///etc/passwd").pages(tmp_path))


ANSWERS = {
    "openalex": ("openalex.json", {"meta": {}, "results": []}),
    "crossref": ("crossref.json", {"message": {"items": []}}),
    "datacite": ("datacite.json", {"data": []}),
    "europe-pmc": ("europe-pmc.json", {"resultList": {"result": []}}),
    "semantic-scholar": ("semantic-scholar.json", {"data": []}),
    "arxiv": ("arxiv.xml", "<feed xmlns='http://www.w3.org/2005/Atom'/>"),
}


def test_every_api_has_an_answer() -> None:
    assert set(ANSWERS) == set(APIS)


@pytest.mark.parametrize("source", ANSWERS)
def test_the_answer_of_each_api_is_kept_and_read(source: str, serve: Serve, tmp_path: Path) -> None:
    name, empty = ANSWERS[source]
    last = empty if isinstance(empty, str) else json.dumps(empty)
    api = serve((200, (FIXTURES / name).read_text(encoding="utf-8")), (200, last))
    harvest = Harvest(source, "gig work", "2020-01-01", api.url, sleep=lambda _: None)
    first, *_ = harvest.pages(tmp_path)
    assert [e.record for e in read_file(first) if e.record]
    assert "gig work" in str(api.asked[0])
    assert "2020" in str(api.asked[0])


def test_the_next_page_of_each_api() -> None:
    answers: dict[str, tuple[object, dict[str, str]]] = {
        "openalex": ({"meta": {"next_cursor": "b"}, "results": [1]}, {"cursor": "b"}),
        "crossref": ({"message": {"next-cursor": "b", "items": [1]}}, {"cursor": "b"}),
        "datacite": (
            {"links": {"next": "https://example.org/dois?page%5Bcursor%5D=b&query=x"}},
            {"page[cursor]": "b", "query": "x"},
        ),
        "europe-pmc": (
            {"nextCursorMark": "b", "resultList": {"result": [1]}},
            {"cursorMark": "b"},
        ),
        "semantic-scholar": ({"token": "b", "data": [1]}, {"token": "b"}),
    }
    for source, (answer, expected) in answers.items():
        api = APIS[source]
        first = api.first("x", "")
        assert api.following(first, json.dumps(answer)) == expected
        assert api.following({**first, **expected}, json.dumps({})) == {}
    feed = (FIXTURES / "arxiv.xml").read_text(encoding="utf-8")
    arxiv = APIS["arxiv"]
    assert arxiv.following(arxiv.first("x", ""), feed) == {"start": "1"}


def test_harvest_imports_what_it_asked_for(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    api = serve(page(WORKS, None))
    runner = CliRunner()
    command = ["harvest", "openalex", "gig", "--api", api.url, "--catalogue", "my"]
    looked = runner.invoke(main, [*command, "--dry-run"])
    assert looked.exit_code == 0, looked.output
    assert "2 new works" in looked.output
    assert not Path("my/works.json").exists()
    done = runner.invoke(main, command)
    assert done.exit_code == 0, done.output
    assert len(api.asked) == 1  # the dry run's pages were there
    works = Catalogue.read(Path("my")).works
    assert sorted(work.title for work in works) == ["Bidding alone", "Queues for gigs"]
    assert works[0].sources[0].file.startswith("openalex-gig-")
    assert not list(Path("harvest").iterdir())


def test_an_api_without_an_answer_is_one_line(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    api = serve((404, ""))
    runner = CliRunner()
    done = runner.invoke(main, ["harvest", "arxiv", "gig", "--api", api.url, "--catalogue", "my"])
    assert done.exit_code == 1
    assert "status 404" in done.output and "Traceback" not in done.output
