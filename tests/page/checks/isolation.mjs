// A page needs nothing but itself, and its own policy allows all that it has.
export async function isolation(browser, address) {
  const faults = [];
  const context = await browser.newContext();
  const tab = await context.newPage();
  tab.on("request", (request) => request.url() !== address && faults.push(`it asks for ${request.url().slice(0, 80)}`));
  tab.on("console", (message) => faults.push(`the browser says: ${message.text().slice(0, 160)}`));
  tab.on("pageerror", (error) => faults.push(`the browser says: ${error.message.slice(0, 160)}`));
  await tab.goto(address);
  const found = await tab.evaluate(() => ({
    scripts: document.querySelectorAll("script, iframe, object, embed, link, img, [style]").length,
    policy: document.querySelector("meta[http-equiv=Content-Security-Policy]")?.content ?? "",
    styled: getComputedStyle(document.querySelector("header > div")).backgroundColor !== "rgba(0, 0, 0, 0)",
  }));
  if (found.scripts > 0) faults.push(`${found.scripts} elements run, load or style something by themselves`);
  if (!found.policy.startsWith("default-src 'none';")) faults.push("its policy does not forbid everything first");
  if (!found.styled) faults.push("its own policy blocks its style");
  await context.close();
  return faults;
}
