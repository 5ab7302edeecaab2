"""The interactive page of the to-do list (MCP Apps, SEP-1865) in a browser, inside a small host.

The page comes from the running server, as a host would read it. The host is a page around it: it
answers the page's requests and notes them. Nothing is installed for this; without a browser the
tests are skipped.
"""

import base64
import json
import os
import pathlib

import browser
import messages
import pytest

pytestmark = pytest.mark.skipif(browser.BROWSER is None, reason="there is no browser")

# Everything that a title could break out with.
HOSTILE_TITLES = [
    "<img src=x onerror=\"parent.postMessage({ xss: 1 }, '*')\">",
    "</script><script>parent.postMessage({ xss: 2 }, '*')</script>",
    "\" onfocus=\"parent.postMessage({ xss: 3 }, '*')\" autofocus x=\"",
    "' onmouseover='parent.postMessage({ xss: 4 }, \"*\")",
    "</li></ul><iframe srcdoc=\"<script>top.postMessage({ xss: 5 }, '*')</script>\"></iframe>",
    "javascript:parent.postMessage({ xss: 6 }, '*')",
    "${alert(1)} `{{7*7}}` &lt;b&gt;",
]

HOST = """<!DOCTYPE html>
<meta charset="utf-8">
<style>body { margin: 0 } iframe { border: 0; width: 640px; height: 460px }</style>
<iframe id="frame" sandbox="SANDBOX"></iframe>
<script>
const settings = SETTINGS;
const frame = document.getElementById("frame");
const log = [];
let list = settings.todos;
const post = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
const result = (content) => ({
  content: [{ type: "text", text: JSON.stringify(content) }],
  ...(settings.isTextOnly ? {} : { structuredContent: content }),
});

function call({ name, arguments: input }) {
  if (settings.refusal) {
    return { content: [{ type: "text", text: settings.refusal }], isError: true };
  }
  const todo = list.find((one) => one.id === input.id);
  switch (name) {
    case "list_todos":
      return result({ todos: list });
    case "add_todo":
      list = [...list, { ...list[0], id: 1000 + list.length, title: input.title, completed: false }];
      return result({ todo: list.at(-1) });
    case "complete_todo":
      list = list.map((one) => (one === todo ? { ...one, completed: true } : one));
      return result({ todo: { ...todo, completed: true } });
    case "delete_todo":
      list = list.filter((one) => one !== todo);
      return result({ todo });
  }
}

window.addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow) return log.push({ stranger: String(event.data) });
  const message = event.data;
  log.push(message);
  switch (message.method) {
    case "ui/initialize":
      post({
        id: message.id,
        result: {
          protocolVersion: "2026-01-26",
          hostInfo: { name: "test", version: "1" },
          hostCapabilities: settings.canCall ? { serverTools: {} } : {},
          hostContext: settings.context,
        },
      });
      break;
    case "ui/notifications/initialized":
      post({ method: "ui/notifications/tool-input", params: { arguments: {} } });
      post({ method: "ui/notifications/tool-result", params: result({ todos: list }) });
      break;
    case "tools/call":
      post({ id: message.id, result: call(message.params) });
      break;
  }
});

async function until(condition) {
  for (let turn = 0; turn < 6000; turn += 1) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not within time: ${condition}`);
}

const inside = (selector) => frame.contentDocument.querySelector(selector);
const all = (selector) => [...frame.contentDocument.querySelectorAll(selector)];
const settle = () => new Promise((resolve) => setTimeout(resolve, 100));

async function play() {
  STEPS
}

frame.srcdoc = settings.page;
const outcome = play()
  .then((report) => ({ report, log }), (error) => ({ error: String(error), log }));
</script>
"""

# The document may still be on its way when it is asked.
OUTCOME = """
new Promise((resolve) => {
  const look = () => (typeof outcome === "undefined" ? setTimeout(look, 10) : resolve(outcome));
  look();
})
"""


