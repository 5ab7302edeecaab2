import JSON

/// A token as somebody pasted it, and what stood around it.
///
/// For people who debug: whatever is cleaned away here is told, since a server is sent the text as
/// it is and refuses it.
package struct TokenText: Hashable, Sendable {
    /// What was taken away to get at the token.
    package enum Remark: Hashable, Sendable {
        /// More than the line terminator that ends a file.
        case whiteSpaceAround
        case whiteSpaceInside
        case quotationMarks
        /// `Bearer`, as in a field value.
        case scheme
        /// `Authorization:`, as in a field line.
        case fieldName
        /// The token response of an authorization server (RFC 6749 §5.1).
        case tokenResponse(member: String)
    }

    /// A longer text is no token, and is not looked at.
    package static let byteCountMax = 1_048_576

    package let token: String
    package let remarks: [Remark]

    package init(_ text: String) {
        var remarks: [Remark] = []
        var rest = text
        if rest.hasSuffix("\r\n") || rest.hasSuffix("\n") { rest.removeLast() }
        // Each step may uncover another: `"Bearer abc"`, `Bearer "abc"`.
        while let (remark, inside) = Self.unwrapped(rest) {
            if !remarks.contains(remark) { remarks.append(remark) }
            rest = inside
        }
        if rest.contains(where: \.isWhitespace) {
            remarks.append(.whiteSpaceInside)
            rest.removeAll(where: \.isWhitespace)
        }
        token = rest
        self.remarks = remarks
    }

    private static func unwrapped(_ text: String) -> (Remark, String)? {
        if let first = text.first, let last = text.last, first.isWhitespace || last.isWhitespace {
            return (.whiteSpaceAround, String(text.trimmed))
        }
        if let inside = text.after("Authorization:") { return (.fieldName, inside.trimmed) }
        if let inside = text.after("Bearer "), !inside.trimmed.isEmpty {
            return (.scheme, inside.trimmed)
        }
        for (open, close) in [("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("‘", "’")]
        where text.count >= 2 && text.hasPrefix(open) && text.hasSuffix(close) {
            return (.quotationMarks, String(text.dropFirst().dropLast()))
        }
        return response(text)
    }

    private static func response(_ text: String) -> (Remark, String)? {
        guard text.hasPrefix("{") else { return nil }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: Array(text.utf8))
        } catch {
            // No JSON: it is taken for the token, and told to be none.
            return nil
        }
        for member in ["access_token", "token", "id_token"] {
            if let token = value[member]?.string {
                return (.tokenResponse(member: member), token)
            }
        }
        return nil
    }
}

extension TokenText: CustomStringConvertible, CustomReflectable {
    /// Without the token.
    package var description: String { "a text with \(token.utf8.count) bytes" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension TokenText.Remark: CustomStringConvertible {
    package var description: String {
        switch self {
        case .whiteSpaceAround:
            "there is white space around the token; a server takes it for a part of it"
        case .whiteSpaceInside:
            """
            there was white space or a line break inside the token, left out here; a server \
            refuses it as it stands, so copy the token as one line
            """
        case .quotationMarks:
            "the token was in quotation marks, which are no part of it"
        case .scheme:
            "the text began with \"Bearer\", which is the scheme and no part of the token"
        case .fieldName:
            "the text was a whole Authorization field; the token is what follows \"Bearer\""
        case .tokenResponse("id_token"):
            """
            the text was a token response without access_token; its id_token tells a client who \
            signed in and is never a token for a server
            """
        case .tokenResponse(let member):
            "the text was a token response; the token is its member \"\(member)\""
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        let text = drop(while: \.isWhitespace)
        guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(text[...end])
    }

    /// What follows `prefix`, whose case does not matter.
    fileprivate func after(_ prefix: String) -> String? {
        guard self.prefix(prefix.count).lowercased() == prefix.lowercased() else { return nil }
        return String(dropFirst(prefix.count))
    }
}
