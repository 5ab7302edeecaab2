internal import Libuv

/// The files that say who is let in, as they were last read.
///
/// A value without a thread or a clock: whoever holds it says when to look.
package struct AccessLists: Sendable {
    /// What the files mean, for a loop to decide by.
    package struct Content: Sendable {
        package let denyList: DenyList
        /// `nil` where API keys are not in use.
        package let apiKeys: APIKeySet?
    }

    private var denyList: WatchedFile<DenyList>?
    private var apiKeys: WatchedFile<APIKeySet>?

    /// Reads the files that the configuration names.
    ///
    /// - Throws: ``AccessFileError``: a server that cannot read who is denied lets nobody in.
    package init(denyListPath: String?, apiKeysPath: String?) throws(AccessFileError) {
        if let denyListPath { denyList = try Self.denyList(denyListPath) }
        if let apiKeysPath { apiKeys = try Self.apiKeys(apiKeysPath) }
    }

    /// Whether there is anything to look at.
    package var isEmpty: Bool { denyList == nil && apiKeys == nil }

    package var content: Content {
        Content(denyList: denyList?.value ?? DenyList(), apiKeys: apiKeys?.value)
    }

    /// Looks at the files, and reads those that have changed.
    package mutating func look(
        nowSeconds: Int64
    ) -> (isChanged: Bool, reports: [WatchedFileReport]) {
        let first = denyList?.look(nowSeconds: nowSeconds)
        let second = apiKeys?.look(nowSeconds: nowSeconds)
        return (
            first?.isChanged == true || second?.isChanged == true,
            [first?.report, second?.report].compactMap(\.self)
        )
    }

    private static func denyList(_ path: String) throws(AccessFileError) -> WatchedFile<DenyList> {
        try WatchedFile(
            .denyList,
            path: path,
            byteCountMax: DenyListReader.byteCountMax,
            // A denial counts at once; that one is lifted, only when the file is sure to say so.
            join: { old, new in
                var union = old
                union.formUnion(new)
                // A file that is never left alone would otherwise grow in memory for ever.
                return union.count <= 2 * DenyList.entryCountMax ? union : new
            },
            compile: { content throws(AccessFileError) in
                let permissions = content.state.permissions
                guard permissions & 0o002 == 0 else {
                    throw AccessFileError(
                        .denyList,
                        path: path,
                        .writableByOthers(permissions: permissions)
                    )
                }
                do throws(DenyListError) {
                    return try DenyListReader.read(content.bytes.span)
                } catch {
                    throw AccessFileError(.denyList, path: path, .denyList(error))
                }
            }
        )
    }

    private static func apiKeys(_ path: String) throws(AccessFileError) -> WatchedFile<APIKeySet> {
        try WatchedFile(
            .apiKeys,
            path: path,
            byteCountMax: APIKeySetReader.byteCountMax,
            // The file is never written in place, and a key that is not in it has been revoked.
            join: { _, new in new },
            compile: { content throws(AccessFileError) in
                try APIKeyFile.compile(content, path: path)
            }
        )
    }
}
