import JWT

/// A token before it is signed: members in their order, with values as they are spelled.
struct Draft {
    var header: [(name: String, value: String)]
    var claims: [(name: String, value: String)]
    let key: SigningKey

    init(_ key: SigningKey) {
        self.key = key
        header = [("alg", quoted(key.algorithm.rawValue)), ("typ", #""JWT""#), ("kid", #""k1""#)]
        claims = [
            ("iss", quoted(World.issuer)), ("aud", quoted(World.audience)), ("sub", #""ada""#),
            ("exp", "\(World.now + 600)"), ("scope", #""read:todos""#),
            ("realm_access", #"{"roles":["user"]}"#),
        ]
    }

    var headerText: String { Self.object(header) }
    var claimsText: String { Self.object(claims) }

    func with(header name: String, _ value: String?) -> Draft {
        var draft = self
        draft.header = Self.replacing(header, name, value)
        return draft
    }

    func with(claim name: String, _ value: String?) -> Draft {
        var draft = self
        draft.claims = Self.replacing(claims, name, value)
        return draft
    }

    /// The token that an honest issuer would make of it.
    var token: String { Self.token(Array(headerText.utf8), Array(claimsText.utf8), key) }

    static func token(_ header: [UInt8], _ claims: [UInt8], _ key: SigningKey) -> String {
        signed("\(base64URL(header)).\(base64URL(claims))", key)
    }

    static func signed(_ input: String, _ key: SigningKey) -> String {
        "\(input).\(base64URL(key.signature(for: Array(input.utf8).span)))"
    }

    private static func object(_ members: [(name: String, value: String)]) -> String {
        "{" + members.map { #""\#($0.name)":\#($0.value)"# }.joined(separator: ",") + "}"
    }

    private static func replacing(
        _ members: [(name: String, value: String)],
        _ name: String,
        _ value: String?
    ) -> [(name: String, value: String)] {
        members.filter { $0.name != name } + (value.map { [(name, $0)] } ?? [])
    }
}

/// A string as JSON, for text that needs no escapes.
func quoted(_ text: String) -> String { "\"\(text)\"" }
