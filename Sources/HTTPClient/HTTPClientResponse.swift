public import Bytes

/// What a server answered, complete.
public struct HTTPClientResponse: Sendable {
    /// Of any class: a status other than 2xx is an answer, not an error.
    public let statusCode: Int

    /// The field section, in the order of its lines, without interim responses and trailers.
    public let fields: [HTTPClientField]

    public let body: ByteBuffer

    /// The URL that answered, after redirects.
    public let url: String

    public init(statusCode: Int, fields: [HTTPClientField], body: ByteBuffer, url: String) {
        self.statusCode = statusCode
        self.fields = fields
        self.body = body
        self.url = url
    }

    /// The value of a field, the values of repeated lines joined with commas (RFC 9110 §5.3).
    ///
    /// - Returns: `nil` if there is no such field.
    public func value(of field: String) -> String? {
        fields.value(of: field)
    }
}

/// Without the body: it may be secret.
extension HTTPClientResponse: CustomStringConvertible {
    public var description: String { "\(statusCode), \(body.count) bytes" }
}
