internal import JSON
internal import Martlet

/// The list as an interactive page inside the host, an MCP App
/// (<https://github.com/modelcontextprotocol/ext-apps>, specification of 2026-01-26, SEP-1865).
///
/// The page holds no to-do: it is the same for every caller, and what it shows comes from results of
/// tools, which the host passes to it. It loads nothing and connects to nothing.
enum TodoListPage {
    /// *Content Requirements*: the only type there is.
    static let mimeType = "text/html;profile=mcp-app"

    /// `_meta` of a tool whose results the page shows (*Resource Discovery*).
    static let link = RawJSON { writer in
        writer.beginObject()
        writer.name("ui")
        writer.beginObject()
        writer.name("resourceUri")
        writer.string(TodoURI.page)
        writer.endObject()
        writer.endObject()
    }

    /// `_meta` of the page: no origins to load from or to connect to, and the host's border.
    static let meta = RawJSON { writer in
        writer.beginObject()
        writer.name("ui")
        writer.beginObject()
        writer.name("csp")
        writer.beginObject()
        for name in ["connectDomains", "resourceDomains"] {
            writer.name(name)
            writer.beginArray()
            writer.endArray()
        }
        writer.endObject()
        writer.name("prefersBorder")
        writer.bool(true)
        writer.endObject()
        writer.endObject()
    }

    /// What the document may load and connect to: nothing.
    ///
    /// Hosts enforce a policy of their own; this one holds in those that do not. It names no hashes,
    /// since hosts may put scripts of theirs into the document.
    private static let contentSecurityPolicy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        + "base-uri 'none'; form-action 'none'"

    /// The whole document.
    static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="\(contentSecurityPolicy)">
        <title>To-do list</title>
        <style>
        \(style)
        </style>
        </head>
        <body>
        \(markup)
        <script>
        \(script)
        </script>
        </body>
        </html>

        """
}

extension Resource {
    static let todoListPage = Resource(
        Description(
            uri: TodoURI.page,
            name: "todo_list_page",
            title: "To-do list",
            description: "The to-do list as an interactive page that hosts show with list_todos.",
            mimeType: TodoListPage.mimeType,
            size: TodoListPage.html.utf8.count,
            annotations: ContentAnnotations(audience: [.user]),
            meta: TodoListPage.meta
        ),
        permission: .readTodos
    ) { uri, _ throws(RequestFailure) in
        [
            .text(
                TodoListPage.html,
                uri: uri,
                mimeType: TodoListPage.mimeType,
                meta: TodoListPage.meta
            )
        ]
    }
}
