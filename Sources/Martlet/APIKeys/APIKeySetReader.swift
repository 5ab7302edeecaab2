internal import AccessControl
internal import Bytes
internal import JSON

/// Reads the file of API keys.
///
/// Strict: the file decides who is let in, so whatever is not as ``APIKeySet/encode()`` writes it
/// (white space and the order of members aside) makes all of it unusable.
package struct APIKeySetReader {
    /// Several times what ``APIKeySet/countMax`` keys need.
    package static let byteCountMax = 16_777_216

    /// The members of one key as they are found.
    fileprivate struct Entry {
        var id: APIKeyID?
        var name: String?
        var roles: [String]?
        var permissions: [String]?
        var workspace: Workspace?
        var created: Int64?
        var expires: Int64?
        var salt: [UInt8]?
        var hash: [UInt8]?
    }

    private var set = APIKeySet()

    /// What is wrong with the JSON, which then is read no further.
    private var problem: APIKeySetError?

    private init() {}

    /// - Throws: ``APIKeySetError``, whatever the bytes are.
    package static func read(_ bytes: Span<UInt8>) throws(APIKeySetError) -> APIKeySet {
        var reading = APIKeySetReader()
        var reader = JSONReader(bytes, depthMax: 4)
        do throws(JSONError) {
            try reading.readSet(&reader)
            if reading.problem == nil { try reader.finish() }
        } catch {
            throw .notJSON(error)
        }
        if let problem = reading.problem { throw problem }
        return reading.set
    }

    private mutating func readSet(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        guard let member = try reader.nextMember(), reader.equals(member, "keys") else {
            problem = .otherMember
            return
        }
        try reader.beginArray()
        while try reader.nextElement() {
            try readKey(&reader, number: set.records.count + 1)
            guard problem == nil else { return }
        }
        if try reader.nextMember() != nil { problem = .otherMember }
    }

    private mutating func readKey(
        _ reader: inout JSONReader,
        number: Int
    ) throws(JSONError) {
        var entry = Entry()
        var names = MemberNames()
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard names.insert(name, in: reader) else {
                problem = .repeatedMember(key: number)
                return
            }
            let known = APIKeySetError.Member.allCases.first { reader.equals(name, $0.rawValue) }
            guard let known else {
                problem = .unknownMember(key: number)
                return
            }
            guard try entry.read(known, &reader) else {
                problem = .malformedMember(known, key: number)
                return
            }
        }
        do throws(APIKeySetError) {
            try set.insert(try entry.record(number: number))
        } catch {
            problem = error
        }
    }
}

extension APIKeySetReader.Entry {
    /// - Returns: `false` if the value is JSON, and not what the member must be.
    fileprivate mutating func read(
        _ member: APIKeySetError.Member,
        _ reader: inout JSONReader
    ) throws(JSONError) -> Bool {
        switch member {
        case .id:
            id = APIKeyID(try Self.readText(&reader))
            return id != nil
        case .name:
            let text = try Self.readText(&reader)
            name = text
            return APIKeyHolder.isName(text)
        case .roles:
            roles = try Self.readTexts(&reader, countMax: APIKeyHolder.roleCountMax)
            return roles.map(APIKeyHolder.areRoles) ?? false
        case .permissions:
            permissions = try Self.readTexts(&reader, countMax: APIKeyHolder.permissionCountMax)
            return permissions.map(APIKeyHolder.arePermissions) ?? false
        case .workspace:
            workspace = Workspace(try Self.readText(&reader))
            return workspace != nil
        case .created:
            created = try Self.readTime(&reader)
            return created != nil
        case .expires:
            expires = try Self.readTime(&reader)
            return expires != nil
        case .salt:
            salt = try Self.readBytes(&reader, count: APIKeyHash.saltByteCount)
            return salt != nil
        case .hash:
            hash = try Self.readBytes(&reader, count: APIKeyHash.byteCount)
            return hash != nil
        }
    }

    fileprivate func record(number: Int) throws(APIKeySetError) -> APIKeyRecord {
        func required<Value>(
            _ value: Value?,
            _ member: APIKeySetError.Member
        ) throws(APIKeySetError) -> Value {
            guard let value else { throw .missingMember(member, key: number) }
            return value
        }
        return APIKeyRecord(
            id: try required(id, .id),
            holder: APIKeyHolder(
                name: try required(name, .name),
                roles: try required(roles, .roles),
                permissions: permissions,
                workspace: try required(workspace, .workspace)
            ),
            hash: APIKeyHash(
                salt: try required(salt, .salt),
                digest: try required(hash, .hash)
            ),
            createdSeconds: try required(created, .created),
            expiresSeconds: expires
        )
    }

    private static func readText(_ reader: inout JSONReader) throws(JSONError) -> String {
        reader.text(of: try reader.readString())
    }

    /// - Returns: `nil` if there are more than `countMax`.
    private static func readTexts(
        _ reader: inout JSONReader,
        countMax: Int
    ) throws(JSONError) -> [String]? {
        var texts: [String] = []
        try reader.beginArray()
        while try reader.nextElement() {
            guard texts.count < countMax else { return nil }
            texts.append(try readText(&reader))
        }
        return texts
    }

    private static func readTime(_ reader: inout JSONReader) throws(JSONError) -> Int64? {
        let number = try reader.readNumber()
        guard let seconds = reader.integer(of: number), seconds >= 0 else { return nil }
        return Int64(seconds)
    }

    private static func readBytes(
        _ reader: inout JSONReader,
        count: Int
    ) throws(JSONError) -> [UInt8]? {
        let string = try reader.readString()
        var text = ByteBuffer()
        reader.decode(string, into: &text)
        var bytes = ByteBuffer()
        guard Base64URL.decode(text.span, into: &bytes), bytes.count == count else { return nil }
        return bytes.bytes
    }
}
