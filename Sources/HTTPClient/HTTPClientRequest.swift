public import Bytes

/// What a server is asked.
public struct HTTPClientRequest: Sendable {
    /// What is to be done with the resource.
    public enum Method: Sendable {
        case get
        /// Sends content; redirects are not followed, but returned.
        case post(ByteBuffer)
    }

    public var url: HTTPClientURL
    public var method: Method

    /// Sent to the origin of ``url`` only: a redirect to another origin takes none of them along,
    /// `Accept` aside.
    public var fields: [HTTPClientField]

    public init(
        _ url: HTTPClientURL,
        method: Method = .get,
        fields: [HTTPClientField] = []
    ) {
        self.url = url
        self.method = method
        self.fields = fields
    }
}

/// Without the values of fields and the content: both may be secret.
extension HTTPClientRequest: CustomStringConvertible {
    public var description: String {
        switch method {
        case .get: "GET \(url)"
        case .post(let content): "POST \(content.count) bytes to \(url)"
        }
    }
}

extension HTTPClientRequest {
    /// Why a field cannot be sent: it would end its line, or is none.
    func validateFields() throws(HTTPClientError.Reason) {
        for field in fields {
            let isSound =
                !field.name.isEmpty && field.name.utf8.allSatisfy(ASCII.isTokenCharacter)
                && field.value.utf8.allSatisfy { byte in
                    byte == ASCII.horizontalTab || !ASCII.isControl(byte)
                }
            guard isSound else { throw .malformedField }
        }
    }
}
