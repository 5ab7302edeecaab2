"""TLS without a proxy: real clients, half handshakes, garbage, certificates that are replaced."""

import pathlib
import socket
import ssl
import subprocess
import threading

import pytest

import certificates
import messages
import server as serving
import tokens as minting
import waiting
import wire


@pytest.fixture
def authority(tmp_path):
    return certificates.Authority(tmp_path)


@pytest.fixture
def make_server(own_server, authority):
    certificate, key = authority.certify("server")

    def make(**settings):
        files = {"tls-certificate-file": str(certificate), "tls-key-file": str(key)}
        one = own_server(settings={**files, **settings}, database="memory").start()
        one.certificate, one.key = certificate, key
        return one

    return make


@pytest.fixture
def server(make_server):
    return make_server()


class SecureConnection(wire.Connection):
    """A connection under TLS, as a client of Python's has it."""

    def __init__(self, port: int, authority: certificates.Authority, *, identity=None, **limits):
        super().__init__(port)
        context = ssl.create_default_context(cafile=str(authority.path))
        context.set_alpn_protocols(["h2", "http/1.1"])
        for name, value in limits.items():
            setattr(context, name, value)
        if identity is not None:
            context.load_cert_chain(*identity)
        self._socket = context.wrap_socket(self._socket, server_hostname="localhost")

    @property
    def tls(self) -> ssl.SSLSocket:
        return self._socket


def get(target: str = "/healthz") -> bytes:
    return wire.request([], None, method="GET", target=target)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_calls_are_answered_under_either_version(server, authority, version):
    token = minting.TokenSource(server).make()
    limits = {"minimum_version": version, "maximum_version": version}
    with SecureConnection(server.port, authority, **limits) as connection:
        assert connection.tls.version() == version.name.replace("v1_", "v1.")
        assert connection.tls.selected_alpn_protocol() == "http/1.1"
        for number in range(20):
            call = messages.call("add_todo", token, title=f"title {number}")
            answer = connection.exchange(wire.request(list(call.fields.items()), call.octets))
            assert answer.status == 200
        call = messages.call("list_todos", token, limit=100)
        answer = connection.exchange(wire.request(list(call.fields.items()), call.octets))
        assert len(answer.result["structuredContent"]["todos"]) == 20


def test_versions_before_1_2_and_other_protocols_are_refused(server, authority):
    with pytest.raises(ssl.SSLError):
        with pytest.warns(DeprecationWarning):
            SecureConnection(
                server.port, authority, maximum_version=ssl.TLSVersion.TLSv1_1
            )
    raw = socket.create_connection(("127.0.0.1", server.port))
    context = ssl.create_default_context(cafile=str(authority.path))
    context.set_alpn_protocols(["h2"])
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        context.wrap_socket(raw, server_hostname="localhost")
    raw.close()


def test_a_body_of_many_records_and_requests_in_pieces_arrive(server, authority):
    token = minting.TokenSource(server).make()
    long = messages.call("add_todo", token, title="x", padding="y" * 300_000)
    octets = wire.request(list(long.fields.items()), long.octets)
    with SecureConnection(server.port, authority) as connection:
        # An argument that does not exist, so what counts is that all of it was read.
        assert connection.exchange(octets).status == 200
        small = get("/readyz")
        for octet in small:
            connection.send(bytes([octet]))
        assert connection.receive().status == 200
        # Several requests in one record, and one across two.
        connection.send(small * 50 + small[:10])
        connection.send(small[10:])
        for _ in range(51):
            assert connection.receive().status == 200


def test_a_client_that_does_not_read_stops_being_read(make_server, authority):
    server = make_server(**{"write-stall-seconds": 2})
    token = minting.TokenSource(server).make()
    with SecureConnection(server.port, authority) as connection:
        for number in range(100):
            call = messages.call("add_todo", token, title="t" * 250)
            answer = connection.exchange(wire.request(list(call.fields.items()), call.octets))
            assert answer.status == 200, number
        call = messages.call("list_todos", token, limit=100)
        octets = wire.request(list(call.fields.items()), call.octets)
        connection.tls.settimeout(1)
        sent = 0
        with pytest.raises((TimeoutError, ConnectionError, ssl.SSLError)):
            while True:
                connection.tls.sendall(octets * 10)
                sent += 10
        # 30 KB an answer: what waits is bounded by the high-water mark, not by what was asked.
        assert server.private_bytes() < 200_000_000, sent
    with SecureConnection(server.port, authority) as connection:
        assert connection.exchange(get()).status == 200


