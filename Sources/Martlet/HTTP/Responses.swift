internal import Bytes
internal import HTTP1
internal import JSON

/// The responses of the server that do not depend on a request's content.
///
/// A class: as a value, each use would count the references of all of them.
final class Responses: Sendable {
    let security: FieldBlock
    let challenge: Challenge

    /// Fields of a response with a JSON body.
    let json: FieldBlock

    /// Fields of an event stream; proxies are asked to pass it on as it comes.
    let eventStream: FieldBlock
    let healthy: ConstantResponse
    let ready: ConstantResponse
    let draining: ConstantResponse
    let fetchingKeys: ConstantResponse
    let status: ConstantResponse
    let metadata: ConstantResponse
    let metadataPreflight: ConstantResponse
    let notFound: ConstantResponse
    let readOnlyPath: ConstantResponse
    let postOnly: ConstantResponse
    /// For the server as a whole.
    let options: ConstantResponse
    let endpointOptions: ConstantResponse
    let noHost: ConstantResponse
    let misdirected: ConstantResponse
    let originRefused: ConstantResponse
    let notJSON: ConstantResponse
    let notAcceptable: ConstantResponse
    let noCredentials: ConstantResponse
    let malformedCredentials: ConstantResponse
    let roleForbids: ConstantResponse
    let noWorkspace: ConstantResponse
    let noSession: ConstantResponse
    let sessionMissing: ConstantResponse
    let sessionEnded: ConstantResponse
    let noEventStreamWanted: ConstantResponse
    let otherSessionVersion: ConstantResponse
    let auditUnavailable: ConstantResponse
    let loopStuck: ConstantResponse
    let overloaded: ConstantResponse
    let accepted: ConstantResponse

    /// How an event stream begins that answers a request from some origin.
    func streamHead(_ originFields: FieldBlock?) -> ResponseHead {
        var head = ResponseHead(.ok, fields: eventStream)
        if let originFields { head.fields.append(originFields) }
        return head
    }

    init(
        isHTTPS: Bool,
        challenge: Challenge,
        serverName: String,
        serverVersion: String,
        metadata: ByteBuffer
    ) {
        let security = SecurityFields.make(isHTTPS: isHTTPS)
        self.security = security
        self.challenge = challenge
        json = Self.adding([.contentType: "application/json"], to: security)
        eventStream = Self.adding(
            [.contentType: "text/event-stream", .xAccelBuffering: "no"],
            to: security
        )
        func text(
            _ status: HTTPStatus,
            _ text: String,
            _ fields: FieldBlock = [:],
            refusal: RefusalReason? = nil
        ) -> ConstantResponse {
            var block = Self.adding([.contentType: "text/plain; charset=utf-8"], to: security)
            block.append(fields)
            return ConstantResponse(
                ResponseHead(status, fields: block),
                content: ByteBuffer("\(text)\n"),
                refusal: refusal
            )
        }
        healthy = text(.ok, "ok")
        ready = text(.ok, "ready")
        draining = text(.serviceUnavailable, "draining", [.retryAfter: "5"])
        fetchingKeys = text(.serviceUnavailable, "fetching keys", [.retryAfter: "1"])
        status = ConstantResponse(
            ResponseHead(.ok, fields: json),
            content: Self.status(name: serverName, version: serverVersion)
        )
        // Public by purpose: a client of any origin reads it before it has a token.
        let publicFields = SecurityFields.make(for: .everybody, isHTTPS: isHTTPS)
        self.metadata = ConstantResponse(
            ResponseHead(
                .ok,
                fields: Self.adding([.contentType: "application/json"], to: publicFields)
            ),
            content: metadata
        )
        metadataPreflight = ConstantResponse(
            ResponseHead(
                .noContent,
                fields: Self.adding(Preflight.metadataFields, to: publicFields)
            )
        )
        notFound = text(.notFound, "there is nothing here")
        readOnlyPath = text(.methodNotAllowed, "only GET", [.allow: "GET, HEAD"])
        postOnly = text(.methodNotAllowed, "only POST", [.allow: "POST"])
        options = ConstantResponse(
            ResponseHead(
                .noContent,
                fields: Self.adding([.allow: "GET, HEAD, POST, DELETE, OPTIONS"], to: security)
            )
        )
        endpointOptions = ConstantResponse(
            ResponseHead(
                .noContent,
                fields: Self.adding([.allow: "GET, POST, DELETE, OPTIONS"], to: security)
            )
        )
        noHost = text(.badRequest, "Host is missing", refusal: .otherHost)
        misdirected = text(
            .misdirectedRequest,
            "this host is not served here",
            refusal: .otherHost
        )
        originRefused = text(
            .forbidden,
            "this origin is not allowed",
            refusal: .otherOrigin
        )
        notJSON = text(.unsupportedMediaType, "Content-Type must be application/json")
        notAcceptable = text(
            .notAcceptable,
            "Accept must admit application/json or text/event-stream"
        )
        noCredentials = text(
            .unauthorized,
            Self.noCredentialsText,
            [.wwwAuthenticate: challenge.noCredentials()],
            refusal: .noCredentials
        )
        malformedCredentials = text(
            .badRequest,
            challenge.credentialsForm,
            [.wwwAuthenticate: challenge.invalidRequest],
            refusal: .malformedCredentials
        )
        roleForbids = text(
            .forbidden,
            "the caller's role or the policy does not permit this",
            refusal: .roleForbids
        )
        noWorkspace = text(
            .forbidden,
            "the token leads to no workspace of this server",
            refusal: .noWorkspace
        )
        noSession = text(.notFound, "there is no such session", refusal: .noSession)
        sessionMissing = text(.badRequest, "Mcp-Session-Id is missing")
        sessionEnded = ConstantResponse(ResponseHead(.noContent, fields: security))
        noEventStreamWanted = text(.notAcceptable, "Accept must admit text/event-stream")
        otherSessionVersion = text(
            .badRequest,
            "MCP-Protocol-Version differs from the session's version",
            refusal: .invalidRequest
        )
        auditUnavailable = text(
            .serviceUnavailable,
            "decisions cannot be recorded at the moment",
            [.retryAfter: "1"],
            refusal: .auditUnavailable
        )
        overloaded = text(
            .serviceUnavailable,
            "too much is asked of this server at the moment",
            [.retryAfter: "1"],
            refusal: .overloaded
        )
        loopStuck = text(.serviceUnavailable, "an event loop does not answer")
        accepted = ConstantResponse(ResponseHead(.accepted, fields: security))
    }

