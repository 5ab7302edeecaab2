import Bytes
import HTTPClient
import Libuv

/// Asks over the network, on one loop.
///
/// Confined to the loop, as the client is.
final class WebQuestioner {
    /// A page from here would read the documents; no such page exists (RFC 2606 §2).
    private static let pageOrigin = "https://page.invalid"

    private let client: CurlClient
    private let token: String?

    /// - Parameters:
    ///   - loop: Where it runs.
    ///   - token: What goes with the questions that bear it, and with no other.
    init(on loop: EventLoop, token: String?) {
        client = CurlClient(on: loop)
        self.token = token
    }

    func close() {
        client.close()
    }

    func answer(to question: Question) async throws(NoAnswer) -> Answer {
        do throws(HTTPClientError) {
            return Answer(try await client.send(try request(question)))
        } catch {
            throw NoAnswer(error)
        }
    }

    private func request(_ question: Question) throws(HTTPClientError) -> HTTPClientRequest {
        let url = try HTTPClientURL(question.url)
        switch question.content {
        case .get:
            let fields = [
                HTTPClientField("Accept", "application/json"),
                HTTPClientField("Origin", Self.pageOrigin),
            ]
            return HTTPClientRequest(url, method: .get, fields: fields)
        case .post(let body, let fields):
            var fields = fields.sorted { $0.key < $1.key }
                .map { HTTPClientField($0.key, $0.value) }
            if question.bearsToken, let token {
                fields.append(HTTPClientField("Authorization", "Bearer \(token)"))
            }
            // The client follows no redirect of a POST, so the token goes nowhere else.
            return HTTPClientRequest(url, method: .post(ByteBuffer(body)), fields: fields)
        }
    }
}

extension Answer {
    fileprivate init(_ response: HTTPClientResponse) {
        var fields: [Field: String] = [:]
        for field in Field.allCases { fields[field] = response.value(of: field.rawValue) }
        self.init(response.statusCode, fields, body: response.body.bytes)
    }
}

extension NoAnswer {
    init(_ error: HTTPClientError) {
        self =
            switch error.reason {
            case .malformedURL, .credentialsInURL, .insecureURL: .unsafeURL(error.url)
            case .cannotResolve: .unknownHost(reason: "the name of the host cannot be resolved")
            case .cannotConnect(let text): .unreachable(reason: text)
            case .untrustedCertificate(let text): .untrusted(reason: text)
            case .tls(let text): .noTLS(reason: text)
            case .timedOut: .timedOut(reason: "nothing came in time")
            case .redirectRefused, .tooManyRedirects: .redirected(reason: "\(error.reason)")
            case .bodyTooLong, .headTooLong: .tooLong(reason: "\(error.reason)")
            case .malformedField, .malformedResponse, .connectionLost, .unusableCAFile,
                .tooManyTransfers, .cancelled, .closed, .libcurl:
                .broken(reason: "\(error.reason)")
            }
    }
}
