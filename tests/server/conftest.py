"""A small release on disk, and a real server of it on a real port."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pyoxigraph as ox
import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait

from oograph.graph.catalogue.spool import Spool
from oograph.graph.dataset import OOGRAPH
from oograph.graph.iris import IRIs
from oograph.graph.model import Facets, Name, Record, Source
from oograph.graph.rdf.results import Report
from oograph.graph.release import Release, open_release
from oograph.graph.release.build import fill
from oograph.graph.release.conforming import Conforming
from oograph.graph.release.description import description_of
from oograph.graph.release.processes import working
from oograph.graph.release.statements import Statements, digest_of, write_run
from oograph.graph.release.survey import counted, survey

FIXTURE = Path(__file__).parent.parent / "fixtures" / "server" / "oograph.trig"
BASE = "https://w3id.org/oograph/"
SERVE = """
import json, sys
from pathlib import Path
from oograph.graph.store.answers import Limits
from oograph.server import run
from oograph.server.http.connection import ConnectionLimits
settings = {"log": "off", "port": 0, "check_seconds": 60, **json.loads(sys.argv[2])}
# Nineteen pictures for each server that runs for ten seconds would take minutes in all.
run._AHEAD_SECONDS = settings.pop("ahead_seconds", 3600)
run._STOP_SECONDS = settings.pop("stop_seconds", run._STOP_SECONDS)
settings["limits"] = Limits(**settings["limits"])
settings["connections"] = ConnectionLimits(**settings.get("connections", {}))
run.serve(Path(sys.argv[1]), **settings)
"""
#: Small, so that hostile queries end soon; those that nothing else ends ask for a short time.
LIMITS = {
    "seconds": 60.0,
    "memory_bytes": 100 * 2**20,
    "result_bytes": 2**20,
    "queue": 4,
    "client_queries": 3,
}


FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


AXE = Path(sys.prefix) / "clients" / "node_modules" / "axe-core" / "axe.min.js"
#: Whether a page that says how wide it is, as ours do, is shown in a medium.
LAID_OUT = """
    const says = document.querySelector("meta[name=viewport]");
    return !says || matchMedia(arguments[0]).matches;
