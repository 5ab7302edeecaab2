import AccessControl
import Foundation
import MCP
import ProtocolTestSupport
import Testing

/// The specification's own examples, read from the folder of reference material if it is there.
@Suite("Examples of MCP 2026-07-28")
struct ExampleMessageTests {
    private static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment
        let beside = URL(filePath: #filePath).appending(path: "../../../../shared").standardized
        let shared = environment["MARTLET_SHARED"].map { URL(filePath: $0) } ?? beside
        let examples = shared.appending(path: "spec/mcp-2026-07-28-examples")
        return FileManager.default.fileExists(atPath: examples.path) ? examples : nil
    }()

    /// Every example of a whole request.
    private static func requests() throws -> [(name: String, text: String)] {
        guard let folder else { return [] }
        var requests: [(String, String)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix("Request") {
            let files = folder.appending(path: name)
            for file in try FileManager.default.contentsOfDirectory(atPath: files.path).sorted()
            where file.hasSuffix(".json") {
                let text = try String(
                    contentsOf: files.appending(path: file),
                    encoding: .utf8
                )
                // What a server asks for travels inside a result and is no message of its own.
                guard try JSONTree(text)["jsonrpc"] != nil else { continue }
                requests.append(("\(name)/\(file)", text))
            }
        }
        return requests
    }

    @Test(
        .enabled(
            if: folder != nil,
            "no spec/mcp-2026-07-28-examples: set MARTLET_SHARED, or put ../shared beside the package"
        )
    )
    func `Every example of a request is understood and answered under its id`() throws {
        let fixture = try Fixture()
        let requests = try Self.requests()
        #expect(requests.count >= 8)
        for (name, text) in requests {
            let json = try JSONTree(text)
            let method = try #require(json["method"]?.string, "\(name)")
            var message = Message.modern(method).saying(text)
            let params = json["params"]
            if let target = params?["name"]?.string ?? params?["uri"]?.string {
                message = message.adding("Mcp-Name", target)
            }
            let answer = try fixture.answer(to: message)

            if case .listen = answer.dispatch, method == "subscriptions/listen" { continue }
            #expect(answer.id == json["id"], "\(name)")
            switch answer.errorCode {
            case nil, -32_601: break
            // They name what the fixture does not have.
            case -32_602
            where [
                "tools/call", "resources/read", "prompts/get", "completion/complete",
            ].contains(method) || params?["_meta"] == nil:
                break
            default: Issue.record("\(name): \(answer.text)")
            }
        }
    }
}
