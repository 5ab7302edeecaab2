internal import Bytes
internal import JSON

extension RoundTrip {
    private static let answersName = "a"
    private static let stateName = "s"

    /// How many answers a client may send at once; the rest of the members are not looked at.
    static let answerCountMax = 64

    /// What the client carries; `nil` if there is nothing to remember.
    func encoded() -> RawJSON? {
        guard !answers.isEmpty || state != nil else { return nil }
        return RawJSON { writer in
            writer.beginObject()
            writer.name(Self.answersName)
            writer.beginObject()
            for key in answers.keys.sorted() {
                guard let answer = answers[key] else { continue }
                writer.name(key)
                writer.raw(answer.span)
            }
            writer.endObject()
            if let state {
                writer.name(Self.stateName)
                writer.raw(state.span)
            }
            writer.endObject()
        }
    }

    /// Reads what ``encoded()`` wrote.
    init(carried json: RawJSON) throws(JSONError) {
        var answers: [String: RawJSON] = [:]
        var state: RawJSON?
        var reader = JSONReader(json.span)
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if reader.equals(name, Self.answersName) {
                answers = try Self.members(&reader)
            } else {
                let range = try reader.skipValue()
                state = RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range)))
            }
        }
        self.init(answers: answers, state: state)
    }

    /// The members of the object that the reader stands at.
    static func members(_ reader: inout JSONReader) throws(JSONError) -> [String: RawJSON] {
        var members: [String: RawJSON] = [:]
        try reader.beginObject()
        while let name = try reader.nextMember() {
            let range = try reader.skipValue()
            guard members.count < answerCountMax else { continue }
            members[reader.text(of: name)] = RawJSON(
                unchecked: ByteBuffer(copying: reader.bytes(in: range))
            )
        }
        return members
    }
}
