internal import Bytes
internal import JSON

extension RequestParams {
    /// The params of a message, or none if it has none.
    static func read(
        _ range: Range<Int>?,
        in body: Span<UInt8>
    ) throws(RPCError) -> RequestParams {
        guard let range else { return RequestParams() }
        let params: RequestParams
        do throws(JSONError) {
            params = try RequestParams(body, at: range)
        } catch {
            throw .notJSON(error)
        }
        if let name = params.repeatedName { throw .repeatedParam(name: name.quoted) }
        return params
    }
}

extension RequestParams.Member {
    /// The text of a member that must be a string.
    func string(in body: Span<UInt8>, called name: String) throws(RPCError) -> String {
        guard kind == .string else { throw .malformedParams(name: name, expected: "a string") }
        var reader = JSONReader(body.extracting(range))
        do throws(JSONError) {
            let string = try reader.readString()
            return reader.text(of: string)
        } catch {
            throw .notJSON(error)
        }
    }
}

extension Envelope {
    /// The method's name as text; empty for a response.
    func methodText(in body: Span<UInt8>) -> String {
        guard let methodName else { return "" }
        return JSONReader(body).text(of: methodName)
    }

    /// The name for an error message, at a length that an error message bears.
    func quotedMethodName(in body: Span<UInt8>) -> String {
        methodText(in: body).quoted
    }
}

extension String {
    /// The beginning of what a client sent, at a length that an error message bears.
    ///
    /// Counted in Unicode scalar values: a single character may have any number of them.
    var quoted: String {
        let scalarCountMax = 64
        guard utf8.count > scalarCountMax else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(scalarCountMax)))
    }
}
