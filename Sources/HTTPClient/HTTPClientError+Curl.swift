internal import CCurl

extension HTTPClientError.Reason {
    /// What libcurl's code and its words for it mean.
    init(_ code: CURLcode, of easy: EasyHandle, _ limits: HTTPClientLimits, caFile: String?) {
        let ownText = easy.failureText
        let text = ownText.isEmpty ? Curl.text(of: code) : ownText
        switch code {
        case CURLE_WRITE_ERROR:
            switch easy.excess {
            case .head: self = .headTooLong(byteCountMax: limits.headByteCountMax)
            case .body: self = .bodyTooLong(byteCountMax: limits.bodyByteCountMax)
            case nil: self = .malformedResponse(text: text)
            }
        case CURLE_FILESIZE_EXCEEDED: self = .bodyTooLong(byteCountMax: limits.bodyByteCountMax)
        case CURLE_URL_MALFORMAT: self = .malformedURL
        case CURLE_OPERATION_TIMEDOUT: self = Transfer.timeout(limits)
        case CURLE_COULDNT_RESOLVE_HOST: self = .cannotResolve
        case CURLE_COULDNT_CONNECT: self = .cannotConnect(text: text)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            self = .untrustedCertificate(text: text)
        case CURLE_SSL_CACERT_BADFILE:
            self = caFile.map { .unusableCAFile(path: $0) } ?? .tls(text: text)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM:
            self = .tls(text: text)
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            self = .connectionLost(text: text)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            self = .malformedResponse(text: text)
        default: self = .libcurl(text: text)
        }
    }
}
