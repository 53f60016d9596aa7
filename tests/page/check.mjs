#!/usr/bin/env node
// Checks finished web pages as their readers get them: check PAGE...
//
// It prints a line for each page and ends with 1 if any has a fault. It needs Chromium (its path is in CHROMIUM, otherwise
// /usr/bin/chromium), Java, and pdftotext.
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { launch } from "./browser.mjs";
import { accessibility } from "./checks/accessibility.mjs";
import { isolation } from "./checks/isolation.mjs";
import { keyboard } from "./checks/keyboard.mjs";
import { layout } from "./checks/layout.mjs";
import { markup } from "./checks/markup.mjs";
import { print } from "./checks/print.mjs";

const files = process.argv.slice(2).map((file) => resolve(file));
if (files.length === 0) {
  console.error("usage: check PAGE...");
  process.exit(2);
}

const invalid = markup(files);
const browser = await launch();
let faulty = 0;
try {
  for (const file of files) {
    const address = pathToFileURL(file).href;
    const faults = [...(invalid.get(file) ?? [])];
    for (const check of [isolation, accessibility, layout, keyboard, print]) {
      faults.push(...(await check(browser, address)));
    }
    faulty += faults.length > 0 ? 1 : 0;
    console.log(faults.length > 0 ? `fault ${file}\n  ${faults.join("\n  ")}` : `ok    ${file}`);
  }
} finally {
  await browser.close();
}
process.exit(faulty > 0 ? 1 : 0);
