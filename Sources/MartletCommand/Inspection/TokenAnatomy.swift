import Bytes
import JSON
import JWT

/// A token taken apart for a person, as far as it can be: nothing of it is believed.
///
/// More forgiving than a verifier, which stops at the first fault; the faults are told.
package struct TokenAnatomy: Sendable {
    /// A part that is JSON (RFC 7515 §7.1).
    package enum Part: String, Hashable, Sendable {
        case header = "JOSE header"
        case payload = "claims set"
        case signature
    }

    package let header: JSONValue?
    package let claims: JSONValue?
    package let faults: [TokenFault]

    package init(_ text: TokenText) {
        let token = text.token
        var faults: [TokenFault] = []
        if token.utf8.count > TokenVerifier.tokenByteCountMax {
            faults.append(
                .tooLong(
                    byteCount: token.utf8.count,
                    byteCountMax: TokenVerifier.tokenByteCountMax
                )
            )
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= TokenText.byteCountMax, parts.count > 1 else {
            header = nil
            claims = nil
            self.faults = faults + [token.isEmpty ? .empty : .opaque]
            return
        }
        header = Self.object(parts[0], .header, &faults)
        // Of an encrypted token the second part is a key.
        claims = parts.count == 5 ? nil : Self.object(parts[1], .payload, &faults)
        switch parts.count {
        case 2: faults.append(.noSignature)
        case 3: Self.checkSignature(parts[2], &faults)
        case 5: faults.append(.encrypted)
        default: faults.append(.partCount(parts.count))
        }
        self.faults = faults
    }

    /// The header's member or the claim, if it is a string.
    package func string(_ name: String, in part: Part) -> String? {
        switch part {
        case .header: header?[name]?.string
        case .payload: claims?[name]?.string
        case .signature: nil
        }
    }

    private static func checkSignature(_ text: Substring, _ faults: inout [TokenFault]) {
        guard !text.isEmpty else {
            faults.append(.emptySignature)
            return
        }
        _ = decoded(text, .signature, &faults)
    }

    private static func object(
        _ text: Substring,
        _ part: Part,
        _ faults: inout [TokenFault]
    ) -> JSONValue? {
        guard let bytes = decoded(text, part, &faults) else { return nil }
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            guard case .object(let members) = value else {
                faults.append(.notObject(part))
                return value
            }
            var names: Set<[UInt8]> = []
            for member in members where !names.insert(Array(member.name.utf8)).inserted {
                faults.append(.repeatedMember(part, name: member.name))
            }
            return value
        } catch {
            faults.append(.notJSON(part, error))
            return nil
        }
    }

    /// The bytes of a part, if need be after padding or the other alphabet were put right.
    private static func decoded(
        _ text: Substring,
        _ part: Part,
        _ faults: inout [TokenFault]
    ) -> [UInt8]? {
        if let bytes = strictlyDecoded(Array(text.utf8)) { return bytes }
        let unpadded = text.prefix { $0 != "=" }
        let padding = text[unpadded.endIndex...]
        let isPadded = !padding.isEmpty && padding.allSatisfy { $0 == "=" }
        let candidate = isPadded ? unpadded : text
        let hasOtherAlphabet = candidate.contains("+") || candidate.contains("/")
        let bytes = candidate.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        if isPadded { faults.append(.padded(part)) }
        if hasOtherAlphabet { faults.append(.otherAlphabet(part)) }
        if let decoded = strictlyDecoded(bytes) { return decoded }
        if let offset = bytes.firstIndex(where: { !isBase64URL($0) }) {
            faults.append(.foreignCharacter(part, offset: offset))
        } else {
            faults.append(.cutOff(part))
        }
        return nil
    }

    private static func strictlyDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        var buffer = ByteBuffer()
        return Base64URL.decode(bytes.span, into: &buffer) ? buffer.bytes : nil
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.hyphen
            || byte == ASCII.underscore
    }
}

extension TokenAnatomy: CustomStringConvertible, CustomReflectable {
    /// Without what is in it: claims may be private.
    package var description: String { "a token with \(faults.count) faults of form" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
