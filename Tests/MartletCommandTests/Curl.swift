import Foundation

/// curl, which sends what the tests of the command have to say over the wire.
enum Curl {
    private static let path = "/usr/bin/curl"

    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    /// Sends `tools/list` of the newest protocol version.
    static func listTools(at url: String, token: String) throws -> (status: Int, body: String) {
        let version = "2026-07-28"
        let body = """
            {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{\
            "io.modelcontextprotocol/protocolVersion":"\(version)",\
            "io.modelcontextprotocol/clientCapabilities":{}}}}
            """
        let fields = [
            "Authorization: Bearer \(token)", "Content-Type: application/json",
            "Accept: application/json, text/event-stream", "MCP-Protocol-Version: \(version)",
            "Mcp-Method: tools/list",
        ]
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments =
            ["-sS", "-w", "\n%{http_code}", url, "-d", body] + fields.flatMap { ["-H", $0] }
        process.standardOutput = pipe
        try process.run()
        let output = String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }
}
