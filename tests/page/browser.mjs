import { chromium } from "playwright-core";

const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: QUIET });
}

// Opens a page in a window of its own, does something with it, and closes it.
export async function visit(browser, address, settings, visitor) {
  const { width = 1280, height = 900, ...others } = settings;
  const context = await browser.newContext({ viewport: { width, height }, ...others });
  try {
    const tab = await context.newPage();
    await tab.goto(address);
    return await visitor(tab);
  } finally {
    await context.close();
  }
}
