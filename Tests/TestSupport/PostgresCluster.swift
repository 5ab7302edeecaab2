internal import Foundation
internal import Glibc

/// A PostgreSQL of the test process's own (`Tests/postgres-cluster`), which ends with it.
///
/// The first test that needs it starts it; every test gets a schema of its own.
public final class PostgresCluster: Sendable {
    /// Why there is none.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    /// The cluster that tests share which do not stop it.
    public static let shared = Result { try PostgresCluster() }

    /// Why tests that need PostgreSQL cannot run; `nil` if they can.
    public static let reasonToSkip: String? = {
        let places = ["/usr/lib/postgresql"] + path
        let isThere = places.contains { place in
            guard let found = FileManager.default.enumerator(atPath: place) else { return false }
            return found.contains { ($0 as? String)?.hasSuffix("initdb") == true }
        }
        return isThere ? nil : "PostgreSQL is not installed (Debian: postgresql)"
    }()

    private static var path: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    public let port: Int
    private let directory: String
    private let input: FileHandle
    private let output: FileHandle

    public init() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("postgres-cluster")
        port = try Self.freePort()
        let process = Process()
        process.executableURL = script
        process.arguments = ["\(port)"]
        let (toScript, fromScript) = (Pipe(), Pipe())
        process.standardInput = toScript
        process.standardOutput = fromScript
        input = toScript.fileHandleForWriting
        output = fromScript.fileHandleForReading
        // The script stops PostgreSQL when the last writer has gone: no other child may be one.
        _ = fcntl(input.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.run()
        let words = try Self.line(output).split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, words[0] == "ready" else {
            throw Missing(description: words.last ?? "the script ended")
        }
        directory = words[1]
    }

    /// Has the script do something: "stop", "start" or "restart".
    public func command(_ word: String) throws {
        try input.write(contentsOf: Data("\(word)\n".utf8))
        guard try Self.line(output) == "ok" else { throw Missing(description: word) }
    }

    /// A new schema for one test.
    public func makeSchema() throws -> String {
        let name = "test_\(UInt64.random(in: .min ... .max))"
        try run("CREATE SCHEMA \(name)")
        return name
    }

    /// A URL of which tables are found in a schema.
    public func url(schema: String, port: Int? = nil) -> String {
        url(port: port, options: "-csearch_path=\(schema)")
    }

    /// Over TCP, with a password.
    public func url(
        host: String = "127.0.0.1",
        port: Int? = nil,
        options: String = ""
    ) -> String {
        let options = options.replacing("=", with: "%3D").replacing(" ", with: "%20")
        return
            "postgres://martlet:loopback@\(host):\(port ?? self.port)/postgres?options=\(options)"
    }

    /// Has psql do something, as the superuser; returns what it prints.
    @discardableResult
    public func run(_ sql: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
            "postgres://martlet@/postgres?host=\(directory)&port=\(port)", "-c", sql,
        ]
        let printed = Pipe()
        process.standardOutput = printed
        try process.run()
        let data = printed.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Missing(description: "psql: \(sql)") }
        return String(decoding: data, as: UTF8.self)
    }

    private static func line(_ handle: FileHandle) throws -> String {
        var bytes: [UInt8] = []
        while let byte = try handle.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(socket) }
        let (status, port) = unsafe withLoopback(port: 0) { address, size in
            unsafe Glibc.bind(socket, address, size) == 0
                ? unsafe Glibc.getsockname(socket, address, &size) : -1
        }
        guard status == 0 else { throw Missing(description: "no free port") }
        return port
    }
}
