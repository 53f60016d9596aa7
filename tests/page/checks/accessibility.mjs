import axe from "axe-core";
import { visit } from "../browser.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// What a reader may have chosen: the width of the window, and colours.
const READERS = [
  { width: 320 },
  { width: 768 },
  { width: 1280 },
  { width: 320, colorScheme: "dark" },
  { width: 1280, colorScheme: "dark" },
  { width: 320, forcedColors: "active" },
  { width: 1280, forcedColors: "active" },
  { width: 1280, forcedColors: "active", colorScheme: "dark" },
];

// No rule of axe is broken, whatever the reader has chosen.
export async function accessibility(browser, address) {
  const faults = new Set();
  for (const reader of READERS) {
    // Only axe is let past the policy of the page.
    const broken = await visit(browser, address, { ...reader, bypassCSP: true }, async (tab) => {
      await tab.evaluate(axe.source);
      const result = await tab.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), TAGS);
      return result.violations;
    });
    for (const { id, nodes } of broken) {
      faults.add(`axe, ${Object.values(reader).join(" ")}: ${id} at ${nodes[0].target.join(" ").slice(0, 80)} (${nodes.length})`);
    }
  }
  return [...faults];
}
