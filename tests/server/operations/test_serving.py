"""The server as a process: it starts, and leaves nothing behind."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
import threading
import time
from http.client import HTTPException

import pytest

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?q }"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip() not in ("", "Z", "Zs")


def busy(pid: int) -> bool:
    """Whether a process is using the processor now."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.startswith("R")


def test_it_answers_once_it_has_said_where_it_is(start_server) -> None:
    running = start_server()
    try:
        assert running("/health").status == 200
    finally:
        running.process.kill()
        running.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_it_even_in_the_midst_of_a_query(
    start_server, number, eventually, patience
) -> None:
    running = start_server(limits={"seconds": 60})
    assert running("/health").status == 200

    def ask() -> None:
        try:
            running.query(ENDLESS)
        except (OSError, HTTPException):
            pass  # The server went away, as it should, perhaps in the midst of saying so.

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        # Two for visitors, one for trials and one for the site's own pages; the endless query
        # makes one run.
        eventually(lambda: len(running.workers) == 4, "the workers do not start")
        workers, fork_servers = running.workers, running.fork_servers
        eventually(lambda: any(map(busy, workers)), "the query does not start")
        running.process.send_signal(number)
        running.process.wait(patience)
        eventually(lambda: not any(map(alive, workers)), "a worker outlives the server")
        eventually(lambda: not any(map(alive, fork_servers)), "what they come from outlives it")
    finally:
        running.process.kill()
        running.process.wait(patience)
        asking.join(patience)


def test_a_signal_in_a_del_stops_it_too(patience) -> None:
    """Python ignores what is raised in a ``__del__``, the exit of a signal's handler included."""
    program = """
import os, signal, sys, time
from oograph.server import run
run._STOP_SECONDS = 0.5
class Dying:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
run.stop_on_sigterm(sys.exit)
del_me = Dying()
del del_me
try:
    while True:
        time.sleep(0.1)
finally:
    signal.setitimer(signal.ITIMER_REAL, 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=patience)
    assert done.returncode == 0
    assert b"Exception ignored" in done.stderr


def test_a_reload_while_it_starts_does_not_end_it(patience) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from oograph.server import run
def opening(*arguments):
    os.kill(os.getpid(), signal.SIGHUP)
    sys.exit("still here")
run.ReleaseSwitcher = opening
run.serve(Path())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=patience)
    assert done.stderr == b"still here\n"


def test_ctrl_c_in_a_terminal_ends_it_without_a_word(start_server, tmp_path, patience) -> None:
    with (tmp_path / "said").open("w+") as said:
        running = start_server(stderr=said.fileno(), own_group=True)
        assert running("/health").status == 200
        os.killpg(running.process.pid, signal.SIGINT)
        assert running.process.wait(patience) == 0
        said.seek(0)
        assert "Traceback" not in said.read()


def test_a_worker_that_is_killed_is_replaced(start_server, eventually) -> None:
    running = start_server()
    try:
        assert running("/health").status == 200
        for worker in running.workers:
            os.kill(worker, signal.SIGKILL)
        eventually(lambda: running("/health").status == 200, "no worker is started")
        for _ in range(6):
            assert running("/health").status == 200
    finally:
        running.process.terminate()
        running.process.wait(60)


def test_it_ends_though_nobody_reads_its_log(start_server, patience) -> None:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    running = start_server(stderr=writing, log="requests", stop_seconds=2)
    os.close(writing)
    asking = [threading.Thread(target=ask_until_it_ends, args=(running,)) for _ in range(8)]
    try:
        for each in asking:
            each.start()
        wait_until_full(reading, patience)
        running.process.terminate()
        assert running.process.wait(patience) == 0
    finally:
        running.process.kill()
        running.process.wait(patience)
        for each in asking:
            each.join(patience)
        os.close(reading)


def test_a_log_that_cannot_be_written_costs_no_answer(start_server, patience) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    running = start_server(stderr=full, log="requests")
    os.close(full)
    try:
        assert running.query("ASK {}").status == 200
        assert running("/health").status == 200
    finally:
        running.process.kill()
        running.process.wait(patience)


def ask_until_it_ends(running) -> None:
    try:
        for number in range(1000):
            running.query(f"ASK {{}} # {number}")
    except (OSError, HTTPException):
        pass  # It ends, or does not answer.


def wait_until_full(reading: int, patience: float) -> None:
    """Wait until a pipe that is read from here has held the same for a second."""
    until, before = time.monotonic() + patience, b""
    while True:
        time.sleep(1)
        now = fcntl.ioctl(reading, termios.FIONREAD, bytes(4))
        if now == before and any(now):
            return
        assert time.monotonic() < until, "the log is not written"
        before = now
