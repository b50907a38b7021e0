// Suggestions below a search box, following the ARIA pattern for a combobox with a list: arrow keys
// move, Enter opens the chosen suggestion or else searches, Escape closes the list. Without this
// script the box is a plain form field.
const least = 2, pause = 120;
const answers = new Map();

async function suggestions(address, text, signal) {
  if (!answers.has(text)) {
    const response = await fetch(`${address}?q=${encodeURIComponent(text)}`, { signal });
    if (!response.ok) return [];
    answers.set(text, (await response.json()).groups);
  }
  return answers.get(text);
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function words(text, language) {
  return element("span", language ? { lang: language } : {}, text);
}

function attach(input) {
  const id = `${input.id}-suggestions`;
  const list = element("div", { role: "listbox", id, class: "suggestions", "aria-label": "Suggestions", hidden: "" });
  const status = element("span", { role: "status", class: "unseen" });
  let options = [], chosen = -1, timer = 0, request = new AbortController();
  input.form.append(list, status);
  const roles = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
  for (const [key, value] of Object.entries(roles)) input.setAttribute(key, value);

  function close() {
    clearTimeout(timer);
    request.abort();
    list.hidden = true;
    status.textContent = "";
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  }

  function choose(place) {
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    options[chosen]?.setAttribute("aria-selected", "true");
    options[chosen]?.scrollIntoView({ block: "nearest" });
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function show(groups) {
    options = [];
    list.replaceChildren(...groups.map((group, place) => {
      const heading = element("div", { id: `${id}-${place}`, class: "heading", role: "presentation" }, group.heading);
      return element("div", { role: "group", "aria-labelledby": heading.id }, heading, ...group.options.map(each => {
        const label = words(each.label, each.lang);
        const also = each.also ? [words(each.also, each.also_lang), ", "] : [];
        const note = element("span", { class: "quiet" }, ...also, each.note);
        const option = element("a", { role: "option", id: `${id}-option-${options.length}`, href: each.href, tabindex: "-1", "aria-selected": "false" }, label, " ", note);
        options.push(option);
        return option;
      }));
    }));
    choose(-1);
    list.style.left = `${input.offsetLeft}px`;
    list.style.top = `${input.offsetTop + input.offsetHeight}px`;
    list.style.width = `${input.form.clientWidth - input.offsetLeft}px`;
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = options.length ? `${options.length} suggestion${options.length === 1 ? "" : "s"}` : "";
  }

  async function suggest() {
    clearTimeout(timer);
    const text = input.value.trim().replace(/\s+/g, " ").toLowerCase();
    request.abort();
    request = new AbortController();
    const { signal } = request;
    if (text.length < least) return close();
    try {
      const groups = await suggestions(input.dataset.suggest, text, signal);
      if (!signal.aborted) show(groups);
    } catch {
      if (!signal.aborted) close();  // The box works without suggestions.
    }
  }

  async function move(step) {
    if (list.hidden) await suggest();
    const places = options.length + 1;  // one more for the text itself
    choose((chosen + 1 + step + places) % places - 1);
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: () => list.hidden || close(),
    Enter: () => chosen < 0 || options[chosen].click(),
  };
  input.addEventListener("input", event => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(suggest, pause);
  });
  input.addEventListener("keydown", event => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !list.hidden, act = keys[event.key];
    if (!act) return;
    if (event.key.startsWith("Arrow") || (open && (event.key === "Escape" || chosen >= 0))) event.preventDefault();
    act();
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", event => event.preventDefault());  // The box keeps the focus.
  addEventListener("pageshow", close);  // also when the browser goes back to the page
}

for (const input of document.querySelectorAll("input[data-suggest]")) attach(input);
