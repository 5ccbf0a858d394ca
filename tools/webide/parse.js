// Prints the tree of a file as JSON: node parse.js SPEC.ksy FILE
// The packages are taken from the current directory's node_modules.
"use strict";

const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { parseTree } = require("./tree.js");

async function main([specPath, filePath]) {
  const installed = createRequire(join(process.cwd(), "package.json"));
  const compiler = installed("kaitai-struct-compiler");
  const { KaitaiStream } = installed("kaitai-struct");
  const spec = installed("js-yaml").load(readFileSync(specPath, "utf-8"));
  const data = readFileSync(filePath);
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  process.stdout.write(JSON.stringify(await parseTree({ compiler, KaitaiStream }, spec, bytes)));
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exitCode = 1;
});
