extension TodoListPage {
    /// The script: JSON-RPC with the host by `postMessage` (*Communication Protocol*), and the list.
    ///
    /// Whatever comes from outside is put into the document by `textContent` and `setAttribute` of
    /// attributes that are text, never as HTML: a title may be anything.
    static let script = hostScript + "\n" + listScript

    /// Messages: requests and their responses, notifications, and what the host asks for.
    private static let hostScript = #"""
        "use strict";
        const host = window.parent;
        const waiting = new Map();
        let lastID = 0;

        function post(message) {
          // The host's origin is not known; only the window that holds this page is sent anything.
          host.postMessage({ jsonrpc: "2.0", ...message }, "*");
        }

        function notify(method, params) {
          post({ method, params });
        }

        function request(method, params) {
          lastID += 1;
          const id = lastID;
          return new Promise((resolve, reject) => {
            waiting.set(id, { resolve, reject });
            post({ id, method, params });
          });
        }

        window.addEventListener("message", (event) => {
          const message = event.data;
          if (event.source !== host || !message || message.jsonrpc !== "2.0") return;
          if (typeof message.method === "string") {
            if ("id" in message) {
              answer(message);
            } else {
              hear(message.method, message.params || {});
            }
            return;
          }
          const asked = waiting.get(message.id);
          if (!asked) return;
          waiting.delete(message.id);
          if (message.error) {
            asked.reject(new Error(String(message.error.message || "The host refused.")));
          } else {
            asked.resolve(message.result || {});
          }
        });

        function answer(message) {
          if (message.method === "ping" || message.method === "ui/resource-teardown") {
            post({ id: message.id, result: {} });
          } else {
            post({ id: message.id, error: { code: -32601, message: "Method not found" } });
          }
        }

        function hear(method, params) {
          switch (method) {
            case "ui/notifications/tool-input":
              listArguments = params.arguments || {};
              break;
            case "ui/notifications/tool-result":
              showResult(params);
              break;
            case "ui/notifications/tool-cancelled":
              say("The list was not loaded, since the call was cancelled.");
              break;
            case "ui/notifications/host-context-changed":
              adopt(params);
              break;
          }
        }

        function adopt(context) {
          const root = document.documentElement;
          if (context.theme === "light" || context.theme === "dark") {
            root.dataset.theme = context.theme;
          }
          const variables = (context.styles && context.styles.variables) || {};
          for (const [name, value] of Object.entries(variables)) {
            if (name.startsWith("--") && typeof value === "string") {
              root.style.setProperty(name, value);
            }
          }
        }

        async function start() {
          if (host === window) {
            say("This page shows the to-do list inside an MCP host.");
            return;
          }
          try {
            const result = await request("ui/initialize", {
              protocolVersion: "2026-01-26",
              appInfo: { name: "martlet-todo-list", version: "1.0.0" },
              appCapabilities: { availableDisplayModes: ["inline"] },
            });
            canCall = Boolean(result.hostCapabilities && result.hostCapabilities.serverTools);
            adopt(result.hostContext || {});
          } catch (error) {
            say(error.message);
            return;
          }
          notify("ui/notifications/initialized", {});
          new ResizeObserver(() => {
            const { width, height } = document.documentElement.getBoundingClientRect();
            notify("ui/notifications/size-changed", {
              width: Math.ceil(width),
              height: Math.ceil(height),
            });
          }).observe(document.documentElement);
          draw();
        }

        async function call(name, input) {
          const result = await request("tools/call", { name, arguments: input });
          const content = contentOf(result);
          if (result.isError) throw new Error(textOf(result) || "The call failed.");
          return content;
        }

        function textOf(result) {
          const block = Array.isArray(result.content) ? result.content[0] : undefined;
          return block && typeof block.text === "string" ? block.text : "";
        }

        // Hosts of older revisions pass on the same as text.
        function contentOf(result) {
          if (result.structuredContent) return result.structuredContent;
          try {
            return JSON.parse(textOf(result));
          } catch {
            return {};
          }
        }
        """#

    /// What is shown, and what can be done with it.
    private static let listScript = #"""
        let todos = [];
        let cursor;
        let isLoaded = false;
        let canCall = false;
        let isBusy = false;
        let listArguments = {};
        let confirming;
        let unsent;

        const find = (id) => document.getElementById(id);

        function say(text) {
          find("message").textContent = text;
        }

        // The same key when the same is tried again, so that it is done once.
        function newKey() {
          const bytes = crypto.getRandomValues(new Uint8Array(16));
          return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
        }

        function isTodo(value) {
          return Boolean(value) && Number.isSafeInteger(value.id) && typeof value.title === "string";
        }

        function showResult(result) {
          const content = contentOf(result);
          if (result.isError) {
            say(textOf(result) || "The list could not be loaded.");
          } else if (Array.isArray(content.todos)) {
            showPage(content, false);
          } else if (isTodo(content.todo)) {
            put(content.todo);
          }
          draw();
        }

