import AccessControl
import Martlet
import Testing

@Suite("Tokens that verified before")
struct VerifiedTokenCacheTests {
    private static let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl-signature"

    private func principal(_ name: String) -> Principal {
        Principal(
            subject: Subject(issuer: "i", name: name),
            workspace: .shared,
            rights: .none
        )
    }

    private func name(
        _ token: String,
        in cache: VerifiedTokenCache,
        at now: Int64 = 0
    ) -> String? {
        let bytes = Array(token.utf8)
        return cache.principal(for: bytes.span, nowSeconds: now)?.subject.name
    }

    private func cache(
        _ tokens: [String: String],
        from start: Int64 = .min,
        until end: Int64 = 100
    ) -> VerifiedTokenCache {
        var cache = VerifiedTokenCache()
        for (name, token) in tokens {
            let bytes = Array(token.utf8)
            cache.insert(bytes.span, principal(name), validSeconds: start..<end)
        }
        return cache
    }

    @Test func `A token is remembered up to its end, and not at it`() {
        let cache = cache(["ada": Self.token])
        #expect(name(Self.token, in: cache, at: 99) == "ada")
        #expect(name(Self.token, in: cache, at: 100) == nil)
        #expect(name(Self.token, in: cache, at: .max) == nil)
    }

    @Test func `A token is not remembered before its beginning, should the clock go back`() {
        let cache = cache(["ada": Self.token], from: 10)
        #expect(name(Self.token, in: cache, at: 10) == "ada")
        #expect(name(Self.token, in: cache, at: 9) == nil)
        #expect(name(Self.token, in: cache, at: .min) == nil)
    }

    @Test func `A token that differs in any byte is not the one that is remembered`() {
        let cache = cache(["ada": Self.token])
        let bytes = Array(Self.token.utf8)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(cache.principal(for: other.span, nowSeconds: 0) == nil, "byte \(index)")
        }
        for count in 0..<bytes.count {
            let beginning = Array(bytes.prefix(count))
            let end = Array(bytes.suffix(count))
            #expect(cache.principal(for: beginning.span, nowSeconds: 0) == nil)
            #expect(cache.principal(for: end.span, nowSeconds: 0) == nil)
        }
        #expect(name(Self.token + "A", in: cache) == nil)
        #expect(name("A" + Self.token, in: cache) == nil)
    }

    @Test func `A token with the signature of another takes its place and never its principal`() {
        let resembling = "X" + Self.token.dropFirst()
        var cache = cache(["ada": Self.token])
        #expect(name(resembling, in: cache) == nil)
        let bytes = Array(resembling.utf8)
        cache.insert(bytes.span, principal("eve"), validSeconds: 0..<100)
        #expect(name(resembling, in: cache) == "eve")
        #expect(name(Self.token, in: cache) == nil)
    }

    @Test func `What was asked for in vain is not remembered`() {
        let cache = cache([:])
        for _ in 0..<3 { #expect(name(Self.token, in: cache) == nil) }
    }

    @Test func `Of any number of tokens no more are remembered than the limit says`() {
        var cache = VerifiedTokenCache()
        let tokens = (0..<20_000).map { "header.payload.signature-\($0 &* 2_654_435_761)" }
        for token in tokens {
            let bytes = Array(token.utf8)
            cache.insert(bytes.span, principal(token), validSeconds: 0..<100)
        }
        let remembered = tokens.filter { name($0, in: cache) == $0 }
        #expect(remembered.count <= VerifiedTokenCache.entryCountMax)
        #expect(remembered.count > VerifiedTokenCache.entryCountMax / 2)
        // Whoever is found is found under the right name.
        #expect(tokens.allSatisfy { [nil, $0].contains(name($0, in: cache)) })
    }

    @Test func `Nothing is remembered once the keys have changed`() {
        var cache = cache(["ada": Self.token, "grace": "a.b.c", "eve": "d.e.f"])
        #expect(name("a.b.c", in: cache) == "grace")
        cache.removeAll()
        for token in [Self.token, "a.b.c", "d.e.f"] { #expect(name(token, in: cache) == nil) }
    }

    @Test func `Whoever is denied is forgotten, and nobody else`() {
        var cache = cache(["ada": Self.token, "grace": "a.b.c"])
        cache.removeAll { $0.subject.name == "ada" }
        #expect(name(Self.token, in: cache) == nil)
        #expect(name("a.b.c", in: cache) == "grace")
    }
}
