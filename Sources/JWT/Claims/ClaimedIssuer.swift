internal import Bytes
internal import JSON

/// Who a payload says has issued it, read before anything has proved that.
///
/// Enough to learn whose keys must have signed the token. No more than this is read of a payload
/// that nobody has signed: ``UnverifiedClaims`` refuses a second `iss` and whatever else is wrong,
/// once the signature has proved the payload to be the issuer's.
struct ClaimedIssuer: ~Escapable {
    private let reader: JSONReader
    private let name: JSONString

    private static let claim = ShortText(ClaimName.issuer.text)

    /// - Throws: ``TokenRejection`` if there is no `iss`, it is no string, or what stands before it
    ///   is not JSON.
    @_lifetime(copy payload)
    init(in payload: Span<UInt8>) throws(TokenRejection) {
        var reader = JSONReader(payload)
        guard let name = try Self.find(in: &reader) else { throw .missingClaim(.issuer) }
        self.reader = reader
        self.name = name
    }

    func equals(_ issuer: borrowing Span<UInt8>) -> Bool { reader.equals(name, issuer) }

    private static func find(in reader: inout JSONReader) throws(TokenRejection) -> JSONString? {
        let isString: Bool
        do throws(JSONError) {
            try reader.beginObject()
            while true {
                guard let member = try reader.nextMember() else {
                    try reader.finish()
                    return nil
                }
                if reader.shortText(of: member) == claim { break }
            }
            isString = try reader.peek() == .string
            if isString { return try reader.readString() }
        } catch {
            throw .notJSONObject(.payload, error)
        }
        throw .malformedClaim(.issuer)
    }
}
