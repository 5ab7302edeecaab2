/// What an operator should know of a watched file.
package enum WatchedFileReport: Hashable, Sendable {
    /// The file cannot be used; what was read before stays in force.
    case failing(AccessFileError)
    /// It can be used again.
    case recovered(AccessFileError.Kind)
}
