import { spawnSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";

const CHECKER = fileURLToPath(new URL("../node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

// What the Nu Html Checker says about each file: errors and warnings.
export function markup(files) {
  const run = spawnSync("java", ["-jar", CHECKER, "--format", "json", ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.error) throw run.error;
  const faults = new Map();
  for (const { url, lastLine, message, subType, type } of JSON.parse(run.stderr).messages) {
    const file = files.find((file) => url === pathToFileURL(file).href || url === `file:${file}`) ?? files[0];
    const fault = `vnu, line ${lastLine}: ${subType ?? type}: ${message}`;
    faults.set(file, [...(faults.get(file) ?? []), fault]);
  }
  return faults;
}
