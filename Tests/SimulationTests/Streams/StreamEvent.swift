/// One event of a stream.
struct StreamEvent {
    let id: String?
    let data: String

    /// - Returns: `nil` for a comment. What only says where the stream is has no data.
    init?(_ text: String) {
        var id: String?
        var data: [Substring] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
            if line.hasPrefix("data: ") { data.append(line.dropFirst(6)) }
        }
        self.id = id
        self.data = data.joined(separator: "\n")
        if id == nil, self.data.isEmpty { return nil }
    }
}
