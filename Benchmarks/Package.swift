// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what it depends on never reaches the server. It is built into the server's
// folder, where what both need is built once.
let package = Package(
    name: "martlet-benchmarks",
    dependencies: [.package(name: "martlet", path: "..")],
    targets: [
        .executableTarget(
            name: "verification",
            dependencies: [.product(name: "JWT", package: "martlet")],
            path: "Verification",
            swiftSettings: [.enableExperimentalFeature("Lifetimes")]
        )
    ]
)
