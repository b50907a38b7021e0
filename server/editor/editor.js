// The editor of the query page. It replaces the text box, which remains if this does not run.

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, linter } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

import { completion, declaration } from "./completion.js";
import { undeclared } from "./position.js";

const box = document.getElementById("query");
const { nonce, terms: termsAt, things: thingsAt, line, column, fault } = box.dataset;
const asSent = box.value;
const EMPTY = { base: "", prefixes: {}, classes: {}, properties: {} };

async function json(address, otherwise) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.json() : otherwise;
  } catch {
    return otherwise; // the editor works without it
  }
}

const terms = json(termsAt, EMPTY);
const asked = new Map();

function things(words, type) {
  const address = `${thingsAt}?${new URLSearchParams({ prefix: words, ...(type && { type }) })}`;
  if (!asked.has(address)) asked.set(address, json(address, { result: [] }).then(({ result }) => result));
  return asked.get(address);
}

/** What is wrong: the place where the server could not parse the query, and undeclared prefixes. */
async function diagnostics(view) {
  const { doc } = view.state;
  const text = doc.toString();
  const release = await terms;
  const problems = undeclared(text).map(({ prefix, from, to }) => ({
    from,
    to,
    severity: "error",
    message: `The prefix ${prefix}: is not declared.`,
    actions: declaration(view.state, prefix, release)
      ? [{ name: `Add PREFIX ${prefix}:`, apply: (view) => declare(view, prefix, release) }]
      : [],
  }));
  if (fault && text === asSent && !problems.length && line <= doc.lines) {
    const { from, text: whole } = doc.line(Number(line));
    // a column counts characters, but a position in the text counts code units
    const at = [...whole].slice(0, column - 1).join("").length;
    // the word at the position, or else the last one before it
    const before = /(?:[^\s{}();,]+|\S)?\s*$/u.exec(whole.slice(0, at))[0];
    const after = /^[^\s{}();,]*/u.exec(whole.slice(at))[0];
    const start = from + at - (/\S$/u.test(before) || !after ? before.length : 0);
    const end = from + at + (after.length || (before ? 0 : 1));
    problems.push({ from: start, to: Math.min(Math.max(end, start + 1), doc.length), severity: "error", message: fault });
  }
  return problems;
}

function declare(view, prefix, release) {
  const changes = declaration(view.state, prefix, release);
  if (changes) view.dispatch({ changes, userEvent: "input" });
}

function run() {
  box.form.requestSubmit();
  return true;
}

/**
 * Replace a selection ourselves: a browser would keep the old text's look in a style attribute,
 * which our Content-Security-Policy blocks with an error.
 */
function typeOver(event, view) {
  const { from, to, empty } = view.state.selection.main;
  const { data: text, inputType, isComposing } = event;
  if (empty || isComposing || inputType !== "insertText" || !text) return false;
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type" });
  const isHandled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert));
  if (!isHandled) view.dispatch(insert());
  event.preventDefault();
  return true;
}

const looks = tagHighlighter([
  { tag: tags.keyword, class: "q-keyword" },
  { tag: tags.variableName, class: "q-variable" },
  { tag: [tags.string, tags.number, tags.bool, tags.literal], class: "q-literal" },
  { tag: [tags.url, tags.namespace, tags.special(tags.name)], class: "q-name" },
  { tag: tags.comment, class: "q-comment" },
]);

const view = new EditorView({
  doc: asSent,
  extensions: [
    EditorView.cspNonce.of(nonce),
    EditorView.contentAttributes.of({ "aria-label": "Query", "aria-describedby": "keys", spellcheck: "false" }),
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    sparql(),
    syntaxHighlighting(looks),
    autocompletion({ override: [completion(terms, things)], icons: false }),
    EditorView.domEventHandlers({ beforeinput: typeOver }),
    linter(diagnostics, { delay: 300 }),
    Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
    keymap.of([
      { key: "Tab", run: acceptCompletion },
      indentWithTab,
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) box.value = update.state.doc.toString();
    }),
  ],
});
box.hidden = true;
box.before(view.dom);
document.getElementById("keys").hidden = false;
document.querySelector("label[for=query]").addEventListener("click", () => view.focus());
