/// Something of a server that has changed and that clients may want to hear of.
public enum ServerChange: Hashable, Sendable {
    case toolList
    case promptList
    case resourceList
    case resource(uri: String)
    case task(TaskID)

    /// The method of the notification.
    var method: String {
        switch self {
        case .toolList: "notifications/tools/list_changed"
        case .promptList: "notifications/prompts/list_changed"
        case .resourceList: "notifications/resources/list_changed"
        case .resource: "notifications/resources/updated"
        case .task: "notifications/tasks"
        }
    }
}
