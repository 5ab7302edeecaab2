"""Keys rotate, issuers fail, strangers make up key ids: a good token is never refused for it."""

import collections
import random
import threading
import time

import pytest
from authorization import documents, keys, server

import asking
import callers
import messages
import trust
import waiting

ACCEPTED = asking.Asker.ACCEPTED

REQUESTS = 12_000
CALLERS = 4
ISSUERS = 4
FLOOD = 2_000
# The default of KeyRefresh.
COOL_DOWN_SECONDS = 30


class Load:
    """Callers that each send a share of the requests, with tokens that are good at the moment."""

    def __init__(self, resource, issuers: list):
        self._resource = resource
        self._issuers = issuers
        # Of every issuer, some from before its latest rotation and some from after it.
        self.tokens = {issuer: self.minted(issuer) for issuer in issuers}
        self.statuses: collections.Counter[int] = collections.Counter()
        self._lock = threading.Lock()

    def minted(self, issuer) -> list[str]:
        return [issuer.mint(self._resource.url) for _ in range(25)]

    @property
    def count(self) -> int:
        with self._lock:
            return self.statuses.total()

    def run(self, seed: int) -> None:
        rng = random.Random(seed)
        with asking.Asker(self._resource.port) as asker:
            for number in range(REQUESTS // CALLERS):
                issuer = rng.choice(self._issuers)
                if number % 4 == 0:
                    # Fresh from the issuer: perhaps the first that the server sees of its key.
                    token = issuer.mint(self._resource.url)
                else:
                    token = rng.choice(self.tokens[issuer])
                status = asker.status(token)
                with self._lock:
                    self.statuses[status] += 1


def test_no_good_token_is_refused_while_keys_rotate_under_load(make_issuer, server_trusting):
    """Every issuer rotates twice: to a key nobody has heard of, then to one that it announced.

    A third time it would have to wait for the cool-down, or announce its key a little earlier.
    """
    issuers = [make_issuer() for _ in range(ISSUERS)]
    resource = server_trusting(*issuers)
    for issuer in issuers:
        assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    fetches = {issuer: issuer.counts[server.KEY_SET] for issuer in issuers}
    load = Load(resource, issuers)
    rotations = [(issuer, phase) for phase in ("unheard of", "announced") for issuer in issuers]

    def rotate() -> None:
        announced = {}
        for number, (issuer, phase) in enumerate(rotations, 1):
            due = number * REQUESTS // (len(rotations) + 1)
            waiting.eventually(lambda due=due: load.count >= due)
            old = load.tokens[issuer][-25:]
            if phase == "unheard of":
                announced[issuer] = issuer.keys.announce()
                issuer.keys.rotate()
            else:
                issuer.keys.adopt(announced[issuer])
                issuer.keys.retire(count_kept=2)
            load.tokens[issuer] = old + load.minted(issuer)

    callers.at_once([rotate, *(lambda n=n: load.run(n) for n in range(CALLERS))])
    assert load.statuses == {ACCEPTED: REQUESTS}
    for issuer in issuers:
        assert issuer.counts[server.KEY_SET] == fetches[issuer] + 1


def test_a_flood_of_key_ids_nobody_has_causes_few_fetches(issuer, server_trusting):
    resource = server_trusting(issuer)
    good = issuer.mint(resource.url)
    assert asking.settled_status(resource, good) == ACCEPTED
    stranger = keys.SigningKey.make("ES256")
    claims = issuer.claims(resource.url)
    rng = random.Random(7)
    tokens = [stranger.sign(claims, kid=rng.randbytes(12).hex()) for _ in range(FLOOD)]
    fetches = issuer.counts[server.KEY_SET]
    begin = time.monotonic()

    def flood(number: int) -> set[int]:
        with asking.Asker(resource.port) as asker:
            found = set()
            for token in tokens[number::CALLERS]:
                response = asker.ask(token)
                found.add(response.status)
                if response.status == 503:
                    assert 1 <= int(response.field("retry-after")) <= COOL_DOWN_SECONDS + 1
                assert asker.status(good) == ACCEPTED
            return found

    statuses = set.union(*callers.at_once(lambda n=n: flood(n) for n in range(CALLERS)))
    seconds = time.monotonic() - begin
    # 401 for what a fetch has looked for; the others might have been published a moment ago.
    assert statuses == {401, 503}
    caused = issuer.counts[server.KEY_SET] - fetches
    assert 1 <= caused <= 1 + seconds // COOL_DOWN_SECONDS


def test_a_forged_token_before_a_rotation_has_no_good_token_refused(issuer, server_trusting):
    """It begins the cool-down, in which the server may not ask for the new key."""
    resource = server_trusting(issuer, environment={"MARTLET_KEY_COOL_DOWN_SECONDS": "3"})
    assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    stranger = keys.SigningKey.make("ES256")
    forged = stranger.sign(issuer.claims(resource.url), kid="nobody's")
    assert asking.status(resource, forged) == 401
    issuer.keys.rotate()
    statuses = []
    with asking.Asker(resource.port) as asker:
        deadline = time.monotonic() + 30
        while ACCEPTED not in statuses and time.monotonic() < deadline:
            response = asker.ask(issuer.mint(resource.url))
            statuses.append(response.status)
            if response.status == 503:
                assert 1 <= int(response.field("retry-after")) <= 4
                assert response.field("www-authenticate") is None
                assert asker.status(forged) == 401
                time.sleep(0.1)
    assert statuses[0] == 503
    assert set(statuses) == {503, ACCEPTED}


def test_the_keys_at_hand_serve_through_an_outage_of_the_issuer(issuer, server_trusting):
    resource = server_trusting(issuer)
    tokens = [issuer.mint(resource.url) for _ in range(200)]
    assert asking.settled_status(resource, tokens[0]) == ACCEPTED
    issuer.go_down()
    with asking.Asker(resource.port) as asker:
        for token in tokens:
            assert asker.status(token) == ACCEPTED
        # A key that cannot be asked for may be the issuer's own or nobody's.
        unknown = keys.SigningKey.make("ES256").sign(issuer.claims(resource.url))
        assert asker.status(unknown) == 503
        for token in tokens:
            assert asker.status(token) == ACCEPTED
    issuer.come_up()
    issuer.keys.rotate()
    fresh = issuer.mint(resource.url)
    waiting.eventually(lambda: asking.status(resource, fresh) == ACCEPTED)
    assert asking.status(resource, tokens[0]) == ACCEPTED


@pytest.mark.parametrize("source", ["discovery", "key set"])
def test_a_server_that_starts_while_the_issuer_is_down_blames_nobody(
    issuer, server_trusting, source
):
    issuer.go_down()
    member = {} if source == "discovery" else {"key_set_url": issuer.key_set_url}
    resource = server_trusting(trust.entry(issuer, **member))
    token = issuer.mint(resource.url)
    with callers.Caller(resource.port) as caller:
        for message in (
            messages.modern("tools/list", token=token),
            messages.initialize("2025-11-25", token=token),
        ):
            response = caller.send(message)
            assert response.status == 503
            assert int(response.field("retry-after")) >= 1
            assert response.field("www-authenticate") is None
        # What is wrong with a token whatever the keys are is still said at once.
        assert caller.send(messages.modern("tools/list", token=None)).status == 401
        untrusted = issuer.mint(resource.url, iss="https://nobody.example")
        assert caller.send(messages.modern("tools/list", token=untrusted)).status == 401
        metadata = caller.connection.exchange(
            callers.wire.request(
                [], None, method="GET", target="/.well-known/oauth-protected-resource/mcp"
            )
        )
        assert metadata.json()["authorization_servers"] == [issuer.issuer]
    issuer.come_up()
    assert asking.settled_status(resource, token) == ACCEPTED


BROKEN = {
    "status 500": documents.status(500),
    "status 503": documents.status(503, retry_after="1"),
    "no JSON": documents.octets(b"<html>", "text/html"),
    "no set": documents.octets(b"[]"),
    "no keys": documents.octets(b'{"keys":[]}'),
    "eight megabytes": documents.huge(8 * 1024 * 1024),
    "a redirection to plain http": documents.redirect("http://192.0.2.1/keys"),
    "a redirection to itself": lambda right: documents.redirect("/keys")(right),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_key_set_that_is_broken_is_as_if_there_were_none(issuer, server_trusting, name):
    issuer.replace(server.KEY_SET, BROKEN[name])
    resource = server_trusting(trust.entry(issuer, key_set_url=issuer.key_set_url))
    token = issuer.mint(resource.url)
    waiting.eventually(lambda: issuer.counts[server.KEY_SET])
    with asking.Asker(resource.port) as asker:
        response = asker.ask(token)
        assert response.status == 503, response
        assert int(response.field("retry-after")) >= 1
    issuer.restore(server.KEY_SET)
    waiting.eventually(lambda: asking.status(resource, token) == ACCEPTED)


@pytest.mark.parametrize("name", BROKEN)
def test_a_key_set_that_breaks_later_leaves_the_keys_at_hand_in_force(
    issuer, server_trusting, name
):
    resource = server_trusting(issuer)
    token = issuer.mint(resource.url)
    assert asking.settled_status(resource, token) == ACCEPTED
    fetches = issuer.counts[server.KEY_SET]
    issuer.replace(server.KEY_SET, BROKEN[name])
    unknown = keys.SigningKey.make("ES256").sign(issuer.claims(resource.url))
    # Whether the issuer has such a key cannot be told.
    assert asking.status(resource, unknown) == 503
    assert issuer.counts[server.KEY_SET] > fetches
    assert asking.status(resource, token) == ACCEPTED
    resource.stop()


def test_an_issuer_that_hangs_holds_up_nobody_who_can_be_decided_on(make_issuer, server_trusting):
    hanging, answering = make_issuer(), make_issuer()
    held = documents.Held()
    hanging.replace(server.KEY_SET, held)
    resource = server_trusting(hanging, answering)
    token = answering.mint(resource.url)
    assert asking.settled_status(resource, token) == ACCEPTED
    waiting.eventually(held.arrived.is_set)
    with asking.Asker(resource.port) as waiter, asking.Asker(resource.port) as asker:
        waiter.send(hanging.mint(resource.url))
        for _ in range(100):
            assert asker.status(token) == ACCEPTED
        held.let_go()
        assert waiter.receive().status in (ACCEPTED, 503)
    assert asking.settled_status(resource, hanging.mint(resource.url)) == ACCEPTED
