internal import Bytes
internal import JSON

/// The members of a metadata document that are of interest, as they stand there.
struct AuthorizationServerMembers {
    private(set) var texts: [AuthorizationServerMember: String] = [:]
    private(set) var lists: [AuthorizationServerMember: [String]] = [:]

    /// - Throws: ``AuthorizationServerMetadataError`` if the document is no JSON object, a name stands
    ///   in it twice, or a member of interest is of another type than it should be.
    init(reading document: borrowing Span<UInt8>) throws(AuthorizationServerMetadataError) {
        var reader = JSONReader(copy document)
        let mistake: AuthorizationServerMetadataError?
        do throws(JSONError) {
            mistake = try read(&reader)
            if mistake == nil { try reader.finish() }
        } catch {
            throw .notJSON(error)
        }
        if let mistake { throw mistake }
    }

    /// - Returns: What is wrong with a document that is JSON, as far as it was read.
    private mutating func read(
        _ reader: inout JSONReader
    ) throws(JSONError) -> AuthorizationServerMetadataError? {
        var names = MemberNames()
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard names.insert(name, in: reader) else { return .repeatedMember }
            guard let member = Self.member(name, in: reader) else { continue }
            let kind = try reader.peek()
            // Some servers write what they do not have.
            if kind == .null { continue }
            guard kind == (member.isList ? .array : .string) else { return .malformed(member) }
            if member.isList {
                guard let list = try Self.list(&reader) else { return .malformed(member) }
                lists[member] = list
            } else {
                let text = try reader.readString()
                texts[member] = reader.text(of: text)
            }
        }
        return nil
    }

    private static func member(
        _ name: JSONString,
        in reader: borrowing JSONReader
    ) -> AuthorizationServerMember? {
        for member in AuthorizationServerMember.allCases
        where reader.equals(name, member.rawValue) {
            return member
        }
        return nil
    }

    /// - Returns: `nil` if an element is not a string.
    private static func list(_ reader: inout JSONReader) throws(JSONError) -> [String]? {
        var list: [String] = []
        try reader.beginArray()
        while try reader.nextElement() {
            guard try reader.peek() == .string else { return nil }
            let text = try reader.readString()
            list.append(reader.text(of: text))
        }
        return list
    }
}
