import Martlet

/// How often one subject may call one tool, as a text says it: `add_todo=5` or `add_todo=5:20`.
package struct ToolLimit: Hashable, Sendable {
    package let tool: String
    package let limit: RateLimit

    /// - Returns: `nil` if the text is no limit; what tools there are is not known here.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        let numbers = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard numbers.count <= 2, let rate = Self.number(numbers[0]) else { return nil }
        guard let burst = numbers.count == 2 ? Self.number(numbers[1]) : rate else { return nil }
        tool = String(parts[0])
        limit = RateLimit(perSecond: rate, burst: burst)
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            (1...RateLimit.perSecondMax).contains(number)
        else { return nil }
        return number
    }

    /// All limits of a setting, by tool.
    static func all(_ settings: inout SettingsReader) -> [String: RateLimit] {
        guard let (texts, origin) = settings.texts(.toolLimits) else { return [:] }
        var limits: [String: RateLimit] = [:]
        for text in texts {
            guard let one = ToolLimit(text) else {
                settings.report(.value(.malformed(.toolLimits, origin, text: text)))
                continue
            }
            guard limits.updateValue(one.limit, forKey: one.tool) == nil else {
                settings.report(.value(.repeated(.toolLimits, origin, name: one.tool)))
                continue
            }
        }
        return limits
    }
}
