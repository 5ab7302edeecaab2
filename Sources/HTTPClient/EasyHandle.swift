internal import Bytes
internal import CCurl

/// One exchange with a server: libcurl's easy handle and what it has received.
///
/// Confined to the loop's thread. libcurl knows its address, so it must leave the multi handle before
/// it is let go of.
@safe
final class EasyHandle {
    /// What is asked, and what it may cost.
    struct Exchange {
        var url: HTTPClientURL
        var method: HTTPClientRequest.Method
        var fields: [HTTPClientField]
        var remainingMilliseconds: Int
        var limits: HTTPClientLimits
        var userAgent: String
        var caFile: String?
    }

    /// Why libcurl was told to stop.
    enum Excess {
        case head, body
    }

    let handle: UnsafeMutableRawPointer

    /// What ended the transfer, if a limit did.
    private(set) var excess: Excess?

    /// What has come of the body.
    private(set) var body = ByteBuffer()

    private let limits: HTTPClientLimits
    private let errorText: UnsafeMutablePointer<CChar>
    private var fieldList: UnsafeMutablePointer<curl_slist>?
    private var headByteCount = 0

    /// - Throws: ``CurlError`` if this libcurl lacks an option, or memory.
    init(_ exchange: Exchange) throws(CurlError) {
        guard let handle = unsafe curl_easy_init() else {
            throw CurlError(code: CURLE_OUT_OF_MEMORY)
        }
        unsafe self.handle = unsafe handle
        limits = exchange.limits
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configureCallbacks()
        try configureSecurity(exchange)
        try configureRequest(exchange)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(fieldList)
        unsafe errorText.deallocate()
    }

    /// What libcurl says of the failure, in more words than the code has.
    var failureText: String {
        unsafe String(cString: errorText)
    }

    var statusCode: Int {
        var code = 0
        unsafe ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &code)
        return code
    }

    /// Where the response redirects to, made absolute; it may be no URL at all.
    var redirectTarget: String? {
        var target: UnsafePointer<CChar>?
        unsafe ccurl_get_text(handle, CURLINFO_REDIRECT_URL, &target)
        return unsafe target.map { unsafe String(cString: $0) }
    }

    /// The field lines of the final response, without those of the trailer section.
    var fields: [HTTPClientField] {
        var fields: [HTTPClientField] = []
        var previous: UnsafeMutablePointer<curl_header>?
        while let line = unsafe curl_easy_nextheader(
            handle,
            UInt32(CURLH_HEADER),
            -1,
            previous
        ) {
            if let name = unsafe line.pointee.name, let value = unsafe line.pointee.value {
                // libcurl leaves a carriage return where a value is empty.
                let text = unsafe String(cString: value).filter { !$0.isNewline }
                fields.append(HTTPClientField(unsafe String(cString: name), text))
            }
            unsafe previous = unsafe line
        }
        return fields
    }

    private func configureCallbacks() throws(CurlError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try unsafe check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
        try unsafe check(ccurl_set_write_function(handle, CURLOPT_WRITEFUNCTION, onBody))
        try unsafe check(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try unsafe check(ccurl_set_write_function(handle, CURLOPT_HEADERFUNCTION, onHeadLine))
        try unsafe check(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context))
    }

    private func configureSecurity(_ exchange: Exchange) throws(CurlError) {
        try set(CURLOPT_PROTOCOLS_STR, exchange.url.scheme.rawValue)
        // Redirects are followed by `Transfer`, one checked URL after the other.
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        // RFC 9325 §3.1.1: TLS 1.2 at least.
        try set(CURLOPT_SSLVERSION, UInt32(CURL_SSLVERSION_TLSv1_2))
        if let caFile = exchange.caFile {
            try set(CURLOPT_CAINFO, caFile)
            // Otherwise the authorities in the system's directory would be trusted as well.
            try unsafe check(ccurl_set_text(handle, CURLOPT_CAPATH, nil))
        }
        // Who is asked depends on the configuration, not on `https_proxy` in the environment.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NETRC, CURL_NETRC_IGNORED.rawValue)
        // Signals belong to the process; time limits work without them.
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it libcurl waits, on the loop's thread, for a look-up that nobody needs any more, as
        // long as a name server that is down lets it (<https://github.com/curl/curl/issues/8515>).
        // With it the look-up's thread ends by itself and frees what it has.
        try set(CURLOPT_QUICK_EXIT, 1)
    }

    private func configureRequest(_ exchange: Exchange) throws(CurlError) {
        try set(CURLOPT_URL, exchange.url.text)
        try set(CURLOPT_HTTP_VERSION, UInt32(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_USERAGENT, exchange.userAgent)
        try set(CURLOPT_TIMEOUT_MS, UInt32(clamping: exchange.remainingMilliseconds))
        try set(CURLOPT_CONNECTTIMEOUT_MS, UInt32(clamping: limits.connectSeconds * 1_000))
        // Ends a transfer whose length is announced before its body comes.
        let byteCountMax = curl_off_t(limits.bodyByteCountMax)
        try unsafe check(ccurl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, byteCountMax))
        for field in exchange.fields {
            try appendField("\(field.name): \(field.value)")
        }
        switch exchange.method {
        case .get:
            try set(CURLOPT_HTTPGET, 1)
        case .post(let content):
            let byteCount = curl_off_t(content.count)
            try unsafe check(ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, byteCount))
            try unsafe content.bytes.withUnsafeBufferPointer { bytes throws(CurlError) in
                let content = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                try unsafe check(ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, content))
            }
            // libcurl would wait a second for `100 Continue` before it sends a large body.
            try appendField("Expect:")
        }
        try unsafe check(ccurl_set_list(handle, CURLOPT_HTTPHEADER, fieldList))
    }

    private func appendField(_ line: String) throws(CurlError) {
        guard let list = unsafe curl_slist_append(fieldList, line) else {
            throw CurlError(code: CURLE_OUT_OF_MEMORY)
        }
        unsafe fieldList = unsafe list
    }

    private func set(_ option: CURLoption, _ value: UInt32) throws(CurlError) {
        try unsafe check(ccurl_set_long(handle, option, Int(value)))
    }

    private func set(_ option: CURLoption, _ value: String) throws(CurlError) {
        try unsafe check(ccurl_set_text(handle, option, value))
    }

    private func check(_ code: CURLcode) throws(CurlError) {
        guard code == CURLE_OK else { throw CurlError(code: code) }
    }

    /// - Returns: `false` to end the transfer.
    fileprivate func didReceiveHeadLine(byteCount: Int) -> Bool {
        headByteCount += byteCount
        guard headByteCount <= limits.headByteCountMax else {
            excess = .head
            return false
        }
        return true
    }

    /// - Returns: `false` to end the transfer.
    fileprivate func didReceiveBody(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard bytes.count <= limits.bodyByteCountMax - body.count else {
            excess = .body
            return false
        }
        body.append(bytes)
        return true
    }
}

// libcurl calls back on the loop's thread, within a call of the multi handle that owns the easy one.
// What is returned is how many bytes were taken; another number than came ends the transfer.

private let onHeadLine: curl_write_callback = { _, size, count, context in
    guard let context = unsafe context else { return 0 }
    let easy = unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
    return easy.didReceiveHeadLine(byteCount: size * count) ? size * count : 0
}

private let onBody: curl_write_callback = { bytes, size, count, context in
    guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
    let easy = unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    // Safe: libcurl's buffer outlives the call.
    let span = unsafe buffer.assumingMemoryBound(to: UInt8.self).span
    return easy.didReceiveBody(span) ? size * count : 0
}
