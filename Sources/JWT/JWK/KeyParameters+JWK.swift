internal import Bytes
internal import Crypto
internal import JSON

extension KeyParameters {
    /// The members that are the key, in lexicographic order, as a thumbprint wants them (RFC 7638
    /// §3.2 and §3.3).
    func encode(into writer: inout JSONWriter) {
        switch self {
        case .secret(let secret):
            writer.write(secret, as: .keyValue)
            writer.write("oct", as: .keyType)
        case .rsa(let modulus, let exponent):
            writer.write(exponent, as: .exponent)
            writer.write("RSA", as: .keyType)
            writer.write(modulus, as: .modulus)
        case .ellipticCurve(let curve, let x, let y):
            writer.write(curve.kind.rawValue, as: .curve)
            writer.write("EC", as: .keyType)
            writer.write(x, as: .x)
            writer.write(y, as: .y)
        case .ed25519(let bytes):
            writer.write(KeyKind.ed25519.rawValue, as: .curve)
            writer.write("OKP", as: .keyType)
            writer.write(bytes, as: .x)
        }
    }

    /// The SHA-256 of the key's own members in base64url (RFC 7638 §3).
    var thumbprint: String {
        let json = RawJSON { writer in
            writer.beginObject()
            encode(into: &writer)
            writer.endObject()
        }
        return Base64URL.text(Array(SHA256.hash(data: json.bytes.bytes)))
    }
}

extension JSONWriter {
    mutating func write(_ text: String, as member: JWKMember) {
        name(member.rawValue)
        string(text)
    }

    mutating func write(_ bytes: [UInt8], as member: JWKMember) {
        write(Base64URL.text(bytes), as: member)
    }
}

extension Base64URL {
    static func text(_ bytes: [UInt8]) -> String {
        var buffer = ByteBuffer()
        encode(bytes.span, into: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}
