import Bytes
import JSON

/// Reads one document by skipping it whole.
func skip(_ bytes: [UInt8], depthMax: Int = 64) throws(JSONError) {
    var reader = JSONReader(bytes.span, depthMax: depthMax)
    try reader.skipValue()
    try reader.finish()
}

/// Reads one document value by value and touches everything in it.
func pull(_ bytes: [UInt8], depthMax: Int = 64) throws(JSONError) {
    var reader = JSONReader(bytes.span, depthMax: depthMax)
    try pullValue(&reader)
    try reader.finish()
}

private func pullValue(_ reader: inout JSONReader) throws(JSONError) {
    switch try reader.peek() {
    case .object:
        try reader.beginObject()
        while let name = try reader.nextMember() {
            touch(name, in: reader)
            try pullValue(&reader)
        }
    case .array:
        try reader.beginArray()
        while try reader.nextElement() { try pullValue(&reader) }
    case .string:
        touch(try reader.readString(), in: reader)
    case .number:
        let number = try reader.readNumber()
        _ = reader.integer(of: number)
        _ = reader.double(of: number)
    case .true, .false:
        _ = try reader.readBool()
    case .null:
        try reader.readNull()
    }
}

private func touch(_ string: JSONString, in reader: borrowing JSONReader) {
    let text = reader.text(of: string)
    precondition(reader.equals(string, text), "\(text.debugDescription) differs from itself")
    precondition(
        reader.scalarCount(of: string) == text.unicodeScalars.count,
        "\(text) is miscounted"
    )
}

/// What skipping refuses a document with; `nil` if it accepts it.
func skipRejection(of bytes: [UInt8]) -> JSONError? {
    do {
        try skip(bytes)
        return nil
    } catch {
        return error
    }
}

/// What pulling refuses a document with; `nil` if it accepts it.
func pullRejection(of bytes: [UInt8]) -> JSONError? {
    do {
        try pull(bytes)
        return nil
    } catch {
        return error
    }
}

/// Documents that between them use all of the grammar.
let corpus = [
    #"{}"#,
    #"[]"#,
    #"[1,-0,0.5,-12.25e+3,1E-7,123456789012345678901234567890]"#,
    #"{"a":{"b":[{"c":[[],{}]}]},"d":null,"e":[true,false]}"#,
    " [ 1 , { \"k\" : \"v\" } ,\r\n\tnull ] ",
    #"["\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\uD83D\uDE00\u0000"]"#,
    #"["é€😀 plain text that is longer than a word", "日本語"]"#,
    #"{"jsonrpc":"2.0","id":42,"method":"tools/call","params":{"name":"add_todo","arguments":{"#
        + #""title":"Milch & Brötchen \u2013 für zwei"},"_meta":{"progressToken":"p-1"}}}"#,
]
