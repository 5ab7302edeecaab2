internal import Bytes
internal import JSON

/// The document that tells clients where tokens for this resource come from (RFC 9728 §2).
enum ProtectedResourceMetadata {
    /// Encodes the document.
    ///
    /// - Parameters:
    ///   - resource: The canonical URI.
    ///   - issuers: Those that are URLs are named as authorization servers; the issuer of a
    ///     development key is none.
    ///   - scopes: What basic use needs.
    ///   - name: For people.
    /// - Returns: The document as JSON.
    static func encode(
        resource: PublicURL,
        issuers: [String],
        scopes: [String],
        name: String
    ) -> ByteBuffer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("resource")
        writer.string(resource.text)
        let servers = issuers.filter { PublicURL($0) != nil }
        if !servers.isEmpty {
            writer.name("authorization_servers")
            writer.beginArray()
            for server in servers { writer.string(server) }
            writer.endArray()
        }
        writer.name("scopes_supported")
        writer.beginArray()
        for scope in scopes { writer.string(scope) }
        writer.endArray()
        writer.name("bearer_methods_supported")
        writer.beginArray()
        writer.string("header")
        writer.endArray()
        writer.name("resource_name")
        writer.string(name)
        writer.endObject()
        return writer.finish()
    }
}
