internal import Bytes
internal import JSON

/// One JSON-RPC message, its parts as ranges of the body (JSON-RPC 2.0 §4).
struct Envelope {
    enum Kind {
        case request(id: Range<Int>)
        case notification
        /// The client's answer to a request of the server; the id is absent where it is none.
        case response(id: Range<Int>?, Outcome)
    }

    /// What a response says.
    enum Outcome {
        case result(Range<Int>)
        case error(Range<Int>)
    }

    let kind: Kind
    /// The method, if it is one of ours.
    let method: Method?
    /// The method's name as written, for a message that has one.
    let methodName: JSONString?
    /// The extent of `params`, which is an object if it is there.
    let params: Range<Int>?

    /// Where the id of a request stands.
    var id: Range<Int>? {
        if case .request(let id) = kind { return id }
        return nil
    }
}

/// What is wrong with a message, and where its id stands, if that could be read.
struct EnvelopeFailure: Error {
    let error: RPCError
    let id: Range<Int>?
}

extension Envelope {
    private enum Shape {
        case object(Members)
        case array
        case scalar
    }

    /// Validates the whole message and keeps none of it.
    ///
    /// - Throws: ``EnvelopeFailure`` if the body is not JSON, or not one JSON-RPC 2.0 message.
    init(_ body: Span<UInt8>) throws(EnvelopeFailure) {
        let shape: Shape
        do throws(JSONError) {
            shape = try Self.scan(body)
        } catch {
            throw EnvelopeFailure(error: .notJSON(error), id: nil)
        }
        switch shape {
        case .array: throw EnvelopeFailure(error: .batchNotServed, id: nil)
        case .scalar: throw EnvelopeFailure(error: .notAnObject, id: nil)
        case .object(let members): try self.init(members, in: body)
        }
    }

    private static func scan(_ body: Span<UInt8>) throws(JSONError) -> Shape {
        var reader = JSONReader(body)
        let shape: Shape
        switch try reader.peek() {
        case .object:
            shape = .object(try Members(&reader))
        case .array:
            _ = try reader.skipValue()
            shape = .array
        default:
            _ = try reader.skipValue()
            shape = .scalar
        }
        try reader.finish()
        return shape
    }

    private init(_ members: Members, in body: Span<UInt8>) throws(EnvelopeFailure) {
        let id: Range<Int>?
        switch members.id {
        case .absent, .null, .other: id = nil
        case .usable(let range): id = range
        }
        func failure(_ fault: RPCError.EnvelopeFault) -> EnvelopeFailure {
            EnvelopeFailure(error: .malformedEnvelope(fault), id: id)
        }

        if members.hasDuplicate { throw failure(.duplicateMember) }
        guard members.isVersion2 else { throw failure(.version) }
        if let outcome = members.outcome, members.method == .absent {
            kind = .response(id: id, outcome)
            method = nil
            methodName = nil
            params = nil
            return
        }
        switch members.method {
        case .absent: throw failure(.missingMethod)
        case .other: throw failure(.methodNotAString)
        case .string(let name):
            methodName = name
            method = Method(name, in: JSONReader(body))
        }
        switch members.params {
        case .absent: params = nil
        case .other: throw failure(.malformedParams)
        case .object(let range): params = range
        }
        switch members.id {
        case .absent: kind = .notification
        case .null, .other: throw failure(.malformedID)
        case .usable(let range): kind = .request(id: range)
        }
    }
}

/// The members of an envelope as they came, before any is required.
private struct Members {
    enum ID {
        case absent, null, other
        case usable(Range<Int>)
    }

    enum MethodMember: Equatable {
        case absent, other
        case string(JSONString)
    }

    enum Params {
        case absent, other
        case object(Range<Int>)
    }

    var isVersion2 = false
    var id = ID.absent
    var method = MethodMember.absent
    var params = Params.absent
    /// A `result` or an `error`: the message is a response.
    var outcome: Envelope.Outcome?
    var hasDuplicate = false

    private var hasVersion = false

    init(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if reader.equals(name, "method") {
                try readMethod(&reader)
            } else if reader.equals(name, "params") {
                try readParams(&reader)
            } else if reader.equals(name, "id") {
                try readID(&reader)
            } else if reader.equals(name, "jsonrpc") {
                try readVersion(&reader)
            } else if reader.equals(name, "result") {
                outcome = .result(try reader.skipValue())
            } else if reader.equals(name, "error") {
                outcome = .error(try reader.skipValue())
            } else {
                _ = try reader.skipValue()
            }
        }
    }

    private mutating func readVersion(_ reader: inout JSONReader) throws(JSONError) {
        if hasVersion { hasDuplicate = true }
        hasVersion = true
        if try reader.peek() == .string {
            isVersion2 = reader.equals(try reader.readString(), "2.0")
        } else {
            isVersion2 = false
            _ = try reader.skipValue()
        }
    }

    private mutating func readMethod(_ reader: inout JSONReader) throws(JSONError) {
        if method != .absent { hasDuplicate = true }
        if try reader.peek() == .string {
            method = .string(try reader.readString())
        } else {
            method = .other
            _ = try reader.skipValue()
        }
    }

    private mutating func readParams(_ reader: inout JSONReader) throws(JSONError) {
        if case .absent = params {} else { hasDuplicate = true }
        let isObject = try reader.peek() == .object
        let range = try reader.skipValue()
        params = isObject ? .object(range) : .other
    }

    private mutating func readID(_ reader: inout JSONReader) throws(JSONError) {
        if case .absent = id {} else { hasDuplicate = true }
        switch try reader.peek() {
        case .string:
            id = .usable(try reader.skipValue())
        case .number:
            let number = try reader.readNumber()
            id = number.isInteger ? .usable(number.range) : .other
        case .null:
            try reader.readNull()
            id = .null
        default:
            _ = try reader.skipValue()
            id = .other
        }
    }
}
