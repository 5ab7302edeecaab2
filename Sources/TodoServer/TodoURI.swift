/// The URIs of the to-do server's resources.
enum TodoURI {
    /// The list of both states.
    static let all = "todo://list/all"
    static let open = "todo://list/open"
    static let completed = "todo://list/completed"

    static let itemTemplate = "todo://items/{id}"

    /// The interactive page.
    static let page = "ui://todos/list"

    static func item(_ id: Int64) -> String { "todo://items/\(id)" }
}
