import { visit } from "../browser.mjs";

// Windows, and how much the page is enlarged in them: a browser lays an enlarged page out for a smaller window.
const WINDOWS = [
  { width: 320, zoom: 1 },
  { width: 360, zoom: 1 },
  { width: 768, zoom: 1 },
  { width: 1280, zoom: 1 },
  { width: 1280, zoom: 2 },
  { width: 1280, zoom: 4 },
];

// WCAG 1.4.12: what readers may set, without losing anything.
const SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }";

// The least size of text in a chart, in pixels.
const LEGIBLE = 11.5;

// A page is never wider than its window, and every figure shows one drawing that can be read.
export async function layout(browser, address) {
  const faults = [];
  for (const { width, zoom } of WINDOWS) {
    for (const spaced of [false, true]) {
      const settings = { width: width / zoom, height: 1024 / zoom, deviceScaleFactor: zoom, bypassCSP: spaced };
      const seen = await visit(browser, address, settings, async (tab) => {
        if (spaced) await tab.addStyleTag({ content: SPACED });
        return tab.evaluate(look);
      });
      const where = `${width} px, ${zoom * 100} per cent${spaced ? ", spaced out" : ""}`;
      if (seen.over > 0) faults.push(`${where}: the page is ${seen.over} px too wide`);
      if (seen.out.length > 0) faults.push(`${where}: ${seen.out.length} texts run out of their frames, such as ${seen.out[0]}`);
      if (seen.figures.length > 0) faults.push(`${where}: ${seen.figures.join(", ")} shows no drawing, or several`);
      if (seen.text < LEGIBLE) faults.push(`${where}: text in charts is ${seen.text.toFixed(1)} px`);
      if (seen.small.length > 0) faults.push(`${where}: the link ${seen.small[0]} is less than 24 px high`);
    }
  }
  return faults;
}

// Runs in the page.
function look() {
  const root = document.documentElement;
  const over = root.scrollWidth - window.innerWidth;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const out = [];
  while (texts.nextNode()) {
    const { parentElement: parent, data } = texts.currentNode;
    const frame = parent.closest(".marks, main, nav, .inside");
    // What scrolls in itself may be wider than its frame; a drawing was laid out by the program.
    if (!frame || parent.closest(".scroll, svg") || !data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (range.getBoundingClientRect().right > frame.getBoundingClientRect().right + 1) out.push(data.trim().slice(0, 40));
  }
  const shown = (svg) => svg.getClientRects().length > 0;
  const drawings = (figure) => [...figure.querySelectorAll("svg[role=img]")].filter(shown);
  const sizes = [...document.querySelectorAll("figure svg[role=img]")].filter(shown).map((svg) => {
    const unit = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return unit * Number(svg.querySelector("text")?.getAttribute("font-size") ?? Infinity);
  });
  const links = [...document.querySelectorAll("nav a")];
  return {
    over,
    out,
    figures: [...document.querySelectorAll("figure[id]")].filter((f) => drawings(f).length !== 1).map((f) => f.id),
    text: Math.min(...sizes, Infinity),
    small: links.filter((link) => link.getBoundingClientRect().height < 24).map((link) => link.textContent),
  };
}
