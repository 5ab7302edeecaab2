package import AccessControl
internal import Bytes
internal import JSON

// Conditions are evaluated where the value stands, without a tree and without allocation.
extension AccessCondition {
    /// Whether the condition holds for a claims set or the arguments of a call.
    ///
    /// It does not if the value is absent or of another type, or if an object on the way has the
    /// name twice: another reader might take the other value. Anything but an object, and what is no
    /// JSON, satisfies nothing.
    package func holds(in object: Span<UInt8>) -> Bool {
        var range = 0..<object.count
        do throws(JSONError) {
            for name in path {
                var reader = JSONReader(object.extracting(range))
                guard let member = try reader.onlyMember(name.text) else { return false }
                let start = range.lowerBound
                range = (start + member.lowerBound)..<(start + member.upperBound)
            }
            var reader = JSONReader(object.extracting(range))
            return try test.holds(&reader)
        } catch {
            return false
        }
    }
}

extension AccessPolicy {
    /// Which of the conditions on claims a claims set satisfies.
    package func claimConditions(satisfiedBy claims: Span<UInt8>) -> ConditionSet {
        var set = ConditionSet()
        for index in claimConditions.indices where claimConditions[index].holds(in: claims) {
            set.insert(index)
        }
        return set
    }

    /// Which of the conditions in `wanted` the arguments of a call satisfy.
    package func conditions(
        _ wanted: ConditionSet,
        satisfiedBy arguments: Span<UInt8>
    ) -> ConditionSet {
        var set = ConditionSet()
        for index in argumentConditions.indices
        where wanted.contains(index) && argumentConditions[index].holds(in: arguments) {
            set.insert(index)
        }
        return set
    }
}

extension AccessCondition.Test {
    fileprivate func holds(_ reader: inout JSONReader) throws(JSONError) -> Bool {
        switch self {
        case .equals(let value):
            let scalar = try Scalar(&reader)
            return scalar.equals(value, in: reader)
        case .isIn(let values):
            let scalar = try Scalar(&reader)
            for value in values where scalar.equals(value, in: reader) { return true }
            return false
        case .prefix(let prefix):
            guard case .string(let string) = try Scalar(&reader) else { return false }
            return reader.text(of: string, beginsWith: prefix.text)
        case .contains(let value):
            guard try reader.peek() == .array else { return false }
            try reader.beginArray()
            while try reader.nextElement() {
                let scalar = try Scalar(&reader)
                if scalar.equals(value, in: reader) { return true }
            }
            return false
        }
    }
}

/// A value as it can be compared.
private enum Scalar {
    case string(JSONString)
    case integer(Int)
    case boolean(Bool)
    /// What equals nothing: null, an object, an array, a number that is no integer or too large.
    case other

    /// Reads one value of any kind.
    init(_ reader: inout JSONReader) throws(JSONError) {
        switch try reader.peek() {
        case .string:
            self = .string(try reader.readString())
        case .number:
            // By value, as schemas and tools read it: `1.0` is 1.
            let number = try reader.readNumber()
            self = reader.integer(of: number).map { .integer($0) } ?? .other
        case .true, .false:
            self = .boolean(try reader.readBool())
        case .null, .array, .object:
            try reader.skipValue()
            self = .other
        }
    }

    func equals(_ value: AccessCondition.Value, in reader: borrowing JSONReader) -> Bool {
        switch (self, value) {
        case (.string(let string), .string(let wanted)): reader.equals(string, wanted.text)
        case (.integer(let number), .integer(let wanted)): number == wanted
        case (.boolean(let boolean), .boolean(let wanted)): boolean == wanted
        default: false
        }
    }
}

extension JSONReader {
    /// Where the value of the member stands; `nil` if this is no object, lacks it, or has it twice.
    fileprivate mutating func onlyMember(_ name: String) throws(JSONError) -> Range<Int>? {
        guard try peek() == .object else { return nil }
        var found: Range<Int>?
        try beginObject()
        while let member = try nextMember() {
            guard equals(member, name) else { continue }
            guard found == nil else { return nil }
            found = try skipValue()
        }
        return found
    }

    fileprivate func text(of string: JSONString, beginsWith prefix: String) -> Bool {
        let wanted = prefix.utf8
        var next = wanted.startIndex
        _ = allBytes(of: string) { byte in
            guard next != wanted.endIndex, byte == wanted[next] else { return false }
            next = wanted.index(after: next)
            return true
        }
        return next == wanted.endIndex
    }
}
