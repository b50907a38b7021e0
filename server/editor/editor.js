// The editor of the query page, in the place of its text box. Without it the box stays.

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
    return otherwise; // the editor works without
  }
}

const terms = json(termsAt, EMPTY);
const asked = new Map();

function things(words, type) {
  const address = `${thingsAt}?${new URLSearchParams({ prefix: words, ...(type && { type }) })}`;
  if (!asked.has(address)) asked.set(address, json(address, { result: [] }).then(({ result }) => result));
  return asked.get(address);
}

/** What is wrong: where the server said that it does not parse, and prefixes that are missing. */
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
    const { from, to, text: whole } = doc.line(Number(line));
    // a column counts characters, a place in the text code units
    const start = Math.min(from + [...whole].slice(0, column - 1).join("").length, to);
    const word = /^[^\s{}();,]+/u.exec(doc.sliceString(start, to))?.[0].length ?? 1;
    const end = Math.min(start + word, doc.length);
    problems.push({ from: start === end ? Math.max(0, start - 1) : start, to: end, severity: "error", message: fault });
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
