import Foundation
import Testing

/// Databases and archives in a directory of a test's own, and the commands that know them.
struct ArchiveRig {
    typealias Outcome = RunningCommand.Outcome

    let directory: String

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// Runs `martlet import` into an SQLite file; `nil` for a database that the environment names.
    func bring(
        _ archive: String,
        into database: String?,
        _ flags: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try RunningCommand(
            ["import", "--input", archive] + Self.flags(database) + flags,
            environment: environment,
            in: directory
        ).outcome()
    }

    /// Runs `martlet export`, to standard output unless the flags say otherwise.
    func export(
        _ database: String?,
        _ flags: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try RunningCommand(
            ["export"] + Self.flags(database) + flags,
            environment: environment,
            in: directory
        ).outcome()
    }

    /// Runs a line of the shell in the directory, "martlet" being the command.
    func shell(_ line: String) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let martlet = RunningCommand.executable.path
        process.arguments = ["-c", line.replacing("martlet ", with: "'\(martlet)' ")]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private static func flags(_ database: String?) -> [String] {
        database.map { ["--database", "sqlite:\($0)"] } ?? []
    }
}

/// Lends a rig whose directory is removed afterwards.
func withArchiveRig<Result>(_ body: (ArchiveRig) throws -> Result) throws -> Result {
    try withTemporaryDirectory { try body(ArchiveRig(directory: $0)) }
}
