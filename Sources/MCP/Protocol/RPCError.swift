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
    public var code: Int {
        switch self {
        case .notJSON: -32700
        case .notAnObject, .batchNotServed, .malformedEnvelope, .missingSession: -32600
        case .unknownMethod: -32601
        case .missingMeta, .malformedParams, .missingParam, .repeatedParam, .unknownTool,
            .unknownCursor:
            -32602
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
            .unknownCursor, .unsupportedVersion:
            era == .modern ? 400 : 200
        case .internalError: 200
        }
    }

    /// The error object's `data`, where the specification defines one.
    var data: RawJSON? {
        guard case .unsupportedVersion(let requested) = self else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("supported")
        writer.beginArray()
        for version in ProtocolVersion.allCases { writer.string(version.rawValue) }
        writer.endArray()
        writer.name("requested")
        writer.string(requested)
        writer.endObject()
        return RawJSON(unchecked: writer.finish())
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
