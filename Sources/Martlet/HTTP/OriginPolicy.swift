internal import Bytes
internal import HTTP1

/// Which web origins may send requests, and what they are told (Fetch, "CORS protocol").
struct OriginPolicy: Sendable {
    /// What a request's origin means for it.
    enum Decision {
        case allowed(index: Int)
        case refused
    }

    private let origins: [String]
    private let allowsEverything: Bool

    /// The fields of a response to each origin, in the order of `origins`.
    private let responseFields: [FieldBlock]

    init(allowed: [String]) throws(ConfigurationError) {
        var origins: [String] = []
        for origin in allowed {
            guard origin == "*" || Self.isOrigin(origin) else { throw .malformedOrigin(origin) }
            origins.append(origin.lowercased())
        }
        allowsEverything = origins.contains("*")
        self.origins = allowsEverything ? ["*"] : origins
        var blocks: [FieldBlock] = []
        for origin in self.origins {
            guard let value = FieldValue(origin) else { throw .malformedOrigin(origin) }
            blocks.append(Self.fields(for: value))
        }
        responseFields = blocks
    }

    /// What the value of `Origin` means for its request.
    func decision(on origin: Span<UInt8>) -> Decision {
        if allowsEverything { return .allowed(index: 0) }
        for index in origins.indices where origin.equalsIgnoringCase(origins[index]) {
            return .allowed(index: index)
        }
        return .refused
    }

    /// What every response to an allowed origin carries.
    func fields(ofOriginAt index: Int) -> FieldBlock { responseFields[index] }

    private static func fields(for origin: FieldValue) -> FieldBlock {
        [
            .accessControlAllowOrigin: origin,
            .accessControlExposeHeaders:
                "WWW-Authenticate, Mcp-Session-Id, RateLimit, RateLimit-Policy, Retry-After",
            .vary: "Origin",
        ]
    }

    /// `scheme://host[:port]`, nothing after it.
    private static func isOrigin(_ text: String) -> Bool {
        guard let range = text.firstRange(of: "://"), range.lowerBound != text.startIndex else {
            return false
        }
        let authority = text[range.upperBound...]
        return !authority.isEmpty
            && authority.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != ASCII.solidus }
    }
}
