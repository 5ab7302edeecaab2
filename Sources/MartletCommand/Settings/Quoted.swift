extension String {
    /// What somebody typed, for a message: one line of bounded length, without control characters.
    var quoted: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(80) {
            let isControl = scalar.properties.generalCategory == .control
            scalars.append(isControl ? "?" : scalar)
        }
        return unicodeScalars.count > 80 ? "\"\(String(scalars))…\"" : "\"\(String(scalars))\""
    }
}
