// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "greeter",
    dependencies: [.package(name: "martlet", path: "../..")],
    targets: [
        .executableTarget(
            name: "Greeter",
            dependencies: [.product(name: "Martlet", package: "martlet")]
        )
    ]
)
