import AccessControl
import Martlet
import Testing

@Suite("The deny list")
struct DenyListTests {
    @Test func `A token id is denied to its issuer alone`() throws {
        let list = try denyList(#"{"iss": "a", "jti": "7"}"#)
        #expect(list.denies(bearer("a", "ada", id: "7"), nowSeconds: 0))
        #expect(!list.denies(bearer("b", "ada", id: "7"), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "ada", id: "8"), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "7", id: nil), nowSeconds: 0))
    }

    @Test func `A subject is denied with all its tokens, and to its issuer alone`() throws {
        let list = try denyList(#"{"sub": "ada", "iss": "a"}"#)
        #expect(list.denies(bearer("a", "ada", issuedAt: .max), nowSeconds: 0))
        #expect(list.denies(bearer("a", "ada", id: "7"), nowSeconds: 0))
        #expect(!list.denies(bearer("b", "ada"), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "adam"), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "eve", id: "ada"), nowSeconds: 0))
    }

    @Test func `A date denies what a subject was issued before it, and not at it`() throws {
        let list = try denyList(#"{"iss": "a", "sub": "ada", "issued-before": 100}"#)
        #expect(list.denies(bearer("a", "ada", issuedAt: 99), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "ada", issuedAt: 100), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "eve", issuedAt: 99), nowSeconds: 0))
    }

    @Test func `A date denies what an issuer issued before it, to whomever`() throws {
        let list = try denyList(#"{"iss": "a", "issued-before": 100}"#)
        #expect(list.denies(bearer("a", "ada", issuedAt: 99), nowSeconds: 0))
        #expect(list.denies(bearer("a", "eve", issuedAt: 0), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "eve", issuedAt: 100), nowSeconds: 0))
        #expect(!list.denies(bearer("b", "eve", issuedAt: 0), nowSeconds: 0))
    }

    @Test func `A token without iat counts as issued before any date`() throws {
        let list = try denyList(
            """
            {"iss": "a", "sub": "ada", "issued-before": 0}
            {"iss": "b", "issued-before": 0}
            """
        )
        #expect(list.denies(bearer("a", "ada", issuedAt: nil), nowSeconds: 0))
        #expect(list.denies(bearer("b", "eve", issuedAt: nil), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "ada", issuedAt: 0), nowSeconds: 0))
    }

    @Test func `An entry counts up to, and not at, its end`() throws {
        let list = try denyList(#"{"iss": "a", "sub": "ada", "until": 200}"#)
        #expect(list.denies(bearer("a", "ada"), nowSeconds: 199))
        #expect(!list.denies(bearer("a", "ada"), nowSeconds: 200))
    }

    @Test func `Of several entries for one name each counts as if it were alone`() throws {
        let list = try denyList(
            """
            {"iss": "a", "sub": "ada", "issued-before": 100}
            {"iss": "a", "sub": "ada", "until": 200}
            {"iss": "a", "sub": "ada", "issued-before": 50}
            """
        )
        #expect(list.denies(bearer("a", "ada", issuedAt: 150), nowSeconds: 199))
        #expect(!list.denies(bearer("a", "ada", issuedAt: 150), nowSeconds: 200))
        #expect(list.denies(bearer("a", "ada", issuedAt: 99), nowSeconds: 200))
    }

    @Test func `Names are compared byte for byte`() throws {
        let list = try denyList(
            """
            {"iss": "K", "sub": "ada"}
            {"iss": "a", "sub": "\u{E9}"}
            """
        )
        #expect(!list.denies(bearer("\u{212A}", "ada"), nowSeconds: 0))
        #expect(list.denies(bearer("a", "\u{E9}"), nowSeconds: 0))
        #expect(!list.denies(bearer("a", "e\u{301}"), nowSeconds: 0))
    }

    @Test func `Issuers that Unicode calls equivalent stay two issuers`() throws {
        let list = try denyList(
            """
            {"iss": "\u{E9}", "sub": "ada"}
            {"iss": "e\u{301}", "sub": "eve"}
            """
        )
        #expect(list.denies(bearer("\u{E9}", "ada"), nowSeconds: 0))
        #expect(list.denies(bearer("e\u{301}", "eve"), nowSeconds: 0))
        #expect(!list.denies(bearer("e\u{301}", "ada"), nowSeconds: 0))
        #expect(!list.denies(bearer("\u{E9}", "eve"), nowSeconds: 0))
    }

    @Test func `An empty list denies nobody`() throws {
        #expect(try !denyList("").denies(bearer("a", "ada", issuedAt: nil), nowSeconds: 0))
    }
}

func denyList(_ text: String) throws -> DenyList {
    try DenyListReader.read(text.utf8.span)
}

func bearer(
    _ issuer: String,
    _ name: String,
    id: String? = nil,
    issuedAt: Int64? = 1_000
) -> Principal {
    Principal(
        subject: Subject(issuer: issuer, name: name),
        workspace: .shared,
        rights: .none,
        issuedAtSeconds: issuedAt,
        tokenID: id
    )
}
