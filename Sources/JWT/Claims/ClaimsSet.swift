internal import Bytes
internal import JSON

/// The claims of a token that was verified (RFC 7519 §4).
///
/// Only ``TokenVerifier`` makes one, so whoever holds it holds claims that are signed, in force
/// and meant for this server.
public struct ClaimsSet: Hashable, Sendable {
    /// `iss`: the configured issuer it is equal to.
    public let issuer: String

    /// `sub`, unique within its issuer: 1 to 255 bytes without control characters.
    public let subject: String

    /// The configured audience that `aud` names.
    public let audience: String

    /// `exp`, the clock skew not added.
    public let expiresAt: NumericDate

    /// `nbf`, if the token has it.
    public let notBefore: NumericDate?

    /// `iat`, if the token has it.
    public let issuedAt: NumericDate?

    /// `jti`, if the token has it.
    public let tokenID: String?

    /// The names in `scope`, or in `scp` if there is no `scope`; `nil` if there is neither.
    public let scope: [String]?

    /// Whom the token was issued to: `client_id`, or `azp` if there is none.
    public let clientID: String?

    private let payload: ByteBuffer
    private let places: ClaimPlaces

    init(
        _ claims: UnverifiedClaims,
        _ payload: ByteBuffer,
        issuer: String,
        subject: String,
        audience: String,
        expiresAt: NumericDate,
        scope: [String]?
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.expiresAt = expiresAt
        notBefore = claims.times.notBefore
        issuedAt = claims.issuedAt
        tokenID = claims.tokenID.map { JSONReader(payload.span).text(of: $0) }
        self.scope = scope
        clientID = (claims.clientID ?? claims.authorizedParty).map {
            JSONReader(payload.span).text(of: $0)
        }
        self.payload = payload
        places = ClaimPlaces(of: payload.span)
    }

    /// Whether there is a claim at `path`, of whatever kind.
    public func contains(at path: [String]) -> Bool {
        switch find(path) {
        case .absent: false
        case .found, .unreadable: true
        }
    }

    /// The string at `path`, the names of members within members.
    ///
    /// - Returns: `nil` if it is absent or no string; ``contains(at:)`` tells which.
    public func string(at path: [String]) -> String? {
        guard case .found(let range) = find(path) else { return nil }
        var reader = JSONReader(payload.span.extracting(range))
        do {
            guard try reader.peek() == .string else { return nil }
            return reader.text(of: try reader.readString())
        } catch {
            preconditionFailure("a payload that was verified is not JSON: \(error)")
        }
    }

    /// The strings at `path`: an array of them, or a single one.
    ///
    /// - Returns: `nil` only if the claim is absent. One that is there and is neither a string nor
    ///   an array of strings comes as an empty list: a claim that limits its bearer, such as a role,
    ///   must never be taken for absent because it cannot be read.
    public func strings(at path: [String]) -> [String]? {
        switch find(path) {
        case .absent: nil
        case .unreadable: []
        case .found(let range): StringList.texts(payload.span.extracting(range)) ?? []
        }
    }
}

extension ClaimsSet {
    private enum Finding {
        case absent
        case found(Range<Int>)
        /// On the way there is something that is no object, or an object has the name twice.
        case unreadable
    }

    private func find(_ path: [String]) -> Finding {
        guard let first = path.first else { return .found(0..<payload.count) }
        guard var range = places.value(of: first, in: payload.span) else { return .absent }
        for name in path.dropFirst() {
            switch member(name, of: range) {
            case .found(let value): range = value
            case .absent: return .absent
            case .unreadable: return .unreadable
            }
        }
        return .found(range)
    }

    private func member(_ name: String, of object: Range<Int>) -> Finding {
        var reader = JSONReader(payload.span.extracting(object))
        var finding = Finding.absent
        do {
            guard try reader.peek() == .object else { return .unreadable }
            try reader.beginObject()
            while let next = try reader.nextMember() {
                guard reader.equals(next, name) else { continue }
                guard case .absent = finding else { return .unreadable }
                let value = try reader.skipValue()
                let start = object.lowerBound + value.lowerBound
                finding = .found(start..<(start + value.count))
            }
            return finding
        } catch {
            preconditionFailure("a payload that was verified is not JSON: \(error)")
        }
    }
}

extension ClaimsSet: CustomStringConvertible, CustomReflectable {
    /// Names the subject and nothing else: claims may be private.
    public var description: String { "claims about \(subject.debugDescription) by \(issuer)" }

    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
