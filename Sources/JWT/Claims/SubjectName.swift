/// What a `sub` claim must look like.
///
/// RFC 7519 §4.1.2 allows any string. This server keeps subjects in a database and names them in
/// logs, so it wants something to print and a bound.
enum SubjectName {
    /// The bound of OpenID Connect Core §2: "MUST NOT exceed 255 ASCII characters in length".
    static let byteCountMax = 255

    /// Not empty, not too long, and free of control characters (Unicode category Cc).
    static func isValid(_ name: String) -> Bool {
        let count = name.utf8.count
        guard count > 0, count <= byteCountMax else { return false }
        return name.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
        }
    }
}