@pytest.fixture(scope="module")
def open_browser(tmp_path_factory):
    with browser.running(tmp_path_factory.mktemp("browser")) as one:
        yield one


@pytest.fixture
def page(caller, tokens):
    """The page, read like any other resource."""
    message = messages.modern(
        "resources/read",
        {"uri": "ui://todos/list"},
        token=tokens.make("readonly"),
    )
    [contents] = caller.send(message).result["contents"]
    assert contents["mimeType"] == "text/html;profile=mcp-app"
    return contents["text"]


@pytest.fixture
def play(page, open_browser, tmp_path):
    """Plays steps in the host, and returns what they report and the messages of the page."""

    def play(steps: str, titles: list[str], *, sandbox="allow-scripts allow-same-origin", **changes):
        settings = {
            "page": page,
            "canCall": True,
            "context": {"theme": "light"},
            "todos": [
                {
                    "id": number,
                    "title": title,
                    "completed": number % 3 == 0,
                    "created_by": "ada",
                    "created_at": 1,
                    "updated_at": 1,
                }
                for number, title in enumerate(titles, 1)
            ],
            **changes,
        }
        # A script in HTML ends where it is told to, whatever it is in the middle of.
        text = json.dumps(settings).replace("<", "\\u003c")
        host = tmp_path / "host.html"
        host.write_text(
            HOST.replace("SANDBOX", sandbox).replace("STEPS", steps).replace("SETTINGS", text)
        )
        with open_browser.page() as tab:
            tab.open(host.as_uri())
            outcome = tab.evaluate(OUTCOME)
            if screenshot := os.environ.get("TODO_PAGE_SCREENSHOT"):
                image = tab.ask("Page.captureScreenshot")["data"]
                pathlib.Path(screenshot).write_bytes(base64.b64decode(image))
        assert "error" not in outcome, outcome
        return outcome.get("report"), outcome["log"]

    return play


def calls(log: list[dict]) -> list[tuple[str, dict]]:
    """The page's tool calls, without the keys that are new each time."""
    found = []
    for message in log:
        if message.get("method") == "tools/call":
            arguments = dict(message["params"]["arguments"])
            arguments.pop("idempotency_key", None)
            found.append((message["params"]["name"], arguments))
    return found


def test_the_page_introduces_itself_and_then_shows_what_it_is_given(play):
    report, log = play(
        """
        await until(() => all("li").length === 3);
        await until(() => log.some((one) => one.method === "ui/notifications/size-changed"));
        return {
          titles: all(".title").map((one) => one.textContent),
          done: all("li.done .title").map((one) => one.textContent),
          count: inside("#count").textContent,
          theme: inside("html").dataset.theme,
        };
        """,
        ["tea", "milk", "bread"],
        context={"theme": "dark"},
    )
    assert report == {
        "titles": ["tea", "milk", "bread"],
        "done": ["bread"],
        "count": "2 open, 1 done",
        "theme": "dark",
    }
    assert [message["method"] for message in log[:2]] == [
        "ui/initialize",
        "ui/notifications/initialized",
    ]
    assert log[0]["params"]["protocolVersion"] == "2026-01-26"
    assert set(log[0]["params"]) == {"protocolVersion", "appInfo", "appCapabilities"}
    sizes = [one for one in log if one["method"] == "ui/notifications/size-changed"]
    assert sizes[-1]["params"]["height"] > 100
    assert calls(log) == []


