// swift-tools-version: 6.2
import PackageDescription

// Apart from the other benchmarks, whose tests need not wait until this is built.
let package = Package(
    name: "martlet-micro-benchmarks",
    dependencies: [
        .package(name: "martlet", path: "../.."),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "HotPathBenchmarks",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "HotPaths", package: "martlet"),
            ],
            path: "Benchmarks/HotPathBenchmarks",
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .enableUpcomingFeature("ExistentialAny"),
            ],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        )
    ]
)
