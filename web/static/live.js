// A run as it happens: steps come as HTML and replace what has their id; the answer comes as text.
"use strict";

// A prompt or an answer is fetched when its fold is opened; without scripts a link stands there.
document.addEventListener("toggle", async (event) => {
  const place = event.target.open ? event.target.querySelector(":scope > [data-load]") : null;
  if (!place || place.dataset.loaded) return;
  place.dataset.loaded = "yes";
  try {
    const answer = await fetch(place.dataset.load, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    place.replaceChildren(made.content);
  } catch {
    delete place.dataset.loaded;
  }
}, true);

(() => {
  const steps = document.getElementById("steps");
  if (!steps || !steps.dataset.events) return;
  const bar = document.getElementById("run-bar");
  const gone = document.getElementById("connection");
  const waiting = document.getElementById("waiting");
  let source = null;
  let last = steps.dataset.seq;
  let missed = null;
  let again = null;

  /** Whether a scrolling element, or the page, shows its end: then it goes on showing it. */
  const atEnd = (element) => element.scrollHeight - element.scrollTop - element.clientHeight < 60;

  /** Parse one element. A template's content runs nothing, and the server has escaped it. */
  const element = (html) => {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content.firstElementChild;
  };

  /** What the reader opened or closed stays so when its part is replaced. */
  const keep = (before, after) => {
    const old = before.querySelectorAll("details");
    const now = after.querySelectorAll("details");
    now.forEach((each, index) => {
      const twin = [...old].find((other) => key(other) === key(each)) || (old.length === now.length ? old[index] : null);
      if (twin && key(twin) === key(each)) {
        each.open = twin.open;
        const loaded = twin.querySelector("[data-load]");
        const place = each.querySelector("[data-load]");
        if (loaded && place && twin.open && loaded.dataset.load === place.dataset.load) place.replaceWith(loaded);
      }
    });
  };
  const key = (details) => {
    const lazy = details.querySelector("[data-load]");
    if (lazy) return lazy.dataset.load;
    const finding = details.closest("article");
    return finding ? `${finding.id} ${details.firstElementChild.textContent}` : details.firstElementChild.textContent;
  };

  const put = ({ id, html }) => {
    const made = element(html);
    if (!made || made.id !== id) return;
    const follow = atEnd(document.scrollingElement) && id !== "run-status";
    const there = document.getElementById(id);
    const focused = there && there.contains(document.activeElement) ? path(there, document.activeElement) : null;
    if (there) {
      keep(there, made);
      there.replaceWith(made);
    } else {
      steps.append(made);
    }
    if (window.htmx) window.htmx.process(made);
    if (focused) (find(made, focused) || made).focus({ preventScroll: true });
    if (waiting) waiting.hidden = steps.childElementCount > 0;
    if (follow) document.scrollingElement.scrollTop = document.scrollingElement.scrollHeight;
    if (id !== "run-status") say(made);
  };

  /** Where an element is in another, and the element that is there in its successor. */
  const path = (root, node) => {
    const way = [];
    for (let at = node; at !== root; at = at.parentElement) way.unshift([...at.parentElement.children].indexOf(at));
    return way;
  };
  const find = (root, way) => way.reduce((at, index) => at && at.children[index], root);

  /** Tell a screen reader the verdict of a round and the end, not every stage. */
  const say = (made) => {
    const title = made.querySelector("h2");
    const state = made.dataset.state;
    if (title && state && state !== "running") window.backwright.announce(`${title.textContent}: ${state}`);
    else if (!title) window.backwright.announce(made.textContent.trim().replace(/\s+/g, " "));
  };

  const heard = {};
  heard.put = put;
  heard.text = ({ id, text, fresh }) => {
    const pane = document.getElementById(id);
    if (!pane) return;
    const follow = atEnd(pane);
    if (fresh) pane.textContent = "";
    pane.append(text);
    if (follow) pane.scrollTop = pane.scrollHeight;
  };
  heard.steps = ({ ids }) => {
    const known = new Set(ids);
    [...steps.children].forEach((each) => { if (!known.has(each.id)) each.remove(); });
  };
  heard.state = ({ state, cancel }) => {
    bar.dataset.state = state;
    bar.toggleAttribute("data-cancel", cancel);
  };
  heard.end = ({ state }) => {
    source.close();
    bar.dataset.state = state;
    window.backwright.announce(`The run ended: ${state}`);
  };

  const connect = () => {
    source = new EventSource(`${steps.dataset.events}?after=${last}`);
    for (const [name, act] of Object.entries(heard)) {
      source.addEventListener(name, (event) => {
        clearTimeout(missed);
        missed = null;
        gone.hidden = true;
        last = event.lastEventId || last;
        act(JSON.parse(event.data));
      });
    }
    source.onerror = () => {
      // Every try that fails comes here: the first one counts, or a quick retry would put it off for ever.
      if (missed === null) missed = setTimeout(() => { gone.hidden = false; }, 3000);
      // An answer that is no stream (429 from a limit, 502 from a proxy) ends the browser's own retries.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, 2000 + 3000 * Math.random());
    };
  };
  connect();
  addEventListener("pagehide", () => { clearTimeout(again); source.close(); });
})();
