extension TodoListPage {
    /// The body: what is there before anything has been heard from the host.
    ///
    /// No form: hosts need not let a page send any, and where they do not, browsers tell no script
    /// that it was tried (HTML, *Form submission algorithm*).
    static let markup = #"""
        <main>
        <header>
        <h1>To-do list</h1>
        <p id="count" role="status"></p>
        <button type="button" id="refresh" hidden>Refresh</button>
        </header>
        <div id="add" role="group" aria-label="New to-do" hidden>
        <label for="title">New to-do</label>
        <input id="title" type="text" maxlength="2048" autocomplete="off" dir="auto">
        <button type="button" id="submit">Add</button>
        </div>
        <p id="message" role="alert"></p>
        <ul id="todos" aria-label="To-dos"></ul>
        <p id="empty" hidden>Nothing to do.</p>
        <button type="button" id="more" hidden>Show more</button>
        </main>
        """#
}
