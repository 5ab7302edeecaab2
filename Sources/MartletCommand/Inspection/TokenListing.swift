import JWT

/// The JOSE header and the claims as a person reads them: indented, times in words beside them.
package struct TokenListing {
    /// Claims that are times (RFC 7519 §4.1; OpenID Connect Core §2).
    private static let times: Set<String> = ["exp", "nbf", "iat", "auth_time", "updated_at"]

    package let now: NumericDate

    package init(now: NumericDate) {
        self.now = now
    }

    /// The lines of a value, which is a part of a token.
    package func lines(_ value: JSONValue, indent: String = "    ") -> [String] {
        var lines: [String] = []
        append(value, before: "", after: "", indent: indent, depth: 0, &lines)
        return lines
    }

    private func append(
        _ value: JSONValue,
        before: String,
        after: String,
        indent: String,
        depth: Int,
        _ lines: inout [String]
    ) {
        let margin = indent + String(repeating: "  ", count: depth)
        switch value {
        case .object(let members) where !members.isEmpty:
            lines.append("\(margin)\(before){")
            for (index, member) in members.enumerated() {
                let comma = index + 1 < members.count ? "," : ""
                append(
                    member.value,
                    before: "\(Self.printable(.string(member.name))): ",
                    after: comma + note(member, depth: depth),
                    indent: indent,
                    depth: depth + 1,
                    &lines
                )
            }
            lines.append("\(margin)}\(after)")
        case .array(let elements) where elements.contains { !$0.members.isEmpty }:
            lines.append("\(margin)\(before)[")
            for (index, element) in elements.enumerated() {
                append(
                    element,
                    before: "",
                    after: index + 1 < elements.count ? "," : "",
                    indent: indent,
                    depth: depth + 1,
                    &lines
                )
            }
            lines.append("\(margin)]\(after)")
        default:
            lines.append("\(margin)\(before)\(Self.printable(value))\(after)")
        }
    }

    /// A time in words, behind a claim that is one.
    private func note(_ member: JSONValue.Member, depth: Int) -> String {
        guard depth == 0, Self.times.contains(member.name), let date = member.value.date
        else { return "" }
        let time = UTCTime(date)
        return "    \(time.calendarText), \(time.relativeText(to: now))"
    }

    /// The value in one line without control characters, which a terminal would obey.
    ///
    /// JSON escapes those below U+0020 itself; the others, and marks that turn the direction of
    /// text, are escaped here.
    private static func printable(_ value: JSONValue) -> String {
        var text = ""
        for scalar in value.compactText.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
