"""A shared installation as docs/shared-installation.md sets it up: nginx before processes on one database.

People sign in at an identity provider, each from an address of their own, so that nginx spreads them.
"""

import re
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from urllib.parse import urlsplit

import httpx2

from assessment.model.access import Grant
from assessment.service.bench.client import Door, open_tab
from assessment.service.bench.pages import Dashboard
from assessment.settings import HOME
from tests.conftest import find_program
from tests.dashboards import find_port, serve, sign_in_at, wait_for

DOCS = HOME / "docs" / "shared-installation.md"
SHARED = {
    "STREAMLIT_SERVER_COOKIE_SECRET": "the same for every process",
    "STREAMLIT_SERVER_ALLOWED_HOSTS": "kaderscan.example.nl 127.0.0.1",
}
_CERTIFICATE = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1")
_OWN_CERTIFICATE = "ssl_certificate cert.pem; ssl_certificate_key key.pem;"
_PORTS = ("8601", "8602")
"""The ports of the processes in the example."""


def write_configuration(folder: Path, port: int, upstreams: Sequence[str]) -> Path:
    """The example, with a certificate, on a port of its own and before one process or two."""
    subprocess.run(
        [*_CERTIFICATE, "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    found = re.search(r"(?ms)^    upstream kaderscan.*?^    }\n(?=\n`GET /gezond)", DOCS.read_text("utf-8"))
    assert found
    example = dedent(found[0]).replace("listen 443 ssl;", f"listen {port} ssl;")
    for mentioned, own in zip(_PORTS, upstreams, strict=False):
        example = example.replace(mentioned, own)
    for mentioned in _PORTS[len(upstreams) :]:
        example = re.sub(rf".*{mentioned}.*\n", "", example)
    example = example.replace("$host;", "$http_host;")  # with its port
    example = example.replace("server_name kaderscan.example.nl;", _OWN_CERTIFICATE)
    path = folder / "nginx.conf"
    path.write_text(f"daemon off; pid nginx.pid; events {{}} http {{ access_log off; {example} }}", "utf-8")
    return path


@contextmanager
def proxying(port: int, upstreams: Sequence[str]) -> Iterator[str]:
    """The address of nginx with the example before processes, until the block ends."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        configuration = write_configuration(folder, port, upstreams)
        words = [str(find_program("nginx")), "-c", str(configuration), "-e", str(folder / "errors.log")]
        process = subprocess.Popen(words, cwd=folder)
        try:
            wait_for_answer(port)
            yield f"https://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def wait_for_answer(port: int) -> None:
    """Wait until something listens."""
    with httpx2.Client(verify=False) as client:
        for _ in range(120):
            try:
                client.get(f"https://127.0.0.1:{port}/gezond")
            except httpx2.ConnectError:
                time.sleep(0.25)
            else:
                return
    raise TimeoutError(port)


class Shared:
    """Two processes of the dashboard on one database behind nginx; they can be stopped and begun anew.

    Their time of the processor counts on when one is gone, for as long as it is stopped here.
    """

    def __init__(self, database: str, port: int, issuer: str, roles: str) -> None:
        self.address = f"https://127.0.0.1:{port}"
        signing_in = sign_in_at(issuer) | {
            "KADERSCAN_OIDC_REDIRECT_URI": f"{self.address}/oauth2callback",
            "KADERSCAN_OIDC_ROLES": roles,
        }
        self.database, self.variables = database, SHARED | signing_in
        self.ports = [find_port() for _ in _PORTS]
        self.used = 0.0
        self.processes = [self._begin(port) for port in self.ports]

    def _begin(self, port: int) -> subprocess.Popen[str]:
        return serve(self.database, port, variables=self.variables, output=subprocess.DEVNULL)

    def stop(self, place: int, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop a process and wait until it is gone."""
        self.used += self._measure(place).find_seconds() or 0.0
        self.processes[place].send_signal(how)
        self.processes[place].wait(30)

    def start(self, place: int) -> None:
        """Begin a process anew at its port, and wait until it answers."""
        self.processes[place] = self._begin(self.ports[place])
        self.wait_for(place)

    def wait_for(self, place: int) -> None:
        """Wait until a process answers."""
        wait_for(f"http://127.0.0.1:{self.ports[place]}/gezond")

    def close(self) -> None:
        """Stop what still runs."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)

    def find_seconds(self) -> float:
        """Seconds of the processor that all of them took."""
        return self.used + sum(
            self._measure(place).find_seconds() or 0.0 for place in range(len(self.processes))
        )

    def find_megabytes(self) -> float:
        """The memory that all of them use."""
        return sum(self._measure(place).find_megabytes() or 0.0 for place in range(len(self.processes)))

    def _measure(self, place: int) -> Dashboard:
        """A process as the bench sees it; one that is gone takes nothing."""
        return Dashboard(self.ports[place], self.processes[place].pid)


@contextmanager
def sharing(database: str, issuer: str, roles: str = "") -> Iterator[Shared]:
    """Two processes behind nginx, until the block ends.

    Args:
        database: its address.
        issuer: the identity provider.
        roles: what a subject may who signs in for the first time, as the setting says it.
    """
    port = find_port()
    shared = Shared(database, port, issuer, roles)
    try:
        for place in range(len(shared.ports)):
            shared.wait_for(place)
        with proxying(port, [str(each) for each in shared.ports]):
            yield shared
    finally:
        shared.close()


def name_address(place: int) -> str:
    """The address of this machine from which a person comes; nginx looks at the first three numbers."""
    return f"127.0.{place + 1}.1"


def write_role(grant: Grant) -> str:
    """A role as the setting says it."""
    return ":".join([grant.role, *filter(None, [grant.house_id or grant.unit_id])])


async def sign_in_from(address: str, subject: str, source: str) -> Door:
    """Sign in as a browser does, and return the door at which that lets one in."""
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    transport = httpx2.AsyncHTTPTransport(verify=False, local_address=source)
    async with httpx2.AsyncClient(transport=transport, follow_redirects=True) as client:
        await client.get(f"{address}/_stcore/health")
        door = _make_door(client, address, source, tls)
        async with open_tab(door) as tab:
            await tab.open("", {})
            await tab.enter({}, "Aanmelden")
            elsewhere = tab.shown.elsewhere
        form = await client.get(f"{address}{urlsplit(elsewhere)._replace(scheme='', netloc='').geturl()}")
        await client.post(form.url, data={"sub": subject})
        return _make_door(client, address, source, tls)


def _make_door(client: httpx2.AsyncClient, address: str, source: str, tls: ssl.SSLContext) -> Door:
    own = [cookie for cookie in client.cookies.jar if cookie.name.startswith("_streamlit")]
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in own)
    token = next((cookie.value or "" for cookie in own if cookie.name == "_streamlit_xsrf"), "")
    return Door(address, cookies, token, source, tls)
