public import JSONSchema

/// One argument of a tool: how it is described, checked and read, in one declaration.
///
///     .string("name", "Who is greeted.", lengthMax: 100)
///     .integer("times", "How often.", 1...3).optional(else: 1)
///     .optional(.string("tone", "How.", lengthMax: 20))
public struct Parameter<Value: Sendable>: Sendable {
    /// How the argument stands in the tool's schema.
    let property: Property

    /// The argument's value; only called with arguments that satisfy the schema.
    let read: @Sendable (Arguments) -> Value

    init(_ property: Property, read: @escaping @Sendable (Arguments) -> Value) {
        self.property = property
        self.read = read
    }
}

extension Parameter where Value == String {
    /// Text of so many Unicode scalar values.
    public static func string(
        _ name: String,
        _ description: String,
        lengthMin: Int = 0,
        lengthMax: Int,
        characters: CharacterClass = .any,
        headerName: String? = nil
    ) -> Parameter {
        Parameter(
            .required(
                name,
                .string(lengthMin: lengthMin, lengthMax: lengthMax, characters: characters),
                description: description,
                headerName: headerName
            )
        ) { $0.string(name) ?? "" }
    }

    /// One of some texts.
    public static func oneOf(
        _ values: [String],
        _ name: String,
        _ description: String
    ) -> Parameter {
        Parameter(.required(name, .enumeration(values), description: description)) {
            $0.string(name) ?? ""
        }
    }
}

extension Parameter where Value == Int {
    /// A whole number between two bounds.
    public static func integer(
        _ name: String,
        _ description: String,
        _ bounds: ClosedRange<Int>,
        headerName: String? = nil
    ) -> Parameter {
        Parameter(
            .required(
                name,
                .integer(min: bounds.lowerBound, max: bounds.upperBound),
                description: description,
                headerName: headerName
            )
        ) { $0.integer(name) ?? bounds.lowerBound }
    }
}

extension Parameter where Value == Double {
    public static func number(
        _ name: String,
        _ description: String,
        min: Double? = nil,
        max: Double? = nil
    ) -> Parameter {
        Parameter(.required(name, .number(min: min, max: max), description: description)) {
            $0.double(name) ?? 0
        }
    }
}

extension Parameter where Value == Bool {
    public static func boolean(_ name: String, _ description: String) -> Parameter {
        Parameter(.required(name, .boolean, description: description)) {
            $0.bool(name) ?? false
        }
    }
}

extension Parameter where Value == [String] {
    /// Some texts.
    public static func strings(
        _ name: String,
        _ description: String,
        lengthMax: Int,
        countMax: Int
    ) -> Parameter {
        Parameter(
            .required(
                name,
                .array(of: .string(lengthMax: lengthMax), countMax: countMax),
                description: description
            )
        ) { $0.strings(name) ?? [] }
    }
}

extension Parameter {
    /// An argument that may be left out.
    public static func optional<Wrapped: Sendable>(
        _ parameter: Parameter<Wrapped>
    ) -> Parameter where Value == Wrapped? {
        let property = parameter.property
        let read = parameter.read
        return Parameter(
            .optional(
                property.name,
                property.type,
                description: property.description,
                headerName: property.headerName
            )
        ) { arguments in
            arguments.json(property.name) == nil ? nil : read(arguments)
        }
    }

    /// The same argument, with what it is if it is left out.
    public func optional(else value: Value) -> Parameter {
        let optional = Parameter<Value?>.optional(self)
        return Parameter(optional.property) { optional.read($0) ?? value }
    }
}
