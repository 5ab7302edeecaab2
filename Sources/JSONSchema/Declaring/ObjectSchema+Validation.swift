import Bytes
import JSON

extension ObjectSchema {
    /// Checks one JSON text against the schema.
    ///
    /// Nothing is allocated if it satisfies, unless it holds numbers of more than 15 digits.
    ///
    /// An integer must fit between its bounds and a number must be finite as `Double`; apart from
    /// that no limit is applied that ``json`` does not state.
    ///
    /// - Returns: The first violation, or `nil` if there is none.
    public func validate(_ json: borrowing Span<UInt8>) -> SchemaViolation? {
        var reader = JSONReader(copy json)
        do {
            if let violation = try violation(in: &reader) { return violation }
            try reader.finish()
            return nil
        } catch {
            return SchemaViolation(.malformed(error))
        }
    }

    /// Reads the next value and says where it departs from the schema.
    func violation(in reader: inout JSONReader) throws(JSONError) -> SchemaViolation? {
        let kind = try reader.peek()
        guard kind == .object else {
            return SchemaViolation(.wrongKind(kind, expected: "\(JSONKind.object)"))
        }
        try reader.beginObject()
        var seen: UInt64 = 0
        while let name = try reader.nextMember() {
            guard let index = index(ofPropertyNamed: name, in: reader) else {
                let excerpt = Excerpt(reader.text(of: name))
                let known = properties.map(\.name)
                return SchemaViolation(.unknownProperty(name: excerpt, known: known))
            }
            let bit: UInt64 = 1 << UInt64(index)
            guard seen & bit == 0 else {
                return SchemaViolation(.repeated, at: properties[index].name)
            }
            seen |= bit
            if let violation = try properties[index].type.violation(in: &reader) {
                return violation.inside(properties[index].name)
            }
        }
        for index in properties.indices
        where properties[index].isRequired && seen & 1 << UInt64(index) == 0 {
            return SchemaViolation(.missing, at: properties[index].name)
        }
        return nil
    }

    private func index(
        ofPropertyNamed name: JSONString,
        in reader: borrowing JSONReader
    ) -> Int? {
        for index in names.indices {
            let candidate = names[index]
            if reader.equals(name, candidate.span) { return index }
        }
        return nil
    }
}

extension PropertyType {
    /// Reads the next value and says where it departs from the type.
    func violation(in reader: inout JSONReader) throws(JSONError) -> SchemaViolation? {
        let kind = try reader.peek()
        switch (self, kind) {
        case (.string(let lengthMin, let lengthMax, let characters), .string):
            let string = try reader.readString()
            let length = reader.scalarCount(of: string)
            if length < lengthMin {
                return SchemaViolation(.tooShort(length: length, lengthMin: lengthMin))
            }
            if length > lengthMax {
                return SchemaViolation(.tooLong(length: length, lengthMax: lengthMax))
            }
            guard characters.contains(string, in: reader) else {
                return SchemaViolation(.forbiddenCharacters(characters))
            }
            return nil
        case (.integer(let min, let max), .number):
            return violation(of: try reader.readNumber(), in: reader, min: min, max: max)
        case (.number(let min, let max), .number):
            return violation(of: try reader.readNumber(), in: reader, min: min, max: max)
        case (.boolean, .true), (.boolean, .false), (.nullable, .null):
            try reader.skipValue()
            return nil
        case (.enumeration(let values), .string):
            let string = try reader.readString()
            for value in values where reader.equals(string, value) { return nil }
            let excerpt = Excerpt(reader.text(of: string))
            return SchemaViolation(.notInEnumeration(values, value: excerpt))
        case (.array(let elementType, let countMax), .array):
            return try violation(ofElements: elementType, countMax: countMax, in: &reader)
        case (.object(let schema), .object):
            return try schema.violation(in: &reader)
        case (.nullable(let type), _):
            let violation = try type.violation(in: &reader)
            guard let violation, violation.path.isEmpty, case .wrongKind = violation.reason else {
                return violation
            }
            return SchemaViolation(.wrongKind(kind, expected: expectation))
        default:
            return SchemaViolation(.wrongKind(kind, expected: expectation))
        }
    }

    private func violation(
        ofElements elementType: PropertyType,
        countMax: Int,
        in reader: inout JSONReader
    ) throws(JSONError) -> SchemaViolation? {
        try reader.beginArray()
        var count = 0
        while try reader.nextElement() {
            guard count < countMax else {
                return SchemaViolation(.tooManyItems(countMax: countMax))
            }
            if let violation = try elementType.violation(in: &reader) {
                return violation.inside(elementAt: count)
            }
            count += 1
        }
        return nil
    }

    private func violation(
        of number: JSONNumber,
        in reader: borrowing JSONReader,
        min: Int,
        max: Int
    ) -> SchemaViolation? {
        guard let value = reader.integer(of: number) else {
            // Either no integer, or one that `Int` cannot hold and that is out of bounds therefore.
            guard let double = reader.double(of: number), double.magnitude < 0x1p63 else {
                return outOfBounds(number, in: reader, min: "\(min)", max: "\(max)")
            }
            return SchemaViolation(.notAnInteger(value: reader.excerpt(of: number)))
        }
        if value < min {
            return SchemaViolation(.belowMinimum("\(min)", value: reader.excerpt(of: number)))
        }
        if value > max {
            return SchemaViolation(.aboveMaximum("\(max)", value: reader.excerpt(of: number)))
        }
        return nil
    }

    private func violation(
        of number: JSONNumber,
        in reader: borrowing JSONReader,
        min: Double?,
        max: Double?
    ) -> SchemaViolation? {
        guard let value = reader.double(of: number) else {
            let greatest = Double.greatestFiniteMagnitude
            return outOfBounds(
                number,
                in: reader,
                min: Self.text(of: min ?? -greatest),
                max: Self.text(of: max ?? greatest)
            )
        }
        if let min, value < min {
            let excerpt = reader.excerpt(of: number)
            return SchemaViolation(.belowMinimum(Self.text(of: min), value: excerpt))
        }
        if let max, value > max {
            let excerpt = reader.excerpt(of: number)
            return SchemaViolation(.aboveMaximum(Self.text(of: max), value: excerpt))
        }
        return nil
    }

    /// For a number too large to compare: its sign says which bound it breaks.
    private func outOfBounds(
        _ number: JSONNumber,
        in reader: borrowing JSONReader,
        min: String,
        max: String
    ) -> SchemaViolation {
        let excerpt = reader.excerpt(of: number)
        return excerpt.text.hasPrefix("-")
            ? SchemaViolation(.belowMinimum(min, value: excerpt))
            : SchemaViolation(.aboveMaximum(max, value: excerpt))
    }

    private static func text(of bound: Double) -> String {
        RawJSON { $0.double(bound) }.description
    }

    /// The kind of value that is wanted, as it reads in "must be …".
    private var expectation: String {
        switch self {
        case .string, .enumeration: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "true or false"
        case .array: "an array"
        case .object: "an object"
        case .nullable(let type): "\(type.expectation) or null"
        }
    }
}

extension JSONReader {
    fileprivate func excerpt(of number: JSONNumber) -> Excerpt {
        Excerpt(text(of: JSONString(range: number.range, hasEscapes: false)))
    }
}
