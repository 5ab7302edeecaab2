// swift-tools-version: 6.2
import PackageDescription

// What every Swift target is compiled with. `Lifetimes` lets a function return a span of its
// argument; the others make isolation, imports and unsafety visible in the source.
let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let configuration: Target.Dependency = .product(
    name: "Configuration",
    package: "swift-configuration"
)
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "martlet",
    products: [
        .library(name: "Martlet", targets: ["Martlet"]),
        // For the comparisons with other libraries in Tests/Differential.
        .library(name: "JWT", targets: ["JWT"]),
        .library(name: "JSONSchema", targets: ["Bytes", "JSON", "JSONSchema"]),
        // What takes bytes from strangers: Fuzzing.
        .library(
            name: "Inputs",
            targets: ["AccessControl", "Bytes", "HTTP1", "JSON", "JSONSchema", "JWT", "MCP"]
        ),
        // What the load generator is made of: Benchmarks.
        .library(name: "Floors", targets: ["Bytes", "JSON", "JWT", "Libuv"]),
        // The pieces that Benchmarks measures one by one.
        .library(name: "HotPaths", targets: ["HotPaths"]),
        .executable(name: "martlet", targets: ["MartletCommand"]),
        // Every feature of the protocol, for testing clients: Tests/Interop.
        .executable(name: "everything-server", targets: ["EverythingServer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    // Top floor first, as in docs/Architecture.md.
    targets: [
        .executableTarget(
            name: "MartletCommand",
            dependencies: [
                "AccessControl", "Bytes", "HTTP1", "HTTPClient", "HTTPTransport", "JSON", "JWT",
                "Libuv", "MCP", "Martlet", "PostgresClient", "TLS",
                "Telemetry", "TodoServer", "Todos", "TodosPostgres", "TodosSQLite", argumentParser,
                configuration, crypto, logging,
            ],
            swiftSettings: settings
        ),
        // As users of the library are: they import `Martlet` and nothing below it; but one file shares
        // a database as the server does.
        .executableTarget(
            name: "EverythingServer",
            dependencies: [
                "Martlet", "PostgresClient", "TodoServer", "TodosPostgres", argumentParser, logging,
            ],
            swiftSettings: settings
        ),
        module(
            "TodoServer",
            [
                "AccessControl", "Bytes", "JSON", "JSONSchema", "Libuv", "MCP", "Martlet", "Todos",
                "TodosPostgres",
            ]
        ),
        module(
            "Martlet",
            [
                "AccessControl", "Bytes", "HTTP1", "HTTPClient", "HTTPTransport", "JSON",
                "JSONSchema", "JWT", "Libuv", "MCP", "TLS", "Telemetry", logging, crypto,
            ]
        ),
        module("MCP", ["AccessControl", "Bytes", "JSON", "JSONSchema"]),
        module("Telemetry", ["Bytes", "HTTPClient", "JSON", "Libuv", crypto]),
        module("HTTPTransport", ["Bytes", "HTTP1", "Libuv", "TLS"]),
        module("HTTPClient", ["Bytes", "CCurl", "Libuv"]),
        module("JWT", ["Bytes", "JSON", crypto, cryptoExtras]),
        module("JSONSchema", ["Bytes", "JSON"]),
        module("TLS", ["Bytes", "COpenSSL"]),
        module("TodosSQLite", ["CSQLite", "Libuv", "Todos"]),
        module("TodosPostgres", ["Libuv", "PostgresClient", "Todos"]),
        module("PostgresClient", ["CPostgres", "Libuv"]),
        module("HTTP1", ["Bytes"]),
        module("JSON", ["Bytes"]),
        module("AccessControl"),
        module("Todos"),
        module("Bytes"),
        module("Libuv", ["CLibuv"]),
        .systemLibrary(name: "CLibuv", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        .target(
            name: "HotPaths",
            dependencies: [
                "AccessControl", "Bytes", "HTTP1", "JSON", "JWT", "Libuv", "MCP", "Martlet",
                "TodoServer", "Todos", "TodosSQLite",
            ],
            path: "Benchmarks/HotPaths",
            swiftSettings: settings
        ),

        tests("BytesTests", ["Bytes"]),
        tests("AccessControlTests", ["AccessControl"]),
        tests("JWTTests", ["Bytes", "JSON", "JWT", crypto]),
        tests("TodosTests", ["Todos"]),
        tests(
            "TodoStoreTests",
            ["Libuv", "PostgresClient", "TestSupport", "Todos", "TodosPostgres", "TodosSQLite"]
        ),
        tests("PostgresClientTests", ["Libuv", "PostgresClient", "TestSupport"]),
        tests(
            "TodosPostgresTests",
            ["Libuv", "PostgresClient", "TestSupport", "Todos", "TodosPostgres"]
        ),
        tests("TodosSQLiteTests", ["CPowerCutVFS", "Todos", "TodosSQLite"]),
        .target(
            name: "CPowerCutVFS",
            dependencies: ["CSQLite"],
            path: "Tests/CPowerCutVFS"
        ),
        tests("HTTP1Tests", ["Bytes", "HTTP1"]),
        tests("JSONTests", ["Bytes", "JSON"]),
        tests("JSONSchemaTests", ["Bytes", "JSON", "JSONSchema"]),
        tests(
            "MartletCommandTests",
            [
                "AccessControl", "Bytes", "HTTP1", "HTTPClient", "HTTPTransport", "JSON", "JWT",
                "Libuv", "Martlet", "MartletCommand", "PostgresClient", "TLS", "Telemetry",
                "TestSupport", "Todos", "TodosPostgres", argumentParser,
            ]
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Libuv"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        tests("LibuvTests", ["Libuv", "TestSupport"]),
        tests("HTTPClientTests", ["Bytes", "HTTPClient", "Libuv", "TestSupport"]),
        tests(
            "HTTPTransportTests",
            ["Bytes", "HTTP1", "HTTPTransport", "Libuv", "TLS", "TestSupport"]
        ),
        tests("TLSTests", ["Bytes", "TLS"]),
        tests(
            "TelemetryTests",
            ["Bytes", "HTTPClient", "JSON", "Libuv", "Telemetry", "TestSupport"]
        ),
        tests("PackageTests", []),
        .target(
            name: "ProtocolTestSupport",
            dependencies: ["JSON"],
            path: "Tests/ProtocolTestSupport",
            swiftSettings: settings
        ),
        tests(
            "MCPTests",
            ["AccessControl", "Bytes", "JSON", "JSONSchema", "MCP", "ProtocolTestSupport"]
        ),
        tests(
            "MartletTests",
            [
                "AccessControl", "Bytes", "HTTPClient", "HTTPTransport", "JSONSchema", "JWT",
                "Libuv", "MCP", "Martlet", "ProtocolTestSupport", "Telemetry", "TestSupport",
                logging,
            ]
        ),
        tests(
            "SimulationTests",
            [
                "AccessControl", "Bytes", "CSimulatedKernel", "HTTPTransport", "JWT", "Libuv",
                "MCP", "Martlet", "ProtocolTestSupport", "TestSupport", "TodoServer", "Todos",
                logging,
            ]
        ),
        .target(name: "CSimulatedKernel", path: "Tests/CSimulatedKernel"),
        tests(
            "TodoServerTests",
            [
                "AccessControl", "Bytes", "JSON", "JSONSchema", "Libuv", "MCP", "Martlet",
                "PostgresClient", "ProtocolTestSupport", "TestSupport", "TodoServer", "Todos",
                "TodosPostgres", "TodosSQLite",
            ]
        ),
    ]
)
