// node parse.js SPEC.json DATA: prints the tree of DATA as JSON. SPEC.json is a .ksy
// written as JSON, which is YAML too.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseTree } from "./tree.js";

const [specFile, dataFile, modules] = process.argv.slice(2);
const require = createRequire(join(modules ?? import.meta.dirname, "package.json"));
const compiler = require("kaitai-struct-compiler");
const { KaitaiStream } = require("kaitai-struct");
const data = readFileSync(dataFile);
const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
const tree = await parseTree({ compiler, KaitaiStream }, JSON.parse(readFileSync(specFile, "utf-8")), bytes);
process.stdout.write(JSON.stringify(tree));
