"""What similarity means that a concept is in sight: for every concept that the training data can show, a logistic curve from the
cosine between a chip and the concept's names to a probability, fitted on chips that the encoder was not trained on (real scenes of the
validation part and painted worlds of held seeds). Concepts that the curve cannot tell are left out.

    python concepts.py --data $TERRALOGUE_DATA --checkpoint run/last.pt --tokenizer tokenizer.json --worlds held/ --out ../../models/terralogue-clip/concepts.json
"""

import argparse
import json
import os
import re

import numpy as np
import torch
from tokenizers import Tokenizer

import data as D
from evaluate import encode_images
from model import DualEncoder

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
LEAST_EXAMPLES = 25
LEAST_AUC = 0.9

# Scenes of AID that are a concept of the ontology by themselves.
SCENE_CONCEPTS = {
    "Airport": ["airport"], "BareLand": ["bare_soil"], "BaseballField": ["baseball_diamond"], "Beach": ["beach"],
    "Bridge": ["bridge"], "Church": ["church"], "Commercial": ["commercial_area"], "DenseResidential": ["residential_area"],
    "Desert": ["desert"], "Farmland": ["farmland"], "Forest": ["forest"], "Industrial": ["industrial_area"],
    "Meadow": ["grassland"], "MediumResidential": ["residential_area"], "Mountain": ["mountain"], "Park": ["park"],
    "Parking": ["parking_lot"], "Playground": ["track_field"], "Pond": ["pond"], "Port": ["port"],
    "RailwayStation": ["railway_station"], "River": ["river"], "School": ["school"], "Square": ["square"],
    "Stadium": ["stadium"], "StorageTanks": ["storage_tank", "tank_farm"], "Viaduct": ["highway_exit"],
}  # fmt: skip
# A real scene may well show these though its label does not say so: no evidence against them.
UNSURE = {
    "residential_area": {"School", "Church", "Park", "Square", "Resort", "SparseResidential", "Commercial", "Center"},
    "parking_lot": {"Airport", "Stadium", "Commercial", "Center", "Industrial", "School"},
    "grassland": {"Farmland", "Park", "BareLand", "Mountain"}, "forest": {"Mountain", "Park", "River", "Meadow"},
    "farmland": {"Meadow", "BareLand"}, "bare_soil": {"Desert", "Mountain", "Farmland"}, "desert": {"BareLand", "Mountain"},
    "river": {"Bridge", "Port", "Pond"}, "pond": {"Park", "River", "Resort"}, "port": {"Beach", "River", "Bridge"},
    "track_field": {"School", "Stadium", "Park"}, "bridge": {"River", "Viaduct"}, "storage_tank": {"Industrial"},
    "tank_farm": {"Industrial"}, "park": {"Square", "Pond", "Resort"}, "highway_exit": {"Bridge"},
    "industrial_area": {"StorageTanks", "RailwayStation", "Port"}, "square": {"Park", "Center", "Church"},
    "commercial_area": {"Center", "DenseResidential", "Square"}, "school": {"Playground", "Park", "Center"},
    "beach": {"Port", "Resort"}, "church": {"Square", "School"}, "stadium": {"Playground", "Center"},
}  # fmt: skip


def lexicon():
    text = open(os.path.join(ROOT, "knowledge/ontology/lexicon.ts"), encoding="utf-8").read()
    found = re.findall(r'^  (\w+): names\(\s*"([^"]*)",\s*"([^"]*)"', text, re.M)
    split = lambda names: [n.strip() for n in names.split(",")]
    return {concept: (split(en), split(zh)) for concept, en, zh in found}


def prompts(names):
    en, zh = names
    return [en[0], f"an aerial image of {en[0]}", *en[1:3], zh[0]]


def logistic(x, y, w, rounds=60):
    """Weighted logistic regression of one feature with a little shrinkage of the slope, by Newton's method."""
    mean, dev = x.mean(), x.std() + 1e-9
    z = (x - mean) / dev
    b = np.zeros(2)
    a = np.stack([np.ones_like(z), z], 1)
    ridge = np.diag([0, 0.5])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-a @ b))
        g = a.T @ (w * (y - p)) - ridge @ b
        h = (a * (w * p * (1 - p))[:, None]).T @ a + ridge
        step = np.linalg.solve(h, g)
        b += step
        if np.abs(step).max() < 1e-8:
            break
    return b[1] / dev, b[0] - b[1] * mean / dev


def auc(x, y):
    order = np.argsort(x, kind="stable")
    ranks = np.empty(len(x))
    ranks[order] = np.arange(1, len(x) + 1)
    n1 = y.sum()
    return (ranks[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * (len(y) - n1))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--data", required=True)
    a.add_argument("--checkpoint", required=True)
    a.add_argument("--tokenizer", required=True)
    a.add_argument("--worlds", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--size", type=int, default=144)
    args = a.parse_args()
    tokenizer = Tokenizer.from_file(args.tokenizer)
    model = DualEncoder(tokenizer.get_vocab_size(), len(D.SCENES))
    model.load_state_dict(torch.load(args.checkpoint, map_location="cpu")["model"])
    model.eval()
    _, valid = D.split(D.pairs(args.data))
    real = encode_images(model, D.load_images([p for p, _, _ in valid]), args.size).numpy()
    scenes = np.array([D.SCENES[s] for _, _, s in valid])
    lines = D.load_jsonl(os.path.join(args.worlds, "captions.jsonl"))
    chips = np.fromfile(os.path.join(args.worlds, "chips.bin"), np.uint8).reshape(len(lines), D.SIDE, D.SIDE, 3)
    painted = encode_images(model, chips, args.size).numpy()
    shown = [set(line["concepts"]) for line in lines]
    out = {}
    for concept, names in lexicon().items():
        said = prompts(names)
        with torch.no_grad():
            vectors = model.text(*D.pad_ids([tokenizer.encode(s).ids for s in said])).numpy()
        mean = vectors.mean(0)
        mean /= np.linalg.norm(mean)
        own = {s for s, cs in SCENE_CONCEPTS.items() if concept in cs}
        positive = np.isin(scenes, list(own))
        usable = positive | ~np.isin(scenes, list(UNSURE.get(concept, ())))
        x, y, w, figures = [], [], [], {}
        if positive.sum() >= LEAST_EXAMPLES:
            x.append(real[usable] @ mean), y.append(positive[usable].astype(float))
            figures["real"] = round(float(auc(x[-1], y[-1])), 3)
            w.append(np.full(usable.sum(), 1.0))
        seen = np.array([concept in s for s in shown], float)
        if LEAST_EXAMPLES <= seen.sum() <= len(seen) - LEAST_EXAMPLES:
            x.append(painted @ mean), y.append(seen)
            figures["painted"] = round(float(auc(x[-1], y[-1])), 3)
            w.append(np.full(len(seen), 1.0))
        if not figures or min(figures.values()) < LEAST_AUC:
            if figures:
                print(f"left out {concept}: {figures}")
            continue
        x, y, w = np.concatenate(x), np.concatenate(y), np.concatenate(w)
        slope, offset = logistic(x, y, w)
        p = 1 / (1 + np.exp(-(slope * x + offset)))
        out[concept] = {"prompts": said, "slope": round(float(slope), 3), "offset": round(float(offset), 3), "auc": figures, "positives": int(y.sum()), "examples": len(y), "brier": round(float(((p - y) ** 2).mean()), 4)}
        print(concept, out[concept])
    with open(args.out, "w", encoding="utf-8") as f:
        json.dump(out, f, ensure_ascii=False, indent=1)
        f.write("\n")
    print(len(out), "concepts")


main()
