import Foundation

/// The real executable as a process.
final class RunningCommand {
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        var errorLines: [Substring] { errors.split(separator: "\n") }
    }

    let process = Process()
    private(set) var output = ""
    private let outputPipe = Pipe()
    private let errorFile: URL

    /// Beside the tests, where the package manager builds both.
    static let executable: URL = {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent()
            .appendingPathComponent("martlet")
    }()

    /// Starts it in `directory`, with nothing in its environment but what is given and what
    /// sanitizers need, and nothing to read unless there is an `input`.
    init(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: Any = FileHandle.nullDevice,
        in directory: String
    ) throws {
        errorFile = URL(fileURLWithPath: directory)
            .appendingPathComponent("stderr-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errorFile.path, contents: nil)
        let inherited = ProcessInfo.processInfo.environment.filter {
            $0.key == "PATH" || $0.key == "LD_LIBRARY_PATH" || $0.key.hasSuffix("SAN_OPTIONS")
        }
        process.executableURL = Self.executable
        process.arguments = arguments
        // What a balancer is given the time to notice is not what these tests are about.
        process.environment = inherited.merging(["MARTLET_DRAIN_DELAY_SECONDS": "0"]) { $1 }
            .merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = input
        process.standardOutput = outputPipe
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    /// Reads standard output until it holds `text` or ends.
    func waitForOutput(_ text: String) -> Bool {
        while !output.contains(text) {
            let data = outputPipe.fileHandleForReading.availableData
            if data.isEmpty { return false }
            output += String(decoding: data, as: UTF8.self)
        }
        return true
    }

    /// Asks it to end and waits until it has.
    func stop() throws -> Outcome {
        process.terminate()
        return try outcome()
    }

    func outcome() throws -> Outcome {
        let rest = outputPipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -1,
            output: output + String(decoding: rest, as: UTF8.self),
            errors: try String(contentsOf: errorFile, encoding: .utf8)
        )
    }
}
