// The page: two files, chosen by hand or named in the address as ?spec=…&file=…, drawn as a tree.
"use strict";

const status = document.getElementById("status");

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function label(node, parent) {
  const original = node.original && node.original !== node.id ? ` ${node.original}` : "";
  parent.append(element("span", "id", node.id), element("span", "original", original));
  if (node.start !== undefined) parent.append(element("span", "range", ` ${node.start}:${node.end}`));
  if (node.value !== undefined) parent.append(" ", element("span", "value", node.value));
  return parent;
}

function draw(node) {
  const isComputed = node.start === undefined;
  if (node.fields === undefined) {
    return label(node, element("li", isComputed ? "leaf computed" : "leaf"));
  }
  const item = element("li", isComputed ? "computed" : "");
  const details = element("details");
  details.open = true;
  const list = element("ul");
  list.append(...node.fields.map(draw));
  details.append(label(node, element("summary")), list);
  item.append(details);
  return item;
}

async function open(specText, bytes) {
  status.className = "";
  try {
    const tools = { compiler: KaitaiStructCompiler, KaitaiStream };
    const tree = await cqliteTree.parseTree(tools, jsyaml.load(specText), bytes);
    document.getElementById("tree").replaceChildren(draw(tree));
    status.textContent = `${tree.id}: ${bytes.byteLength} bytes parsed`;
  } catch (error) {
    status.className = "failed";
    status.textContent = `failed: ${error}`;
  }
}

async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

async function openAddress() {
  const names = new URLSearchParams(location.search);
  if (!names.has("spec") || !names.has("file")) return;
  const [spec, file] = await Promise.all([fetched(names.get("spec")), fetched(names.get("file"))]);
  await open(await spec.text(), await file.arrayBuffer());
}

async function openChosen() {
  const [spec] = document.getElementById("spec").files;
  const [file] = document.getElementById("file").files;
  if (spec && file) await open(await spec.text(), await file.arrayBuffer());
}

document.querySelector("form").addEventListener("change", openChosen);
openAddress();
