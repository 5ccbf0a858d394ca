// A spec and a file to a tree, with the two packages that the Kaitai Web IDE runs.
//
// Works in Node and in a browser: whoever loads it gives the compiler, the runtime and a
// YAML parser.

/** A value as text: bytes as 0x…, enumerations by number, integers that may be inexact marked. */
export function show(value) {
  if (value instanceof Uint8Array) {
    return "0x" + Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return `~${value}`;
  }
  return typeof value === "string" ? value : String(value);
}

const camel = (id) => id.replace(/_([a-z0-9]*)/g, (_, part) => part.slice(0, 1).toUpperCase() + part.slice(1));

/** Finds what the spec says of each class that the compiler makes of it. */
function describe(spec, className, found) {
  found.set(className, spec);
  for (const [name, type] of Object.entries(spec.types ?? {})) {
    const inner = camel(`_${name}`);
    describe(type, inner, found);
  }
  return found;
}

/**
 * Compiles `spec` and parses `bytes`.
 *
 * Each node has the field's name as in the spec (`id`), Cassandra's or the column's own
 * name (`original`), and a `value` as text or `fields`.
 *
 * @param {object} tools `compiler` (kaitai-struct-compiler), `KaitaiStream`
 * @param {object} spec the .ksy as parsed YAML
 * @param {ArrayBuffer} bytes the file
 */
export async function parseTree({ compiler, KaitaiStream }, spec, bytes) {
  const importer = {
    importYaml(name) {
      throw new Error(`the spec is not self-contained, it imports ${name}`);
    },
  };
  const files = await compiler.compile("javascript", spec, importer, true);
  const Root = evaluate(files, KaitaiStream);
  const root = new Root(new KaitaiStream(bytes, 0));
  root._read();
  const types = describe(spec, Root.name, new Map());
  return { id: spec.meta.id, original: "", fields: fieldsOf(root, types) };
}

/** Runs the one module that was compiled; it has no dependencies but the runtime. */
function evaluate(files, KaitaiStream) {
  const [[name, source]] = Object.entries(files);
  const module = { exports: {} };
  const load = (path) => {
    if (path.endsWith("KaitaiStream")) return KaitaiStream;
    throw new Error(`unexpected dependency ${path}`);
  };
  new Function("module", "exports", "require", source)(module, module.exports, load);
  return module.exports[name.replace(/\.js$/, "")] ?? module.exports;
}

function fieldsOf(object, types) {
  const spec = types.get(object.constructor.name) ?? {};
  const described = [
    ...(spec.seq ?? []),
    ...Object.entries(spec.instances ?? {}).map(([id, body]) => ({ id, ...body })),
  ];
  const fields = [];
  for (const field of described) {
    const value = object[camel(field.id)];
    if (value !== undefined) {
      fields.push({ id: field.id, original: field["-orig-id"] ?? "", ...content(value, types) });
    }
  }
  return fields;
}

function content(value, types) {
  if (Array.isArray(value)) {
    return { fields: value.map((item, index) => ({ id: `[${index}]`, original: "", ...content(item, types) })) };
  }
  if (value !== null && typeof value === "object" && !(value instanceof Uint8Array)) {
    return { fields: fieldsOf(value, types) };
  }
  return { value: show(value) };
}
