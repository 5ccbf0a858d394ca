// From a spec and a file to a tree, with the packages that the Kaitai Web IDE runs.
// For Node and, as the global `cqliteTree`, for a page.
"use strict";

(function (root, factory) {
  if (typeof module === "object" && module.exports) {
    module.exports = factory();
  } else {
    root.cqliteTree = factory();
  }
})(typeof self !== "undefined" ? self : this, function () {
  const SHOWN_BYTES = 64;

  /** A value as text: bytes in hex, integers that JavaScript rounds with a tilde. */
  function show(value) {
    if (value instanceof Uint8Array) {
      const hex = Array.from(value.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
      return `0x${hex.join("")}${value.length > SHOWN_BYTES ? "…" : ""}`;
    }
    const isInexact = Number.isInteger(value) && !Number.isSafeInteger(value);
    return `${isInexact ? "~" : ""}${value}`;
  }

  /** A spec's name as the compiler spells it in JavaScript. */
  function camel(id) {
    return id.replace(/_([a-z0-9]*)/g, (_, part) => part.slice(0, 1).toUpperCase() + part.slice(1));
  }

  /** Runs the module that was compiled, which needs nothing but the runtime. */
  function evaluate(files, KaitaiStream) {
    const [source] = Object.values(files);
    const exports = {};
    new Function("exports", "require", source)(exports, (path) => {
      if (path.endsWith("KaitaiStream")) return KaitaiStream;
      throw new Error(`the spec is not self-contained, it needs ${path}`);
    });
    return Object.values(exports)[0];
  }

  /**
   * Compiles `spec` and parses `bytes` with it.
   *
   * A node has the field's name in the spec (`id`), Cassandra's name of it, which for a
   * column is the column's (`original`), its first byte and the byte after its last
   * (`start`, `end`; none for computed values), and a `value` as text or `fields`.
   *
   * @param {{compiler: object, KaitaiStream: Function}} tools kaitai-struct-compiler, kaitai-struct
   * @param {object} spec a .ksy as parsed YAML
   * @param {ArrayBuffer} bytes
   */
  async function parseTree({ compiler, KaitaiStream }, spec, bytes) {
    const files = await compiler.compile("javascript", spec, null, true);
    const Root = evaluate(files, KaitaiStream);
    const types = new Map([[Root.name, spec]]);
    for (const [name, type] of Object.entries(spec.types ?? {})) {
      types.set(camel(`_${name}`), type);
    }
    const parsed = new Root(new KaitaiStream(bytes, 0));
    parsed._read();
    return { id: spec.meta.id, original: "", start: 0, end: bytes.byteLength, fields: fieldsOf(parsed, types) };
  }

  function fieldsOf(object, types) {
    const spec = types.get(object.constructor.name);
    const fields = [];
    for (const field of spec.seq ?? []) {
      const value = object[camel(field.id)];
      if (value === undefined) continue;
      fields.push(node(field.id, field["-orig-id"] ?? "", value, object._debug[camel(field.id)], types));
    }
    for (const [id, field] of Object.entries(spec.instances ?? {})) {
      const value = computed(object, camel(id));
      if (value === undefined) continue;
      fields.push(node(id, field["-orig-id"] ?? "", value, object._debug[camel(id)], types));
    }
    return fields;
  }

  /** An instance's value; none where it is computed of bytes that are not there. */
  function computed(object, name) {
    try {
      const value = object[name];
      return Number.isNaN(value) ? undefined : value;
    } catch (error) {
      return `cannot be read: ${error.message}`;
    }
  }

  function node(id, original, value, span, types) {
    const made = { id, original };
    if (span !== undefined && span.end !== undefined) {
      made.start = span.ioOffset + span.start;
      made.end = span.ioOffset + span.end;
    }
    if (Array.isArray(value)) {
      made.fields = value.map((item, index) => node(`[${index}]`, "", item, span?.arr?.[index], types));
    } else if (typeof value === "object" && !(value instanceof Uint8Array)) {
      made.fields = fieldsOf(value, types);
    } else {
      made.value = show(value);
    }
    return made;
  }

  return { parseTree };
});
