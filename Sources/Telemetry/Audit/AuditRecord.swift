internal import JSON
public import Libuv

/// One decision: who wanted what, and whether it was allowed.
///
/// Never a token, a key or an argument. What is unknown is empty: a request that names no tool has
/// none, and one whose token was not believed has no subject.
public struct AuditRecord: Sendable {
    /// Milliseconds since 1970.
    public var milliseconds: Int64

    /// The `iss` and `sub` of the caller, and the workspace it works in.
    public var issuer = ""
    public var subject = ""
    public var workspace = ""

    /// The method of the Model Context Protocol.
    public var method = ""

    /// The tool, the prompt, or the resource or template as the server lists it.
    public var name = ""

    /// Where a request came from.
    public enum Peer: Hashable, Sendable {
        case address(PeerAddress)
        case unixDomainSocket
        case standardInput
    }

    public var peer = Peer.unixDomainSocket

    /// The trace that the request belongs to (W3C Trace Context), in hexadecimal digits.
    public var trace = ""

    /// Why it was refused: a word; empty if it was allowed.
    public var refusal = ""

    /// More of the reason, as the client was told it.
    public var detail = ""

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    func encode(into writer: inout JSONWriter) {
        writer.name("decision")
        writer.string(refusal.isEmpty ? "allowed" : "refused")
        let members = [
            ("reason", refusal), ("detail", detail), ("issuer", issuer), ("subject", subject),
            ("workspace", workspace), ("method", method), ("name", name),
            ("peer", "\(peer)"), ("trace", trace),
        ]
        for (name, value) in members where !value.isEmpty {
            writer.name(name)
            writer.string(value)
        }
    }
}

extension AuditRecord.Peer: CustomStringConvertible {
    public var description: String {
        switch self {
        case .address(let address): "\(address)"
        case .unixDomainSocket: "unix"
        case .standardInput: "stdio"
        }
    }
}
