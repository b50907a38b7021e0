"""Lists, filters and profiles in Chromium."""

import pytest
from selenium.webdriver.common.by import By


@pytest.fixture(scope="module")
def server(start_server, small_release):
    running = start_server(small_release.folder)
    yield running
    running.stop()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_filters_that_people_use_come_first_and_open(browser, server, width) -> None:
    browser.look(width)
    browser.get(f"{server.url}/works")
    if width == 390:
        browser.find_element(By.CSS_SELECTOR, ".filters > summary").click()
    groups = browser.find_elements(By.CSS_SELECTOR, ".filters > details")
    names = [
        group.find_element(By.TAG_NAME, "summary").get_property("textContent") for group in groups
    ]
    assert names[:4] == ["Platforms", "Countries and regions", "Topics", "Methods"]
    assert [bool(group.get_attribute("open")) for group in groups] == [
        place < 4 for place in range(len(groups))
    ]
    years = browser.find_element(By.CSS_SELECTOR, "aside .years")
    assert years.rect["y"] < groups[0].rect["y"]


def test_a_letter_leads_to_its_heading(browser, server) -> None:
    browser.look(1280)
    browser.get(f"{server.url}/browse?class=person")
    letter = browser.find_element(By.CSS_SELECTOR, ".letters a:last-child")
    text = letter.text
    letter.click()
    target = browser.execute_script("return document.querySelector(':target')")
    assert (target.tag_name, target.text) == ("h2", text)
