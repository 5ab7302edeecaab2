internal import Bytes
public import JSON

/// What stands in a token, for somebody who wants to look at it.
///
/// Nothing is verified: neither who wrote it nor whether it makes sense. Decisions are
/// ``TokenVerifier``'s.
public struct TokenInspection: Sendable {
    /// The JOSE header.
    public let unverifiedHeader: RawJSON

    /// The claims set; `nil` if the payload is not a JSON object.
    public let unverifiedPayload: RawJSON?

    /// `alg` as it stands there, of an algorithm or not.
    public let unverifiedAlgorithmName: String?

    public let unverifiedType: String?
    public let unverifiedKeyID: String?

    /// `iss`, if the payload is an object and has it.
    public let unverifiedIssuer: String?

    /// - Throws: ``TokenRejection`` if it is no compact serialization or the header is no JSON
    ///   object. A member that stands twice is not an error: its first value is told.
    public init(decoding token: borrowing Span<UInt8>) throws(TokenRejection) {
        let unverified = try UnverifiedToken(decoding: token)
        do throws(JSONError) {
            unverifiedHeader = try Self.object(unverified.header)
        } catch {
            throw .notJSONObject(.header, error)
        }
        do throws(JSONError) {
            unverifiedPayload = try Self.object(unverified.payload)
        } catch {
            unverifiedPayload = nil
        }
        unverifiedAlgorithmName = Self.string("alg", in: unverifiedHeader)
        unverifiedType = Self.string("typ", in: unverifiedHeader)
        unverifiedKeyID = Self.string("kid", in: unverifiedHeader)
        unverifiedIssuer = unverifiedPayload.flatMap {
            Self.string(ClaimName.issuer.text, in: $0)
        }
    }

    private static func object(_ bytes: Span<UInt8>) throws(JSONError) -> RawJSON {
        var reader = JSONReader(bytes)
        try reader.beginObject()
        return try RawJSON(parsing: bytes)
    }

    private static func string(_ name: String, in object: RawJSON) -> String? {
        var reader = JSONReader(object.span)
        do {
            try reader.beginObject()
            while let next = try reader.nextMember() {
                guard reader.equals(next, name) else { continue }
                guard try reader.peek() == .string else { return nil }
                return reader.text(of: try reader.readString())
            }
            return nil
        } catch {
            preconditionFailure("an object that was read before is not JSON: \(error)")
        }
    }
}

extension TokenInspection: CustomStringConvertible, CustomReflectable {
    /// Shows nothing of the token, which may be somebody's credentials.
    public var description: String { "a token, not verified" }

    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
