internal import CCurl

/// libcurl itself, prepared once for the process.
enum Curl {
    /// libcurl's own text for a code.
    static func text(of code: CURLcode) -> String {
        guard let text = unsafe curl_easy_strerror(code) else { return "code \(code.rawValue)" }
        return unsafe String(cString: text)
    }

    /// Prepares libcurl and what it uses, before anything else of it is called.
    ///
    /// It fails for want of memory only, which nothing here survives.
    static func prepare() {
        precondition(status == CURLE_OK, "libcurl cannot start: \(text(of: status))")
    }

    private static let status = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}

/// An option that libcurl did not take, or a handle that it did not make.
struct CurlError: Error {
    let code: CURLcode
}
