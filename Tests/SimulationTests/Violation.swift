/// Something that must not be.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Ends the simulation unless `condition` holds.
func demand(_ condition: Bool, _ words: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(words()) }
}
