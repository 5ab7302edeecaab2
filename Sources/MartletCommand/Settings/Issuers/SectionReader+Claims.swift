import JSON

// Where claims are: members within members of the claims set.
extension SectionReader {
    /// One claim: text with full stops between member names, or an array of member names.
    ///
    /// Text with "://" in it is one name: Auth0 and others have claims whose names are URLs, and a
    /// member name that begins so has no parts. Any other name with a full stop in it is to be
    /// given as an array.
    mutating func claim(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> [String]? {
        let found = try reader.peek()
        var names: [String]
        switch found {
        case .string:
            let text = reader.text(of: try reader.readString())
            names =
                text.contains("://")
                ? [text]
                : text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        case .array:
            names = []
            try reader.beginArray()
            while try reader.nextElement() {
                guard try begins(.string, as: .claim, at: place, &reader) else {
                    names.append("")
                    continue
                }
                names.append(reader.text(of: try reader.readString()))
            }
        default:
            try skip(found, as: .claim, at: place, &reader)
            return nil
        }
        guard !names.isEmpty, !names.contains("") else {
            report(.malformedClaim, at: place)
            return nil
        }
        return names
    }

    /// An array of claims, or one that is text.
    mutating func claims(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> [[String]]? {
        let found = try reader.peek()
        if found == .string { return try claim(at: place, &reader).map { [$0] } }
        guard try begins(.array, as: .claims, at: place, &reader) else { return nil }
        var claims: [[String]] = []
        var index = 0
        try reader.beginArray()
        while try reader.nextElement() {
            if let claim = try claim(at: "\(place)[\(index)]", &reader) { claims.append(claim) }
            index += 1
        }
        if index == 0 { report(.empty, at: place) }
        return claims
    }
}
