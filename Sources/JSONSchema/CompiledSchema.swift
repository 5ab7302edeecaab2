import Bytes
import JSON

/// An arbitrary schema of JSON Schema 2020-12, as the author of a tool wrote it, ready to validate.
///
/// All keywords of the validation and applicator vocabularies count, and the unevaluated ones;
/// `format` and the `content…` keywords are annotations, and unknown keywords are ignored. What a
/// `$ref` names must be in the document: nothing is fetched.
///
/// Cost: the text is indexed in one pass, 16 bytes a value; then each schema that is applied to a
/// value costs a step, and so does each member, element or comparison. Validating takes no more
/// than ``stepCountMax`` steps of some ten nanoseconds, however schema and value are made, and no
/// stack for more than ``evaluationDepthMax`` schemas. There is no cache of results, so a schema
/// that applies two others to the same value, each of which does so again, takes 2^n steps until
/// it is refused.
public struct CompiledSchema: Sendable {
    /// How long the text of a schema may be, in bytes.
    public static let schemaByteCountMax = 262_144

    /// How many values the text of a schema may have, of all kinds and at all depths.
    ///
    /// Objects and arrays nest at most 64 deep, as in all JSON that is read here.
    public static let schemaValueCountMax = 32_768

    /// How many instructions all regular expressions of a schema may have together.
    public static let patternInstructionCountMax = 32_768

    /// How many schemas may be applied inside each other: `$ref`, `allOf`, `properties` and so on.
    ///
    /// Enough for four at each of the 64 levels of the deepest value.
    public static let evaluationDepthMax = 256

    /// How many steps a validation may take.
    ///
    /// A value of 1 MiB that consists of numbers alone takes half as many.
    public static let stepCountMax = 2_000_000

    /// The schema byte for byte, as `tools/list` shows it.
    public let json: RawJSON

    private let program: SchemaProgram

    /// Compiles a schema; done once, when a server starts.
    ///
    /// - Throws: ``SchemaError`` if it is not a schema of 2020-12, refers to what is not in it, or
    ///   exceeds a limit.
    public init(_ schema: RawJSON) throws(SchemaError) {
        json = schema
        program = try SchemaCompiler.program(for: schema.span)
    }

    /// Checks one JSON text against the schema.
    ///
    /// Beyond the schema, no object may have a member twice.
    ///
    /// - Returns: The first violation, or `nil` if there is none.
    public func validate(_ json: borrowing Span<UInt8>) -> SchemaViolation? {
        var steps = Self.stepCountMax
        return validate(json, steps: &steps)
    }

    /// Checks one JSON text with a budget of the caller's, which may serve several texts.
    ///
    /// - Parameters:
    ///   - json: The text.
    ///   - steps: How many steps may be taken; reduced by those that were.
    /// - Returns: The first violation, or `nil` if there is none; ``SchemaViolation/Reason/tooComplex(_:)``
    ///   if the steps do not suffice.
    public func validate(
        _ json: borrowing Span<UInt8>,
        steps: inout Int
    ) -> SchemaViolation? {
        let values: ValueIndex
        do {
            values = try ValueIndex(of: copy json, names: program.names)
        } catch {
            return switch error {
            case .malformed(let error): SchemaViolation(.malformed(error))
            case .repeated(let violation): violation
            case .tooLong: SchemaViolation(.tooComplex(.bytes))
            }
        }
        var evaluator = Evaluator(program, values: values, of: copy json, steps: steps)
        let violation: SchemaViolation?
        do {
            try evaluator.charge(byteCount: json.count)
            let isSatisfied = try evaluator.satisfies(0, at: 0)
            violation = isSatisfied ? nil : evaluator.violation ?? SchemaViolation(.forbidden)
        } catch {
            violation = SchemaViolation(.tooComplex(error))
        }
        steps = evaluator.steps
        return violation
    }
}
