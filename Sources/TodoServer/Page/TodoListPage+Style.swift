extension TodoListPage {
    /// The style sheet: the host's variables where it gives them (*Theming*), and ours where not.
    static let style = #"""
        :root {
          color-scheme: light dark;
          --background: var(--color-background-primary, light-dark(#ffffff, #1b1b1d));
          --raised: var(--color-background-secondary, light-dark(#f3f4f6, #2a2a2e));
          --text: var(--color-text-primary, light-dark(#1b1b1d, #f3f3f5));
          --quiet: var(--color-text-secondary, light-dark(#54565c, #b4b6bd));
          --danger: var(--color-text-danger, light-dark(#a4161a, #ff9a93));
          --border: var(--color-border-primary, light-dark(#c9ccd3, #4a4b52));
          --ring: var(--color-ring-primary, light-dark(#1559b3, #8ab8ff));
          --radius: var(--border-radius-md, 8px);
        }
        :root[data-theme="light"] { color-scheme: light; }
        :root[data-theme="dark"] { color-scheme: dark; }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body {
          margin: 0;
          background: var(--background);
          color: var(--text);
          font: 15px/1.45 var(--font-sans, system-ui, sans-serif);
        }
        main { padding: 16px; max-width: 640px; margin: 0 auto; }
        header { display: flex; align-items: baseline; gap: 12px; margin-bottom: 12px; }
        h1 { font-size: 18px; margin: 0; }
        #count { color: var(--quiet); margin: 0; flex: 1; }
        #add { display: grid; grid-template-columns: 1fr auto; gap: 4px 8px; margin-bottom: 12px; }
        #add label { grid-column: 1 / -1; color: var(--quiet); }
        input[type="text"] {
          font: inherit;
          color: inherit;
          background: var(--background);
          border: 1px solid var(--border);
          border-radius: var(--radius);
          padding: 6px 10px;
          min-width: 0;
        }
        button {
          font: inherit;
          color: inherit;
          background: var(--raised);
          border: 1px solid var(--border);
          border-radius: var(--radius);
          padding: 5px 12px;
          min-height: 32px;
          cursor: pointer;
          white-space: nowrap;
        }
        button:disabled { cursor: default; opacity: 0.55; }
        button.danger { color: var(--danger); }
        :focus-visible { outline: 2px solid var(--ring); outline-offset: 2px; }
        #message { color: var(--danger); margin: 0 0 12px; }
        #message:empty { display: none; }
        ul { list-style: none; margin: 0 0 12px; padding: 0; }
        li {
          display: flex;
          align-items: center;
          gap: 8px;
          padding: 6px 0;
          border-top: 1px solid var(--border);
        }
        li:last-child { border-bottom: 1px solid var(--border); }
        .title { flex: 1; min-width: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
        .done .title { color: var(--quiet); text-decoration: line-through; }
        .state { color: var(--quiet); }
        """#
}
