#!/usr/bin/env python3
"""Prints src/unicode/tables.rs: the character classes of CPython's `str` and `re`.

Run it with CPython 3.11 (Unicode 14), whose classes the pipelines were trained with:

    python3.11 data/unicode_tables.py > src/unicode/tables.rs && cargo fmt
"""

import sys
import unicodedata

CLASSES = [
    ("ALPHA", "`str.isalpha`", str.isalpha),
    ("UPPER", "`str.isupper`", str.isupper),
    ("DIGIT", "`str.isdigit`", str.isdigit),
    ("DECIMAL", "`\\\\d` of `re`", str.isdecimal),
    ("WORD", "`\\\\w` of `re`", lambda c: c.isalnum() or c == "_"),
    ("SPACE", "`str.isspace` and `\\\\s` of `re`", str.isspace),
]


def bounds(holds):
    """The code points at which `holds` changes, beginning from false."""
    now, out = False, []
    for point in range(sys.maxunicode + 1):
        if holds(chr(point)) != now:
            now = not now
            out.append(point)
    return out


print(f"//! Unicode {unicodedata.unidata_version}, printed by `data/unicode_tables.py`.")
print("//!")
print("//! A class begins at the first number, ends before the second, and so on.")
for name, meaning, holds in CLASSES:
    print(f"\n/// {meaning}".replace("\\\\", "\\"))
    print(f"pub(super) const {name}: &[u32] = &[")
    print("\n".join(f"    0x{point:X}," for point in bounds(holds)))
    print("];")
