"""What validation says of one thing, by its IRI, its path, or the address of its page."""

import re

import pytest

BROWSER = "text/html,*/*;q=0.1"
UNDATED = "anonymous-notes-crowd-work"


@pytest.fixture(scope="module")
def server(small_server):
    return small_server


@pytest.mark.parametrize(
    "asked",
    [
        f"https://w3id.org/oograph/publication/{UNDATED}",
        f"publication/{UNDATED}",
        f"/publication/{UNDATED}.html",
        "{url}/publication/" + UNDATED + ".ttl",
        UNDATED,
    ],
)
def test_what_is_said_of_a_work(server, asked) -> None:
    page = server(f"/report?of={asked.format(url=server.url)}", BROWSER)
    assert page.status == 200
    assert f'<a href="/publication/{UNDATED}">' in page.text
    assert "The record has no year." in page.text and "To fix it: Add the year" in page.text
    # works are called by their titles
    assert "<h1><a" in page.text and ">Notes on crowd work</a></h1>" in page.text
    assert ">Notes on crowd work</a>" in server("/report", BROWSER).text
    # it is what the report says of it by shape
    everything = server("/report", BROWSER).text
    assert everything.count(f'href="/publication/{UNDATED}"') == len(
        re.findall(r"<li>.*?View shape", page.text)
    )


def test_nothing_is_said_of_what_is_sound(server) -> None:
    page = server("/report?of=platform/upwork", BROWSER).text
    assert "has no results for it" in page


@pytest.mark.parametrize("asked", ["nobody", "publication/nobody", "%3Cx%3E/%22%7B%7D", "a/" * 900])
def test_what_there_is_not_is_named(server, asked) -> None:
    assert server(f"/report?of={asked}", BROWSER).status == 404


def test_a_record_leads_there(server) -> None:
    page = server(f"/publication/{UNDATED}.html", BROWSER).text
    [address] = re.findall(r'href="(/report\?of=[^"]*)"', page)
    assert server(address, BROWSER).status == 200
