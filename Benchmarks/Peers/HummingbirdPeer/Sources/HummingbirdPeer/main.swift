import Foundation
import Hummingbird
import JWTKit

// The to-do list on Hummingbird and jwt-kit, as their documentation writes a server: a router, Codable
// and an actor that holds the to-dos.
//
//     JWT_SECRET=… JWT_ISSUER=… JWT_AUDIENCE=… HummingbirdPeer PORT

actor TodoStore {
    private var todos: [String: [Todo]] = [:]

    func add(_ title: String, to workspace: String, by subject: String) -> Todo {
        let id = todos[workspace, default: []].count + 1
        let todo = Todo(id: id, title: title, completed: false, createdBy: subject)
        todos[workspace, default: []].append(todo)
        return todo
    }

    func page(_ limit: Int, of workspace: String) -> [Todo] {
        Array(todos[workspace, default: []].prefix(limit))
    }
}

struct TodoEndpoint: Sendable {
    let keys: JWTKeyCollection
    let issuer: String
    let audience: String
    let store = TodoStore()

    func claims(of request: Request) async throws -> Claims {
        let prefix = "Bearer "
        guard let credentials = request.headers[.authorization], credentials.hasPrefix(prefix)
        else {
            throw HTTPError(.unauthorized)
        }
        do {
            let token = String(credentials.dropFirst(prefix.count))
            let claims = try await keys.verify(token, as: Claims.self)
            guard claims.iss.value == issuer else { throw HTTPError(.unauthorized) }
            try claims.aud.verifyIntendedAudience(includes: audience)
            return claims
        } catch {
            throw HTTPError(.unauthorized)
        }
    }

    func answer(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let claims = try await claims(of: request)
        let message = try await request.decode(as: RPCRequest.self, context: context)
        switch (message.method, message.params?.name) {
        case ("tools/list", _):
            return try respond(RPCResponse(id: message.id, result: ToolList()))
        case ("tools/call", "add_todo"):
            guard ["admin", "user"].contains(claims.role) else { throw HTTPError(.forbidden) }
            guard let title = message.params?.arguments?.title else { throw HTTPError(.badRequest) }
            let subject = claims.sub.value
            let todo = await store.add(title, to: claims.workspace, by: subject)
            return try respond(todo, to: message.id)
        case ("tools/call", "list_todos"):
            guard ["admin", "user", "readonly"].contains(claims.role) else {
                throw HTTPError(.forbidden)
            }
            let limit = message.params?.arguments?.limit ?? 20
            let page = TodoPage(todos: await store.page(limit, of: claims.workspace))
            return try respond(page, to: message.id)
        default:
            return try respond(
                RPCFailure(id: message.id, error: .init(code: -32601, message: "no such method"))
            )
        }
    }

    private func respond(_ structured: some Encodable, to id: Int) throws -> Response {
        let text = String(decoding: try JSONEncoder().encode(structured), as: UTF8.self)
        let result = ToolResult(content: [.init(text: text)], structuredContent: structured)
        return try respond(RPCResponse(id: id, result: result))
    }

    private func respond(_ body: some Encodable) throws -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(body)))
        )
    }
}

let environment = ProcessInfo.processInfo.environment
guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]),
    let secret = environment["JWT_SECRET"], let issuer = environment["JWT_ISSUER"],
    let audience = environment["JWT_AUDIENCE"]
else {
    print("usage: JWT_SECRET=… JWT_ISSUER=… JWT_AUDIENCE=… HummingbirdPeer PORT")
    exit(64)
}
let keys = JWTKeyCollection()
await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
let endpoint = TodoEndpoint(keys: keys, issuer: issuer, audience: audience)
let router = Router()
router.post("/mcp") { try await endpoint.answer($0, $1) }
let application = Application(
    router: router,
    configuration: .init(address: .hostname("127.0.0.1", port: port)),
    onServerRunning: { _ in
        print("listening on http://127.0.0.1:\(port)/mcp")
        fflush(nil)
    }
)
try await application.runService()