    /// 401: a token is needed, and best one that covers `scopes` besides basic use.
    func noCredentials(needing scopes: [String]) -> ConstantResponse {
        refusal(
            .unauthorized,
            Self.noCredentialsText,
            [.wwwAuthenticate: challenge.noCredentials(needing: scopes)],
            .noCredentials
        )
    }

    /// 401: the token was looked at and not believed.
    func invalidToken(_ reason: String) -> ConstantResponse {
        refusal(
            .unauthorized,
            reason,
            [.wwwAuthenticate: challenge.invalidToken(reason)],
            .invalidToken,
            detail: reason
        )
    }

    /// 403: a wider scope would help.
    func insufficientScope(_ scope: String) -> ConstantResponse {
        refusal(
            .forbidden,
            "the token's scope does not cover this",
            [.wwwAuthenticate: challenge.insufficientScope(scope)],
            .insufficientScope,
            detail: scope
        )
    }

    /// 503: nobody can say yet whether the token is good.
    func keysUnavailable(retryAfterSeconds: Int) -> ConstantResponse {
        refusal(
            .serviceUnavailable,
            "the keys of the token's issuer cannot be had at the moment",
            [.retryAfter: FieldValue(retryAfterSeconds)],
            .keysUnavailable
        )
    }

    /// 429.
    func tooMany(
        _ what: String,
        retryAfterSeconds: Int,
        _ reason: RefusalReason,
        _ more: FieldBlock = [:]
    ) -> ConstantResponse {
        var fields: FieldBlock = [.retryAfter: FieldValue(retryAfterSeconds)]
        fields.append(more)
        return refusal(.tooManyRequests, "too many \(what)", fields, reason)
    }

    private func refusal(
        _ status: HTTPStatus,
        _ text: String,
        _ fields: FieldBlock,
        _ reason: RefusalReason,
        detail: String = ""
    ) -> ConstantResponse {
        var block = Self.adding([.contentType: "text/plain; charset=utf-8"], to: security)
        block.append(fields)
        return ConstantResponse(
            ResponseHead(status, fields: block),
            content: ByteBuffer("\(text)\n"),
            refusal: reason,
            detail: detail
        )
    }

    private static func adding(_ fields: FieldBlock, to base: FieldBlock) -> FieldBlock {
        var block = fields
        block.append(base)
        return block
    }

    private static let noCredentialsText = "a bearer token is needed"

    private static func status(name: String, version: String) -> ByteBuffer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("name")
        writer.string(name)
        writer.name("version")
        writer.string(version)
        writer.name("status")
        writer.string("ok")
        writer.endObject()
        return writer.finish()
    }
}
