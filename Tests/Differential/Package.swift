// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what the comparison depends on never reaches the server.
let package = Package(
    name: "differential",
    dependencies: [
        .package(name: "martlet", path: "../.."),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .executableTarget(
            name: "Differential",
            dependencies: [
                .product(name: "JWT", package: "martlet"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: [
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
            ]
        ),
        .executableTarget(
            name: "SchemaDifferential",
            dependencies: [.product(name: "JSONSchema", package: "martlet")],
            swiftSettings: [
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
            ]
        ),
    ]
)