        function showPage(content, goesOn) {
          const shown = content.todos.filter(isTodo);
          const known = new Set(shown.map((todo) => todo.id));
          todos = (goesOn ? todos.filter((todo) => !known.has(todo.id)) : []).concat(shown);
          cursor = typeof content.next_cursor === "string" ? content.next_cursor : undefined;
          isLoaded = true;
          say("");
        }

        function put(todo) {
          const index = todos.findIndex((other) => other.id === todo.id);
          if (index >= 0) {
            todos[index] = todo;
          } else if (cursor === undefined && listArguments.completed !== true) {
            // It is the newest, and belongs after pages that have not been shown yet.
            todos.push(todo);
          }
        }

        async function attempt(action) {
          if (isBusy) return false;
          isBusy = true;
          say("");
          draw();
          let succeeded = true;
          try {
            await action();
          } catch (error) {
            succeeded = false;
            say(error.message);
          }
          isBusy = false;
          draw();
          return succeeded;
        }

        function load(goesOn) {
          return attempt(async () => {
            const input = {};
            for (const name of ["limit", "completed"]) {
              if (name in listArguments) input[name] = listArguments[name];
            }
            if (goesOn && cursor !== undefined) input.cursor = cursor;
            const content = await call("list_todos", input);
            if (!Array.isArray(content.todos)) throw new Error("The list could not be loaded.");
            showPage(content, goesOn);
          });
        }

        function complete(todo) {
          return attempt(async () => {
            const content = await call("complete_todo", {
              id: todo.id,
              idempotency_key: newKey(),
            });
            put(isTodo(content.todo) ? content.todo : { ...todo, completed: true });
          });
        }

        function remove(todo) {
          return attempt(async () => {
            await call("delete_todo", { id: todo.id, idempotency_key: newKey() });
            todos = todos.filter((other) => other.id !== todo.id);
          });
        }

        async function add(title) {
          if (!unsent || unsent.title !== title) unsent = { title, key: newKey() };
          const succeeded = await attempt(async () => {
            const content = await call("add_todo", { title, idempotency_key: unsent.key });
            if (isTodo(content.todo)) put(content.todo);
            unsent = undefined;
          });
          if (succeeded) find("title").value = "";
          find("title").focus();
        }

        function button(label, text, className, action) {
          const element = document.createElement("button");
          element.type = "button";
          element.textContent = text;
          element.setAttribute("aria-label", label);
          element.className = className;
          element.disabled = isBusy;
          element.addEventListener("click", action);
          return element;
        }

        function row(todo) {
          const item = document.createElement("li");
          item.dataset.id = String(todo.id);
          if (todo.completed) item.className = "done";
          const title = document.createElement("span");
          title.className = "title";
          title.dir = "auto";
          title.textContent = todo.title;
          item.append(title);
          if (todo.completed) {
            const state = document.createElement("span");
            state.className = "state";
            state.textContent = "Done";
            item.append(state);
          }
          if (!canCall) return item;
          if (confirming === todo.id) {
            item.append(
              button(`Delete for good: ${todo.title}`, "Delete for good", "danger", async () => {
                confirming = undefined;
                await remove(todo);
                find("todos").focus();
              }),
              button(`Keep: ${todo.title}`, "Keep", "keep", () => {
                confirming = undefined;
                draw();
                focusIn(todo.id, ".delete");
              }),
            );
            return item;
          }
          if (!todo.completed) {
            item.append(
              button(`Mark as done: ${todo.title}`, "Mark as done", "complete", async () => {
                await complete(todo);
                focusIn(todo.id, ".delete");
              }),
            );
          }
          item.append(
            button(`Delete: ${todo.title}`, "Delete", "delete", () => {
              confirming = todo.id;
              draw();
              focusIn(todo.id, ".keep");
            }),
          );
          return item;
        }

        function focusIn(id, selector) {
          const element = document.querySelector(`li[data-id="${Number(id)}"] ${selector}`);
          if (element) element.focus();
        }

        function draw() {
          find("todos").replaceChildren(...todos.map(row));
          find("empty").hidden = !isLoaded || todos.length > 0;
          find("add").hidden = !canCall;
          find("refresh").hidden = !canCall;
          find("more").hidden = !canCall || cursor === undefined;
          for (const control of document.querySelectorAll("#add button, #refresh, #more")) {
            control.disabled = isBusy;
          }
          const open = todos.filter((todo) => !todo.completed).length;
          const done = todos.length - open;
          find("count").textContent = isLoaded
            ? `${open} open, ${done} done${cursor === undefined ? "" : ", and more"}`
            : "Loading";
        }

        find("todos").tabIndex = -1;
        find("refresh").addEventListener("click", () => load(false));
        find("more").addEventListener("click", () => load(true));
        function submit() {
          const title = find("title").value.trim();
          if (title !== "") add(title);
        }

        find("submit").addEventListener("click", submit);
        find("title").addEventListener("keydown", (event) => {
          if (event.key === "Enter" && !event.isComposing) submit();
        });
        draw();
        start();
        """#
}
