import ArgumentParser

/// A setting's flag, its value as typed: what is wrong with it is told with all other mistakes.
extension Option where Value == String? {
    init(_ setting: Setting, _ summary: String, _ valueName: String = "N") {
        self.init(
            name: .customLong(setting.rawValue),
            // A number may be typed with a sign, which is then one mistake among the others.
            parsing: setting.numberRule == nil ? .next : .unconditional,
            help: ArgumentHelp(setting.withDefault(summary), valueName: valueName)
        )
    }
}

/// The same for a setting that may be given several times.
extension Option where Value == [String] {
    init(
        wrappedValue: [String],
        _ setting: Setting,
        _ summary: String,
        _ valueName: String
    ) {
        self.init(
            wrappedValue: wrappedValue,
            name: .customLong(setting.rawValue),
            help: ArgumentHelp("\(summary) (repeatable)", valueName: valueName)
        )
    }
}

extension Setting {
    fileprivate func withDefault(_ summary: String) -> String {
        guard let value = numberRule?.defaultValue else { return summary }
        return "\(summary) (default: \(value))"
    }
}

extension [Setting: [String]] {
    /// Notes a flag if it was given.
    mutating func add(_ setting: Setting, _ text: String?) {
        if let text { self[setting] = [text] }
    }

    mutating func add(_ setting: Setting, _ texts: [String]) {
        if !texts.isEmpty { self[setting] = texts }
    }
}
