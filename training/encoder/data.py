"""Images, captions and scene labels for the dual encoder, and how they are varied while training."""

import collections
import glob
import json
import os
import random
import re

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE = 150

# RSSCN7's folders as AID's scenes, where they are the same thing.
RSSCN7 = {
    "aGrass": "Meadow",
    "bField": "Farmland",
    "cIndustry": "Industrial",
    "dRiverLake": "River",
    "eForest": "Forest",
    "fResident": "DenseResidential",
    "gParking": "Parking",
}
SCENE_WORDS = {
    "Airport": ("airport", "机场"), "BareLand": ("bare land", "裸地"), "BaseballField": ("baseball field", "棒球场"),
    "Beach": ("beach", "海滩"), "Bridge": ("bridge", "桥梁"), "Center": ("conference center", "中心建筑"),
    "Church": ("church", "教堂"), "Commercial": ("commercial area", "商业区"),
    "DenseResidential": ("dense residential area", "密集住宅区"), "Desert": ("desert", "沙漠"),
    "Farmland": ("farmland", "农田"), "Forest": ("forest", "森林"), "Industrial": ("industrial area", "工业区"),
    "Meadow": ("meadow", "草地"), "MediumResidential": ("medium residential area", "中等密度住宅区"),
    "Mountain": ("mountain", "山地"), "Park": ("park", "公园"), "Parking": ("parking lot", "停车场"),
    "Playground": ("playground", "操场"), "Pond": ("pond", "池塘"), "Port": ("port", "港口"),
    "RailwayStation": ("railway station", "火车站"), "Resort": ("resort", "度假村"), "River": ("river", "河流"),
    "School": ("school", "学校"), "SparseResidential": ("sparse residential area", "稀疏住宅区"),
    "Square": ("square", "广场"), "Stadium": ("stadium", "体育场"), "StorageTanks": ("storage tanks", "储罐"),
    "Viaduct": ("viaduct", "高架桥"),
}  # fmt: skip
SCENES = list(SCENE_WORDS)


def read_lines(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f]


def pairs(data):
    """RSICD train: [(image path, [five captions], scene index)], in file order; those without an image are left out."""
    root = os.path.join(data, "captions/rsicd")
    names = [n.strip() for n in read_lines(os.path.join(root, "train_filename.txt")) if n.strip()]
    captions = read_lines(os.path.join(root, "train_caps.txt"))
    per = len(captions) // len(names)
    grouped = collections.OrderedDict()
    if per >= 5:
        for i, name in enumerate(names):
            grouped[name] = captions[i * 5 : i * 5 + 5]
    else:
        for name, caption in zip(names, captions):
            grouped.setdefault(name, []).append(caption)
    files = {os.path.basename(p).lower(): p for p in glob.glob(os.path.join(data, "chips/aid/*/*"))}
    out = []
    for name, five in grouped.items():
        path = files.get(name.lower())
        if path:
            out.append((path, five, SCENES.index(os.path.basename(os.path.dirname(path)))))
    return out


def scene_of(name):
    return re.sub(r"[^a-z]", "", name.lower().split(".")[0])


def words_only(caption):
    return re.sub(r"[^a-z ]", "", caption.lower()).strip()


def add_rsitmd(data, items, everything):
    """`items` with what RSITMD's training part says of the same pictures: it took many of them from RSICD under new names, kept a few
    captions and wrote others. Two pictures are one where a caption stands in RSICD (`everything`) at that picture alone and the scenes
    are the same."""
    owners, scenes = collections.defaultdict(set), {}
    for path, five, _ in everything:
        scenes[path] = scene_of(os.path.basename(path))
        for caption in five:
            owners[words_only(caption)].add(path)
    root = os.path.join(data, "captions/rsitmd")
    names, captions = read_lines(os.path.join(root, "train_filename.txt")), read_lines(os.path.join(root, "train_caps.txt"))
    more = {}
    for i, name in enumerate(n.strip() for n in names):
        five = captions[i * 5 : i * 5 + 5]
        votes = collections.Counter()
        for caption in five:
            held = owners.get(words_only(caption), ())
            if len(held) == 1:
                votes[next(iter(held))] += 1
        first = votes.most_common(2)
        if first and scenes[first[0][0]] == scene_of(name) and (len(first) == 1 or first[0][1] > first[1][1]):
            more.setdefault(first[0][0], []).extend(five)
    return [(path, five + [c for c in more.get(path, []) if c], scene) for path, five, scene in items]


def split(items, share=0.1, seed=7):
    """Train and validation by image; the validation part is drawn once and for all."""
    order = list(range(len(items)))
    random.Random(seed).shuffle(order)
    n = 1093 if share == 0.1 else int(len(items) * share)
    return [items[i] for i in order[n:]], [items[i] for i in order[:n]]


