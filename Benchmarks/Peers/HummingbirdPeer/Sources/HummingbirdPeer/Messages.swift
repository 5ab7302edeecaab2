import JWTKit

/// The claims that a token must have.
struct Claims: JWTPayload {
    var iss: IssuerClaim
    var sub: SubjectClaim
    var aud: AudienceClaim
    var exp: ExpirationClaim
    var role: String
    var workspace: String

    func verify(using algorithm: some JWTAlgorithm) throws {
        try exp.verifyNotExpired()
    }
}

/// A request of JSON-RPC, as far as this server serves any.
struct RPCRequest: Decodable {
    struct Parameters: Decodable {
        struct Arguments: Decodable {
            var title: String?
            var limit: Int?
        }

        var name: String?
        var arguments: Arguments?
    }

    var jsonrpc: String
    var id: Int
    var method: String
    var params: Parameters?
}

struct RPCResponse<Result: Encodable>: Encodable {
    var jsonrpc = "2.0"
    var id: Int
    var result: Result
}

struct RPCFailure: Encodable {
    struct Reason: Encodable {
        var code: Int
        var message: String
    }

    var jsonrpc = "2.0"
    var id: Int
    var error: Reason
}

struct ToolResult<Structured: Encodable>: Encodable {
    struct Content: Encodable {
        var type = "text"
        var text: String
    }

    var resultType = "complete"
    var content: [Content]
    var structuredContent: Structured
}

struct ToolList: Encodable {
    struct Tool: Encodable {
        struct Schema: Encodable {
            struct Property: Encodable {
                var type: String
            }

            var type = "object"
            var properties: [String: Property]
        }

        var name: String
        var description: String
        var inputSchema: Schema
    }

    var resultType = "complete"
    var tools = [
        Tool(
            name: "add_todo",
            description: "Adds a to-do.",
            inputSchema: .init(properties: ["title": .init(type: "string")])
        ),
        Tool(
            name: "list_todos",
            description: "Lists to-dos, oldest first.",
            inputSchema: .init(properties: ["limit": .init(type: "integer")])
        ),
    ]
}

struct Todo: Codable, Sendable {
    var id: Int
    var title: String
    var completed: Bool
    var createdBy: String

    enum CodingKeys: String, CodingKey {
        case id, title, completed
        case createdBy = "created_by"
    }
}

struct TodoPage: Encodable {
    var todos: [Todo]
}
