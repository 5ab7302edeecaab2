internal import HTTP1

/// The field that names a legacy session, as a request has it.
enum SessionField {
    case absent
    /// Its value, as a range of the bytes it stands in.
    case single(Range<Int>)
    case repeated

    init(_ head: borrowing RequestHead) {
        guard let value = head.value(of: .mcpSessionID) else {
            self = .absent
            return
        }
        self = head.isRepeated(.mcpSessionID) ? .repeated : .single(value)
    }
}