def load_images(paths):
    """[n, 150, 150, 3] uint8."""
    out = np.zeros((len(paths), SIDE, SIDE, 3), np.uint8)
    for i, path in enumerate(paths):
        image = Image.open(path).convert("RGB")
        if image.size != (SIDE, SIDE):
            image = image.resize((SIDE, SIDE), Image.BICUBIC)
        out[i] = np.asarray(image)
    return out


def glossary():
    text = open(os.path.join(HERE, "glossary.txt"), encoding="utf-8").read()
    table = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        for pair in line.split():
            en, zh = pair.split("=", 1)
            table[en] = zh
    return table


class Translator:
    """A caption in Chinese, word by word; words without a gloss are left out. Good enough to tie Chinese words to pictures."""

    def __init__(self):
        self.table = glossary()

    def __call__(self, caption):
        return "".join(self.table.get(w, "") for w in re.findall(r"[a-z]+", caption.lower()))


def pad_ids(encodings, limit=40):
    """Encodings of the tokenizer → ids and mask, [n, longest]."""
    longest = max(1, min(limit, max(len(e) for e in encodings)))
    ids = np.zeros((len(encodings), longest), np.int64)
    for i, e in enumerate(encodings):
        e = e[:limit]
        ids[i, : len(e)] = e
    ids = torch.from_numpy(ids)
    return ids, (ids > 0).to(torch.int64)


def augment(batch, size, rng, strong=True):
    """uint8 [n, 150, 150, 3] → float [n, 3, size, size]: another GSD, turned, mirrored, another light, haze, blur."""
    n = batch.shape[0]
    x = torch.from_numpy(batch).permute(0, 3, 1, 2).to(torch.float32).div_(255)
    scale = torch.empty(n).uniform_(0.62, 1.0) if strong else torch.ones(n)
    quarter = torch.randint(0, 4, (n,)).to(torch.float32) * (np.pi / 2)
    angle = quarter + torch.where(torch.rand(n) < 0.3, torch.empty(n).uniform_(-0.6, 0.6), torch.zeros(n))
    stretch = torch.empty(n).uniform_(0.9, 1.1)
    flip = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    room = (1 - scale).clamp(min=0)
    tx = (torch.rand(n) * 2 - 1) * room
    ty = (torch.rand(n) * 2 - 1) * room
    c, s = torch.cos(angle), torch.sin(angle)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = scale * c * flip * stretch
    theta[:, 0, 1] = -scale * s
    theta[:, 0, 2] = tx
    theta[:, 1, 0] = scale * s * flip * stretch
    theta[:, 1, 1] = scale * c
    theta[:, 1, 2] = ty
    x = F.grid_sample(x, F.affine_grid(theta, (n, 3, size, size), align_corners=False), padding_mode="reflection", align_corners=False)
    if not strong:
        return x
    # Light: contrast and brightness together, then a gain a band, then gamma.
    contrast = torch.empty(n, 1, 1, 1).uniform_(0.75, 1.3)
    brightness = torch.empty(n, 1, 1, 1).uniform_(-0.12, 0.12)
    gain = torch.empty(n, 3, 1, 1).uniform_(0.9, 1.1)
    mean = x.mean((2, 3), keepdim=True)
    x = ((x - mean) * contrast + mean + brightness) * gain
    saturation = torch.empty(n, 1, 1, 1).uniform_(0.6, 1.4)
    luma = x.mean(1, keepdim=True)
    x = luma + (x - luma) * saturation
    x = x.clamp(1e-3, 1) ** torch.empty(n, 1, 1, 1).uniform_(0.8, 1.25)
    haze = torch.where(torch.rand(n, 1, 1, 1) < 0.3, torch.rand(n, 1, 1, 1) * 0.25, torch.zeros(n, 1, 1, 1))
    x = x * (1 - haze) + 0.75 * haze
    # A coarser GSD: a random part of the batch loses its detail.
    k = int(n * 0.25)
    if k > 1:
        pick = torch.randperm(n)[:k]
        low = F.interpolate(x[pick], scale_factor=float(rng.uniform(0.45, 0.85)), mode="area")
        x[pick] = F.interpolate(low, size=(size, size), mode="bilinear", align_corners=False)
    # One square of each of some pictures is hidden, so that no single thing decides.
    k = int(n * 0.25)
    for i in torch.randperm(n)[:k].tolist():
        w = rng.randint(size // 6, size // 3)
        a, b = rng.randint(0, size - w), rng.randint(0, size - w)
        x[i, :, a : a + w, b : b + w] = x[i].mean((1, 2), keepdim=True)
    return x.clamp_(0, 1)


def load_jsonl(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]
