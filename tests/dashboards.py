"""Dashboards that run in processes of their own, as a user starts them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from assessment.settings import HOME


@contextmanager
def serving(database: str, **variables: str) -> Iterator[str]:
    """The address of a dashboard on a database, until the block ends."""
    address = f"http://127.0.0.1:{find_port()}"
    words = ["serve", "--no-browser", "--port", address.rpartition(":")[2]]
    environment = os.environ | {"KADERSCAN_DATABASE_URL": database} | variables
    process = subprocess.Popen([sys.executable, "-m", "assessment", *words], env=environment, cwd=HOME)
    try:
        wait_for(f"{address}/gezond")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    for _ in range(120):
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.25)
    raise TimeoutError(address)
