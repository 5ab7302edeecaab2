"""PostgreSQL under TLS: who is believed, who is told the password, and who never answers."""

import contextlib
import pathlib
import socket
import ssl
import struct
import threading

import pytest

import callers
import certificates
import messages
import postgres
import tokens as minting
import waiting
import wire

PASSWORD = b"loopback"

# What libpq says.
NOT_VERIFIED = "certificate verify failed"
NO_TLS = "server does not support SSL, but SSL was required"
OTHER_NAME = 'server certificate for "db.example" does not match host name "localhost"'
ADVICE = "an authority in sslrootcert must have signed it, and its time must not be over"

# Before the first message of PostgreSQL's protocol a client asks whether there is TLS
# (https://www.postgresql.org/docs/current/protocol-message-formats.html).
SSL_REQUEST = struct.pack("!ii", 8, 80_877_103)
CLEARTEXT_PASSWORD = b"R" + struct.pack("!ii", 8, 3)


class Material:
    """Certificates of every kind, and of whom they are."""

    def __init__(self, directory: pathlib.Path):
        directory.mkdir()
        self.authority = certificates.Authority(directory)
        strangers = directory / "strangers"
        strangers.mkdir()
        self.strangers = certificates.Authority(strangers, "stranger")
        self.sound = self.authority.certify("sound")
        self.elsewhere = self.authority.certify(
            "elsewhere", common_name="db.example", hosts=["db.example"]
        )
        self.expired = self.authority.certify("expired", age_days=30)
        self.strange = self.strangers.certify("strange")

    def root(self, name: str) -> pathlib.Path:
        return {"ours": self.authority, "strangers'": self.strangers}[name].path


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    return Material(tmp_path_factory.mktemp("tls") / "material")


@pytest.fixture(scope="module")
def serving_as(material):
    """PostgreSQL with one certificate or another; restarted only when that changes."""
    with postgres.lent() as cluster:
        current = [None]

        def make(kind: str | None) -> postgres.Cluster:
            if kind != current[0]:
                cluster.speak_tls(*([None] if kind is None else getattr(material, kind)))
                current[0] = kind
            return cluster

        yield make


def make_server(own_server, tmp_path, url: str, loops: int = 1, **environment):
    variables = {"MARTLET_DATABASE_SECONDS": "1", **environment}
    [one] = postgres.make_replicas(own_server, tmp_path, url, count=1, loops=loops, **variables)
    return one


def refusal(one) -> str:
    """What a server says that does not start."""
    refused = one.command("serve", "--listen", "127.0.0.1:0")
    assert refused.returncode == 1, refused
    assert "loopback" not in refused.stderr
    [last] = [line for line in refused.stderr.splitlines() if line.startswith("martlet:")]
    return last


def url_at(cluster: postgres.Cluster, host: str, **parameters) -> str:
    base = cluster.make_schema().replace("@127.0.0.1:", f"@{host}:")
    return base + "".join(f"&{name}={value}" for name, value in parameters.items())


# How PostgreSQL serves, what the URL says, what comes of it: whether there is TLS, or words.
MODES = [
    ("sound", "disable", None, False),
    ("sound", "allow", None, False),
    ("sound", "prefer", None, True),
    ("sound", "require", None, True),
    ("sound", "require", "ours", True),
    ("sound", "require", "strangers'", NOT_VERIFIED),
    ("sound", "verify-ca", None, "root certificate file"),
    ("sound", "verify-ca", "ours", True),
    ("sound", "verify-ca", "strangers'", NOT_VERIFIED),
    ("sound", "verify-full", "ours", True),
    ("sound", "verify-full", "strangers'", NOT_VERIFIED),
    ("elsewhere", "require", "ours", True),
    ("elsewhere", "verify-ca", "ours", True),
    ("elsewhere", "verify-full", "ours", OTHER_NAME),
    ("expired", "require", None, True),
    ("expired", "require", "ours", NOT_VERIFIED),
    ("expired", "verify-ca", "ours", NOT_VERIFIED),
    ("expired", "verify-full", "ours", NOT_VERIFIED),
    (None, "allow", None, False),
    (None, "prefer", None, False),
    (None, "require", None, NO_TLS),
    (None, "verify-ca", "ours", NO_TLS),
    (None, "verify-full", "ours", NO_TLS),
]


