import Testing

@Suite("The source tree")
struct FloorsTests {
    /// What each module may import: read top to bottom, the architecture.
    static let floors: KeyValuePairs<String, Set<String>> = [
        "MartletCommand": [
            "AccessControl", "ArgumentParser", "Bytes", "Configuration", "Crypto", "Foundation",
            "Glibc", "HTTP1", "HTTPClient", "HTTPTransport", "JSON", "JSONSchema", "JWT", "Libuv",
            "Logging", "MCP", "Martlet", "PostgresClient", "TLS",
            "Telemetry", "TodoServer", "Todos", "TodosPostgres", "TodosSQLite",
        ],
        "EverythingServer": [
            "ArgumentParser", "Logging", "Martlet", "PostgresClient", "TodoServer",
            "TodosPostgres",
        ],
        "TodoServer": [
            "AccessControl", "Bytes", "JSON", "JSONSchema", "Libuv", "MCP", "Martlet", "Todos",
            "TodosPostgres",
        ],
        "Martlet": [
            "AccessControl", "Bytes", "Configuration", "Crypto", "Foundation", "HTTP1",
            "HTTPClient", "HTTPTransport", "JSON", "JSONSchema", "JWT", "Libuv", "Logging", "MCP",
            "Synchronization", "TLS", "Telemetry",
        ],
        "MCP": ["AccessControl", "Bytes", "JSON", "JSONSchema"],
        "Telemetry": ["Bytes", "Crypto", "HTTPClient", "JSON", "Libuv", "Synchronization"],
        "HTTPTransport": ["Bytes", "HTTP1", "Libuv", "Synchronization", "TLS"],
        "HTTPClient": ["Bytes", "CCurl", "Libuv"],
        "JWT": ["Bytes", "Crypto", "CryptoExtras", "JSON"],
        "JSONSchema": ["Bytes", "JSON"],
        "TLS": ["Bytes", "COpenSSL"],
        "TodosSQLite": ["CSQLite", "Libuv", "Synchronization", "Todos"],
        "TodosPostgres": ["Libuv", "PostgresClient", "Todos"],
        "PostgresClient": ["CPostgres", "Libuv"],
        "HTTP1": ["Bytes"],
        "JSON": ["Bytes"],
        "AccessControl": [],
        "Todos": ["Synchronization"],
        "Libuv": ["CLibuv", "Glibc", "Synchronization"],
        "Bytes": [],
    ]

    @Test(arguments: floors.map(\.key))
    func `A module imports only the floors below it`(module: String) throws {
        let allowed = try #require(Self.floors.first { $0.key == module }).value
        let files = try SourceFile.all(under: "Sources/\(module)")
        #expect(!files.isEmpty)
        for file in files {
            #expect(file.imports.subtracting(allowed) == [], "\(file.path)")
        }
    }

    @Test func `Every module has its place in the table`() throws {
        #expect(try SourceFile.moduleNames() == Set(Self.floors.map(\.key)))
    }

    @Test func `The table lists a module above everything that it imports`() {
        let names = Self.floors.map(\.key)
        for (index, floor) in Self.floors.enumerated() {
            let below = Set(names[(index + 1)...])
            #expect(floor.value.intersection(names).isSubset(of: below), "\(floor.key)")
        }
    }

    @Test func `The features for testing clients are made with the library alone`() throws {
        let below = try SourceFile.all(under: "Sources/EverythingServer").filter { file in
            !file.imports.isSubset(of: ["ArgumentParser", "Logging", "Martlet"])
        }
        #expect(below.map(\.path) == ["Sources/EverythingServer/SharedDatabase.swift"])
    }

    @Test func `Foundation is imported by the command, and where seals need its type of bytes`()
        throws
    {
        let importing = try SourceFile.all(under: "Sources").filter { file in
            file.imports.contains { $0.hasPrefix("Foundation") }
                && !file.path.hasPrefix("Sources/MartletCommand/")
        }
        #expect(importing.map(\.path) == ["Sources/Martlet/Sessions/Sealer.swift"])
    }

    @Test(arguments: floors.map(\.key))
    func `No type bears its module's name`(module: String) throws {
        let declaration = try Regex("(class|struct|enum|actor|protocol) \(module)\\b")
        for file in try SourceFile.all(under: "Sources/\(module)") {
            #expect(file.code.firstMatch(of: declaration) == nil, "\(file.path)")
        }
    }

    @Test func `Only what whoever writes tools needs is imported for them`() throws {
        let exporting = try SourceFile.all(under: "Sources").filter {
            $0.code.contains("@_exported")
        }
        #expect(exporting.map(\.path) == ["Sources/Martlet/Exports.swift"])
    }
}
