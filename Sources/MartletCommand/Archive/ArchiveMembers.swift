import JSON

/// The members of one line's object, their kinds checked and nothing else.
struct ArchiveMembers {
    private typealias Member = ArchiveFormat.Member

    /// The most that the counts and ids of an archive can be.
    private static let numberMax = Int(Int64.max)

    /// Seconds of 1 January 10000: the server's clock shows nothing later.
    private static let secondsMax = 253_402_300_799

    private var texts: [ArchiveFormat.Member: String] = [:]
    private var numbers: [ArchiveFormat.Member: Int] = [:]
    private(set) var isCompleted: Bool?

    /// Reads a line, which comes without its line feed.
    init(_ line: Span<UInt8>) throws(ArchiveLineError) {
        var reader = JSONReader(line, depthMax: 2)
        do throws(JSONError) {
            try reader.beginObject()
        } catch {
            throw .json(error)
        }
        while let member = try Self.next(&reader) {
            guard !has(member) else { throw .repeatedMember(member.rawValue) }
            switch member {
            case .format, .workspace, .title, .createdBy, .createdByIssuer, .end:
                texts[member] = try Self.text(&reader)
            case .id, .lastID, .todos, .version:
                numbers[member] = try Self.number(&reader, member, upTo: Self.numberMax)
            case .createdAt, .updatedAt:
                numbers[member] = try Self.number(&reader, member, upTo: Self.secondsMax)
            case .completed:
                isCompleted = try Self.boolean(&reader)
            }
        }
        do throws(JSONError) {
            try reader.finish()
        } catch {
            throw .json(error)
        }
    }

    func has(_ member: ArchiveFormat.Member) -> Bool {
        texts[member] != nil || numbers[member] != nil
            || (member == .completed && isCompleted != nil)
    }

    func text(_ member: ArchiveFormat.Member) throws(ArchiveLineError) -> String {
        guard let text = texts[member] else { throw .missing(member.rawValue) }
        return text
    }

    func number(_ member: ArchiveFormat.Member) throws(ArchiveLineError) -> Int {
        guard let number = numbers[member] else { throw .missing(member.rawValue) }
        return number
    }

    func completed() throws(ArchiveLineError) -> Bool {
        guard let isCompleted else { throw .missing(Member.completed.rawValue) }
        return isCompleted
    }

    private static func next(
        _ reader: inout JSONReader
    ) throws(ArchiveLineError) -> ArchiveFormat.Member? {
        let name: JSONString?
        do throws(JSONError) {
            name = try reader.nextMember()
        } catch {
            throw .json(error)
        }
        guard let name else { return nil }
        let text = reader.text(of: name)
        guard let member = Member(rawValue: text) else {
            throw .unknownMember(String(text.prefix(64)))
        }
        return member
    }

    private static func text(_ reader: inout JSONReader) throws(ArchiveLineError) -> String {
        do throws(JSONError) {
            return reader.text(of: try reader.readString())
        } catch {
            throw .json(error)
        }
    }

    private static func boolean(_ reader: inout JSONReader) throws(ArchiveLineError) -> Bool {
        do throws(JSONError) {
            return try reader.readBool()
        } catch {
            throw .json(error)
        }
    }

    private static func number(
        _ reader: inout JSONReader,
        _ member: ArchiveFormat.Member,
        upTo max: Int
    ) throws(ArchiveLineError) -> Int {
        let range = (member == .id || member == .version ? 1 : 0)...max
        do throws(JSONError) {
            let number = try reader.readNumber()
            if let value = reader.integer(of: number), range.contains(value) { return value }
        } catch {
            throw .json(error)
        }
        throw .outOfRange(member.rawValue, range)
    }
}
