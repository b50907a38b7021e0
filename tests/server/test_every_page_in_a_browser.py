"""Every kind of page on every screen: nothing is too wide, too heavy, or wrong to axe."""

import pytest

#: Every kind of page, and the most bytes that a first visit takes, with all that it loads.
PAGES = {
    "/": 21_000,
    "/works": 18_000,
    "/works?q=heeks&country=southern-asia": 16_000,
    "/works?q=nothing-has-this": 13_000,
    "/works?q=%22outsourcing+online%22": 13_000,
    "/works?q=work+heeks+OR+rao+-%22mis+quarterly%22": 17_000,
    "/browse": 15_000,
    "/browse?class=person": 13_000,
    "/browse?class=country": 13_000,
    "/browse?class=linkset": 13_000,
    "/browse?class=person&q=heeks": 13_000,
    "/about": 15_000,
    "/status": 14_000,
    "/publication/malik-2017-understanding-development-implications.html": 19_000,
    "/platform/upwork.html": 17_000,
    "/country/southern-asia.html": 17_000,
    "/person/richard-heeks.html": 17_000,
    "/topic/income.html": 18_000,
    "/scheme/topics.html": 18_000,
    # the editor is 143 kB of it, once
    "/sparql?query=SELECT*%7B%3Fs%3Fp%3Chttps://w3id.org/oograph/country/IN%3E%7DLIMIT+5": 175_000,
    "/dumps/": 18_000,
    "/ontology.html": 25_000,
    "/shapes.html": 28_000,
    "/.well-known/void": 31_000,
    "/changes": 15_000,
    "/lookup": 13_000,
    "/catalog": 14_500,
    "/figure/world-map": 39_000,
    "/map": 17_000,
    "/fragments": 17_000,
    "/report": 14_000,
    "/report?of=anonymous-notes-crowd-work": 14_000,
}


@pytest.fixture(scope="module")
def server(start_server, small_release):
    with start_server(small_release.folder, contact="mailto:desk@example.org") as running:
        yield running


@pytest.fixture(scope="module")
def first_visits(browser):
    browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    return browser


@pytest.mark.parametrize("page", PAGES)
def test_every_page_on_every_screen(first_visits, server, page) -> None:
    """No sideways scroll, nothing that axe knows to be wrong, no message, no foreign request.

    Nor a sideways scroll on a phone with large text.
    """
    browser = first_visits
    browser.messages(), browser.transfers()
    browser.get(f"{server.url}{page}")
    for width, scheme in ((320, "light"), (390, "dark"), (1280, "dark"), (1280, "light")):
        browser.look(width, scheme)
        assert browser.page_width <= width
        assert browser.faults() == [], f"{width} {scheme}"
    assert browser.messages() == []
    transfers = browser.transfers()
    assert transfers and all(url.startswith(f"{server.url}/") for url, _ in transfers)
    assert sum(size for _, size in transfers) <= PAGES[page], transfers
    browser.look(390)
    browser.execute_script("document.documentElement.style.fontSize = '200%'")
    assert browser.page_width <= 390


@pytest.mark.parametrize("page", PAGES)
def test_no_page_needs_scripts_to_fit(browser, server, page) -> None:
    browser.use_scripts(False)
    browser.look(320)
    browser.get(f"{server.url}{page}")
    assert browser.page_width <= 320
    assert browser.messages() == []
    browser.use_scripts(True)


@pytest.mark.parametrize("name", ["style.css", "page.js", "suggest.js"])
def test_what_pages_are_made_with_is_sent_once_and_small(server, name) -> None:
    stem, ending = name.split(".")
    page = server("/", "text/html").text
    start = page.index(f"/assets/{stem}-")
    address = page[start : page.index(f".{ending}", start)] + f".{ending}"
    reply = server(address, Accept_Encoding="gzip")
    assert reply.status == 200
    assert "immutable" in reply.headers["Cache-Control"]
    if len(server(address).body) > 1000:
        assert reply.headers["Content-Encoding"] == "gzip"
    assert server(f"/assets/{stem}-0123456789ab.{ending}").status == 404
