public import Bytes

/// Field lines as they are on the wire, encoded once and written any number of times.
///
/// It holds what the program has to say. The fields that frame the message or depend on the
/// connection and the time (`Content-Length`, `Transfer-Encoding`, `Connection`, `Date`) belong to
/// ``ResponseEncoder``.
public struct FieldBlock: Hashable, Sendable {
    /// Lines with their CRLF, without an empty line at the end.
    public private(set) var bytes = ByteBuffer()

    public init() {}

    /// Adds a field line; a name may repeat, as `Set-Cookie` and challenges do.
    ///
    /// - Precondition: `name` is not ``FieldName/other`` and not one of those that the encoder
    ///   writes.
    public mutating func append(_ name: FieldName, _ value: FieldValue) {
        switch name {
        case .contentLength, .transferEncoding, .connection, .date:
            preconditionFailure("\(name.spelling) is written by the response encoder")
        default:
            bytes.append(name.spelling)
            bytes.append(": ")
            bytes.append(value.text)
            bytes.append("\r\n")
        }
    }

    public mutating func append(_ other: FieldBlock) {
        bytes.append(other.bytes)
    }
}

extension FieldBlock: ExpressibleByDictionaryLiteral {
    /// - Precondition: As for ``append(_:_:)``. Names may repeat.
    public init(dictionaryLiteral fields: (FieldName, FieldValue)...) {
        for (name, value) in fields { append(name, value) }
    }
}