"""
#: Which rules are applied, and that what is right need not be listed.
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "selectors": False,
}


VERSION = "2026-01-01-0123456789ab"
#: The records of the fixture's two works.
WORKS = (
    Record(
        title='Clicks for "pennies" </script><b>&',
        type="article-journal",
        id="doe-2020-clicks",
        authors=(Name("Doe", "J."), Name("Roe", "Ada")),
        agents=("person/jane-doe", "person/ada-roe"),
        issued=(2020,),
        container_title="Journal of Examples",
        volume="7",
        issue="2",
        page="10-20",
        doi="10.5555/abc",
        url="javascript:alert(1)",
        facets=Facets(countries=("India",), platforms=("Upwork",), methods=("Survey",)),
        sources=(Source("works.bib", "doe2020", 12, (("keywords", "click work"),)),),
    ),
    Record("Freelancers of Upwork", id="roe-2018-freelancers", issued=(2018,)),
)


def make_release(folder: Path, version: str = VERSION, extra: tuple[ox.Quad, ...] = ()) -> Path:
    """A release as ``oograph build`` makes it, but for what only a validation can say.

    Releases beside it are the ones before it.
    """
    iris = IRIs(BASE)
    quads = {*ox.parse(path=str(FIXTURE)), *extra}
    beside = [open_release(each.parent) for each in folder.parent.glob("*/release.json")]
    before = max(beside, key=lambda release: release.version, default=None)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch, working(1) as here:
        whole, union = Path(scratch) / "graph.nq", Path(scratch) / "union.nt"
        write_run(quads, whole)
        known = survey([whole], Path(scratch) / "mapped.nq", iris, here)
        counts, described = counted(known, iris, here)
        description = description_of(counts, described, known.node_types(), iris, OOGRAPH)
        write_run(quads.union(description.quads), whole)
        (statements := Statements((whole,))).write_union(union)
        sha256, lines = digest_of(whole)
        release = Release(
            folder=folder,
            version=version,
            date=version[:10],
            base_iri=BASE,
            sha256=sha256,
            inputs="0" * 64,
            quads=lines,
            triples=description.triples,
            classes={"Publication": 2},
            quarantined=(),
            before=before.version if before else "",
        )
        works = Spool.of(WORKS, Path(scratch) / "works.db")
        graph = Conforming(statements, description, Report(BASE, ()), (), (), works)
        fill(folder, release, before, f"{release.date}T00:00:00Z", graph, (whole, union), here)
    return folder


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.headers.get_content_type()


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=,ppid=", "-A"], capture_output=True, text=True)
    pairs = (line.split() for line in listed.stdout.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    url: str
    greeting: str

    @property
    def port(self) -> int:
        return urllib.parse.urlsplit(self.url).port or 0

    def __call__(
        self,
        path: str,
        accept: str | None = None,
        method: str = "GET",
        body: bytes | str | None = None,
        **headers: str,
    ) -> Reply:
        """One request, no redirect followed; ``Content_Type`` stands for Content-Type."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if accept is not None:
            named["Accept"] = accept
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    @property
    def children(self) -> list[int]:
        """The processes that it has started."""
        return children(self.process.pid)

    @property
    def fork_servers(self) -> list[int]:
        """The processes that hold a store, where it draws no pictures."""
        return self.children

    @property
    def workers(self) -> list[int]:
        """The processes that run queries."""
        return [worker for each in self.fork_servers for worker in children(each)]

    @property
    def resident(self) -> int:
        """Bytes of memory that its first process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def query(self, text: str, accept: str | None = None, **parameters: str) -> Reply:
        return self(f"/sparql?{urllib.parse.urlencode({'query': text, **parameters})}", accept)


@pytest.fixture(scope="session")
def release_at() -> Callable[..., Path]:
    """Makes a release: ``release_at(folder, version, extra quads)``."""
    return make_release


@pytest.fixture(scope="session")
def release_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release") / VERSION)


@pytest.fixture(scope="session")
def start_server(release_folder: Path) -> Callable[..., Server]:
    def start(
        folder: Path = release_folder,
        stderr: int | None = None,
        own_group: bool = False,
        **settings: Any,
    ) -> Server:
        """A server of a release; ``limits`` and whatever else ``serve`` takes, and how long it
        waits before it makes pictures ahead (``ahead_seconds``) and for what does not end
        (``stop_seconds``)."""
        settings["limits"] = {**LIMITS, **dict(settings.get("limits", {}))}
        command = [sys.executable, "-c", SERVE, str(folder), json.dumps(settings)]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            process_group=0 if own_group else None,
        )
        assert process.stdout is not None
        greeting = "".join(process.stdout.readline() for _ in range(4))
        url = greeting.split(" is served at ")[1].split("/ ")[0]
        return Server(process, url, greeting)

    return start


@pytest.fixture(scope="session")
def small_server(start_server: Callable[..., Server], small_release: Release) -> Iterator[Server]:
    """A server of the small release."""
    with start_server(small_release.folder) as running:
        yield running


@pytest.fixture(scope="session")
def shipped_server(
    start_server: Callable[..., Server], shipped_release: Release
) -> Iterator[Server]:
    """A server of the release of the catalogue that is shipped."""
    with start_server(shipped_release.folder) as running:
        yield running


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Iterator[Server]:
    with start_server() as running:
        yield running


class Chromium(webdriver.Chrome):
    """A real browser, and what tests do and look at in it."""

    def look(self, width: int, scheme: str = "light") -> None:
        """Show the page, and those that follow, in a window so wide, in a colour scheme."""
        media = f"(width: {width}px) and (prefers-color-scheme: {scheme})"
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 800}
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        # a page that is shown already is laid out anew
        self.wait_for(lambda _: self.execute_script(LAID_OUT, media))

    def reset(self) -> None:
        """Show nothing, in the window that it has; cache, and run scripts; forget what was said."""
        self.get("about:blank")
        self.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
        self.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})
        self.use_scripts(True)
        self.messages(), self.transfers()

    def use_scripts(self, on: bool) -> None:
        """Run the scripts of the pages that follow, or not."""
        self.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})

    def wait_for(self, condition: Callable[[webdriver.Chrome], Any]) -> Any:
        return WebDriverWait(self, 60).until(condition)

    def arrived_at(self, heading: str) -> bool:
        """Whether the page with a heading comes up; a click may return before it does."""
        return bool(
            self.wait_for(
                expected_conditions.text_to_be_present_in_element((By.TAG_NAME, "h1"), heading)
            )
        )

    def follow(self, link: str) -> None:
        """Click on what a selector finds, and wait for the next page."""
        element = self.find_element(By.CSS_SELECTOR, link)
        # the driver takes what is in a closed <details> for hidden, even where style shows it
        actions = ActionChains(self).scroll_to_element(element).move_to_element(element)
        actions.click().perform()
        self.wait_for(expected_conditions.staleness_of(element))

    def press(self, *keys: str) -> None:
        ActionChains(self).send_keys(*keys).perform()

    def tab_to(self, reached: Callable[[WebElement], bool], most: int) -> None:
        """Press Tab until an element has the focus; fail where it takes more steps."""
        for _ in range(most):
            self.press(Keys.TAB)
            if reached(self.switch_to.active_element):
                return
        pytest.fail(f"it is not reached in {most} steps")

    @property
    def page_width(self) -> int:
        """How wide the page is: more than its window where it scrolls sideways."""
        return int(self.execute_script("return document.documentElement.scrollWidth"))

    def faults(self) -> list[str]:
        """What axe knows to be wrong with the page (WCAG 2.2, levels A and AA, best practice)."""
        if not AXE.is_file():
            if os.environ.get("CI"):
                pytest.fail("axe-core must be installed (make .venv/clients/ready) where CI is set")
            pytest.skip("axe-core is not installed: make .venv/clients/ready")
        if not self.execute_script("return 'axe' in window"):
            self.execute_script(AXE.read_text(encoding="utf-8"))
        violations = self.execute_async_script(
            "const [options, done] = arguments;"
            "axe.run(document, options).then(result => done(result.violations))",
            AXE_OPTIONS,
        )
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in violations]

    def messages(self) -> list[str]:
        """What the console has said since it was last asked."""
        return [entry["message"] for entry in self.get_log("browser")]

    def transfers(self) -> list[tuple[str, int]]:
        """The address and the bytes of each request since it was last asked."""
        logged = [json.loads(entry["message"])["message"] for entry in self.get_log("performance")]
        events = [(message["method"], message["params"]) for message in logged]
        sizes = {
            event["requestId"]: int(event["encodedDataLength"])
            for method, event in events
            if method == "Network.loadingFinished"
        }
        return [
            (event["request"]["url"], sizes.get(event["requestId"], 0))
            for method, event in events
            if method == "Network.requestWillBeSent" and event["request"]["url"][:4] == "http"
        ]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        if os.environ.get("CI"):
            pytest.fail("Chromium and its driver must be installed where CI is set")
        pytest.skip("Chromium or its driver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    profile: Path = tmp_path_factory.mktemp("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1200,900"):
        options.add_argument(flag)
    # what the console says, and what is requested
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with Chromium(options=options, service=webdriver.ChromeService(driver)) as chrome:
        chrome.implicitly_wait(60)
        yield chrome


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Chromium:
    """The browser as it was when it started."""
    chromium.reset()
    return chromium


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def visitor(browser: Chromium, request: pytest.FixtureRequest) -> Iterator[Chromium]:
    """The browser, with scripts and without."""
    browser.use_scripts(request.param)
    yield browser
    browser.use_scripts(True)
