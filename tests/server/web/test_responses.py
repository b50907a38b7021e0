"""Large answers as responses."""

import errno
import gzip
import tempfile

import flask
import pytest

from oograph.graph.store.answers import Answer, Limits, Spool
from oograph.server.web.large_answers import LargeAnswers
from oograph.server.web.responses import deliver

#: More than is kept in memory.
BODY = bytes(range(256)) * 2**13


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file that is made from now on has room for more than a few bytes."""

    class Full(tempfile.SpooledTemporaryFile):
        def write(self, data) -> int:
            if self.tell() + len(data) > 100:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    monkeypatch.setattr("oograph.server.web.responses.TemporaryFile", Full)


def delivered() -> flask.Response:
    spool = Spool()
    spool.write(BODY)
    app = flask.Flask(__name__)
    with app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        response = deliver(Answer("text/csv", spool), LargeAnswers(Limits()))
        response.direct_passthrough = False
        assert response.content_length == len(response.get_data())
        return response


def test_a_large_answer_is_gzipped() -> None:
    response = delivered()
    assert response.content_encoding == "gzip"
    assert gzip.decompress(response.get_data()) == BODY


def test_where_the_disk_has_no_room_to_gzip_it_goes_out_as_it_is(full_disk: None) -> None:
    response = delivered()
    assert response.content_encoding is None
    assert response.get_data() == BODY
