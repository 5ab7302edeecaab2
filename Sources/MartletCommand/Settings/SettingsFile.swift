import AccessControl
import Configuration
import Foundation
import JSON

/// What a configuration file says: one JSON object whose members are settings, and `issuers`.
package struct SettingsFile {
    package static let byteCountMax = 1_048_576

    /// The most elements that `issuers` may have.
    package static let issuerCountMax = IssuerReader.countMax

    package private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]

    /// What `issuers` says; for what is mistaken see ``mistakes``.
    package private(set) var issuers: [IssuerEntry] = []
    package private(set) var mistakes: [SettingMistake] = []

    /// How messages call the file.
    package let path: String

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
            if name == IssuerReader.place {
                var issuerReader = IssuerReader(path: path)
                defer { mistakes += issuerReader.mistakes }
                try issuerReader.read(&reader)
                issuers = issuerReader.entries
                continue
            }
            guard let setting = Setting(rawValue: name) else {
                let similar = Similarity.nearest(
                    to: name,
                    in: Setting.allCases.map(\.rawValue) + [IssuerReader.place]
                )
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
