// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

let hotPaths: Target.Dependency = .product(name: "HotPaths", package: "martlet")
let floors: Target.Dependency = .product(name: "Floors", package: "martlet")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")

// A package of its own: what it depends on never reaches the server. It is built into the server's
// folder, where what both need is built once.
let package = Package(
    name: "martlet-benchmarks",
    dependencies: [
        .package(name: "martlet", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .executableTarget(
            name: "verification",
            dependencies: [.product(name: "JWT", package: "martlet")],
            path: "Verification",
            swiftSettings: [.enableExperimentalFeature("Lifetimes")]
        ),
        .executableTarget(
            name: "agentload",
            dependencies: [
                "AgentLoad", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "AgentLoadCommand",
            swiftSettings: settings
        ),
        .target(
            name: "AgentLoad",
            dependencies: ["CTimer", floors, histogram],
            path: "AgentLoad",
            swiftSettings: settings
        ),
        // Every hot path under callgrind, for the gate on instruction counts.
        .executableTarget(
            name: "hotpaths",
            dependencies: ["CCallgrind", hotPaths],
            path: "Instructions",
            swiftSettings: settings
        ),
        .target(name: "CCallgrind", path: "CCallgrind"),
        // The one thing of Linux that the Glibc module lacks: timerfd_create(2).
        .target(name: "CTimer", path: "CTimer"),
        .testTarget(
            name: "AgentLoadTests",
            dependencies: ["AgentLoad", floors, histogram],
            path: "Tests/AgentLoadTests",
            swiftSettings: settings
        ),
    ]
)
