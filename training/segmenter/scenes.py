"""What a scene of a known kind can hold, and what it must: weak labels that tie the segmenter to real imagery, of which nobody has
labelled the pixels. A forest holds no runway; a desert no water; a pond some water."""

import glob
import os

import numpy as np
from PIL import Image

SIDE = 150
TOWN = "building road paved vehicle parking_lot tree grass soil pitch water railway truck_yard"
LAND = "grass field tree soil sand road"

# Scene: what may be there, and the sets of which each must be there somewhere.
SCENES = {
    "Airport": ("runway plane paved grass soil building road parking_lot vehicle tree truck_yard", ["runway plane paved"]),
    "BareLand": ("soil sand grass road pit", ["soil sand"]),
    "BaseballField": (f"{TOWN} sand", ["pitch soil sand grass"]),
    "Beach": ("sand water grass tree soil road building paved vehicle", ["sand", "water"]),
    "Bridge": (f"{TOWN} ship sand field", ["water", "road"]),
    "Center": (TOWN, ["building"]),
    "Church": (TOWN, ["building"]),
    "Commercial": (TOWN, ["building", "road"]),
    "DenseResidential": (TOWN, ["building"]),
    "Desert": ("sand soil road", ["sand soil"]),
    "Farmland": (f"{LAND} building water paved", ["field"]),
    "Forest": ("tree grass soil road", ["tree"]),
    "Industrial": (f"{TOWN} container storage_tank", ["building"]),
    "Meadow": ("grass field tree soil road", ["grass"]),
    "MediumResidential": (TOWN, ["building", "tree grass"]),
    "Mountain": ("tree grass soil sand road pit", ["tree grass soil"]),
    "Park": (TOWN, ["tree grass"]),
    "Parking": (TOWN, ["parking_lot vehicle truck_yard"]),
    "Playground": (TOWN, ["pitch"]),
    "Pond": (f"{LAND} water building paved vehicle", ["water"]),
    "Port": ("water ship paved building road vehicle container crane parking_lot truck_yard tree grass soil storage_tank", ["water", "ship paved"]),
    "RailwayStation": (TOWN, ["railway", "building"]),
    "Resort": (f"{TOWN} sand", ["building", "tree grass"]),
    "River": (f"{LAND} water building paved ship", ["water"]),
    "School": (TOWN, ["building"]),
    "SparseResidential": (f"{TOWN} field", ["building", "tree grass"]),
    "Square": (TOWN, ["paved road"]),
    "Stadium": (TOWN, ["building pitch"]),
    "StorageTanks": (f"{TOWN} storage_tank ship", ["storage_tank"]),
    "Viaduct": (TOWN, ["road"]),
    "aGrass": ("grass field tree soil road", ["grass"]),
    "bField": (f"{LAND} building water", ["field"]),
    "cIndustry": (f"{TOWN} container storage_tank", ["building"]),
    "dRiverLake": (f"{LAND} water building paved ship", ["water"]),
    "eForest": ("tree grass soil road water", ["tree"]),
    "fResident": (TOWN, ["building"]),
    "gParking": (TOWN, ["parking_lot vehicle truck_yard"]),
}  # fmt: skip


class Scenes:
    """Chips of AID and RSSCN7 with what their scenes may and must hold, split by a fixed tenth into train and held."""

    def __init__(self, data, labels):
        paths = sorted(glob.glob(os.path.join(data, "chips/aid/*/*")) + glob.glob(os.path.join(data, "chips/rsscn7/*/*")))
        paths = [path for path in paths if os.path.basename(os.path.dirname(path)) in SCENES]
        self.pictures = np.zeros((len(paths), SIDE, SIDE, 3), np.uint8)
        for i, path in enumerate(paths):
            image = Image.open(path).convert("RGB")
            self.pictures[i] = np.asarray(image if image.size == (SIDE, SIDE) else image.resize((SIDE, SIDE), Image.BICUBIC))
        self.scenes = [os.path.basename(os.path.dirname(path)) for path in paths]
        index = {name: i for i, name in enumerate(labels)}
        self.may, self.must = {}, {}
        for scene, (may, must) in SCENES.items():
            row = np.zeros(len(labels), np.float32)
            row[[index[name] for name in may.split()]] = 1
            self.may[scene] = row
            self.must[scene] = [[index[name] for name in one.split()] for one in must]
        drawn = np.random.RandomState(11).permutation(len(paths))
        self.held, self.train = drawn[: len(paths) // 10], drawn[len(paths) // 10 :]
