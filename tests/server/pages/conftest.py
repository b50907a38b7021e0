"""What tests of pages have in common: a server of the small release."""

import pytest


@pytest.fixture(scope="session")
def server(small_server):
    return small_server