@pytest.mark.parametrize(("kind", "mode", "root", "outcome"), MODES)
def test_every_mode_does_what_its_name_says(
    serving_as, material, own_server, tmp_path, kind, mode, root, outcome
):
    cluster = serving_as(kind)
    files = {} if root is None else {"sslrootcert": material.root(root)}
    name = minting.fresh("mode")
    url = url_at(cluster, "localhost", sslmode=mode, application_name=name, **files)
    one = make_server(own_server, tmp_path, url)
    if isinstance(outcome, str):
        said = refusal(one)
        assert outcome in said
        assert (ADVICE in said) == (outcome == NOT_VERIFIED)
        return
    one.start()
    with callers.Caller(one.port) as caller:
        assert caller.add(minting.TokenSource(one).make(), "tea")["id"] == 1
    connections = (
        "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
        f"WHERE application_name = '{name}'"
    )
    assert cluster.run(connections) == ("t\n" if outcome else "f\n")


@pytest.mark.parametrize(
    ("kind", "host", "parameters"),
    [
        ("sound", "127.0.0.1", {}),
        ("sound", "localhost", {"hostaddr": "127.0.0.1"}),
        ("sound", "localhost", {"channel_binding": "require"}),
        ("elsewhere", "db.example", {"hostaddr": "127.0.0.1"}),
    ],
    ids=["address", "name", "channel-binding", "name-of-another"],
)
def test_the_host_that_the_url_names_is_the_one_that_is_verified(
    serving_as, material, own_server, tmp_path, kind, host, parameters
):
    root = material.root("ours")
    url = url_at(
        serving_as(kind), host, sslmode="verify-full", sslrootcert=root, **parameters
    )
    one = make_server(own_server, tmp_path, url).start()
    with callers.Caller(one.port) as caller:
        assert caller.add(minting.TokenSource(one).make(), "tea")["id"] == 1


@pytest.fixture(scope="module")
def certified(material):
    """PostgreSQL that lets one user in by certificate, and by nothing else."""
    with postgres.lent() as cluster:
        cluster.run("CREATE ROLE ada LOGIN")
        cluster.let_in("hostssl all ada 127.0.0.1/32 cert")
        cluster.speak_tls(*material.sound, clients=material.authority.path)
        yield cluster


def url_of_ada(cluster: postgres.Cluster, material: Material, **parameters) -> str:
    root = material.root("ours")
    url = url_at(cluster, "localhost", sslmode="verify-full", sslrootcert=root, **parameters)
    schema = url.partition("search_path%3D")[2].partition("&")[0]
    cluster.run(f"GRANT ALL ON SCHEMA {schema} TO ada")
    return url.replace("martlet:loopback@", "ada@")


def test_a_client_certificate_lets_in(certified, material, own_server, tmp_path):
    certificate, key = material.authority.certify("ada", common_name="ada")
    url = url_of_ada(certified, material, sslcert=certificate, sslkey=key)
    one = make_server(own_server, tmp_path, url).start()
    with callers.Caller(one.port) as caller:
        assert caller.add(minting.TokenSource(one).make(), "tea")["id"] == 1


def test_without_a_client_certificate_that_fits_nobody_is_let_in(
    certified, material, own_server, tmp_path
):
    def said(**parameters) -> str:
        url = url_of_ada(certified, material, **parameters)
        return refusal(make_server(own_server, tmp_path, url))

    assert "connection requires a valid client certificate" in said()
    certificate, key = material.authority.certify("eve", common_name="eve")
    assert 'certificate authentication failed for user "ada"' in said(
        sslcert=certificate, sslkey=key
    )
    theirs, their_key = material.strangers.certify("ada", common_name="ada")
    assert "unknown ca" in said(sslcert=theirs, sslkey=their_key)
    key.chmod(0o644)
    assert "has group or world access" in said(sslcert=certificate, sslkey=key)


