import Bytes
import JWT

/// A token, and when it is good.
struct Credentials {
    static let secret = Array("a secret of at least thirty-two bytes".utf8)

    let token: String
    let notBeforeSeconds: Int64
    let expirySeconds: Int64

    init(
        of agent: String,
        in workspace: String,
        notBeforeSeconds: Int64,
        expirySeconds: Int64
    ) throws {
        self.notBeforeSeconds = notBeforeSeconds
        self.expirySeconds = expirySeconds
        var claims = ClaimsSetBuilder()
        claims.set(.issuer, to: .string(SimulatedServer.issuer))
        claims.set(.audience, to: .string(SimulatedServer.audience))
        claims.set(.subject, to: .string(agent))
        claims.set(.expirationTime, to: .date(NumericDate(seconds: expirySeconds)))
        claims.set(.notBefore, to: .date(NumericDate(seconds: notBeforeSeconds)))
        claims.set("role", to: .string("admin"))
        claims.set("team", to: .string(workspace))
        let signer = TokenSigner(key: try HMACKey(.hs256, secret: Self.secret.span))
        token = String(decoding: signer.sign(claims).bytes, as: UTF8.self)
    }

    /// Whether whoever was let in with it is welcome no longer.
    func areOver(at moment: Moment) -> Bool {
        moment.wallSeconds >= expirySeconds + moment.scenario.clockSkewSeconds
    }

    /// Whether a server that allows for so much drift believes it.
    func areGood(atSeconds now: Int64, clockSkewSeconds skew: Int64) -> Bool {
        now >= notBeforeSeconds - skew && now < expirySeconds + skew
    }
}
