internal import Bytes
internal import JSON

/// One line of an audit log, taken apart and not believed.
struct AuditLine {
    /// What else the line is.
    enum Kind: Hashable {
        case header(key: String, after: [UInt8]?, unsynchronized: Int)
        case record
        case dropped(Int)
        case checkpoint(AuditChain.Checkpoint)
    }

    let chain: String
    let number: Int
    let kind: Kind
    let hash: [UInt8]
    let signature: [UInt8]?

    /// What ``hash`` was made of, besides the hash before it.
    let hashedText: ArraySlice<UInt8>

    /// - Returns: `nil` if the bytes are no line that this version writes.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let members = Members(bytes), let chain = members.chain, let number = members.number,
            let hash = members.hash.flatMap(Self.bytes), hash.count == AuditChain.hashByteCount,
            // No server comes to it, and there is none after it.
            number < Int.max
        else { return nil }
        self.chain = chain
        self.number = number
        self.hash = hash
        signature = members.signature.flatMap(Self.bytes)
        var end = AuditChain.hashMember + AuditChain.text(of: hash) + "\""
        if let signature = members.signature {
            end += AuditChain.signatureMember + signature + "\""
        }
        end += "}"
        guard bytes.suffix(end.utf8.count).elementsEqual(end.utf8) else { return nil }
        hashedText = bytes.dropLast(end.utf8.count)
        if let key = members.key {
            guard members.version == 1 else { return nil }
            let after = members.after.flatMap(Self.bytes)
            guard (after == nil) == (members.after == nil) else { return nil }
            kind = .header(key: key, after: after, unsynchronized: members.unsynchronized ?? 0)
        } else if let count = members.dropped {
            kind = .dropped(count)
        } else if let checkpoint = members.checkpoint {
            guard let checkpoint = AuditChain.Checkpoint(rawValue: checkpoint) else { return nil }
            kind = .checkpoint(checkpoint)
        } else if members.hasDecision {
            kind = .record
        } else {
            return nil
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        var decoded = ByteBuffer()
        return Base64URL.decode(text.utf8.span, into: &decoded) ? decoded.bytes : nil
    }

    /// The members that the chain is made of.
    private struct Members {
        var chain: String?
        var number: Int?
        var version: Int?
        var key: String?
        var after: String?
        var unsynchronized: Int?
        var dropped: Int?
        var checkpoint: String?
        var hash: String?
        var signature: String?
        var hasDecision = false

        init?(_ bytes: ArraySlice<UInt8>) {
            do throws(JSONError) {
                let copy = Array(bytes)
                var reader = JSONReader(copy.span)
                try reader.beginObject()
                while let name = try reader.nextMember() {
                    let text = reader.text(of: name)
                    if try reader.peek() == .string {
                        set(text, reader.text(of: try reader.readString()))
                    } else if try reader.peek() == .number {
                        let digits = reader.bytes(in: try reader.readNumber().range)
                        set(text, Decimal.parse(digits))
                    } else {
                        return nil
                    }
                }
                try reader.finish()
            } catch {
                return nil
            }
        }

        private mutating func set(_ name: String, _ text: String) {
            switch name {
            case "chain": chain = text
            case "key": key = text
            case "after": after = text
            case "checkpoint": checkpoint = text
            case "hash": hash = text
            case "signature": signature = text
            case "decision": hasDecision = true
            default: break
            }
        }

        private mutating func set(_ name: String, _ number: Int?) {
            switch name {
            case "n": self.number = number
            case "version": version = number
            case "unsynchronized": unsynchronized = number
            case "dropped": dropped = number
            default: break
            }
        }
    }
}
