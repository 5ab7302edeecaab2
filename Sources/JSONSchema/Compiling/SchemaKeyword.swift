/// The keywords of 2020-12 that mean something here.
///
/// Those of the vocabularies Core, Applicator, Unevaluated and Validation, and two that only hold
/// schemas for others to refer to: `definitions`, the old name of `$defs`, and `contentSchema`.
enum SchemaKeyword: String, CaseIterable {
    case schema = "$schema"
    case id = "$id"
    case anchor = "$anchor"
    case dynamicAnchor = "$dynamicAnchor"
    case ref = "$ref"
    case dynamicRef = "$dynamicRef"
    case defs = "$defs"
    case definitions
    case contentSchema

    case type, const
    case enumeration = "enum"
    case multipleOf, minimum, exclusiveMinimum, maximum, exclusiveMaximum
    case minLength, maxLength, pattern
    case prefixItems, items, contains, minContains, maxContains, minItems, maxItems, uniqueItems
    case properties, patternProperties, additionalProperties, propertyNames
    case required, dependentRequired, minProperties, maxProperties
    case allOf, anyOf, oneOf, not
    case condition = "if"
    case then
    case otherwise = "else"
    case dependentSchemas
    case unevaluatedItems, unevaluatedProperties

    /// In what shape the value holds schemas.
    enum Holding {
        case none, one, list, named
    }

    var holding: Holding {
        switch self {
        case .schema, .id, .anchor, .dynamicAnchor, .ref, .dynamicRef, .type, .const, .enumeration,
            .multipleOf, .minimum, .exclusiveMinimum, .maximum, .exclusiveMaximum, .minLength,
            .maxLength, .pattern, .minContains, .maxContains, .minItems, .maxItems, .uniqueItems,
            .required, .dependentRequired, .minProperties, .maxProperties:
            .none
        case .contentSchema, .items, .contains, .additionalProperties, .propertyNames, .not,
            .condition, .then, .otherwise, .unevaluatedItems, .unevaluatedProperties:
            .one
        case .prefixItems, .allOf, .anyOf, .oneOf:
            .list
        case .defs, .definitions, .properties, .patternProperties, .dependentSchemas:
            .named
        }
    }
}
