import Bytes
import Glibc
import JSON
import JWT

/// Where the tokens of agents come from.
public enum TokenMint: Sendable {
    /// Signed here, so that they can be as many and as short as a test wants.
    case signing(Signing)
    /// Made elsewhere; agents share them in turn.
    case given([ByteBuffer])

    /// How tokens are signed.
    public struct Signing: Sendable {
        public var signer: TokenSigner
        public var issuer: String
        public var audience: String
        public var lifetimeSeconds: Int64

        /// How many workspaces the agents are spread over; 0 names none in the tokens.
        public var workspaceCount: Int

        public init(
            signer: TokenSigner,
            issuer: String,
            audience: String,
            lifetimeSeconds: Int64,
            workspaceCount: Int
        ) {
            self.signer = signer
            self.issuer = issuer
            self.audience = audience
            self.lifetimeSeconds = lifetimeSeconds
            self.workspaceCount = workspaceCount
        }
    }

    /// A token for an agent.
    ///
    /// - Parameters:
    ///   - agent: Who is to hold it.
    ///   - role: What it says the agent may do.
    ///   - number: Makes it differ from others of the same second.
    ///   - now: When it is signed, in seconds since 1970.
    /// - Returns: A token that the server believes, if it trusts the key.
    func token(for agent: Int, role: Role, number: Int, now: Int64) -> AccessToken {
        switch self {
        case .given(let tokens):
            return AccessToken(bytes: tokens[agent % tokens.count], expiresAt: .max)
        case .signing(let signing):
            let issuedAt = NumericDate(seconds: now)
            let expiresAt = issuedAt.advanced(bySeconds: signing.lifetimeSeconds)
            var claims = ClaimsSetBuilder()
            claims.set(.issuer, to: .string(signing.issuer))
            claims.set(.subject, to: .string("agent-\(agent)"))
            claims.set(.audience, to: .string(signing.audience))
            claims.set(.clientID, to: .string("agentload"))
            claims.set("role", to: .string(role.rawValue))
            if signing.workspaceCount > 0 {
                let workspace = agent % signing.workspaceCount
                claims.set("workspace", to: .string("agentload-\(workspace)"))
            }
            claims.set(.issuedAt, to: .date(issuedAt))
            claims.set(.expirationTime, to: .date(expiresAt))
            claims.set(.tokenID, to: .string("\(agent)-\(number)"))
            return AccessToken(bytes: signing.signer.sign(claims), expiresAt: expiresAt.seconds)
        }
    }
}

/// A token and when it is of no more use, in seconds since 1970.
struct AccessToken: Hashable, Sendable {
    var bytes: ByteBuffer
    let expiresAt: Int64

    /// The token with another signature, of the same length.
    var forged: ByteBuffer {
        var forged = bytes
        // The last character may stand for bits that do not count; the first of the signature does.
        if let stop = forged.bytes.lastIndex(of: ASCII.fullStop) {
            let index = stop + 1
            if index < forged.bytes.count {
                let letter = forged.bytes[index]
                forged.bytes[index] =
                    letter == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            }
        }
        return forged
    }
}

/// When an agent gets a new token.
public enum TokenRenewal: String, CaseIterable, Codable, Sendable {
    /// In time, as a careful client does.
    case early
    /// When the server has refused the old one with 401; the call is then made again.
    case late
    /// For every request, so that none was seen before.
    case always
}
