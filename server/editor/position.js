// The context of a position in a query: which part of which triple is written there, and its class.
// It reads tokens, not a tree, because an unfinished query does not parse.

const TOKEN = new RegExp(
  [
    String.raw`#[^\n]*`,
    String.raw`<[^<>"{}|^\x60\\\s]*>`,
    String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''`,
    String.raw`"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?`,
    String.raw`[?$]\w+`,
    String.raw`(?:[\p{L}_][\p{L}\d_.-]*)?:[\p{L}\d_.%-]*`,
    String.raw`@?[\p{L}_][\w-]*`,
    String.raw`[+-]?\d[\d.eE+-]*`,
    String.raw`\S`,
  ].join("|"),
  "gu",
);
const KEYWORD = new RegExp(
  "^(select|distinct|construct|describe|ask|where|optional|minus|union|graph|service|silent|filter|exists|not|" +
    "values|bind|order|group|by|having|limit|offset)$",
  "i",
);
const TERM = /^([?$<"'\d\p{L}_:]|[+-]\d)/u;
const TYPE = new Set(["a", "rdf:type"]);

/** The tokens of a query, each with its position; comments are left out. */
export function tokens(text) {
  return [...text.matchAll(TOKEN)]
    .filter(([token]) => token[0] !== "#")
    .map((match) => ({ text: match[0].replace(/(?<=:.*)\.+$/, ""), from: match.index }));
}

/** The prefixes that PREFIX lines declare, with their IRIs. */
export function declared(text) {
  const lines = text.matchAll(/^\s*PREFIX\s+([^\s:]*):\s*<([^>\s]*)>/gim);
  return new Map([...lines].map(([, prefix, iri]) => [prefix, iri]));
}

/** The names whose prefix is not declared, each with its position. */
export function undeclared(text) {
  const known = declared(text);
  const every = tokens(text);
  return every
    .filter(({ text: name }, at) => /^[\p{L}_][^<"'?]*:|^:/u.test(name) && !/^prefix$/i.test(every[at - 1]?.text))
    .map(({ text: name, from }) => ({ prefix: name.slice(0, name.indexOf(":")), from, to: from + name.length }))
    .filter(({ prefix }) => prefix !== "_" && !known.has(prefix));
}

/**
 * The context at the end of a text: {role, subject, predicate, triples}.
 *
 * The role is "subject", "predicate", "object", "type" (the object of `a`) or "other", outside
 * triples. `triples` are the complete ones before it.
 */
export function position(text) {
  const state = { role: "other", subject: "", predicate: "", triples: [] };
  const outer = [];
  let brackets = 0;
  for (const { text: token } of tokens(text)) {
    if (token === "{") {
      Object.assign(state, { role: "subject", subject: "", predicate: "" });
      brackets = 0;
    } else if (token === "}" || KEYWORD.test(token)) {
      state.role = token === "}" ? "subject" : "other";
    } else if (token === "(" || token === ")") {
      brackets += token === "(" ? 1 : -1;
      if (state.role === "subject") state.role = "other";
      else if (state.role === "other" && brackets <= 0) state.role = "subject";
    } else if (token === "[") {
      outer.push({ role: state.role, subject: state.subject, predicate: state.predicate });
      Object.assign(state, { role: "predicate", subject: "[]", predicate: "" });
    } else if (token === "]" && outer.length) {
      Object.assign(state, outer.pop());
      advance(state, "[]");
    } else if (token === "." && state.role !== "other") {
      state.role = "subject";
    } else if (token === ";" && state.role !== "other") {
      state.role = "predicate";
    } else if (token === "," && state.role === "next") {
      state.role = "object";
    } else if ("/|^!*+?".includes(token) && state.role === "object") {
      // a path goes on, or its step is repeated
      if ("/|^!".includes(token)) state.role = "predicate";
    } else if (TERM.test(token)) {
      advance(state, token);
    }
  }
  if (state.role === "object" && TYPE.has(state.predicate)) state.role = "type";
  if (state.role === "next") state.role = "other";
  return state;
}

function advance(state, token) {
  if (state.role === "subject") {
    Object.assign(state, { role: "predicate", subject: token });
  } else if (state.role === "predicate") {
    Object.assign(state, { role: "object", predicate: token });
  } else if (state.role === "object") {
    state.triples.push([state.subject, state.predicate, token]);
    state.role = "next";
  }
}

/** The classes that a variable can have, judging by its triples and the release. */
export function classesOf(name, triples, terms) {
  const stated = triples.filter(([s, p]) => s === name && TYPE.has(p)).map(([, , o]) => o);
  if (stated.length) return stated;
  const reached = triples.filter(([, , o]) => o === name).flatMap(([, p]) => valuesOf(p, terms));
  if (reached.length) return [...new Set(reached)];
  const used = triples.filter(([s, p]) => s === name && p in terms.properties).map(([, p]) => p);
  const having = (each) => used.every((property) => property in terms.classes[each].properties);
  return used.length ? Object.keys(terms.classes).filter(having) : [];
}

/** The classes of a property's values: only our own if there are any, as they are more specific. */
export function valuesOf(property, terms) {
  const every = terms.properties[property]?.values ?? [];
  const own = every.filter((each) => each.startsWith("oo:"));
  return own.length ? own : every;
}
