internal import Bytes

/// The first block of a PEM document that may hold a key (RFC 7468).
struct PEMBlock {
    /// What stands after `BEGIN`, of those that hold a key.
    enum Label: String, CaseIterable {
        /// RFC 7468 §13.
        case publicKey = "PUBLIC KEY"
        /// RFC 8017 A.1.1.
        case rsaPublicKey = "RSA PUBLIC KEY"
        /// RFC 7468 §10.
        case privateKey = "PRIVATE KEY"
        /// RFC 8017 A.1.2.
        case rsaPrivateKey = "RSA PRIVATE KEY"
        /// RFC 5915 §4.
        case ellipticCurvePrivateKey = "EC PRIVATE KEY"
    }

    let label: Label

    /// The DER in the block.
    let bytes: [UInt8]

    /// Text outside of the blocks is passed over, and so are the parameters that OpenSSL writes
    /// before a private key.
    ///
    /// - Throws: ``KeyError`` without a block that can be used.
    init(reading text: String) throws(KeyError) {
        var lines = text.split(whereSeparator: \.isNewline)[...]
        while let line = lines.popFirst() {
            guard let name = Self.name(in: line, after: "-----BEGIN ") else { continue }
            guard let end = lines.firstIndex(where: { Self.isEnd($0) }),
                Self.name(in: lines[end], after: Self.endPrefix) == name
            else { throw .notPEM }
            let content = lines[lines.startIndex..<end]
            lines = lines[(end + 1)...]
            if name == "EC PARAMETERS" { continue }
            label = try Self.label(name, content)
            bytes = try Self.decode(content)
            return
        }
        throw .notPEM
    }

    private static let endPrefix = "-----END "

    private static func isEnd(_ line: Substring) -> Bool {
        name(in: line, after: endPrefix) != nil
    }

    private static func name(in line: Substring, after prefix: String) -> Substring? {
        let line = line.trimmingPrefix(while: \.isWhitespace)
        guard line.hasPrefix(prefix) else { return nil }
        let rest = line.dropFirst(prefix.count)
        guard let end = rest.firstRange(of: "-----") else { return nil }
        return rest[..<end.lowerBound]
    }

    private static func label(
        _ name: Substring,
        _ content: ArraySlice<Substring>
    ) throws(KeyError) -> Label {
        if name == "CERTIFICATE" || name == "TRUSTED CERTIFICATE" { throw .certificate }
        // The second way is that of OpenSSL before PKCS #8.
        if name == "ENCRYPTED PRIVATE KEY" || content.contains(where: { $0.hasPrefix("Proc-Type") })
        {
            throw .encryptedPEM
        }
        guard let label = Label(rawValue: String(name)) else { throw .unsupportedPEMLabel }
        return label
    }

    /// Base64 (RFC 4648 §4) by way of the other alphabet.
    private static func decode(_ lines: ArraySlice<Substring>) throws(KeyError) -> [UInt8] {
        var text = ByteBuffer()
        var isPadded = false
        for byte in lines.joined().utf8 where byte != ASCII.space && byte != ASCII.horizontalTab {
            switch byte {
            case UInt8(ascii: "="): isPadded = true
            case _ where isPadded: throw .notPEM
            case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
            case UInt8(ascii: "-"), UInt8(ascii: "_"): throw .notPEM
            default: text.append(byte)
            }
        }
        var bytes = ByteBuffer()
        guard Base64URL.decode(text.span, into: &bytes), !bytes.isEmpty else { throw .notPEM }
        return bytes.bytes
    }
}
