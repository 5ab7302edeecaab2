internal import Bytes
public import JSON
internal import JSONSchema

/// The questions that a task has open, as its record shows them to everybody.
///
/// For a process that does not work at the task and so does not have the requests themselves: it
/// refuses what the one that does (``TaskQuestions/receive(_:)``) would refuse.
public struct OpenQuestions {
    private let requests: RawJSON

    /// - Parameter requests: The member `inputRequests` of the task.
    public init(_ requests: RawJSON) {
        self.requests = requests
    }

    /// Those of the answers that are to an open question.
    ///
    /// - Throws: ``RPCError/malformedParams(name:expected:)`` if one of them is none to its
    ///   question, and ``RPCError/internalError`` if the record holds no questions.
    public func answered(
        by answers: [String: RawJSON]
    ) throws(RPCError) -> [String: RawJSON] {
        var fitting: [String: RawJSON] = [:]
        for (key, question) in try open(among: Set(answers.keys)) {
            guard let answer = answers[key] else { continue }
            guard question.admits(answer) else {
                throw .unfitAnswer(key: key, method: question.method)
            }
            fitting[key] = answer
        }
        return fitting
    }

    /// The open questions with these keys, in their order.
    private func open(
        among keys: Set<String>
    ) throws(RPCError) -> [(key: String, question: OpenQuestion)] {
        var open: [(String, OpenQuestion)] = []
        do throws(JSONError) {
            var reader = JSONReader(requests.span)
            try reader.beginObject()
            while let name = try reader.nextMember() {
                let key = reader.text(of: name)
                if keys.contains(key) {
                    open.append((key, try OpenQuestion(&reader)))
                } else {
                    try reader.skipValue()
                }
            }
        } catch {
            throw .internalError
        }
        return open
    }
}

/// One question, read from what the client was sent.
private struct OpenQuestion {
    let method: String

    /// What a form that is filled in must look like; `nil` if it is no form.
    private let schema: RawJSON?

    /// Reads the request that the reader stands at.
    init(_ reader: inout JSONReader) throws(JSONError) {
        var method = ""
        var schema: RawJSON?
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if reader.equals(name, "method") {
                let string = try reader.readString()
                method = reader.text(of: string)
            } else if reader.equals(name, "params") {
                try reader.beginObject()
                while let name = try reader.nextMember() {
                    let isSchema = reader.equals(name, "requestedSchema")
                    let range = try reader.skipValue()
                    guard isSchema else { continue }
                    schema = RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range)))
                }
            } else {
                try reader.skipValue()
            }
        }
        self.method = method
        self.schema = schema
    }

    func admits(_ answer: RawJSON) -> Bool {
        do throws(JSONError) {
            switch method {
            case InputRequest.rootsMethod: return try Root.list(answer) != nil
            case InputRequest.samplingMethod: return try SamplingAnswer(answer) != nil
            default:
                guard let elicited = try ElicitationAnswer(answer) else { return false }
                guard elicited.action == .accept, let schema else { return true }
                return admits(elicited.content.json, schema)
            }
        } catch {
            return false
        }
    }

    private func admits(_ content: RawJSON, _ schema: RawJSON) -> Bool {
        do throws(SchemaError) {
            return try CompiledSchema(schema).validate(content.span) == nil
        } catch {
            // Larger than schemas may be: the process that asked has the last word in any case.
            return true
        }
    }
}
