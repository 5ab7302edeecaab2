internal import Bytes
internal import JSON

/// The tools a server offers, fixed when it starts.
///
/// A value: nothing changes after start-up, so every loop reads it without waiting. The order of
/// registration is the order of `tools/list`, which keeps it cacheable.
public struct ToolRegistry: Sendable {
    public let tools: [Tool]

    /// - Throws: ``ToolRegistryError`` if a name is malformed or occurs twice.
    public init(_ tools: [Tool]) throws(ToolRegistryError) {
        var names: Set<String> = []
        for tool in tools {
            guard Self.isName(tool.name) else { throw .malformedName(tool.name) }
            guard names.insert(tool.name).inserted else { throw .duplicateName(tool.name) }
        }
        self.tools = tools
    }

    /// Where the tool stands whose name the JSON string spells.
    func index(named name: JSONString, in reader: borrowing JSONReader) -> Int? {
        // Comparing lengths first makes a scan cheaper than making a `String` to hash.
        for index in tools.indices where reader.equals(name, tools[index].name) { return index }
        return nil
    }

    func index(named name: Span<UInt8>) -> Int? {
        for index in tools.indices where name.equals(tools[index].name) { return index }
        return nil
    }

    private static func isName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.underscore
                    || $0 == ASCII.hyphen || $0 == ASCII.fullStop
            }
    }
}

/// A mistake in the program that offers the tools.
public enum ToolRegistryError: Error, Hashable, Sendable {
    case malformedName(String)
    case duplicateName(String)
    case undeclaredPermission(tool: String, permission: String)
}

extension ToolRegistryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedName(let name):
            "tool name \"\(name)\" is not 1 to 128 letters, digits, \"_\", \"-\" and \".\""
        case .duplicateName(let name):
            "two tools are named \"\(name)\""
        case .undeclaredPermission(let tool, let permission):
            "tool \"\(tool)\" requires permission \"\(permission)\", which the policy does not know"
        }
    }
}
