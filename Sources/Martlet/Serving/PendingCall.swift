internal import HTTP1
internal import HTTPTransport
internal import Logging
internal import MCP

/// A tool call from its start to its answer.
///
/// It knows its own exchange, so that whatever has become of the connection meanwhile, the answer
/// reaches this request or nobody.
final class PendingCall {
    let call: ToolCall
    let context: RequestContext
    let exchange: HTTPConnection.ExchangeID
    let connection: HTTPConnection
    let record: AccessRecord
    let originFields: FieldBlock?
    var task: Task<Void, Never>?

    private let handler: EndpointHandler
    private var isOver = false

    init(
        _ call: ToolCall,
        context: RequestContext,
        exchange: HTTPConnection.ExchangeID,
        connection: HTTPConnection,
        handler: EndpointHandler,
        record: AccessRecord,
        originFields: FieldBlock?
    ) {
        self.call = call
        self.context = context
        self.exchange = exchange
        self.connection = connection
        self.handler = handler
        self.record = record
        self.originFields = originFields
    }

    func run() async {
        do throws(ToolFailure) {
            finish(.finished(try await call.tool.call(call.arguments, context)))
        } catch {
            log(error)
            finish(.failed(error))
        }
    }

    /// Answers with the limit instead of the result, which nobody waits for any longer.
    func timeOut(afterSeconds seconds: Int) {
        finish(.timedOut(afterSeconds: seconds))
        task?.cancel()
    }

    /// Nobody is there to be answered.
    ///
    /// In the modern era that is how a client cancels. In the legacy era it means nothing (MCP
    /// 2025-11-25, *Transports*, "Sending Messages to the Server"), and the tool finishes.
    func abandon() {
        isOver = true
        if call.protocolVersion.era == .modern { task?.cancel() }
    }

    private func finish(_ outcome: ToolOutcome) {
        guard !isOver else { return }
        isOver = true
        handler.didFinish(self)
        handler.respond(to: self, with: outcome)
    }

    private func log(_ failure: ToolFailure) {
        let logger = handler.endpoint.shared.logger
        switch failure {
        case .rejected:
            return
        case .unavailable(let reason):
            logger.warning("\(call.tool.name) is unavailable: \(reason)")
        case .failed(let reason):
            logger.error("\(call.tool.name) failed: \(reason)")
        }
    }
}
