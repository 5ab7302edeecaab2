import Bytes
import JSON
import JSONSchema

extension Target {
    /// A schema is refused or compiled, and a value judged, within the limits on work; the verdict is
    /// the same the second time.
    ///
    /// The schema ends at the first NUL; the value follows.
    static let schema = Target(name: "schema") { input in
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let schema: CompiledSchema
        do {
            schema = try CompiledSchema(RawJSON(parsing: Array(parts[0]).span))
        } catch {
            return
        }
        let value = parts.count > 1 ? Array(parts[1]) : []
        let verdict = schema.validate(value.span)
        precondition(schema.validate(value.span) == verdict, "two verdicts on one value")
    }
}
