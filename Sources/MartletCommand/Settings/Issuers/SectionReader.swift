import AccessControl
import JSON

/// Reads nested parts of the configuration file and notes every mistake with its place.
///
/// What is mistaken is skipped, so that the rest is read as well. Only what is no JSON is thrown.
struct SectionReader {
    /// The configuration file, as messages call it.
    let path: String

    private(set) var mistakes: [SettingMistake] = []

    init(path: String) {
        self.path = path
    }

    mutating func report(_ reason: SectionMistake.Reason, at place: String) {
        mistakes.append(.section(SectionMistake(path: path, place: place, reason)))
    }

    /// Whether a value of this kind comes next; any other is noted and skipped.
    mutating func begins(
        _ kind: JSONKind,
        as form: ValueForm,
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> Bool {
        let found = try reader.peek()
        if found == kind { return true }
        try skip(found, as: form, at: place, &reader)
        return false
    }

    /// Notes a value of a kind that cannot stand here.
    mutating func skip(
        _ found: JSONKind,
        as form: ValueForm,
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) {
        report(.otherType(found: found, expected: form), at: place)
        try reader.skipValue()
    }

    /// The next member that exists; others and repeated ones are noted and skipped.
    ///
    /// - Returns: `nil` when the object has ended.
    mutating func nextMember<Member>(
        _ names: inout MemberNames,
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> Member?
    where Member: RawRepresentable<String> & CaseIterable {
        while let next = try reader.nextMember() {
            let name = reader.text(of: next)
            if !names.insert(next, in: reader) {
                report(.repeatedMember(name: name), at: place)
            } else if let member = Member(rawValue: name) {
                return member
            } else if Member.self == IssuerMember.self, IssuerMember.secretNames.contains(name) {
                report(.secret, at: "\(place).\(name)")
            } else {
                let similar = Similarity.nearest(
                    to: name,
                    in: Member.allCases.map(\.rawValue)
                )
                report(.unknownMember(name: name, similar: similar), at: place)
            }
            try reader.skipValue()
        }
        return nil
    }

    /// A string that is not empty.
    mutating func text(
        as form: ValueForm = .text,
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> String? {
        guard try begins(.string, as: form, at: place, &reader) else { return nil }
        let text = reader.text(of: try reader.readString())
        guard !text.isEmpty else {
            report(.empty, at: place)
            return nil
        }
        return text
    }

    /// Strings that are not empty: an array of them, or one.
    mutating func texts(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> [String] {
        let found = try reader.peek()
        if found == .string { return try text(at: place, &reader).map { [$0] } ?? [] }
        guard try begins(.array, as: .texts, at: place, &reader) else { return [] }
        var texts: [String] = []
        var index = 0
        try reader.beginArray()
        while try reader.nextElement() {
            if let text = try text(at: "\(place)[\(index)]", &reader) { texts.append(text) }
            index += 1
        }
        if index == 0 { report(.empty, at: place) }
        return texts
    }

    mutating func toggle(at place: String, _ reader: inout JSONReader) throws(JSONError) -> Bool? {
        let found = try reader.peek()
        guard found == .true || found == .false else {
            try skip(found, as: .toggle, at: place, &reader)
            return nil
        }
        return try reader.readBool()
    }

    /// One of a few words.
    mutating func choice<Choice>(
        _ choices: KeyValuePairs<String, Choice>,
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> Choice? {
        guard let text = try text(at: place, &reader) else { return nil }
        if let choice = choices.first(where: { $0.key == text }) { return choice.value }
        report(.notAChoice(text: text, choices: choices.map(\.key)), at: place)
        return nil
    }

    /// An object whose members are names for other names.
    mutating func names(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> [String: [String]] {
        guard try begins(.object, as: .names, at: place, &reader) else { return [:] }
        var map: [String: [String]] = [:]
        try reader.beginObject()
        while let member = try reader.nextMember() {
            let name = reader.text(of: member)
            guard map[name] == nil else {
                report(.repeatedMember(name: name), at: place)
                try reader.skipValue()
                continue
            }
            map[name] = try texts(at: "\(place)[\(name.quoted)]", &reader)
        }
        if map.isEmpty { report(.empty, at: place) }
        return map
    }
}
