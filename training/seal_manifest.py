"""Writes size and SHA-256 of each file into a model's manifest, so that a damaged or foreign file is noticed.

    python seal_manifest.py ../models/terralogue-clip/manifest.yaml
"""

import hashlib
import os
import re
import sys

for manifest in sys.argv[1:]:
    text = open(manifest, encoding="utf-8").read()

    def seal(match):
        data = open(os.path.join(os.path.dirname(manifest), match.group(1)), "rb").read()
        return f'path: {match.group(1)}, bytes: {len(data)}, sha256: "{hashlib.sha256(data).hexdigest()}"'

    text = re.sub(r'path: ([\w.]+), bytes: \d+, sha256: "[^"]*"', seal, text)
    open(manifest, "w", encoding="utf-8").write(text)
    print(manifest)
