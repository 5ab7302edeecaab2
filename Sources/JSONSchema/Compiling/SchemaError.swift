import JSON

/// Why a schema was not compiled, and where in it the cause stands.
public struct SchemaError: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case malformed(JSONError)
        case repeatedMember
        case tooLong(byteCountMax: Int)
        case tooManyValues(countMax: Int)
        /// `$schema` names another dialect than 2020-12.
        case unsupportedDialect(String)
        case unexpected(JSONKind, expected: Expectation)
        case unknownType(String)
        /// A list of schemas or types that must not be empty.
        case empty
        case divisorTooLong(digitCountMax: Int)
        case pattern(PatternError)
        case patternsTooLarge(instructionCountMax: Int)
        /// An `$id` with a fragment.
        case malformedIdentifier(String)
        case repeatedIdentifier(String)
        /// The reference leaves the document. It is never fetched.
        case remoteReference(String)
        /// The reference names nothing in the document.
        case unresolvedReference(String)
        /// Schemas that apply each other to the same value without end.
        case endlessReference
    }

    /// What the value of a keyword must be.
    public enum Expectation: Hashable, Sendable {
        case schema
        case listOfSchemas
        case namedSchemas
        case string
        case listOfStrings
        case namedListsOfStrings
        case typeNames
        case list
        case number
        case positiveNumber
        case count
        case bool
    }

    public let reason: Reason

    /// A JSON Pointer (RFC 6901) from the root of the schema, as a URI fragment begins: `#/items`.
    public let path: String

    init(_ reason: Reason, at path: String = "#") {
        self.reason = reason
        self.path = path
    }
}

extension SchemaError: CustomStringConvertible {
    public var description: String {
        "\(reason) at \(path) of the schema"
    }
}

extension SchemaError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let error): "\(error)"
        case .repeatedMember: "the same member twice"
        case .tooLong(let byteCountMax): "more than \(byteCountMax) bytes"
        case .tooManyValues(let countMax): "more than \(countMax) values"
        case .unsupportedDialect(let dialect): "dialect \(Excerpt(dialect)), only 2020-12 is known"
        case .unexpected(let found, let expected): "expected \(expected), found \(found)"
        case .unknownType(let name): "unknown type \"\(Excerpt(name))\""
        case .empty: "an empty list"
        case .divisorTooLong(let digitCountMax): "divisor of more than \(digitCountMax) digits"
        case .pattern(let error): "\(error)"
        case .patternsTooLarge(let instructionCountMax):
            "patterns need more than \(instructionCountMax) instructions in all"
        case .malformedIdentifier(let text): "identifier with a fragment: \(Excerpt(text))"
        case .repeatedIdentifier(let text): "identifier used twice: \(Excerpt(text))"
        case .remoteReference(let text): "reference leaves the document: \(Excerpt(text))"
        case .unresolvedReference(let text): "reference to nothing: \(Excerpt(text))"
        case .endlessReference: "schemas apply each other to the same value without end"
        }
    }
}

extension SchemaError.Expectation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .schema: "a schema, which is an object or a boolean"
        case .listOfSchemas: "an array of schemas"
        case .namedSchemas: "an object of schemas"
        case .string: "a string"
        case .listOfStrings: "an array of strings"
        case .namedListsOfStrings: "an object of arrays of strings"
        case .typeNames: "the name of a type or an array of such names"
        case .list: "an array"
        case .number: "a number"
        case .positiveNumber: "a number above 0"
        case .count: "an integer from 0 on"
        case .bool: "a boolean"
        }
    }
}
