import Glibc
import JWT

// Signs tokens with a key of any algorithm, and measures what verifying one costs.
//
//     verification ISSUER AUDIENCE COUNT < PRIVATE-JWK
//
// The first line it writes is how many microseconds of CPU one verification takes: the median of
// five passes over some of the tokens, by a verifier that remembers none. Then comes one token a
// line, each with another `jti`.

/// The CPU time of this process so far.
func processorMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

func token(_ number: Int, by signer: TokenSigner, issuer: String, audience: String) -> [UInt8] {
    let now = NumericDate(seconds: Int64(time(nil)))
    var claims = ClaimsSetBuilder()
    claims.set(.issuer, to: .string(issuer))
    claims.set(.subject, to: .string("bench"))
    claims.set(.audience, to: .string(audience))
    claims.set("role", to: .string("admin"))
    claims.set("workspace", to: .string("bench-reading"))
    claims.set(.issuedAt, to: .date(now))
    claims.set(.expirationTime, to: .date(now.advanced(bySeconds: 86_400)))
    let digits = "\(number)"
    let jti = String(repeating: "0", count: 8 - digits.utf8.count) + digits
    claims.set(.tokenID, to: .string(jti))
    return signer.sign(claims).bytes
}

/// The microseconds that one token takes, over as many as a fifth of a second allows, if so many
/// are there.
func measure(_ tokens: [[UInt8]], by verifier: TokenVerifier) throws -> Double {
    let now = NumericDate(seconds: Int64(time(nil)))
    let start = processorMicroseconds()
    var count = 0
    while count < tokens.count, processorMicroseconds() - start < 200_000 {
        for index in count..<min(count + 50, tokens.count) {
            let token = tokens[index]
            _ = try verifier.verify(token.span, at: now)
        }
        count = min(count + 50, tokens.count)
    }
    return (processorMicroseconds() - start) / Double(count)
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[3]), (1...99_999_999).contains(count) else {
    print("usage: verification ISSUER AUDIENCE COUNT < PRIVATE-JWK")
    exit(64)
}
var jwk: [UInt8] = []
while let line = readLine(strippingNewline: false) { jwk += Array(line.utf8) }
let key = try SigningKey(jwk: jwk.span, algorithms: SignatureAlgorithm.allCases)
let signer = TokenSigner(key: key)
let tokens = (0..<count).map {
    token($0, by: signer, issuer: arguments[1], audience: arguments[2])
}
let trusted = TrustedIssuer(
    arguments[1],
    audiences: [arguments[2]],
    keys: KeySet([try key.keyMaterial.makeKey()])
)
let verifier = try TokenVerifier(issuers: [trusted])
let passes = try (0..<5).map { _ in try measure(tokens, by: verifier) }.sorted()
print(passes[2])
for token in tokens { print(String(decoding: token, as: UTF8.self)) }
