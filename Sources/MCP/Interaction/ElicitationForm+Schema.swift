internal import JSON

extension ElicitationForm.Field {
    /// The schema of the field (MCP, `PrimitiveSchemaDefinition`).
    func encode(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.beginObject()
        writer.name("type")
        writer.string(typeName)
        writer.optional("title", title)
        writer.optional("description", description)
        switch kind {
        case .text(let lengthMin, let lengthMax, let format, let initial):
            writer.optional("minLength", lengthMin)
            writer.optional("maxLength", lengthMax)
            writer.optional("format", format?.rawValue)
            writer.optional("default", initial)
        case .integer(let min, let max, let initial):
            writer.optional("minimum", min)
            writer.optional("maximum", max)
            writer.optional("default", initial)
        case .number(let min, let max, let initial):
            for (name, value) in [("minimum", min), ("maximum", max), ("default", initial)] {
                guard let value else { continue }
                writer.name(name)
                writer.double(value)
            }
        case .boolean(let initial):
            guard let initial else { break }
            writer.name("default")
            writer.bool(initial)
        case .choice(let options, let declared, let initial):
            // `oneOf` came with 2025-11-25 (SEP-1330).
            let style = declared == .titled && !version.describesIcons ? .named : declared
            Self.encode(options, style, titledBy: "oneOf", into: &writer)
            writer.optional("default", initial)
        case .choices(let options, let style, let countMin, let countMax, let initial):
            writer.optional("minItems", countMin)
            writer.optional("maxItems", countMax)
            writer.name("items")
            writer.beginObject()
            if style == .plain {
                writer.name("type")
                writer.string("string")
            }
            Self.encode(options, style, titledBy: "anyOf", into: &writer)
            writer.endObject()
            guard !initial.isEmpty else { break }
            writer.name("default")
            writer.strings(initial)
        }
        writer.endObject()
    }

    /// Whether clients of `version` know this kind of field: several choices came with 2025-11-25.
    func isKnown(in version: ProtocolVersion) -> Bool {
        if case .choices = kind { return version.describesIcons }
        return true
    }

    private var typeName: String {
        switch kind {
        case .text, .choice: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .choices: "array"
        }
    }

    private static func encode(
        _ options: [ElicitationForm.Option],
        _ style: Style,
        titledBy keyword: String,
        into writer: inout JSONWriter
    ) {
        switch style {
        case .plain, .named:
            writer.name("enum")
            writer.strings(options.map(\.value))
            guard style == .named else { return }
            writer.name("enumNames")
            writer.strings(options.map(\.title))
        case .titled:
            writer.name(keyword)
            writer.beginArray()
            for option in options {
                writer.beginObject()
                writer.name("const")
                writer.string(option.value)
                writer.name("title")
                writer.string(option.title)
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// Whether a value can be the field's; `content` holds it.
    func admits(_ value: RawJSON, _ content: Arguments) -> Bool {
        switch kind {
        case .text(let lengthMin, let lengthMax, _, _):
            guard let text = content.string(name) else { return false }
            let length = text.unicodeScalars.count
            return length >= lengthMin ?? 0 && length <= lengthMax ?? .max
        case .integer(let min, let max, _):
            guard let integer = content.integer(name) else { return false }
            return integer >= min ?? .min && integer <= max ?? .max
        case .number(let min, let max, _):
            guard let number = content.double(name) else { return false }
            return number >= min ?? -.infinity && number <= max ?? .infinity
        case .boolean:
            return content.bool(name) != nil
        case .choice(let options, _, _):
            guard let text = content.string(name) else { return false }
            return options.contains { $0.value == text }
        case .choices(let options, _, let countMin, let countMax, _):
            guard let texts = content.strings(name) else { return false }
            return texts.allSatisfy { text in options.contains { $0.value == text } }
                && texts.count >= countMin ?? 0 && texts.count <= countMax ?? .max
        }
    }
}

extension JSONWriter {
    mutating func optional(_ name: String, _ value: Int?) {
        guard let value else { return }
        self.name(name)
        integer(value)
    }

    mutating func strings(_ values: [String]) {
        beginArray()
        for value in values { string(value) }
        endArray()
    }
}
