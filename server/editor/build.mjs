// Bundles the editor into server/static, with the versions and licences of what is in it.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const out = new URL("../static/", here);
const read = (name) => readFileSync(new URL(name, here), "utf8");

// The bundle's sources, besides the packages.
const SOURCES = ["completion.js", "editor.js", "package-lock.json", "position.js"];

const { metafile, outputFiles } = await build({
  entryPoints: [new URL("editor.js", here).pathname],
  absWorkingDir: here.pathname,
  bundle: true,
  charset: "utf8",
  format: "iife",
  legalComments: "none",
  metafile: true,
  minify: true,
  target: "es2022",
  write: false,
});
const packages = [...new Set(Object.keys(metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]))]
  .filter(Boolean)
  .sort()
  .map((name) => JSON.parse(read(`node_modules/${name}/package.json`)));
const stamp = createHash("sha256");
for (const name of SOURCES) stamp.update(read(name));
const versions = packages.map(({ name, version }) => `${name} ${version}`).join(", ");
const banner = `/*! ${versions}. Sources: sha256 ${stamp.digest("hex")}. Licences: editor-licences.txt */\n`;
writeFileSync(new URL("editor.js", out), banner + outputFiles[0].text);
const licences = packages.map(
  ({ name, version, license }) => `${name} ${version} (${license})\n\n${read(`node_modules/${name}/LICENSE`).trim()}\n`,
);
writeFileSync(
  new URL("editor-licences.txt", out),
  `The script editor.js contains these packages.\n\n${licences.join(`\n${"-".repeat(72)}\n\n`)}`,
);
