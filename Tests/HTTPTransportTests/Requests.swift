/// A well-formed request.
func request(_ method: String, _ path: String, content: String? = nil) -> String {
    let head = "\(method) \(path) HTTP/1.1\r\nHost: x\r\n"
    guard let content else { return head + "\r\n" }
    return head + "Content-Length: \(content.utf8.count)\r\n\r\n" + content
}
