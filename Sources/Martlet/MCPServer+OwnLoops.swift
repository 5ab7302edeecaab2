internal import Libuv
public import Logging
public import MCP

extension MCPServer {
    /// A server with event loops of its own, for programs that need none for anything else.
    ///
    /// - Parameters:
    ///   - description: What the server says of itself.
    ///   - features: What it offers.
    ///   - configuration: Whom it believes and what it allows.
    ///   - changes: What the features announce their changes with.
    ///   - loopCount: Loops to serve on, one a core.
    ///   - logger: For what an operator should know.
    /// - Throws: ``ConfigurationError``, or ``LibuvError`` if an address cannot be had.
    public convenience init(
        _ description: ServerDescription,
        features: ServerFeatures,
        _ configuration: ServerConfiguration,
        changes: ChangeAnnouncer = ChangeAnnouncer(),
        loopCount: Int,
        logger: Logger = Logger(label: "martlet")
    ) throws {
        let group = try EventLoopGroup(count: loopCount)
        do {
            try self.init(
                description,
                features: features,
                configuration,
                changes: changes,
                on: group,
                logger: logger
            )
        } catch {
            group.stop()
            throw error
        }
    }
}
