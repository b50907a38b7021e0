// What can be written at a position: terms of the release with their counts, and things by name.

import { classesOf, declared, position, valuesOf } from "./position.js";

const KEYWORDS = (
  "SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE OPTIONAL UNION MINUS GRAPH FILTER " +
  "EXISTS NOT BIND AS VALUES UNDEF GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET PREFIX BASE"
).split(" ");
const FUNCTIONS = (
  "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI COALESCE IF " +
  "SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC REGEX REPLACE SUBSTR STRLEN UCASE LCASE CONTAINS STRSTARTS " +
  "STRENDS STRBEFORE STRAFTER CONCAT ABS CEIL FLOOR ROUND YEAR MONTH DAY NOW"
).split(" ");
// The fewest letters for which things are searched, and the most things shown.
const LETTERS = 2;
const THINGS = 12;
// A term that does not contain the word has a rank one below this.
const NOWHERE = 5;

/** The completion source of CodeMirror; `terms` and `things(words, classes)` are promises. */
export function completion(terms, things) {
  return async (context) => {
    const before = context.state.sliceDoc(0, context.pos);
    const line = context.state.doc.lineAt(context.pos);
    const head = line.text.slice(0, context.pos - line.from);
    if (inText(head)) return null;
    const release = await terms;
    if (context.aborted) return null;

    const prefix = /\bPREFIX\s+([\p{L}\w-]*)$/iu.exec(head);
    if (prefix) return prefixes(release, context.pos - prefix[1].length, before);
    const variable = /[?$]\w*$/.exec(head);
    if (variable) return variables(context, variable[0]);
    const named = /<([\p{L}\d][^<>"{}|^`\\?$=]{0,80})$/u.exec(head);
    if (named && !/^https?:/.test(named[1])) {
      const from = context.pos - named[0].length;
      const options = await thingsAt(before.slice(0, from), named[1], release, things);
      return context.aborted || !options.length ? null : { from, options, filter: false };
    }
    const word = /(?:[\p{L}_][\p{L}\d_-]*)?(?::[\p{L}\d_-]*)?$/u.exec(head)[0];
    if (!word && !context.explicit) return null;
    return words(context, before, word, release, things);
  };
}

/** Whether a line ends in a comment or a string. */
function inText(head) {
  const rest = head.replace(/<[^<>\s]*>|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, "");
  return /["'#]/.test(rest);
}

function prefixes(release, from, before) {
  const known = declared(before);
  const options = Object.entries(release.prefixes)
    .filter(([name]) => !known.has(name))
    .map(([name, iri]) => ({ label: `${name}:`, apply: `${name}: <${iri}>`, detail: iri, type: "namespace" }));
  return { from, options };
}

function variables(context, word) {
  const names = context.state.doc.toString().match(/[?$]\w+/g) ?? [];
  const options = [...new Set(names)].filter((name) => name !== word).map((label) => ({ label, type: "variable" }));
  return options.length ? { from: context.pos - word.length, options } : null;
}

async function words(context, before, word, release, things) {
  const from = context.pos - word.length;
  const place = position(before.slice(0, from));
  const options = [];
  if (place.role === "predicate") {
    options.push(...properties(word, release, classesOf(place.subject, place.triples, release)));
  } else if (place.role === "type") {
    options.push(...matching(word, release, "classes"));
  } else if (!word.includes(":")) {
    if (word && place.role !== "object") options.push(...plain(word, place.role));
    if (word.length >= LETTERS && place.role !== "other") {
      options.push(...(await thingsAt(before.slice(0, from), word, release, things)));
    }
  }
  if (word && !options.length) {
    options.push(...matching(word, release, "classes"), ...matching(word, release, "properties"));
  }
  return context.aborted || !options.length ? null : { from, options, filter: false };
}

function plain(word, role) {
  const begins = (each) => each.startsWith(word.toUpperCase()) && each !== word.toUpperCase();
  const keywords = KEYWORDS.filter(begins).map((label) => ({ label, type: "keyword" }));
  const functions = role === "other" ? FUNCTIONS.filter(begins) : [];
  return [...keywords, ...functions.map((label) => ({ label, apply: `${label}(`, type: "function" }))];
}

/** The properties that match a word; those that members of these classes have come first. */
function properties(word, release, classes) {
  const theirs = {};
  for (const each of classes) {
    for (const [name, count] of Object.entries(release.classes[each]?.properties ?? {})) {
      theirs[name] = Math.max(count, theirs[name] ?? 0);
    }
  }
  const options = matching(word, release, "properties", theirs);
  if (Object.keys(theirs).length) {
    const first = { name: `of ${classes.slice(0, 2).join(", ")}`, rank: 0 };
    const second = { name: "of other classes", rank: 1 };
    for (const option of options) option.section = option.label in theirs ? first : second;
  }
  if ("a".startsWith(word)) {
    options.unshift({ label: "a", apply: "a ", detail: "is a", type: "keyword", section: options[0]?.section });
  }
  return options;
}

/**
 * The terms whose prefixed name or local name begins with a word, or whose label has a word that
 * does, in the release's order. Terms in `counts` come first, the most used ones at the top.
 */
function matching(word, release, kind, counts = {}) {
  const asked = word.toLowerCase();
  return Object.entries(release[kind])
    .map(([name, term]) => ({
      name,
      term,
      count: counts[name] ?? term.count,
      rank: rank(asked, name.toLowerCase(), term.label.toLowerCase()) + (name in counts ? 0 : NOWHERE),
    }))
    .filter(({ rank }) => rank % NOWHERE < NOWHERE - 1)
    .sort((one, other) => one.rank - other.rank || (one.name in counts ? other.count - one.count : 0))
    .map(({ name, term, count }) => ({
      label: name,
      detail: `${term.label} · ${count.toLocaleString("en")}`,
      info: term.about || undefined,
      type: kind === "classes" ? "class" : "property",
      apply: (view, _, from, to) => insert(view, release, name, from, to),
    }));
}

function rank(asked, name, label) {
  if (name.startsWith(asked)) return 0;
  if (name.slice(name.indexOf(":") + 1).startsWith(asked)) return 1;
  if (label.startsWith(asked)) return 2;
  return label.split(" ").some((word) => word.startsWith(asked)) ? 3 : NOWHERE - 1;
}

/** The things that a word may name, only of the property's classes if these are known. */
async function thingsAt(before, word, release, things) {
  const { role, predicate } = position(before);
  const classes = role === "object" ? valuesOf(predicate, release) : [];
  const answers = await Promise.all((classes.length ? classes.slice(0, 3) : [""]).map((type) => things(word, type)));
  return answers
    .flat()
    .slice(0, THINGS)
    .map(({ id, name, description }) => ({
      label: name,
      detail: description,
      type: "constant",
      apply: (view, _, from, to) => {
        const closed = view.state.sliceDoc(to, to + 1) === ">" ? to + 1 : to;
        insert(view, release, `<${release.base}${id}>`, from, closed);
      },
    }));
}

/** Insert a term, and declare its prefix if that is missing. */
function insert(view, release, text, from, to) {
  const prefix = /^([\p{L}\w-]+):/u.exec(text)?.[1];
  const changes = [{ from, to, insert: text }];
  const line = prefix && declaration(view.state, prefix, release);
  if (line) changes.push(line);
  const added = line ? line.insert.length : 0;
  view.dispatch({
    changes,
    selection: { anchor: from + text.length + added },
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}

/** The change that declares a prefix of the release; null if it is declared already or unknown. */
export function declaration(state, prefix, release) {
  const text = state.doc.toString();
  if (declared(text).has(prefix) || !(prefix in release.prefixes)) return null;
  // below the last PREFIX or BASE line, or else below the comments at the top
  const prologue = /^(?:[ \t]*(?:#[^\n]*|(?:PREFIX|BASE)\b[^\n]*)?\n)*/i.exec(text)[0];
  const lines = prologue.split("\n").slice(0, -1);
  const last = lines.findLastIndex((line) => /^\s*(PREFIX|BASE)\b/i.test(line));
  const comments = lines.findIndex((line) => !/^\s*#/.test(line));
  const below = last >= 0 ? last + 1 : comments < 0 ? lines.length : comments;
  const from = lines.slice(0, below).join("\n").length + (below ? 1 : 0);
  return { from, insert: `PREFIX ${prefix}: <${release.prefixes[prefix]}>\n` };
}
