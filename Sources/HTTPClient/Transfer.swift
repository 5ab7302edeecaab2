/// One call of the client, from redirect to redirect until its answer.
///
/// Confined to the loop's thread.
final class Transfer {
    typealias Answer = Result<HTTPClientResponse, HTTPClientError>

    /// What the answer to one exchange leads to.
    enum Step {
        case finished(Result<HTTPClientResponse, HTTPClientError.Reason>)
        /// Ask there.
        case redirected
    }

    /// Statuses by which a GET goes on elsewhere (RFC 9110 §15.4).
    private static let redirectStatusCodes: Set<Int> = [301, 302, 303, 307, 308]

    /// Names the call to whoever cancels it.
    let number: Int

    /// The exchange that libcurl carries out now.
    var easy: EasyHandle?

    private let request: HTTPClientRequest
    private let deadlineMilliseconds: UInt64
    private let continuation: CheckedContinuation<Answer, Never>
    private var url: HTTPClientURL
    private var redirectCount = 0

    init(
        _ number: Int,
        _ request: HTTPClientRequest,
        deadlineMilliseconds: UInt64,
        _ continuation: CheckedContinuation<Answer, Never>
    ) {
        self.number = number
        self.request = request
        self.deadlineMilliseconds = deadlineMilliseconds
        self.continuation = continuation
        url = request.url
    }

    /// Tells the caller, once; the transfer is then over.
    func finish(_ result: Result<HTTPClientResponse, HTTPClientError.Reason>) {
        continuation.resume(
            returning: result.mapError { HTTPClientError($0, url: request.url.description) }
        )
    }

    /// The exchange that is due: where the last redirect led, with the time that is left.
    func nextExchange(
        _ limits: HTTPClientLimits,
        userAgent: String,
        caFile: String?,
        nowMilliseconds: UInt64
    ) throws(HTTPClientError.Reason) -> EasyHandle.Exchange {
        guard nowMilliseconds < deadlineMilliseconds else { throw Self.timeout(limits) }
        return EasyHandle.Exchange(
            url: url,
            method: request.method,
            fields: fields,
            remainingMilliseconds: Int(deadlineMilliseconds - nowMilliseconds),
            limits: limits,
            userAgent: userAgent,
            caFile: caFile
        )
    }

    /// What to do when libcurl has the whole answer.
    func receive(from easy: EasyHandle, _ limits: HTTPClientLimits) -> Step {
        if case .get = request.method, Self.redirectStatusCodes.contains(easy.statusCode),
            let target = easy.redirectTarget
        {
            do throws(HTTPClientError.Reason) {
                try follow(target, limits)
                return .redirected
            } catch {
                return .finished(.failure(error))
            }
        }
        let answer = HTTPClientResponse(
            statusCode: easy.statusCode,
            fields: easy.fields,
            body: easy.body,
            url: url.text
        )
        // Two lengths, of which libcurl took one, are none (RFC 9112 §6.3).
        let lengths = answer.fields.filter { $0.name.lowercased() == "content-length" }
        guard Set(lengths.map(\.value)).count < 2 else {
            return .finished(.failure(.malformedResponse(text: "two values of Content-Length")))
        }
        return .finished(.success(answer))
    }

    static func timeout(_ limits: HTTPClientLimits) -> HTTPClientError.Reason {
        .timedOut(totalSeconds: limits.totalSeconds, connectSeconds: limits.connectSeconds)
    }

    /// Only what says which media type is wanted leaves the origin that the caller named.
    private var fields: [HTTPClientField] {
        if url.origin == request.url.origin { return request.fields }
        return request.fields.filter { $0.name.lowercased() == "accept" }
    }

    private func follow(_ target: String, _ limits: HTTPClientLimits) throws(HTTPClientError.Reason)
    {
        guard redirectCount < limits.redirectCountMax else {
            throw .tooManyRedirects(countMax: limits.redirectCountMax)
        }
        redirectCount += 1
        let refusal = HTTPClientError.Reason.redirectRefused(
            to: HTTPClientError.presentable(target)
        )
        let next: HTTPClientURL
        do throws(HTTPClientError.Reason) {
            // A fragment is for whoever shows the resource (RFC 9110 §10.2.2).
            next = try HTTPClientURL(reading: String(target.prefix { $0 != "#" }))
        } catch {
            throw refusal
        }
        // From a server that others run into this machine, and out of TLS: no.
        if url.scheme == .https, next.scheme == .http { throw refusal }
        url = next
    }
}
