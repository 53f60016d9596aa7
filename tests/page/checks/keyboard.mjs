import { visit } from "../browser.mjs";

// With the Tab key alone, a reader reaches everything in the order of the page, first the link past its beginning, and
// always sees where they are.
export async function keyboard(browser, address) {
  const faults = [];
  for (const settings of [{ width: 1280 }, { width: 320 }, { width: 1280, colorScheme: "dark" }, { width: 1280, forcedColors: "active" }]) {
    faults.push(...(await visit(browser, address, settings, tour)));
  }
  return [...new Set(faults)];
}

async function tour(tab) {
  const faults = [];
  const stops = await tab.evaluate(() => {
    const stops = [...document.querySelectorAll("a[href], [tabindex='0']")].filter((stop) => stop.getClientRects().length > 0);
    stops.forEach((stop, number) => (stop.number = number));
    return stops.length;
  });
  for (let number = 0; number < stops; number += 1) {
    await tab.keyboard.press("Tab");
    const at = await tab.evaluate(stop);
    if (at.number !== number) return [`Tab leads to stop ${at.number} (${at.name}), not to ${number}`];
    if (number === 0 && at.name !== "#content") faults.push("the first stop does not lead past the beginning");
    if (!at.visible) faults.push(`where the focus is cannot be seen at ${at.name}`);
    if (!at.inside) faults.push(`the focus is outside the window at ${at.name}`);
  }
  await tab.evaluate(() => window.scrollTo(0, 0));
  const skipped = await tab.evaluate(() => {
    document.querySelector("a[href='#content']").focus();
    return true;
  });
  await tab.keyboard.press("Enter");
  if (skipped && (await tab.evaluate(() => document.activeElement.id)) !== "content") {
    faults.push("the link past the beginning does not move the focus");
  }
  return faults;
}

// Runs in the page.
function stop() {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const boxes = [...element.getClientRects()];
  return {
    number: element.number ?? -1,
    name: element.getAttribute("href") ?? element.getAttribute("aria-label") ?? element.tagName,
    visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    inside: boxes.some((box) => box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth),
  };
}
