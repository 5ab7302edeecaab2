/// A field line of a request or response (RFC 9110 §5).
public struct HTTPClientField: Hashable, Sendable {
    /// Compared without regard to case (RFC 9110 §5.1).
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The name alone: the value may be a credential.
extension HTTPClientField: CustomStringConvertible {
    public var description: String { "\(name): …" }
}

extension [HTTPClientField] {
    /// The value of a field, the values of repeated lines joined with commas (RFC 9110 §5.3).
    ///
    /// - Returns: `nil` if there is no such field.
    public func value(of name: String) -> String? {
        let values = self.filter { $0.name.isSameFieldName(as: name) }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

extension String {
    private var foldedFieldName: some Sequence<UInt8> {
        utf8.lazy.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }

    fileprivate func isSameFieldName(as other: String) -> Bool {
        foldedFieldName.elementsEqual(other.foldedFieldName)
    }
}
