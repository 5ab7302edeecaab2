internal import Bytes
internal import JSON

/// The methods of all revisions that this server knows of, served or not.
public enum Method: String, CaseIterable, Sendable {
    case toolsCall = "tools/call"
    case toolsList = "tools/list"
    case serverDiscover = "server/discover"
    case initialize = "initialize"
    case ping = "ping"
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
