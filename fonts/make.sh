#!/usr/bin/env bash
# Makes the fonts of this folder that are parts of Noto fonts again from their packages. usage: fonts/make.sh [DIR]
# Needs apt-get, dpkg-deb, npm and Python with pip; downloads about 75 MB into DIR/.work.
# Each output is a subset of one upstream face: same outlines and layout rules, without hinting and glyph names.
set -euo pipefail
export LC_ALL=C
out=$(realpath -m "${1:-$(dirname "$0")}")
w=$out/.work
mkdir -p "$w/deb" "$w/emoji" && cd "$w"

# --- tools and sources, with versions
[ -x venv/bin/pyftsubset ] || { python3 -m venv venv; venv/bin/pip -q install fonttools==4.68.0; }
[ -e fonts-noto-core_20201225-1_all.deb ] || apt-get download fonts-noto-core=20201225-1
[ -e "fonts-noto-cjk_1%3a20220127+repack1-1_all.deb" ] || apt-get download fonts-noto-cjk=1:20220127+repack1-1
[ -e expo-google-fonts-noto-emoji-0.4.7.tgz ] || npm pack --silent @expo-google-fonts/noto-emoji@0.4.7
sha256sum -c --quiet <<'S'
58f4f0bb6720f919f92096b3508e1412a0f1544424ade6c5b5bf1eb694dd64ba  fonts-noto-core_20201225-1_all.deb
4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502  fonts-noto-cjk_1%3a20220127+repack1-1_all.deb
6a25fd5a4da5bb34bbc2d300531bbf32de86afd866e119314d7e358f61a6104d  expo-google-fonts-noto-emoji-0.4.7.tgz
S
for d in fonts-noto-core_*.deb fonts-noto-cjk_*.deb; do dpkg-deb -x "$d" deb; done
tar xzf expo-google-fonts-noto-emoji-0.4.7.tgz -C emoji --strip-components=1
tt=deb/usr/share/fonts/truetype/noto

# --- common options
# names: copyright, family, style, id, full name, version, PostScript name, trademark, licence and its address, typographic names
opts=(--no-harfbuzz-repacker --no-hinting --no-glyph-names --notdef-outline --name-IDs=0,1,2,3,4,5,6,7,13,14,16,17 --name-languages=0x409
      --drop-tables+=DSIG,gasp,STAT,BASE,VORG,vhea,vmtx)
# All the layout features that these fonts have, less aalt (it only lists alternatives for a font menu) and those for
# vertical text. (A '*' cannot be narrowed: fontTools' --layout-features-= removes nothing from it.)
feat=ccmp,locl,rlig,isol,init,medi,fina,calt,liga,dlig,case,kern,mark,mkmk
feat+=,nukt,akhn,rphf,rkrf,blwf,half,haln,pstf,vatu,cjct,pres,abvs,blws,psts,abvm,blwm,dist
# in every script's font: spaces, joiners, direction marks, the dotted circle
base=U+0020,U+00A0,U+034F,U+200B-200F,U+202A-202E,U+2060-2069,U+25CC
sub() { venv/bin/pyftsubset "$1" --output-file="$out/$2" --unicodes="$base,$3" "${opts[@]}" --layout-features="${4:-$feat}"; }

dev=U+0951,U+0952,U+0964,U+0965,U+1CD0-1CFF,U+A830-A839,U+20F0
while read -r name ranges; do
  f=$feat
  [ "$name" != Ethiopic ] || f=${feat/,kern/}   # its kerning pairs are two thirds of the file
  for wt in Regular Bold; do sub "$tt/NotoSans$name-$wt.ttf" "NotoSans$name-$wt.ttf" "$ranges" "$f"; done
done <<R
Arabic U+0600-06FF,U+0750-077F,U+0870-08FF,U+204F,U+2E41,U+FB50-FDFF,U+FE70-FEFC
Hebrew U+0590-05FF,U+20AA,U+FB1D-FB4F
Devanagari U+0900-097F,U+A8E0-A8FF,U+20B9,$dev
Bengali U+0980-09FF,U+20B9,$dev
Gurmukhi U+0A00-0A7F,U+20B9,U+262C,$dev
Gujarati U+0A80-0AFF,U+20B9,$dev
Tamil U+0B80-0BFF,U+20B9,U+00B2,U+00B3,U+2074,U+2082-2084,U+11301-1133C,$dev
Thai U+0E00-0E7F,U+02BC,U+02D7,U+0303,U+0331
Georgian U+0589,U+10A0-10FF,U+1C90-1CBF,U+2D00-2D2F,U+0300-036F
Armenian U+0530-058F,U+0308,U+FB13-FB17
Ethiopic U+1200-139F,U+2D80-2DDF,U+AB00-AB2F,U+0300-036F
R

