internal import Bytes
internal import JSON

/// The methods of all revisions that this server knows of, the most frequent first.
public enum Method: String, CaseIterable, Sendable {
    case toolsCall = "tools/call"
    case toolsList = "tools/list"
    case resourcesRead = "resources/read"
    case promptsGet = "prompts/get"
    case serverDiscover = "server/discover"
    case initialize = "initialize"
    case ping = "ping"
    case resourcesList = "resources/list"
    case resourceTemplatesList = "resources/templates/list"
    case promptsList = "prompts/list"
    case completionComplete = "completion/complete"
    case subscriptionsListen = "subscriptions/listen"
    case loggingSetLevel = "logging/setLevel"
    case resourcesSubscribe = "resources/subscribe"
    case resourcesUnsubscribe = "resources/unsubscribe"
    case tasksGet = "tasks/get"
    case tasksUpdate = "tasks/update"
    case tasksCancel = "tasks/cancel"
    case initialized = "notifications/initialized"
    case cancelled = "notifications/cancelled"

    /// What all notifications' names begin with.
    static let notificationPrefix = "notifications/"

    init?(_ name: JSONString, in reader: borrowing JSONReader) {
        for method in Self.allCases where reader.equals(name, method.rawValue) {
            self = method
            return
        }
        return nil
    }

    public init?(field: borrowing Span<UInt8>) {
        for method in Self.allCases where field.equals(method.rawValue) {
            self = method
            return
        }
        return nil
    }
}

extension Method {
    /// The member of `params` that `Mcp-Name` repeats (MCP 2026-07-28, *Transports*, "Standard
    /// Request Headers"); `nil` where the field is not sent.
    var mirroredParam: MirroredParam? {
        switch self {
        case .toolsCall, .promptsGet: .name
        case .resourcesRead: .uri
        case .tasksGet, .tasksUpdate, .tasksCancel: .taskID
        default: nil
        }
    }

    /// Whether the method is one of the tasks extension.
    var isOfTasks: Bool { mirroredParam == .taskID }

    enum MirroredParam: String {
        case name
        case uri
        case taskID = "taskId"
    }
}

extension Method {
    /// The place among all methods, for tables of them.
    public var place: Int {
        switch self {
        case .toolsCall: 0
        case .toolsList: 1
        case .resourcesRead: 2
        case .promptsGet: 3
        case .serverDiscover: 4
        case .initialize: 5
        case .ping: 6
        case .resourcesList: 7
        case .resourceTemplatesList: 8
        case .promptsList: 9
        case .completionComplete: 10
        case .subscriptionsListen: 11
        case .loggingSetLevel: 12
        case .resourcesSubscribe: 13
        case .resourcesUnsubscribe: 14
        case .tasksGet: 15
        case .tasksUpdate: 16
        case .tasksCancel: 17
        case .initialized: 18
        case .cancelled: 19
        }
    }
}
