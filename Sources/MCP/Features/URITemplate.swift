internal import Bytes

/// A pattern for URIs: text with variables in braces (RFC 6570, levels 1 and 2 without fragments).
///
/// `{name}` stands for one or more characters other than `/`, `?` and `#`; `{+name}` for any
/// characters, at least one. Two variables never touch, so that a URI is read in one way only.
public struct URITemplate: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case text(String)
        case variable(name: String, isReserved: Bool)
    }

    public let text: String
    let parts: [Part]

    /// - Returns: `nil` if a brace is not closed, a name is empty, malformed or occurs twice, an
    ///   operator other than `+` is used, two variables touch, or there is no variable.
    public init?(_ text: String) {
        var parts: [Part] = []
        var literal = ""
        var names: Set<String> = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "{" else {
                if character == "}" { return nil }
                literal.append(character)
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { return nil }
            var name = rest[..<end]
            rest = rest[rest.index(after: end)...]
            let isReserved = name.hasPrefix("+")
            if isReserved { name = name.dropFirst() }
            guard Self.isName(name), names.insert(String(name)).inserted else { return nil }
            if !literal.isEmpty { parts.append(.text(literal)) }
            if literal.isEmpty, !parts.isEmpty { return nil }
            literal = ""
            parts.append(.variable(name: String(name), isReserved: isReserved))
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        guard !names.isEmpty else { return nil }
        self.text = text
        self.parts = parts
    }

    public var variableNames: [String] {
        parts.compactMap { part in
            if case .variable(let name, _) = part { return name }
            return nil
        }
    }

    /// What the variables stand for in a URI that follows the pattern, percent-decoded.
    ///
    /// - Returns: `nil` if the URI does not follow it, or its escapes are not UTF-8.
    public func match(_ uri: String) -> [String: String]? {
        let uri = Array(uri.utf8)
        var values: [String: String] = [:]
        var position = 0
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let text):
                let literal = Array(text.utf8)
                guard uri[position...].starts(with: literal) else { return nil }
                position += literal.count
            case .variable(let name, let isReserved):
                let end: Int
                if index + 1 < parts.count, case .text(let text) = parts[index + 1] {
                    let isLast = index + 2 == parts.count
                    guard
                        let found = Self.find(
                            Array(text.utf8),
                            in: uri,
                            from: position + 1,
                            isLast: isLast
                        )
                    else { return nil }
                    end = found
                } else {
                    end = uri.count
                }
                guard end > position else { return nil }
                let value = uri[position..<end]
                if !isReserved, value.contains(where: Self.isDelimiter) { return nil }
                guard let decoded = Self.percentDecode(value) else { return nil }
                values[name] = decoded
                position = end
            }
        }
        return position == uri.count ? values : nil
    }

    /// Where the text after a variable begins: its first place, or its only one if it ends the URI.
    private static func find(
        _ text: [UInt8],
        in uri: [UInt8],
        from start: Int,
        isLast: Bool
    ) -> Int? {
        guard uri.count - text.count >= start else { return nil }
        if isLast {
            let place = uri.count - text.count
            return uri[place...].starts(with: text) ? place : nil
        }
        for place in start...(uri.count - text.count) where uri[place...].starts(with: text) {
            return place
        }
        return nil
    }

    private static func isName(_ name: Substring) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.underscore
                    || $0 == ASCII.fullStop
            }
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == ASCII.solidus || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private static func percentDecode(_ text: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(ASCII.hexadecimalDigitValue(of:)),
                let low = rest.popFirst().flatMap(ASCII.hexadecimalDigitValue(of:))
            else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: high << 4 | low))
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
