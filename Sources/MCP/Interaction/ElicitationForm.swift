internal import Bytes
internal import JSON

/// A form of simple fields (MCP, `ElicitRequestFormParams.requestedSchema`).
public struct ElicitationForm: Sendable {
    /// One field of a form.
    public struct Field: Sendable {
        enum Kind: Sendable {
            case text(lengthMin: Int?, lengthMax: Int?, format: Format?, initial: String?)
            case integer(min: Int?, max: Int?, initial: Int?)
            case number(min: Double?, max: Double?, initial: Double?)
            case boolean(initial: Bool?)
            case choice([Option], Style, initial: String?)
            case choices([Option], Style, countMin: Int?, countMax: Int?, initial: [String])
        }

        /// How options are written down.
        enum Style: Sendable {
            /// `enum`: values alone.
            case plain
            /// `oneOf` or `anyOf` with `const` and `title` (SEP-1330).
            case titled
            /// `enum` with `enumNames`, which came first.
            case named
        }

        let name: String
        let kind: Kind
        let title: String?
        let description: String?
        let isRequired: Bool
    }

    /// What a text must look like; clients check it, the server does not.
    public enum Format: String, Sendable {
        case email, uri, date
        case dateTime = "date-time"
    }

    /// Something to choose.
    public struct Option: Hashable, Sendable {
        public let value: String
        public let title: String

        public init(_ value: String, title: String) {
            self.value = value
            self.title = title
        }
    }

    let fields: [Field]

    /// The schema, as it is sent to clients that know every kind of field.
    private let newestJSON: RawJSON

    /// - Precondition: The fields' names are unique.
    public init(_ fields: [Field]) {
        precondition(Set(fields.map(\.name)).count == fields.count, "two fields have one name")
        self.fields = fields
        newestJSON = Self.encode(fields, for: .v2026_07_28)
    }

    /// The schema, as it is sent to a client of `version`: optional fields that it does not know are
    /// left out.
    func json(for version: ProtocolVersion) -> RawJSON {
        guard !version.describesIcons else { return newestJSON }
        return Self.encode(fields.filter { $0.isKnown(in: version) }, for: version)
    }

    /// Whether a client of `version` knows every field that must be filled in.
    func canBeShown(in version: ProtocolVersion) -> Bool {
        fields.allSatisfy { !$0.isRequired || $0.isKnown(in: version) }
    }

    private static func encode(_ fields: [Field], for version: ProtocolVersion) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("type")
            writer.string("object")
            writer.name("properties")
            writer.beginObject()
            for field in fields {
                writer.name(field.name)
                field.encode(into: &writer, for: version)
            }
            writer.endObject()
            if fields.contains(where: \.isRequired) {
                writer.name("required")
                writer.beginArray()
                for field in fields where field.isRequired { writer.string(field.name) }
                writer.endArray()
            }
            writer.endObject()
        }
    }

    /// Whether what was filled in fits the form.
    ///
    /// Every required field must be there, and none of another type or out of its bounds. Members
    /// that the form does not have are left alone.
    func admits(_ content: Arguments) -> Bool {
        fields.allSatisfy { field in
            guard let value = content.json(field.name) else { return !field.isRequired }
            return field.admits(value, content)
        }
    }
}

extension ElicitationForm.Field {
    public static func text(
        _ name: String,
        title: String? = nil,
        description: String? = nil,
        lengthMin: Int? = nil,
        lengthMax: Int? = nil,
        format: ElicitationForm.Format? = nil,
        initial: String? = nil,
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .text(
                lengthMin: lengthMin,
                lengthMax: lengthMax,
                format: format,
                initial: initial
            ),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }

    public static func integer(
        _ name: String,
        title: String? = nil,
        description: String? = nil,
        min: Int? = nil,
        max: Int? = nil,
        initial: Int? = nil,
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .integer(min: min, max: max, initial: initial),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }

    public static func number(
        _ name: String,
        title: String? = nil,
        description: String? = nil,
        min: Double? = nil,
        max: Double? = nil,
        initial: Double? = nil,
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .number(min: min, max: max, initial: initial),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }

    public static func boolean(
        _ name: String,
        title: String? = nil,
        description: String? = nil,
        initial: Bool? = nil,
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .boolean(initial: initial),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }

    /// One of some values.
    public static func choice(
        _ name: String,
        of values: [String],
        title: String? = nil,
        description: String? = nil,
        initial: String? = nil,
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .choice(values.map { .init($0, title: $0) }, .plain, initial: initial),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }

    /// One of some options that are shown by their titles.
    ///
    /// `asEnumNames` writes them in the older way, for clients that know no other.
    public static func choice(
        _ name: String,
        of options: [ElicitationForm.Option],
        asEnumNames: Bool = false,
        title: String? = nil,
        description: String? = nil,
        initial: String? = nil,
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .choice(options, asEnumNames ? .named : .titled, initial: initial),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }

    /// Any number of some values.
    public static func choices(
        _ name: String,
        of values: [String],
        title: String? = nil,
        description: String? = nil,
        countMin: Int? = nil,
        countMax: Int? = nil,
        initial: [String] = [],
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .choices(
                values.map { .init($0, title: $0) },
                .plain,
                countMin: countMin,
                countMax: countMax,
                initial: initial
            ),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }

    /// Any number of some options that are shown by their titles.
    public static func choices(
        _ name: String,
        of options: [ElicitationForm.Option],
        title: String? = nil,
        description: String? = nil,
        countMin: Int? = nil,
        countMax: Int? = nil,
        initial: [String] = [],
        isRequired: Bool = true
    ) -> Self {
        Self(
            name: name,
            kind: .choices(
                options,
                .titled,
                countMin: countMin,
                countMax: countMax,
                initial: initial
            ),
            title: title,
            description: description,
            isRequired: isRequired
        )
    }
}
