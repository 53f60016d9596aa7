"""Fails if files of src/ use each other in a circle.

Reads `use` declarations only, and follows re-exports to the file that defines a name. A module that lists its
files and re-exports their items does not use them.
"""

import re
import sys
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"
USE = re.compile(r"^\s*(pub(?:\([a-z: ]+\))?\s+)?use ([^;]+);", re.M)
TESTS = re.compile(r"#\[cfg\(test\)\]\s*mod tests")


def modules():
    """Every file by the path of its module."""
    found = {}
    for file in SRC.rglob("*.rs"):
        parts = list(file.relative_to(SRC).with_suffix("").parts)
        found[tuple(parts[:-1] if parts[-1] == "mod" else parts)] = file
    return found


def names(use):
    """The single paths in a `use` declaration."""
    use = re.sub(r"\s+(as \w+)?", "", use)
    group = re.fullmatch(r"(.*?)\{(.*)\}", use)
    if not group:
        return [use]
    depth, item, items = 0, "", []
    for c in group[2] + ",":
        depth += (c == "{") - (c == "}")
        if c == "," and depth == 0:
            items, item = items + [item], ""
        else:
            item += c
    return [name for item in items if item for name in names(group[1] + item)]


def absolute(name, module, files):
    """The path of a name from the root of the crate; None if it belongs to another crate."""
    parts = name.split("::")
    if parts[0] in ("crate", "area_reports"):
        return tuple(parts[1:])
    here = list(module)
    if parts[0] == "self":
        return tuple(here + parts[1:])
    up = 0
    while parts[0] == "super":
        here, parts, up = here[:-1], parts[1:], up + 1
    if up or (*here, parts[0]) in files:
        return tuple(here + parts)
    return None


def owner(path, files, exports, steps=8):
    """The file that defines a path."""
    for end in range(len(path), 0, -1):
        module, rest = path[:end], path[end:]
        if module in files:
            target = exports.get(module, {}).get(rest[0]) if rest and steps else None
            return owner(target + rest[1:], files, exports, steps - 1) if target else module
    return None


def graph():
    """For each file, the files that it uses."""
    files, exports, used = modules(), {}, {}
    for module, file in files.items():
        code = TESTS.split(file.read_text())[0]
        used[module] = []
        for public, use in USE.findall(code):
            for name in names(use):
                path = absolute(name, module, files)
                if path and path[-1] == "self":
                    path = path[:-1]
                if path and public:
                    exports.setdefault(module, {})[path[-1]] = path
                elif path:
                    used[module].append(path)
    owners = {m: {owner(path, files, exports) for path in paths} for m, paths in used.items()}
    return {m: {o for o in found if o and o != m} for m, found in owners.items()}


def circles(edges):
    """Sets of files that can all be reached from each other."""
    def reached(start):
        seen, open_ = set(), [start]
        while open_:
            for found in edges.get(open_.pop(), ()):
                if found not in seen:
                    seen.add(found)
                    open_.append(found)
        return seen
    reach = {module: reached(module) for module in edges}
    return {tuple(sorted(m for m in reach[a] if a in reach[m])) for a in edges if a in reach[a]}


if __name__ == "__main__":
    edges = graph()
    if sum(map(len, edges.values())) < 500:
        sys.exit("too few uses were found: this script no longer understands the sources")
    found = circles(edges)
    for circle in sorted(found):
        print("circle:", ", ".join("/".join(module) for module in circle))
    print(f"{len(edges)} files, {len(found)} circles")
    sys.exit(bool(found))