def test_completing_adding_and_deleting_are_calls_of_tools(play):
    report, log = play(
        """
        await until(() => all("li").length === 2);
        inside("li .complete").click();
        await until(() => inside("li.done"));
        inside("#title").value = "  bread ";
        inside("#title").dispatchEvent(
          new frame.contentWindow.KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
        await until(() => all("li").length === 3);
        all("li .delete")[1].click();
        inside("li .danger").click();
        await until(() => all("li").length === 2);
        inside("#refresh").click();
        await settle();
        return {
          titles: all(".title").map((one) => one.textContent),
          typed: inside("#title").value,
        };
        """,
        ["tea", "milk"],
    )
    assert calls(log) == [
        ("complete_todo", {"id": 1}),
        ("add_todo", {"title": "bread"}),
        ("delete_todo", {"id": 2}),
        ("list_todos", {}),
    ]
    assert report == {"titles": ["tea", "bread"], "typed": ""}
    keys = [
        message["params"]["arguments"]["idempotency_key"]
        for message in log
        if message.get("method") == "tools/call" and message["params"]["name"] != "list_todos"
    ]
    assert len(set(keys)) == 3 and all(1 <= len(key) <= 128 for key in keys)


def test_deleting_takes_two_clicks_and_can_be_left(play):
    report, log = play(
        """
        await until(() => all("li").length === 1);
        inside("li .delete").click();
        const asked = all("li button").map((one) => one.getAttribute("aria-label"));
        inside("li .keep").click();
        await settle();
        return { asked, focused: frame.contentDocument.activeElement.className };
        """,
        ["tea"],
    )
    assert report == {"asked": ["Delete for good: tea", "Keep: tea"], "focused": "delete"}
    assert calls(log) == []


def test_no_title_becomes_part_of_the_page(play):
    report, log = play(
        """
        await until(() => all("li").length === settings.todos.length);
        for (const one of all("button, input")) one.focus();
        for (const one of all("li *")) {
          one.dispatchEvent(new frame.contentWindow.MouseEvent("mouseover", { bubbles: true }));
        }
        all("li .delete")[0].click();
        await settle();
        return {
          titles: all(".title").map((one) => one.textContent),
          elements: all("main *").map((one) => one.localName),
          labels: all("button[aria-label]").map((one) => one.getAttribute("aria-label")),
          scripts: all("script, img, iframe").map((one) => one.localName),
        };
        """,
        HOSTILE_TITLES,
    )
    assert report["titles"] == HOSTILE_TITLES
    assert set(report["elements"]) <= {
        "header", "h1", "p", "button", "div", "label", "input", "ul", "li", "span",
    }
    assert report["scripts"] == ["script"]
    assert f"Keep: {HOSTILE_TITLES[0]}" in report["labels"]
    assert not any("xss" in message or "stranger" in message for message in log), log


def test_a_refusal_is_said_and_changes_nothing(play):
    report, _ = play(
        """
        await until(() => all("li").length === 1);
        inside("li .complete").click();
        await until(() => inside("#message").textContent !== "");
        return {
          message: inside("#message").textContent,
          children: inside("#message").childElementCount,
          done: all("li.done").length,
          disabled: all("button:disabled").length,
        };
        """,
        ["tea"],
        refusal="<b>You may not.</b>",
    )
    assert report == {
        "message": "<b>You may not.</b>",
        "children": 0,
        "done": 0,
        "disabled": 0,
    }


def test_a_host_that_passes_on_no_calls_gets_a_list_without_buttons(play):
    report, log = play(
        """
        await until(() => all("li").length === 2);
        return all("button, input").filter((one) => one.checkVisibility()).length;
        """,
        ["tea", "milk"],
        canCall=False,
    )
    assert report == 0
    assert calls(log) == []


def test_a_host_that_passes_on_text_alone_is_understood(play):
    report, _ = play(
        """
        await until(() => all("li").length === 2);
        return all(".title").map((one) => one.textContent);
        """,
        ["tea", "milk"],
        isTextOnly=True,
    )
    assert report == ["tea", "milk"]


def test_the_page_works_with_scripts_alone_allowed(play):
    _, log = play(
        """
        await until(() => log.some((one) => one.method === "ui/notifications/initialized"));
        """,
        ["tea"],
        sandbox="allow-scripts",
    )
    assert [message["method"] for message in log[:2]] == [
        "ui/initialize",
        "ui/notifications/initialized",
    ]
