internal import Bytes
internal import JSON

/// The members of one JWK as they stand there (RFC 7517 §4), judged only where they are asked for.
struct JWK {
    private var texts: [JWKMember: String] = [:]
    private var operations: [String]?

    /// - Throws: ``KeyError`` if it is no JSON object or has a member that is read twice or is of
    ///   the wrong kind. Others, such as `x5c`, are only JSON.
    init(reading input: borrowing Span<UInt8>) throws(KeyError) {
        let source = copy input
        var reader = JSONReader(source)
        do throws(JSONError) {
            try reader.beginObject()
        } catch {
            throw .notJSON(error)
        }
        var names = MemberNames()
        while let name = try Self.nextMember(&reader) {
            guard names.insert(name, in: reader) else { throw .repeatedMember }
            guard let member = JWKMember(rawValue: reader.text(of: name)) else { continue }
            try read(member, &reader)
        }
    }

    /// The text of a member, if it is there.
    subscript(member: JWKMember) -> String? { texts[member] }

    /// The bytes that a member stands for in base64url (RFC 7515 §2).
    func bytes(of member: JWKMember) throws(KeyError) -> [UInt8] {
        guard let text = texts[member] else { throw .missingMember(member) }
        var bytes = ByteBuffer()
        guard Base64URL.decode(ByteBuffer(text).span, into: &bytes), !bytes.isEmpty else {
            throw .malformedMember(member)
        }
        return bytes.bytes
    }

    /// A number, big-endian.
    ///
    /// RFC 7518 §6.3.1.1 forbids leading zeros and says that libraries write them; they are
    /// dropped.
    func integer(_ member: JWKMember) throws(KeyError) -> [UInt8] {
        let bytes = Array(try bytes(of: member).drop { $0 == 0 })
        guard !bytes.isEmpty else { throw .malformedMember(member) }
        return bytes
    }

    /// A coordinate or scalar, which must have the full length of its curve (RFC 7518 §6.2.1.2).
    func bytes(of member: JWKMember, count: Int) throws(KeyError) -> [UInt8] {
        let bytes = try bytes(of: member)
        guard bytes.count == count else { throw .malformedMember(member) }
        return bytes
    }

    /// Checks that the key is meant for signatures (RFC 7517 §4.2 and §4.3).
    func validateUse() throws(KeyError) {
        if let use = texts[.publicKeyUse], use != "sig" { throw .notForSignatures }
        if let operations, !operations.contains("verify"), !operations.contains("sign") {
            throw .operationNotPermitted
        }
    }

    var isPrivate: Bool { texts[.privateExponent] != nil }
}

extension JWK {
    private static func nextMember(_ reader: inout JSONReader) throws(KeyError) -> JSONString? {
        do throws(JSONError) {
            let name = try reader.nextMember()
            if name == nil { try reader.finish() }
            return name
        } catch {
            throw .notJSON(error)
        }
    }

    private mutating func read(
        _ member: JWKMember,
        _ reader: inout JSONReader
    ) throws(KeyError) {
        if member == .keyOperations {
            operations = try Self.strings(&reader)
            if operations == nil { throw .malformedMember(member) }
        } else {
            texts[member] = try Self.string(&reader)
            if texts[member] == nil { throw .malformedMember(member) }
        }
    }

    private static func string(_ reader: inout JSONReader) throws(KeyError) -> String? {
        do throws(JSONError) {
            guard try reader.peek() == .string else { return nil }
            return reader.text(of: try reader.readString())
        } catch {
            throw .notJSON(error)
        }
    }

    private static func strings(_ reader: inout JSONReader) throws(KeyError) -> [String]? {
        do throws(JSONError) {
            guard try reader.peek() == .array else { return nil }
            return StringList.texts(reader.bytes(in: try reader.skipValue()))
        } catch {
            throw .notJSON(error)
        }
    }
}
