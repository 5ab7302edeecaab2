import Bytes
import Foundation
import Libuv
import Logging
import MCP
import Martlet
import ProtocolTestSupport
import Synchronization
import TestSupport
import Testing

/// A client of a server on two pipes.
final class StdioTalk: Sendable {
    let gate = Gate()
    let journal = Journal<String>()
    let changes = ChangeAnnouncer()

    private let server: StdioServer
    private let toServer: FileHandle
    private let fromServer: FileHandle
    private let running: Task<Void, any Error>
    private let received = Mutex<[UInt8]>([])

    // Kept open for as long as the server runs.
    private let pipes: [Pipe]

    init(
        as credentials: StdioCredentials? = nil,
        features: TestServer.FeatureSet = .talking,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = TestServer.configuration
        configure(&configuration)
        let input = Pipe()
        let output = Pipe()
        pipes = [input, output]
        toServer = input.fileHandleForWriting
        fromServer = output.fileHandleForReading
        let parts = TestServer.Parts(gate: gate, journal: journal, changes: changes)
        let server = try StdioServer(
            ServerDescription(name: "test", title: "Test", version: "7"),
            features: features.make(parts),
            configuration,
            as: credentials ?? .token(token()),
            changes: changes,
            input: InputDescriptor(input.fileHandleForReading.fileDescriptor),
            output: OutputDescriptor(output.fileHandleForWriting.fileDescriptor),
            on: EventLoopGroup(count: 1),
            logger: logger
        )
        self.server = server
        let writer = output.fileHandleForWriting
        running = Task {
            defer { try? writer.close() }
            try await server.run()
        }
    }

    func send(_ lines: String...) throws {
        try write(lines.map { "\($0)\n" }.joined())
    }

    func write(_ text: String) throws {
        try toServer.write(contentsOf: Data(text.utf8))
    }

    /// The next message of the server; `nil` at the end.
    func receive() throws -> JSONTree? {
        let feed = UInt8(ascii: "\n")
        while true {
            if let line = received.withLock({ $0.removeFirst(until: feed) }) {
                return try JSONTree(String(decoding: line, as: UTF8.self))
            }
            let data = fromServer.availableData
            guard !data.isEmpty else { break }
            received.withLock { $0 += data }
        }
        #expect(received.withLock { $0.isEmpty }, "half a line")
        return nil
    }

    /// Sends one message and takes what comes next for its answer.
    func exchange(_ line: String) throws -> JSONTree {
        try send(line)
        return try #require(try receive())
    }

    func beginSession(
        _ version: String = "2025-11-25",
        capabilities: String = "{}"
    ) throws {
        let answer = try exchange(
            Message.legacy(
                "initialize",
                params: """
                    "protocolVersion":"\(version)","capabilities":\(capabilities),\
                    "clientInfo":{"name":"test","version":"1"}
                    """,
                id: "0"
            ).body
        )
        #expect(answer["result"]?["protocolVersion"]?.string == version)
    }

    func endInput() throws {
        try toServer.close()
    }

    func stop() {
        server.stop()
    }

    /// What is left of the server's messages, once it has ended.
    func finish() async throws -> [JSONTree] {
        var messages: [JSONTree] = []
        while let message = try receive() { messages.append(message) }
        try await running.value
        return messages
    }

    /// Waits for the end without reading.
    func waitForEnd() async throws {
        try await running.value
    }
}

extension [UInt8] {
    /// What stands before the first `byte`, if there is one, which goes too.
    fileprivate mutating func removeFirst(until byte: UInt8) -> [UInt8]? {
        guard let index = firstIndex(of: byte) else { return nil }
        defer { removeFirst(index + 1) }
        return Array(self[..<index])
    }
}

extension JSONTree {
    var toolText: String? { self["result"]?["content"]?[0]?["text"]?.string }
    var method: String? { self["method"]?.string }
    var subscription: JSONTree? {
        let meta = self["params"]?["_meta"] ?? self["result"]?["_meta"]
        return meta?["io.modelcontextprotocol/subscriptionId"]
    }
}
