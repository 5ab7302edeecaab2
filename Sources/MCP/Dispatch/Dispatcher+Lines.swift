public import AccessControl
public import Bytes
internal import JSON

/// Messages that come without HTTP fields, one a line (MCP, *Transports*, "stdio").
extension Dispatcher {
    /// Answers one message of a transport that repeats nothing of it in fields.
    ///
    /// Without a session every message is modern, but for `initialize`, which begins a session, and
    /// a `ping` before it. What must not be answered, such as a notification that is mistaken, is
    /// ``Dispatch/accepted``; ``Dispatch/respondInPlainText(statusCode:)`` never comes of it.
    ///
    /// - Parameters:
    ///   - message: One line.
    ///   - session: What `initialize` has begun, if it has.
    ///   - caller: Who the process acts for.
    ///   - buffer: Where a response is appended.
    /// - Returns: What the transport does now; status codes mean nothing to it.
    public func dispatch(
        _ message: Span<UInt8>,
        session: SessionState?,
        caller: Principal,
        into buffer: inout ByteBuffer
    ) -> Dispatch {
        dispatch(message, fields: .absent, session: session, caller: caller, into: &buffer)
    }

    /// The method that a message names, as a log may say it: one that this server does not know is
    /// `other`.
    ///
    /// - Returns: `nil` if the message names none.
    public static func methodName(of message: Span<UInt8>) -> String? {
        do throws(EnvelopeFailure) {
            let envelope = try Envelope(message)
            guard envelope.methodName != nil else { return nil }
            return envelope.method?.rawValue ?? "other"
        } catch {
            return nil
        }
    }

    /// The version that a message without fields is spoken in.
    func spokenVersion(
        _ envelope: Envelope,
        _ body: Span<UInt8>,
        session: SessionState?
    ) throws(RPCError) -> ProtocolVersion {
        if let session { return session.version }
        switch envelope.method {
        case .initialize, .ping:
            let params = try RequestParams.read(envelope.params, in: body)
            return params.meta.isModern ? .v2026_07_28 : .newestLegacy
        default:
            return .v2026_07_28
        }
    }
}

/// Why a request is refused before or beside the protocol, where no status code says so.
public enum RequestRefusal: Hashable, Sendable {
    /// The caller may not; the scope that would be enough is named where a wider one would help.
    case forbidden(scope: String?)
    /// The token is not good any more.
    case unauthorized(reason: String)
    /// The caller has asked for too much of this.
    case tooMany(String)
    /// A request with this id is being answered.
    case idInUse
    /// The message was not kept.
    case tooLong(byteCountMax: Int)
    /// What is decided must be recorded, and cannot be.
    case unrecorded
}

extension RequestRefusal: CustomStringConvertible {
    /// The error object's `message`.
    public var description: String {
        switch self {
        case .forbidden(let scope?): "Forbidden: a token with the scope \"\(scope)\" is needed"
        case .forbidden(nil): "Forbidden: the caller may not do this"
        case .unauthorized(let reason): "Unauthorized: \(reason)"
        case .tooMany(let what): "Too many \(what): try this one again later"
        case .idInUse: "Invalid request: a request with this id is still being answered"
        case .tooLong(let byteCountMax):
            "Invalid request: the message is longer than \(byteCountMax) bytes"
        case .unrecorded:
            "Unavailable: decisions cannot be recorded at the moment; try this one again later"
        }
    }
}

extension Dispatcher {
    /// What refuses a request for which access was not allowed.
    public func refusal(of decision: AccessDecision) -> RequestRefusal {
        switch decision {
        case .allowed, .dependsOnArguments, .forbidden: .forbidden(scope: nil)
        case .insufficientScope(let needed): .forbidden(scope: policy.scope(naming: needed))
        }
    }

    /// Appends the error response to a refused message.
    ///
    /// - Returns: `false` if the message is no request, which gets no response.
    public func encode(
        _ refusal: RequestRefusal,
        of message: Span<UInt8>,
        into buffer: inout ByteBuffer
    ) -> Bool {
        let envelope: Envelope
        do throws(EnvelopeFailure) {
            envelope = try Envelope(message)
        } catch {
            return false
        }
        guard let id = envelope.id else { return false }
        ResponseWriting.encode(
            .refused(refusal),
            id: message.extracting(id),
            in: .legacy,
            into: &buffer
        )
        return true
    }

    /// Appends the error response to a message whose id nobody knows.
    public func encode(
        _ refusal: RequestRefusal,
        ofUnreadMessageIn session: SessionState?,
        into buffer: inout ByteBuffer
    ) {
        encodeWithoutID(.refused(refusal), session?.version ?? .v2026_07_28, into: &buffer)
    }

    /// An error without an id, or with one that is nobody's where the schema of an error demands one.
    func encodeWithoutID(
        _ error: RPCError,
        _ version: ProtocolVersion,
        into buffer: inout ByteBuffer
    ) {
        if version.allowsErrorWithoutID {
            ResponseWriting.encode(error, id: nil, in: version.era, into: &buffer)
        } else {
            let nobody = RequestID("").json
            ResponseWriting.encode(error, id: nobody.span, in: version.era, into: &buffer)
        }
    }
}