def test_both_ends_say_that_nothing_follows(server, authority):
    last = wire.request([("Connection", "close")], None, method="GET", target="/healthz")
    with SecureConnection(server.port, authority) as connection:
        answer = connection.exchange(last)
        assert (answer.status, answer.field("connection")) == (200, "close")
        # An end without close_notify would be an error.
        assert connection.tls.recv(1) == b""
        assert connection.tls.unwrap() is not None
    with SecureConnection(server.port, authority) as connection:
        assert connection.exchange(get()).status == 200
        # Sends close_notify, and waits for the server's.
        assert connection.tls.unwrap() is not None


def test_streams_are_encrypted_as_they_come(server, authority):
    token = minting.TokenSource(server).make()
    listen = messages.modern(
        "subscriptions/listen",
        {"notifications": {"resourceSubscriptions": ["todo://list"]}},
        token=token,
    )
    octets = wire.request(list(listen.fields.items()), listen.octets)
    with SecureConnection(server.port, authority) as connection:
        connection.send(octets)
        head = connection.receive_head()
        assert head.status == 200
        assert head.field("content-type") == "text/event-stream"
        chunks = connection.chunks()
        while b"acknowledged" not in next(chunks):
            pass
        server.terminate()
        rest = b"".join(chunks)
        assert b'"result"' in rest
    assert server.wait() == 0


def test_garbage_and_cleartext_are_told_and_closed(server, authority):
    for octets in [get(), b"\x00" * 100, b"\x16\x03\x01\x40\x00" + b"\xff" * 100]:
        with wire.Connection(server.port) as connection:
            connection.send(octets)
            received = b""
            try:
                while more := connection._socket.recv(4096):
                    received += more
            except ConnectionResetError:
                pass
            # An alert at most, and never an answer.
            assert not received.startswith(b"HTTP"), received
    waiting.eventually(lambda: "no TLS handshake" in server.log_tail())
    with SecureConnection(server.port, authority) as connection:
        assert connection.exchange(get()).status == 200


def test_half_handshakes_end_in_time_and_keep_nobody_else_out(make_server, authority):
    server = make_server(**{"tls-handshake-seconds": 1})
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    slow = [wire.Connection(server.port) for _ in range(50)]
    for index, connection in enumerate(slow):
        connection.send(hello[: index % len(hello)])
    with SecureConnection(server.port, authority) as connection:
        assert connection.exchange(get()).status == 200
    for connection in slow:
        assert connection.is_closed_by_peer()
        connection.close()
    waiting.eventually(lambda: "not complete in time" in server.log_tail())


def test_a_certificate_is_replaced_for_connections_that_begin(server, authority):
    def serial(connection: SecureConnection) -> str:
        return connection.tls.getpeercert()["serialNumber"]

    with SecureConnection(server.port, authority) as old:
        first = serial(old)
        authority.certify("server")
        server.reload()
        waiting.eventually(lambda: "reloaded" in server.log_tail())
        with SecureConnection(server.port, authority) as new:
            second = serial(new)
            assert second != first
            assert new.exchange(get()).status == 200
        assert old.exchange(get()).status == 200
        # Half of a pair changes nothing.
        server.certificate.write_text("nothing")
        server.reload()
        waiting.eventually(lambda: "not reloaded" in server.log_tail())
        with SecureConnection(server.port, authority) as still:
            assert serial(still) == second


def test_clients_need_a_certificate_where_one_is_asked_for(make_server, authority, tmp_path):
    server = make_server(**{"tls-client-ca-file": str(authority.path)})
    ours = authority.certify("client", "agent")
    strangers = tmp_path / "strangers"
    strangers.mkdir()
    theirs = certificates.Authority(strangers).certify("client", "agent")
    for _ in range(2):
        with SecureConnection(server.port, authority, identity=ours) as connection:
            assert connection.exchange(get()).status == 200
    for identity in [None, theirs]:
        with pytest.raises((ssl.SSLError, ConnectionError, wire.Disconnected)):
            # Under TLS 1.3 a client learns of its refusal with the first answer.
            with SecureConnection(server.port, authority, identity=identity) as connection:
                connection.exchange(get())


