import Martlet

/// Tools whose input schemas are what is tested.
enum SchemaTools {
    static let all = [jsonSchema, mirroredHeader]

    private static let jsonSchema = Tool(
        name: "json_schema_2020_12_tool",
        description: "Has an input schema that uses the vocabulary of JSON Schema 2020-12.",
        input: .compiled(schema),
        permission: EverythingFeatures.permission
    ) { arguments, _ in
        .text("JSON Schema 2020-12 tool called with: \(arguments.json)")
    }

    private static let schema = parsed(
        """
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "$defs": {
                "address": {
                    "$anchor": "addressDef",
                    "type": "object",
                    "properties": {
                        "street": {"type": "string"},
                        "city": {"type": "string"}
                    }
                }
            },
            "properties": {
                "name": {"type": "string"},
                "address": {"$ref": "#/$defs/address"},
                "contactMethod": {"type": "string", "enum": ["phone", "email"]},
                "phone": {"type": "string"},
                "email": {"type": "string"}
            },
            "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
            "if": {
                "properties": {"contactMethod": {"const": "phone"}},
                "required": ["contactMethod"]
            },
            "then": {"required": ["phone"]},
            "else": {"required": ["email"]},
            "additionalProperties": false
        }
        """
    )

    private static func parsed(_ text: String) -> CompiledSchema {
        do {
            return try CompiledSchema(try RawJSON(parsing: text))
        } catch {
            preconditionFailure("the fixture's schema is none: \(error)")
        }
    }

    private static let mirroredHeader = Tool(
        "test_x_mcp_header",
        "Has an argument that clients repeat in the field Mcp-Param-Region.",
        [
            .required(
                "region",
                .string(lengthMax: 1_000),
                description: "Where.",
                headerName: "Region"
            )
        ]
    ) { arguments, _ in
        .text("region=\(arguments.string("region") ?? "")")
    }
}