class Impostor:
    """Stands where PostgreSQL should, and asks whoever comes for the password in the clear.

    Without a certificate it says that there is no TLS. One that is `mute` says nothing more from
    some point on.
    """

    def __init__(self, certificate=None, *, port: int = 0, mute: str | None = None):
        self._certificate, self._mute = certificate, mute
        self.heard: list[bytes] = []
        self.ended = 0
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Impostor":
        return self

    def __exit__(self, *_) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
                one.close()

    @property
    def said(self) -> bytes:
        """All that was told to it."""
        return b"".join(self.heard)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                one = self._listener.accept()[0]
                self._open.append(one)
                threading.Thread(target=self._talk, args=(one,), daemon=True).start()

    def _talk(self, one: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._hear(one) == SSL_REQUEST:
                if self._mute == "before TLS":
                    return self._keep(one)
                one.sendall(b"N" if self._certificate is None else b"S")
                if self._mute == "in the handshake":
                    return self._keep(one)
                if self._certificate is not None:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(*self._certificate)
                    one = context.wrap_socket(one, server_side=True)
                    self._open.append(one)
                self._hear(one)
            one.sendall(CLEARTEXT_PASSWORD)
            self._hear(one)

    def _hear(self, one: socket.socket) -> bytes:
        self.heard.append(one.recv(65_536))
        return self.heard[-1]

    def _keep(self, one: socket.socket) -> None:
        """Until the client has enough of it."""
        while one.recv(65_536):
            pass
        self.ended += 1


@pytest.mark.parametrize(
    ("kind", "parameters", "is_told"),
    [
        # Those show that it would be told.
        (None, {"sslmode": "prefer"}, True),
        ("strange", {"sslmode": "require"}, True),
        (None, {"sslmode": "require"}, False),
        (None, {"sslmode": "verify-ca"}, False),
        (None, {"sslmode": "verify-full"}, False),
        ("strange", {"sslmode": "require", "channel_binding": "require"}, False),
        ("strange", {"sslmode": "verify-ca"}, False),
        ("strange", {"sslmode": "verify-full"}, False),
        ("expired", {"sslmode": "verify-ca"}, False),
        ("expired", {"sslmode": "verify-full"}, False),
        ("elsewhere", {"sslmode": "verify-full"}, False),
    ],
)
def test_an_impostor_is_not_told_the_password(
    material, own_server, tmp_path, kind, parameters, is_told
):
    if parameters["sslmode"].startswith("verify"):
        parameters = {**parameters, "sslrootcert": material.root("ours")}
    certificate = None if kind is None else getattr(material, kind)
    with Impostor(certificate) as impostor:
        options = "&".join(f"{name}={value}" for name, value in parameters.items())
        url = f"postgres://martlet:loopback@localhost:{impostor.port}/postgres?{options}"
        refusal(make_server(own_server, tmp_path, url))
        assert impostor.said
        assert (PASSWORD in impostor.said) == is_told
        if kind is None and not is_told:
            # Nor anything else.
            assert set(impostor.heard) <= {SSL_REQUEST, b""}


@pytest.mark.parametrize("mute", ["before TLS", "in the handshake"])
def test_who_never_answers_keeps_nobody_else_waiting(material, own_server, tmp_path, mute):
    with postgres.lent() as cluster:
        cluster.speak_tls(*material.sound)
        root = material.root("ours")
        url = url_at(cluster, "localhost", sslmode="verify-full", sslrootcert=root)
        one = make_server(
            own_server,
            tmp_path,
            url,
            MARTLET_DATABASE_SECONDS="5",
            MARTLET_DATABASE_CONNECT_SECONDS="1",
        ).start()
        token = minting.TokenSource(one).make()
        with callers.Caller(one.port) as caller:
            caller.add(token, "tea")
        cluster.command("stop")
        with Impostor(material.sound, port=cluster.port, mute=mute) as impostor:
            with callers.Caller(one.port) as caller, callers.Caller(one.port) as other:
                message = messages.call("list_todos", token, 1)
                caller.connection.send(
                    wire.request(list(message.fields.items()), message.octets)
                )
                waiting.eventually(lambda: SSL_REQUEST in impostor.heard)
                # There is one loop, and it answers whoever needs no database.
                health = wire.request([], None, method="GET", target="/healthz")
                assert other.connection.exchange(health).status == 200
                tools = other.send(messages.modern("tools/list", token=token))
                assert "list_todos" in [tool["name"] for tool in tools.result["tools"]]
                # Attempts are given up and begun again, before the call is.
                waiting.eventually(lambda: impostor.ended >= 2)
                assert not caller.connection.has_received()
                result = caller.connection.receive().result
                assert result["isError"]
                assert "again" in result["content"][0]["text"]
            assert "PostgreSQL did not answer in time" in log_of(one)
        cluster.command("start")
        with callers.Caller(one.port) as caller:
            assert [todo["title"] for todo in caller.list_all(token)] == ["tea"]
        one.stop()
        assert "loopback" not in log_of(one)


def log_of(one) -> str:
    return one.state.with_suffix(".log").read_text()
