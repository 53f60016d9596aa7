import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { visit } from "../browser.mjs";

// Points between text and the edge of the paper that no printer needs.
const EDGE = 15;

// On paper, every word of the page is there, and none runs off.
export async function print(browser, address) {
  const folder = mkdtempSync(join(tmpdir(), "page-check-"));
  try {
    const path = join(folder, "page.pdf");
    const words = await visit(browser, address, { colorScheme: "dark" }, async (tab) => {
      await tab.pdf({ path, preferCSSPageSize: true });
      await tab.emulateMedia({ media: "print" });
      return tab.evaluate(printed);
    });
    const text = (options) => execFileSync("pdftotext", [...options, path, "-"], { encoding: "utf8", maxBuffer: 1 << 28 });
    return [...lost(words, text(["-raw"])), ...cut(text(["-bbox"]))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Runs in the page: its words as they should be on paper.
function printed() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    const shown = parent.getClientRects().length > 0 && !["title", "desc"].includes(parent.localName);
    if (shown) words.push(...data.split(/\s+/).filter(Boolean));
  }
  return words;
}

// Words that are missing: one may have been broken at the end of a line.
function lost(words, text) {
  const unspaced = bare(text);
  const missing = [...new Set(words)].filter((word) => !unspaced.includes(letters(word)));
  return missing.length === 0 ? [] : [`on paper, ${missing.length} words are lost: ${missing.slice(0, 5).join(", ")}`];
}

// The program that reads the paper may put the brackets of right-to-left text on the other side.
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;

function letters(word) {
  return RIGHT_TO_LEFT.test(word) ? bare(word).replaceAll(/\p{P}/gu, "") : bare(word);
}

function bare(text) {
  return text.normalize("NFKC").replaceAll(/[\s\p{Cf}]/gu, "");
}

function cut(boxes) {
  const width = Number(/<page width="([\d.]+)"/.exec(boxes)?.[1] ?? 0);
  const off = [...boxes.matchAll(/<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)"[^>]*>([^<]*)/g)]
    .filter(([, left, right]) => Number(left) < EDGE || Number(right) > width - EDGE);
  return off.length === 0 ? [] : [`on paper, ${off.length} words run off, such as ${off[0][3]}`];
}
