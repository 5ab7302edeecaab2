/// Something that must be true of a caller's claims or of a call's arguments.
///
/// There is no negation: what is absent, unreadable or of another type never satisfies a condition,
/// so that leaving something out of a token or a call can only take rights away.
public struct AccessCondition: Hashable, Sendable {
    /// Where the value is looked up.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// In the claims set of the caller's token.
        case claim
        /// In the arguments of the call.
        case argument
    }

    /// What a value is compared with: strings byte for byte, integers and booleans by their value.
    public enum Value: Hashable, Sendable {
        case string(ExactText)
        case integer(Int)
        case boolean(Bool)
    }

    public enum Test: Hashable, Sendable {
        /// The value is this one.
        case equals(Value)
        /// The value is a string that begins with these bytes.
        case prefix(ExactText)
        /// The value is one of these.
        case isIn([Value])
        /// The value is an array that has this one among its elements.
        case contains(Value)
    }

    /// Names of members within members, at most so many.
    public static let pathCountMax = 16

    /// Values in one ``Test/isIn(_:)``, at most.
    public static let valueCountMax = 256

    public let source: Source

    /// The names of the members that lead to the value, outermost first.
    public let path: [ExactText]
    public let test: Test

    public init(_ source: Source, at path: [String], _ test: Test) {
        self.source = source
        self.path = path.map { ExactText($0) }
        self.test = test
    }

    public static func claim(_ path: String..., is test: Test) -> AccessCondition {
        AccessCondition(.claim, at: path, test)
    }

    public static func argument(_ path: String..., is test: Test) -> AccessCondition {
        AccessCondition(.argument, at: path, test)
    }
}

extension AccessCondition.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    public init(stringLiteral text: String) { self = .string(ExactText(text)) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension AccessCondition.Value: CustomStringConvertible {
    public var description: String {
        switch self {
        case .string(let text): text.text.debugDescription
        case .integer(let value): "\(value)"
        case .boolean(let value): "\(value)"
        }
    }
}

extension AccessCondition.Test: CustomStringConvertible {
    public var description: String {
        switch self {
        case .equals(let value): "equals \(value)"
        case .prefix(let text): "begins with \(text.text.debugDescription)"
        case .isIn(let values): "is one of \(values.map { "\($0)" }.joined(separator: ", "))"
        case .contains(let value): "contains \(value)"
        }
    }
}

extension AccessCondition: CustomStringConvertible {
    public var description: String {
        let names = path.map(\.text)
        let isPlain = names.allSatisfy { !$0.contains(".") && !$0.contains("\"") }
        let place = isPlain ? names.joined(separator: ".") : "\(names)"
        return "\(source.rawValue) \(place) \(test)"
    }
}
