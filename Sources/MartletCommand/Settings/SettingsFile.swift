import Configuration
import Foundation
import JSON

/// What a configuration file says: one JSON object whose members are settings.
package struct SettingsFile {
    package static let byteCountMax = 1_048_576

    package private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
    package private(set) var mistakes: [SettingMistake] = []

    private let path: String

    /// Reads the file.
    ///
    /// What is wrong with it is in ``mistakes``; the rest counts nevertheless.
    package init(path: String) {
        do {
            let content = try Data(contentsOf: URL(fileURLWithPath: path))
            self.init(content: Array(content.prefix(Self.byteCountMax + 1)), path: path)
        } catch {
            self.init(path: path, unreadable: FileTrouble(error).reason)
        }
    }

    /// - Parameters:
    ///   - content: The bytes of the file.
    ///   - path: How messages call it.
    package init(content: [UInt8], path: String) {
        self.path = path
        guard content.count <= Self.byteCountMax else {
            mistakes = [.file(.tooLong(path: path, byteCountMax: Self.byteCountMax))]
            return
        }
        var reader = JSONReader(content.span)
        do throws(JSONError) {
            try readMembers(&reader)
            try reader.finish()
        } catch {
            mistakes.append(.file(.malformed(path: path, error)))
        }
    }

    private init(path: String, unreadable reason: String) {
        self.path = path
        mistakes = [.file(.unreadable(path: path, reason: reason))]
    }

    private mutating func readMembers(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        var names = MemberNames()
        while let member = try reader.nextMember() {
            let name = reader.text(of: member)
            guard names.insert(member, in: reader) else {
                mistakes.append(.file(.repeatedMember(path: path, name: name)))
                try reader.skipValue()
                continue
            }
            guard let setting = Setting(rawValue: name) else {
                let similar = Setting.mostSimilar(to: name)
                mistakes.append(.file(.unknownMember(path: path, name: name, similar: similar)))
                try reader.skipValue()
                continue
            }
            try readValue(of: setting, &reader)
        }
    }

    private mutating func readValue(
        of setting: Setting,
        _ reader: inout JSONReader
    ) throws(JSONError) {
        let kind = try reader.peek()
        guard !setting.isSecret else {
            mistakes.append(.file(.secret(path: path, setting)))
            try reader.skipValue()
            return
        }
        switch (setting.kind, kind) {
        case (.list, .array):
            try readElements(of: setting, &reader)
        case (_, .string):
            let string = try reader.readString()
            set(setting, to: [reader.text(of: string)])
        case (.number, .number), (.text, .number):
            let number = try reader.readNumber()
            let text =
                reader.integer(of: number).map { "\($0)" }
                ?? reader.text(of: JSONString(range: number.range, hasEscapes: false))
            set(setting, to: [text])
        case (.toggle, .true), (.toggle, .false):
            set(setting, to: [try reader.readBool() ? "true" : "false"])
        default:
            mistakes.append(.file(.memberOfOtherType(path: path, setting, found: kind)))
            try reader.skipValue()
        }
    }

    private mutating func readElements(
        of setting: Setting,
        _ reader: inout JSONReader
    ) throws(JSONError) {
        var texts: [String] = []
        try reader.beginArray()
        while try reader.nextElement() {
            let kind = try reader.peek()
            guard kind == .string else {
                mistakes.append(.file(.memberOfOtherType(path: path, setting, found: kind)))
                try reader.skipValue()
                continue
            }
            let string = try reader.readString()
            texts.append(reader.text(of: string))
        }
        set(setting, to: texts)
    }

    private mutating func set(_ setting: Setting, to texts: [String]) {
        values[AbsoluteConfigKey([setting.rawValue])] = setting.configValue(texts)
    }
}

extension Setting {
    /// The setting whose name somebody most likely meant.
    ///
    /// - Returns: `nil` if no name is near.
    static func mostSimilar(to name: String) -> Setting? {
        let wanted = comparable(name)
        guard wanted.count <= 64 else { return nil }
        let nearest = allCases.map { ($0, distance(comparable($0.rawValue), wanted)) }
            .min { $0.1 < $1.1 }
        guard let nearest, nearest.1 <= 2 else { return nil }
        return nearest.0
    }

    /// `bodyMax`, `body_max` and `body-max` are the same to a person.
    private static func comparable(_ name: String) -> [Character] {
        name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }
    }

    /// How many characters must be inserted, removed or replaced (Levenshtein).
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var row = Array(0...second.count)
        for (index, character) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in second.indices {
                let replaced = diagonal + (character == second[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
