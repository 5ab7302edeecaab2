/// The name under which to-dos are kept apart.
///
/// Visible ASCII, compared exactly. A name that begins with a tilde belongs to one subject and
/// cannot be claimed or configured, so that no issuer can name its way into it.
public struct Workspace: Hashable, Sendable {
    /// In bytes, for names from claims and configuration.
    public static let nameByteCountMax = 128

    public let name: String

    /// A shared workspace.
    ///
    /// - Returns: `nil` unless the name is 1 to ``nameByteCountMax`` visible ASCII characters, the
    ///   first of which is no tilde.
    public init?(_ name: String) {
        guard (1...Self.nameByteCountMax).contains(name.utf8.count),
            name.utf8.first != Self.tilde, name.utf8.allSatisfy(\.isVisibleASCII)
        else { return nil }
        self.name = name
    }

    /// The workspace that only `subject` has.
    ///
    /// Different subjects have different ones: issuer and name are escaped, so that the tilde
    /// between them stands nowhere else.
    public init(ownOf subject: Subject) {
        name = "~\(Self.escaped(subject.issuer))~\(Self.escaped(subject.name))"
    }

    private init(trusted name: String) {
        self.name = name
    }

    /// Where the built-in development issuer and the tutorial's environment put everybody.
    public static let shared = Workspace(trusted: "default")

    private static let tilde = UInt8(ascii: "~")

    /// Percent-encoding (RFC 3986 §2.1) of everything but letters, digits and `- . _ : / @`.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, 0x3A, 0x40, 0x5F:
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Workspace: CustomStringConvertible {
    public var description: String { name }
}
