internal import HTTP1

/// What a request counts as: its method, what its path leads to, and how it was answered.
struct HTTPRequestSeries: Hashable, Sendable {
    /// Methods that are served, and all others.
    enum Method: Int, CaseIterable, Sendable {
        case post, get, delete, options, head, other

        init(_ method: HTTPMethod) {
            self =
                switch method {
                case .post: .post
                case .get: .get
                case .delete: .delete
                case .options: .options
                case .head: .head
                case .put, .patch, .connect, .trace, .other: .other
                }
        }

        /// As OpenTelemetry calls it.
        var name: String {
            switch self {
            case .post: "POST"
            case .get: "GET"
            case .delete: "DELETE"
            case .options: "OPTIONS"
            case .head: "HEAD"
            case .other: "_OTHER"
            }
        }
    }

    /// Status codes that this server answers with; 0 stands for any other.
    private static let statusCodes = [
        200, 202, 204, 400, 401, 403, 404, 405, 406, 415, 421, 429, 500, 503, 408, 409, 413, 414,
        417, 431, 501, 505, 0,
    ]

    var method: Method
    var route: Endpoint.Route
    private var statusIndex: Int

    static let count = Method.allCases.count * Endpoint.Route.allCases.count * statusCodes.count

    init(_ method: Method, _ route: Endpoint.Route, statusCode: Int) {
        self.method = method
        self.route = route
        statusIndex =
            Self.statusCodes.firstIndex(of: statusCode) ?? Self.statusCodes.count - 1
    }

    /// - Precondition: One of the first ``count`` numbers.
    init(index: Int) {
        let (rest, status) = index.quotientAndRemainder(dividingBy: Self.statusCodes.count)
        let (method, route) = rest.quotientAndRemainder(dividingBy: Endpoint.Route.allCases.count)
        self.method = Method.allCases[method]
        self.route = Endpoint.Route.allCases[route]
        statusIndex = status
    }

    var index: Int {
        (method.rawValue * Endpoint.Route.allCases.count + route.rawValue)
            * Self.statusCodes.count + statusIndex
    }

    var statusCode: String {
        let code = Self.statusCodes[statusIndex]
        return code == 0 ? "other" : String(code)
    }

    /// - Returns: `nil` for a request that was not refused.
    var errorType: String? {
        Self.statusCodes[statusIndex] >= 400 ? statusCode : nil
    }
}
