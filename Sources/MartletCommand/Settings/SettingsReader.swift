import Configuration
import Martlet

/// Looks settings up in flags, environment and file, in this order, and collects what is wrong.
package struct SettingsReader {
    /// A value and who set it.
    package struct Found {
        package let text: String
        package let origin: SettingOrigin
    }

    /// All that is wrong so far, in the order in which it was found.
    package private(set) var mistakes: [SettingMistake]

    /// What the configuration file says of issuers, which is nowhere else.
    package let issuers: [IssuerEntry]

    /// The configuration file, as messages call it.
    package let filePath: String

    private let readers: [(origin: SettingOrigin, reader: ConfigReader)]

    /// - Parameters:
    ///   - flags: What the command line says.
    ///   - environment: The variables of the process.
    ///   - file: The configuration file, if there is one.
    package init(
        flags: [Setting: [String]],
        environment: [String: String],
        file: SettingsFile? = nil
    ) {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (setting, texts) in flags where !texts.isEmpty {
            values[AbsoluteConfigKey([setting.rawValue])] = setting.configValue(texts)
        }
        // A variable that is set to nothing is how shells and container files leave one out.
        let names = Set(Setting.allCases.map(\.environmentName))
        let variables = environment.filter { names.contains($0.key) && !$0.value.isEmpty }
        let secrets = Set(Setting.allCases.filter(\.isSecret).map(\.environmentName))
        readers = [
            (.flag, ConfigReader(provider: InMemoryProvider(name: "flags", values: values))),
            (
                .environment,
                ConfigReader(
                    provider: EnvironmentVariablesProvider(
                        environmentVariables: variables,
                        secretsSpecifier: .specific(secrets)
                    ).mapKeys { key in
                        AbsoluteConfigKey(
                            key.components.map { Setting(rawValue: $0)?.environmentName ?? $0 }
                        )
                    }
                )
            ),
            (
                .file,
                ConfigReader(
                    provider: InMemoryProvider(name: "file", values: file?.values ?? [:])
                )
            ),
        ]
        mistakes = file?.mistakes ?? []
        issuers = file?.issuers ?? []
        filePath = file?.path ?? ""
    }

    package mutating func report(_ mistake: SettingMistake) {
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
    }

    /// The value as it was written.
    package mutating func text(_ setting: Setting) -> Found? {
        let key = ConfigKey([setting.rawValue])
        for (origin, reader) in readers {
            guard let text = reader.string(forKey: key, isSecret: setting.isSecret) else {
                continue
            }
            guard !text.isEmpty else {
                report(.value(.empty(setting, origin)))
                return nil
            }
            return Found(text: text, origin: origin)
        }
        return nil
    }

    /// The values of a list; white space around them and empty ones do not count.
    ///
    /// - Returns: `nil` if nobody set the list.
    package func texts(_ setting: Setting) -> (texts: [String], origin: SettingOrigin)? {
        let key = ConfigKey([setting.rawValue])
        for (origin, reader) in readers {
            guard let texts = reader.stringArray(forKey: key) else { continue }
            return (texts.map(\.trimmed).filter { !$0.isEmpty }, origin)
        }
        return nil
    }

    /// Who set it, if anybody did.
    package func origin(of setting: Setting) -> SettingOrigin? {
        let key = ConfigKey([setting.rawValue])
        return readers.first { _, reader in
            setting.kind == .list
                ? reader.stringArray(forKey: key) != nil
                : reader.string(forKey: key, isSecret: setting.isSecret) != nil
        }?.origin
    }

    /// The values of a list, each of which must satisfy `isValid`.
    package mutating func list(_ setting: Setting, _ isValid: (String) -> Bool) -> [String] {
        guard let (texts, origin) = texts(setting) else { return [] }
        for text in texts where !isValid(text) {
            report(.value(.malformed(setting, origin, text: text)))
        }
        return texts
    }

    /// The number, or `nil` if nobody set it or it is none.
    package mutating func numberIfSet(_ setting: Setting) -> Int? {
        guard let rule = setting.numberRule else {
            preconditionFailure("\(setting.rawValue) is not a number")
        }
        guard let found = text(setting) else { return nil }
        let isDecimal = found.text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isDecimal, let number = Int(found.text), rule.range.contains(number) else {
            report(
                .value(.notANumber(setting, found.origin, text: found.text, range: rule.range))
            )
            return nil
        }
        return number
    }

    /// The number, or its default.
    package mutating func number(_ setting: Setting) -> Int {
        guard let defaultValue = setting.numberRule?.defaultValue else {
            preconditionFailure("\(setting.rawValue) has no default")
        }
        return numberIfSet(setting) ?? defaultValue
    }

    /// Whether something is on; off unless somebody says so.
    package mutating func toggle(_ setting: Setting) -> Bool {
        guard let found = text(setting) else { return false }
        switch found.text.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            report(.value(.notAToggle(setting, found.origin, text: found.text)))
            return false
        }
    }

    /// One of a few words.
    package mutating func choice<Choice>(
        _ setting: Setting,
        _ choices: KeyValuePairs<String, Choice>,
        default defaultValue: Choice
    ) -> Choice {
        guard let found = text(setting) else { return defaultValue }
        if let choice = choices.first(where: { $0.key == found.text.lowercased() }) {
            return choice.value
        }
        report(
            .value(
                .notAChoice(
                    setting,
                    found.origin,
                    text: found.text,
                    choices: choices.map(\.key)
                )
            )
        )
        return defaultValue
    }

    /// A text that must satisfy `isValid`.
    package mutating func text(_ setting: Setting, _ isValid: (String) -> Bool) -> String? {
        guard let found = text(setting) else { return nil }
        guard isValid(found.text) else {
            report(.value(.malformed(setting, found.origin, text: found.text)))
            return nil
        }
        return found.text
    }
}

extension Setting {
    /// The value as ``SettingsReader`` looks it up.
    func configValue(_ texts: [String]) -> ConfigValue {
        switch kind {
        case .list: ConfigValue(.stringArray(texts), isSecret: isSecret)
        case .text, .toggle, .number:
            ConfigValue(.string(texts.last ?? ""), isSecret: isSecret)
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        let text = drop(while: \.isWhitespace)
        guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(text[...end])
    }
}
