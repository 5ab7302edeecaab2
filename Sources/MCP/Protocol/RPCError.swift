internal import Bytes
public import JSON

/// Why a message gets an error object instead of a result (JSON-RPC 2.0 §5.1, MCP "Errors").
public enum RPCError: Error, Hashable, Sendable {
    case notJSON(JSONError)
    case notAnObject
    case batchNotServed
    case malformedEnvelope(EnvelopeFault)
    case missingMeta(name: String)
    case malformedParams(name: String, expected: String)
    case missingParam(name: String)
    case repeatedParam(name: String)
    case missingSession
    case unsupportedVersion(requested: String)
    case headerMismatch(HeaderFault)
    case unknownMethod(name: String)
    case unknownTool(name: String)
    case unknownCursor
    case unknownResource(uri: String)
    case unknownPrompt(name: String)
    case unknownTask
    case refusedState
    case rejected(message: String)
    case missingCapability(ClientCapabilities)
    case refusedInBatch(BatchRefusal)
    case refused(RequestRefusal)
    case internalError

    /// What is wrong with a JSON-RPC envelope.
    public enum EnvelopeFault: String, Hashable, Sendable {
        case version = "jsonrpc must be \"2.0\""
        case missingMethod = "method is missing"
        case methodNotAString = "method must be a string"
        case malformedID = "id must be a string or an integer"
        case missingID = "id is missing"
        case malformedParams = "params must be an object"
        case duplicateMember = "a member occurs twice"
        case responseNotExpected = "a response was sent where a request is expected"
        case modernInSession = "after initialize no message has modern metadata"
        case repeatedInitialize = "initialize was sent before"
    }

    /// How an HTTP field and the body contradict each other.
    public enum HeaderFault: Hashable, Sendable {
        case missing(field: String)
        case repeated(field: String)
        case malformed(field: String)
        case different(field: String)
        /// The field announces one era and the body speaks the other.
        case otherEra
    }

    /// JSON-RPC's and MCP's numbers; −32000…−32019 are never used (MCP 2026-07-28, "Errors").
    ///
    /// A resource that does not exist had a number of its own before 2026-07-28 (MCP 2025-11-25,
    /// *Resources*, "Error Handling").
    public func code(in era: ProtocolVersion.Era) -> Int {
        switch self {
        case .notJSON: -32700
        case .notAnObject, .batchNotServed, .malformedEnvelope, .missingSession,
            .refusedInBatch, .refused:
            -32600
        case .unknownMethod: -32601
        case .missingMeta, .malformedParams, .missingParam, .repeatedParam, .unknownTool,
            .unknownCursor, .unknownPrompt, .unknownTask, .refusedState, .rejected:
            -32602
        case .unknownResource: era == .modern ? -32602 : -32002
        case .missingCapability: era == .modern ? -32021 : -32602
        case .internalError: -32603
        case .headerMismatch: -32020
        case .unsupportedVersion: -32022
        }
    }

    /// The HTTP status that carries the error.
    ///
    /// In the legacy era errors in answer to a well-formed request travel with 200: the status
    /// speaks of the message, not of its outcome.
    public func statusCode(in era: ProtocolVersion.Era) -> Int {
        switch self {
        case .notJSON, .notAnObject, .batchNotServed, .malformedEnvelope, .missingSession,
            .headerMismatch:
            400
        case .unknownMethod: era == .modern ? 404 : 200
        case .missingMeta, .malformedParams, .missingParam, .repeatedParam, .unknownTool,
            .unknownCursor, .unknownResource, .unknownPrompt, .unknownTask, .refusedState,
            .rejected, .missingCapability, .unsupportedVersion:
            era == .modern ? 400 : 200
        case .internalError, .refusedInBatch, .refused: 200
        }
    }

    /// The error object's `data`, where the specification defines one.
    var data: RawJSON? {
        switch self {
        case .unsupportedVersion(let requested):
            RawJSON { writer in
                writer.beginObject()
                writer.name("supported")
                writer.strings(ProtocolVersion.allCases.map(\.rawValue))
                writer.name("requested")
                writer.string(requested)
                writer.endObject()
            }
        case .unknownResource(let uri):
            RawJSON { writer in
                writer.beginObject()
                writer.name("uri")
                writer.string(uri)
                writer.endObject()
            }
        case .missingCapability(let capabilities):
            RawJSON { writer in
                writer.beginObject()
                writer.name("requiredCapabilities")
                capabilities.encode(into: &writer)
                writer.endObject()
            }
        default: nil
        }
    }
}

extension RPCError: CustomStringConvertible {
    /// The error object's `message`: for the developer of the client.
    public var description: String {
        switch self {
        case .notJSON(let error): "Parse error: \(error)"
        case .notAnObject: "Invalid request: a JSON-RPC message is an object"
        case .batchNotServed: "Invalid request: batches are not served in this protocol version"
        case .malformedEnvelope(let fault): "Invalid request: \(fault.rawValue)"
        case .missingMeta(let name): "Invalid params: _meta lacks \(name)"
        case .malformedParams(let name, let expected): "Invalid params: \(name) must be \(expected)"
        case .missingParam(let name): "Invalid params: \(name) is missing"
        case .repeatedParam(let name): "Invalid params: \(name) occurs more than once"
        case .missingSession: "Invalid request: Mcp-Session-Id is missing"
        case .unsupportedVersion: "Unsupported protocol version"
        case .headerMismatch(let fault): "Header mismatch: \(fault)"
        case .unknownMethod(let name): "Method not found: \(name)"
        case .unknownTool(let name): "Unknown tool: \(name)"
        case .unknownCursor: "Invalid params: this cursor was not issued by this list"
        case .unknownResource: "Resource not found"
        case .unknownPrompt(let name): "Unknown prompt: \(name)"
        case .unknownTask: "Unknown task"
        case .refusedState:
            "Invalid params: requestState was not made for this request, or has expired"
        case .rejected(let message): message
        case .missingCapability: "The client lacks a capability that this request needs"
        case .refusedInBatch(.forbidden): "Forbidden: the caller may not do this"
        case .refusedInBatch(.initialize): "Invalid request: initialize cannot be part of a batch"
        case .refusedInBatch(.tooMany): "Too many requests: try this one again later"
        case .refusedInBatch(.unavailable): "Unavailable: try this one again later"
        case .refused(let refusal): "\(refusal)"
        case .internalError: "Internal error"
        }
    }
}

extension RPCError.HeaderFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let field): "\(field) is missing"
        case .repeated(let field): "\(field) occurs more than once"
        case .malformed(let field): "\(field) is malformed"
        case .different(let field): "\(field) differs from the body"
        case .otherEra: "MCP-Protocol-Version and the body belong to different eras"
        }
    }
}