def test_a_proxy_header_comes_before_the_handshake(own_server, authority):
    certificate, key = authority.certify("server")
    server = own_server(
        settings={
            "tls-certificate-file": str(certificate),
            "tls-key-file": str(key),
            "trusted-proxies": ["127.0.0.1"],
            "proxy-protocol": "required",
            "access-log": "text",
        },
        database="memory",
    ).start()
    context = ssl.create_default_context(cafile=str(authority.path))
    header = b"PROXY TCP4 203.0.113.9 192.0.2.1 40000 443\r\n"
    for pieces in [[header], [header[:9], header[9:]]]:
        raw = socket.create_connection(("127.0.0.1", server.port))
        for piece in pieces:
            raw.sendall(piece)
        with context.wrap_socket(raw, server_hostname="localhost") as secure:
            secure.sendall(get("/readyz"))
            assert secure.recv(4096).startswith(b"HTTP/1.1 200")
    waiting.eventually(lambda: sum("203.0.113.9" in line for line in server.said) == 2)
    # The same in one piece with the client's greeting.
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    raw = socket.create_connection(("127.0.0.1", server.port))
    raw.sendall(header + outgoing.read())
    while True:
        try:
            client.do_handshake()
            break
        except ssl.SSLWantReadError:
            incoming.write(raw.recv(65_536))
    raw.sendall(outgoing.read())
    raw.close()
    server.stop()


def test_curl_and_openssl_agree(server, authority):
    url = f"https://localhost:{server.port}/readyz"
    for version in ["--tlsv1.2", "--tlsv1.3"]:
        ran = subprocess.run(
            ["curl", "--silent", "--show-error", "--http1.1", version, "--cacert",
             str(authority.path), "--ipv4", url, url, url],
            capture_output=True, text=True, timeout=60,
        )
        assert (ran.returncode, ran.stdout) == (0, "ready\n" * 3), ran.stderr
    # A renegotiation of TLS 1.2 that a client asks for ("R") is refused.
    ran = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-CAfile",
         str(authority.path), "-verify_return_error"],
        input="R\n", capture_output=True, text=True, timeout=60,
    )
    assert "Verification: OK" in ran.stdout
    assert "RENEGOTIATING" in ran.stdout + ran.stderr
    assert "no renegotiation" in ran.stderr
    # A session is resumed.
    kept = server.state.with_suffix(".session")
    arguments = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile",
                 str(authority.path), "-tls1_2"]
    subprocess.run([*arguments, "-sess_out", str(kept)], input="Q\n", capture_output=True,
                   text=True, timeout=60, check=True)
    again = subprocess.run([*arguments, "-sess_in", str(kept)], input="Q\n",
                           capture_output=True, text=True, timeout=60)
    assert "Reused, TLSv1.2" in again.stdout


@pytest.mark.parametrize("spoil", ["mismatch", "encrypted", "missing", "readable", "expired"])
def test_a_pair_that_cannot_be_used_is_told_at_the_start(own_server, authority, tmp_path, spoil):
    certificate, key = authority.certify("server")
    other, other_key = authority.certify("other")
    expected = {
        "mismatch": "is not that of the certificate",
        "encrypted": "is encrypted",
        "missing": "there is no certificate in PEM",
        "readable": str(key),
        "expired": "out of date",
    }[spoil]
    if spoil == "mismatch":
        key = other_key
    elif spoil == "encrypted":
        subprocess.run(
            ["openssl", "pkey", "-in", str(other_key), "-aes256", "-passout", "pass:secret",
             "-out", str(key)],
            check=True, capture_output=True,
        )
        key.chmod(0o600)
    elif spoil == "missing":
        certificate.write_text("")
    elif spoil == "readable":
        key.chmod(0o644)
    else:
        certificate, key = authority.certify("server", age_days=2)
    files = {"tls-certificate-file": str(certificate), "tls-key-file": str(key)}
    server = own_server(settings=files, database="memory")
    if spoil == "expired":
        server.start()
        waiting.eventually(lambda: expected in server.log_tail())
        server.stop()
        return
    with pytest.raises(serving.ServerFailure) as failure:
        server.start()
    assert expected in str(failure.value)


def test_many_clients_at_once_are_served(server, authority):
    failures = []

    def ask() -> None:
        try:
            for _ in range(10):
                with SecureConnection(server.port, authority) as connection:
                    for _ in range(5):
                        assert connection.exchange(get("/readyz")).status == 200
        except Exception as failure:  # told below, with all others
            failures.append(failure)

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    waiting.eventually(lambda: server.descriptor_count() < 60)
