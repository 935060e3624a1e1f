"""Writes tests/fixtures/resize-cases.json: small pictures and what Pillow makes of them, which the engine must match byte for byte.

Needs numpy and Pillow:  python training/make_resize_cases.py  (then npm run format)
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

TARGET = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "resize-cases.json"
FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "nearest": Image.Resampling.NEAREST,
}
SIZES = [((7, 5), (3, 2)), ((4, 6), (9, 8)), ((11, 3), (5, 3)), ((6, 6), (6, 4))]


def main() -> None:
    generator = np.random.default_rng(20_260_101)
    cases = []
    for (width, height), (to_width, to_height) in SIZES:
        # Extremes beside one another make cubic filters overshoot, so that clamping shows.
        picture = generator.choice([0, 3, 90, 128, 250, 255], size=(height, width, 3)).astype(np.uint8)
        for name, kind in FILTERS.items():
            resized = Image.fromarray(picture).resize((to_width, to_height), kind)
            cases.append(
                {
                    "filter": name,
                    "from": [width, height],
                    "to": [to_width, to_height],
                    "rgb": picture.ravel().tolist(),
                    "resized": np.asarray(resized).ravel().tolist(),
                }
            )
    TARGET.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
