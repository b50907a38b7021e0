"""What tests of pages have in common: a server of the small release."""

import pytest


@pytest.fixture(scope="session")
def server(start_server, small_release):
    running = start_server(small_release.folder)
    yield running
    running.stop()
