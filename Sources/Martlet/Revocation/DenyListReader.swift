internal import Bytes
internal import JSON

/// Reads a deny list: JSON Lines, one entry a line.
///
///     {"iss": "https://issuer.example", "jti": "f3a9", "until": 1795000000}
///     {"iss": "https://issuer.example", "sub": "ada", "comment": "left the company"}
///     {"iss": "https://issuer.example", "sub": "grace", "issued-before": 1794000000}
///     {"iss": "https://issuer.example", "issued-before": 1794000000}
///
/// Empty lines and lines that begin with a number sign do not count. The last line counts without
/// a line feed if it is complete; one that breaks off is an error of its own, since somebody may
/// be writing it.
///
/// Nothing is guessed: an entry with a member that is unknown, missing or of another kind makes
/// the whole list unusable, rather than denying less than its writer meant.
package struct DenyListReader {
    /// More is no list of exceptions.
    package static let byteCountMax = 16_777_216

    /// The last second of the year 9999: a later time is likely one in milliseconds.
    private static let secondsMax = 253_402_300_799

    private static let numberSign = UInt8(ascii: "#")

    private struct Entry {
        var issuer: String?
        var subject: String?
        var tokenID: String?
        var issuedBefore: Int64?
        var until: Int64?
    }

    private var list = DenyList()
    private var entryCount = 0

    /// One text for each issuer, however many entries name it.
    private var issuers: [String: String] = [:]

    private init() {}

    /// - Throws: ``DenyListError``, whatever the bytes are.
    package static func read(_ bytes: Span<UInt8>) throws(DenyListError) -> DenyList {
        var reader = DenyListReader()
        var start = 0
        var number = 1
        while start < bytes.count {
            let end = bytes.firstIndex(of: ASCII.lineFeed, from: start)
            let line = bytes.extracting(start..<(end ?? bytes.count))
            do throws(DenyListError.Reason) {
                try reader.readLine(line)
            } catch {
                guard end == nil, case .notAnObject = error else {
                    throw DenyListError(error, line: number)
                }
                throw DenyListError(.incompleteLastLine, line: number)
            }
            start = (end ?? bytes.count) + 1
            number += 1
        }
        return reader.list
    }

    private mutating func readLine(_ line: Span<UInt8>) throws(DenyListError.Reason) {
        var start = 0
        while start < line.count, Self.isBlank(line[start]) { start += 1 }
        guard start < line.count, line[start] != Self.numberSign else { return }
        guard entryCount < DenyList.entryCountMax else {
            throw .tooManyEntries(countMax: DenyList.entryCountMax)
        }
        entryCount += 1
        try insert(try Self.entry(line))
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.horizontalTab || byte == ASCII.carriageReturn
    }

    private mutating func insert(_ entry: Entry) throws(DenyListError.Reason) {
        guard let named = entry.issuer else { throw .missingIssuer }
        let target: DenyList.Target
        switch (entry.tokenID, entry.subject, entry.issuedBefore) {
        case (.some(let id), .none, .none): target = .token(id: id)
        case (.some, _, _): throw .tokenAndMore
        case (.none, .some(let subject), _): target = .subject(subject)
        case (.none, .none, .some): target = .issuer
        case (.none, .none, .none): throw .deniesNothing
        }
        let denial = Denial(issuedBeforeSeconds: entry.issuedBefore, untilSeconds: entry.until)
        guard list.insert(denial, of: target, issuer: shared(issuer: named)) else {
            throw .tooManyOfOneName(countMax: DenyList.denialsPerNameCountMax)
        }
    }

    /// The same text, so that a long list holds it once.
    private mutating func shared(issuer: String) -> String {
        let known = issuers[issuer, default: issuer]
        // `String` takes more for equal than is the same issuer.
        guard known.utf8.elementsEqual(issuer.utf8) else { return issuer }
        issuers[issuer] = known
        return known
    }

    private static func entry(_ line: Span<UInt8>) throws(DenyListError.Reason) -> Entry {
        var reader = JSONReader(line, depthMax: 1)
        var entry = Entry()
        var problem: DenyListError.Reason?
        do throws(JSONError) {
            problem = try readMembers(&reader, into: &entry)
            if problem == nil { try reader.finish() }
        } catch {
            throw .notAnObject(error)
        }
        if let problem { throw problem }
        return entry
    }

    /// - Returns: What is wrong with an object that is JSON.
    private static func readMembers(
        _ reader: inout JSONReader,
        into entry: inout Entry
    ) throws(JSONError) -> DenyListError.Reason? {
        try reader.beginObject()
        var names = MemberNames()
        while let member = try reader.nextMember() {
            guard names.insert(member, in: reader) else { return .repeatedMember }
            if reader.equals(member, "iss") {
                entry.issuer = try readText(&reader)
                if entry.issuer?.isEmpty == true { return .emptyText }
            } else if reader.equals(member, "sub") {
                entry.subject = try readText(&reader)
                if entry.subject?.isEmpty == true { return .emptyText }
            } else if reader.equals(member, "jti") {
                entry.tokenID = try readText(&reader)
                if entry.tokenID?.isEmpty == true { return .emptyText }
            } else if reader.equals(member, "issued-before") {
                entry.issuedBefore = try readTime(&reader)
                if entry.issuedBefore == nil { return .notATime }
            } else if reader.equals(member, "until") {
                entry.until = try readTime(&reader)
                if entry.until == nil { return .notATime }
            } else if reader.equals(member, "comment") {
                _ = try reader.readString()
            } else {
                return .unknownMember
            }
        }
        return nil
    }

    private static func readText(_ reader: inout JSONReader) throws(JSONError) -> String {
        reader.text(of: try reader.readString())
    }

    private static func readTime(_ reader: inout JSONReader) throws(JSONError) -> Int64? {
        let number = try reader.readNumber()
        guard let seconds = reader.integer(of: number), (0...secondsMax).contains(seconds)
        else { return nil }
        return Int64(seconds)
    }
}