# --- emoji: everything of the monochrome Noto Emoji (with its sequences)
venv/bin/pyftsubset emoji/400Regular/NotoEmoji_400Regular.ttf --output-file="$out/NotoEmoji-Regular.ttf" --unicodes='*' "${opts[@]}" --layout-features=ccmp

# --- CJK: one face; the characters of the national sets
cat > cjk.py <<'P'
# Prints the characters for the CJK font, one U+XXXX a line.
def rows(codec, lead, trail):
    for a in lead:
        for b in trail:
            try: s = bytes([a, b]).decode(codec)
            except UnicodeDecodeError: continue
            if len(s) == 1: yield ord(s)
hi = range(0xA1, 0xFF)
big5 = [*range(0x40, 0x7F), *hi]
c = set()
c |= set(rows("gb2312", range(0xB0, 0xF8), hi))                    # GB 2312, 6,763 hanzi
c |= set(rows("big5", range(0xA4, 0xC7), big5))                    # Big5 level 1, 5,401 hanzi (and the symbols of row C6)
c |= set(rows("euc_jp", range(0xB0, 0xF5), hi))                    # JIS X 0208, 6,355 kanji
sym = set(rows("gb2312", range(0xA1, 0xB0), hi)) | set(rows("euc_jp", range(0xA1, 0xA9), hi))
sym |= set(rows("big5", range(0xA1, 0xA4), big5)) | set(rows("euc_kr", range(0xA1, 0xB0), hi))
c |= {x for x in sym if 0x2010 <= x < 0xE000 or x >= 0xF900}       # their symbols; no Latin, Greek, Cyrillic
for a, b in [(0x3000, 0x303F), (0x3041, 0x3096), (0x3099, 0x30FF),   # punctuation, kana
             (0x3105, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),   # bopomofo, small kana
             (0x3131, 0x318E), (0x1100, 0x1112), (0x1161, 0x1175), (0x11A8, 0x11C2),  # jamo (modern)
             (0x3200, 0x33FF), (0x2460, 0x24FF),                     # enclosed and squared
             (0xFE10, 0xFE1F), (0xFE30, 0xFE6F), (0xFF01, 0xFFEF)]:  # compatibility, full and half width
    c |= set(range(a, b + 1))
c |= {0x20, 0xA0, 0x200B, 0x200C, 0x200D}
c |= set(range(0xAC00, 0xD7A4))                                    # Hangul syllables
c |= set(rows("euc_kr", range(0xCA, 0xFE), hi))                    # KS X 1001, hanja
c |= set(rows("cp932", range(0xFA, 0xFD), range(0x40, 0xFD)))      # code page 932, kanji of names
for x in sorted(c): print(f"U+{x:04X}")
P
rm -f cjk.txt
venv/bin/python cjk.py > cjk.txt
venv/bin/pyftsubset deb/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc --font-number=2 \
  --output-file="$out/NotoSansCJKsc-Regular.otf" --unicodes-file=cjk.txt "${opts[@]}" --drop-tables+=GPOS --layout-features=ccmp

# --- licences: the copyright lines of the faces, then the OFL's text
body() { sed -n '/^This Font Software is licensed/,$p' emoji/LICENSE_FONT; }
{ venv/bin/python - "$out"/NotoSans{Arabic,Armenian,Bengali,Devanagari,Ethiopic,Georgian,Gujarati,Gurmukhi,Hebrew,Tamil,Thai}-Regular.ttf <<'P'
import sys
from fontTools.ttLib import TTFont
for f in sys.argv[1:]:
    n = TTFont(f)["name"]
    print(n.getDebugName(0).removesuffix(" All Rights Reserved."), f"({n.getDebugName(1)}; here with a part of its characters)")
P
  echo; body; } > "$out/OFL-Noto-scripts.txt"
{ echo "Copyright 2013-2026 Google LLC (Noto Emoji)"; echo; body; } > "$out/OFL-NotoEmoji.txt"
{ echo "Copyright 2014-2021 Adobe (http://www.adobe.com/) (Noto Sans CJK SC; here with a part of its characters)"; echo; body; } > "$out/OFL-NotoSansCJK.txt"
