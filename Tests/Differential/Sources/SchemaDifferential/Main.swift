import Bytes
import JSON
import JSONSchema

/// Says of every line `{"schema":…,"value":…}` on standard input what Martlet thinks of it.
///
/// One line each on standard output: `valid`, `invalid` and why, or `refused` and why the schema
/// was not compiled. `Tests/Interop/test_schema_differential.py` compares.
@main
struct Main {
    static func main() throws {
        while let line = readLine() {
            let pair = try Pair(ByteBuffer(line).span)
            print(pair.verdict)
        }
    }
}

/// A schema and a value, as they stand in a line.
struct Pair {
    private var schema = RawJSON { $0.null() }
    private var value = RawJSON { $0.null() }

    init(_ line: borrowing Span<UInt8>) throws(JSONError) {
        var reader = JSONReader(copy line)
        try reader.beginObject()
        while let name = try reader.nextMember() {
            let isSchema = reader.equals(name, "schema")
            let range = try reader.skipValue()
            let json = RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range)))
            if isSchema { schema = json } else { value = json }
        }
        try reader.finish()
    }

    var verdict: String {
        let compiled: CompiledSchema
        do {
            compiled = try CompiledSchema(schema)
        } catch {
            return "refused \(error)"
        }
        let violation = compiled.validate(value.span)
        return violation.map { "invalid \($0)" } ?? "valid"
    }
}
