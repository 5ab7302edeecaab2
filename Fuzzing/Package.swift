// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

// A package of its own, since all of it, the server's modules too, is built with what guides the
// fuzzer: Scripts/fuzz.
let package = Package(
    name: "martlet-fuzzing",
    dependencies: [.package(name: "martlet", path: "..")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [.product(name: "Inputs", package: "martlet")],
            path: "Fuzz",
            swiftSettings: settings
        )
    ]
)
