// What each character of a text is, by the grammar and by the server.
import { classOf, tokenize } from "./grammar.mjs";

/** Every line's classes by the grammar: one per UTF-16 unit. */
export function byGrammar(grammar, text) {
  return tokenize(grammar, text).map(({ line, tokens }) => {
    const classes = new Array(line.length).fill(undefined);
    for (const { startIndex, endIndex, scopes } of tokens) classes.fill(classOf(scopes), startIndex, endIndex);
    return classes;
  });
}

/** Every line's classes by the server's answer to `textDocument/semanticTokens/full`. */
export function byServer(text, { data }, { tokenTypes, tokenModifiers }) {
  const lines = text.split(/\r\n|\n|\r/).map((line) => new Array(line.length).fill(undefined));
  const declaration = 1 << tokenModifiers.indexOf("declaration");
  const classes = { keyword: "keyword", string: "text", comment: "comment", function: "function", method: "function" };
  let [line, start] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [down, right, length, type, modifiers] = data.slice(at, at + 5);
    [line, start] = [line + down, down === 0 ? start + right : right];
    const name = tokenTypes[type];
    const isKey = name === "property" && (modifiers & declaration) !== 0;
    lines[line].fill(isKey ? "key" : classes[name], start, start + length);
  }
  return lines;
}

/** Where two readings of a text differ, in words; white space counts for nothing. */
export function differences(text, ours, theirs) {
  return text.split(/\r\n|\n|\r/).flatMap((line, row) => {
    const at = [...line].length === 0 ? -1 : findDifference(line, ours[row], theirs[row]);
    return at < 0 ? [] : [`${row + 1}:${at + 1}: ${ours[row][at] ?? "none"}, the server says ${theirs[row][at] ?? "none"}: ${line.slice(at, at + 30)}`];
  });
}

function findDifference(line, ours, theirs) {
  for (let at = 0; at < line.length; at++) {
    if (/\S/.test(line[at]) && ours[at] !== theirs[at]) return at;
  }
  return -1;
}
