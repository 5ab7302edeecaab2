internal import Bytes
internal import JSON
internal import JSONSchema

/// The features of a server, checked and ready to be looked up.
///
/// A class so that a request which is being answered holds on to all of them with one reference; a
/// constant, so that every loop reads it without waiting.
public final class FeatureRegistry: Sendable {
    public let features: ServerFeatures

    /// Which of a tool's arguments clients repeat in HTTP fields, in the order of the tools.
    let mirroredArguments: [[MirroredArgument]]

    /// - Throws: ``FeatureRegistryError`` if a name is malformed or something occurs twice.
    public init(_ features: ServerFeatures) throws(FeatureRegistryError) {
        var names: Set<String> = []
        for tool in features.tools {
            guard Self.isName(tool.name) else { throw .malformedName(tool.name) }
            guard names.insert(tool.name).inserted else { throw .duplicateName(tool.name) }
            guard tool.input.isOfObjects else { throw .malformedSchema(tool: tool.name) }
        }
        names = []
        for prompt in features.prompts where !names.insert(prompt.name).inserted {
            throw .duplicatePrompt(prompt.name)
        }
        names = []
        let uris =
            features.resources.map(\.description.uri)
            + features.resourceTemplates.map(\.template.text)
        for uri in uris where !names.insert(uri).inserted { throw .duplicateResource(uri) }
        self.features = features
        mirroredArguments = features.tools.map { MirroredArgument.all(in: $0.input.json.span) }
    }

    var tools: [Tool] { features.tools }

    /// Where the tool stands whose name the JSON string spells.
    func toolIndex(named name: JSONString, in reader: borrowing JSONReader) -> Int? {
        // Comparing lengths first makes a scan cheaper than making a `String` to hash.
        for index in tools.indices where reader.equals(name, tools[index].name) { return index }
        return nil
    }

    func toolIndex(named name: Span<UInt8>) -> Int? {
        for index in tools.indices where name.equals(tools[index].name) { return index }
        return nil
    }

    func promptIndex(named name: Span<UInt8>) -> Int? {
        for index in features.prompts.indices where name.equals(features.prompts[index].name) {
            return index
        }
        return nil
    }

    /// Where a URI leads: a resource of its own comes before any template it follows.
    func resourcePlace(of uri: String) -> ResourcePlace? {
        for index in features.resources.indices
        where uri == features.resources[index].description.uri {
            return .resource(index)
        }
        for index in features.resourceTemplates.indices {
            if let variables = features.resourceTemplates[index].template.match(uri) {
                return .template(index, variables: variables)
            }
        }
        return nil
    }

    enum ResourcePlace: Sendable {
        case resource(Int)
        case template(Int, variables: [String: String])
    }

    private static func isName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.underscore
                    || $0 == ASCII.hyphen || $0 == ASCII.fullStop
            }
    }
}

/// A mistake in the program that offers the features.
public enum FeatureRegistryError: Error, Hashable, Sendable {
    case malformedName(String)
    case duplicateName(String)
    case malformedSchema(tool: String)
    case duplicatePrompt(String)
    case duplicateResource(String)
    case undeclaredPermission(tool: String, permission: String)
    case undeclaredFeaturePermission(feature: String, permission: String)
}

extension FeatureRegistryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedName(let name):
            "tool name \"\(name)\" is not 1 to 128 letters, digits, \"_\", \"-\" and \".\""
        case .duplicateName(let name):
            "two tools are named \"\(name)\""
        case .malformedSchema(let tool):
            "the input schema of tool \"\(tool)\" is no schema of objects: \"type\" is not \"object\""
        case .duplicatePrompt(let name):
            "two prompts are named \"\(name)\""
        case .duplicateResource(let uri):
            "two resources or templates have the URI \"\(uri)\""
        case .undeclaredPermission(let tool, let permission):
            "tool \"\(tool)\" requires permission \"\(permission)\", which the policy does not know"
        case .undeclaredFeaturePermission(let feature, let permission):
            "\(feature) requires permission \"\(permission)\", which the policy does not know"
        }
    }
}
