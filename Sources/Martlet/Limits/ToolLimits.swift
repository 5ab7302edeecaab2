internal import AccessControl
internal import MCP

/// How often one subject may call a tool, for the tools that have such a limit.
final class ToolLimits: Sendable {
    /// By the place of the tool.
    private let tables: [RateLimitTable?]

    /// `nil` if no tool has a limit.
    ///
    /// - Parameters:
    ///   - limits: By the name of the tool.
    ///   - features: What the server offers.
    /// - Throws: ``ConfigurationError`` if there is no such tool.
    init?(_ limits: [String: RateLimit], of features: ServerFeatures) throws(ConfigurationError) {
        let names = Set(features.tools.map(\.name))
        for name in limits.keys.sorted() where !names.contains(name) {
            throw .unknownToolLimit(name)
        }
        guard limits.values.contains(where: { $0.perSecond > 0 }) else { return nil }
        tables = features.tools.map { tool in
            guard let limit = limits[tool.name], limit.perSecond > 0 else { return nil }
            return RateLimitTable(limit)
        }
    }

    /// The limit of what is called, if it has one.
    subscript(operation: Operation) -> RateLimitTable? {
        guard operation.method == .toolsCall, case .tool(let index) = operation.target else {
            return nil
        }
        return tables[index]
    }
}
