import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { Random, ValueNoise } from "./random.ts";
import type { Feature, Position, RoofColour, Scene, Surface } from "./scene.ts";

/** Metres around a block that are painted and thrown away, so that shadows and trees cross block borders. */
const MARGIN_M = 48;

interface Light {
  /** Unit vector that shadows fall along, and their length per metre of height. */
  readonly dx: number;
  readonly dy: number;
  readonly length: number;
  readonly gain: readonly [number, number, number];
  readonly gamma: number;
  readonly haze: number;
  readonly noise: number;
  /** 0 first date, 1 second: crops rotate and leaves differ. */
  readonly season: 0 | 1;
}

/** Sun, haze and radiometry of a date: they differ between the dates without anything having changed. */
export function lightOf(scene: Scene, date: 0 | 1): Light {
  const random = new Random(Math.imul(scene.origin.x + scene.origin.y, 31) + date * 7919);
  const azimuth = (date === 0 ? 2.35 : 2.05) + random.between(-0.25, 0.25);
  const warm = random.between(-0.04, 0.04);
  const level = date === 0 ? random.between(0.94, 1) : random.between(1, 1.08);
  return {
    dx: -Math.sin(azimuth),
    dy: Math.cos(azimuth),
    length: random.between(0.55, 0.95),
    gain: [level * (1 + warm), level, level * (1 - warm)],
    gamma: random.between(0.94, 1.07),
    haze: random.between(0.02, 0.07),
    noise: random.between(2.2, 3.6),
    season: date,
  };
}

const HAZE = [178, 190, 204] as const;

const ROOFS: Readonly<Record<RoofColour, readonly [number, number, number]>> = {
  white: [226, 228, 226],
  grey: [158, 162, 166],
  red: [168, 92, 70],
  blue: [88, 122, 168],
  dark: [84, 84, 88],
  brown: [134, 104, 84],
  green: [112, 136, 112],
};

const SURFACES: Readonly<Record<Surface, string>> = {
  grass: "#76895a",
  paved: "#8f908d",
  concrete: "#b3b0a8",
  gravel: "#a39a8a",
  soil: "#a98b66",
  sand: "#cdb78e",
  yard: "#76777a",
  garden: "#7f8e63",
};

/** Paints the things of one date as RGB blocks: shapes by a canvas, texture, haze and sensor noise per pixel. */
export class ScenePainter {
  readonly #scene: Scene;
  readonly #features: readonly Feature[];
  readonly #boxes: readonly (readonly [number, number, number, number])[];
  readonly #light: Light;
  readonly #fine: ValueNoise;
  readonly #salt: number;
  readonly #gsd: number;
  readonly #date: 0 | 1;
  /** [west, south, east, north] of what is being painted, in metres, with a margin. */
  #view: readonly [number, number, number, number] = [0, 0, 0, 0];

  /** `gsd` is metres a pixel; demo worlds are painted at 1. */
  constructor(scene: Scene, date: 0 | 1, gsd = 1) {
    this.#scene = scene;
    this.#gsd = gsd;
    this.#date = date;
    this.#features = featuresOn(scene, date);
    this.#boxes = this.#features.map(boxOf);
    this.#light = lightOf(scene, date);
    this.#fine = new ValueNoise(new Random(scene.origin.x + 17));
    this.#salt = scene.origin.y * 3 + date * 104_729;
  }

  /** RGB of the pixels [x, x + w) × [y, y + h), y down from the north edge. */
  paint(x: number, y: number, w: number, h: number): Uint8Array {
    const { size } = this.#scene;
    const gsd = this.#gsd;
    const margin = Math.ceil(MARGIN_M / gsd);
    const canvas = createCanvas(w + 2 * margin, h + 2 * margin);
    const context = canvas.getContext("2d");
    context.fillStyle = this.#scene.arid ? "#c4a878" : "#7d8c5c";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.setTransform(1 / gsd, 0, 0, -1 / gsd, margin - x, size / gsd - y + margin);
    const minX = x * gsd - MARGIN_M;
    const maxX = (x + w) * gsd + MARGIN_M;
    const maxY = size - y * gsd + MARGIN_M;
    const minY = size - (y + h) * gsd - MARGIN_M;
    this.#view = [minX - 20, minY - 20, maxX + 20, maxY + 20];
    const visible = this.#features.filter((_, i) => {
      const box = this.#boxes[i] as readonly [number, number, number, number];
      return box[0] <= maxX && box[2] >= minX && box[1] <= maxY && box[3] >= minY;
    });
    for (const feature of visible) this.#draw(context, feature);
    return this.#finish(canvas.getContext("2d").getImageData(margin, margin, w, h).data, x, y, w, h);
  }

  /** Value noise, haze, radiometry and sensor noise, from the block's position alone: neighbouring blocks agree. */
  #finish(pixels: Uint8ClampedArray, x: number, y: number, w: number, h: number): Uint8Array {
    const gsd = this.#gsd;
    const { gain, gamma, haze, noise } = this.#light;
    const curve = Array.from({ length: 256 }, (_, value) => 255 * (value / 255) ** gamma);
    const out = new Uint8Array(w * h * 3);
    for (let row = 0; row < h; row += 1) {
      for (let column = 0; column < w; column += 1) {
        const px = x + column;
        const py = y + row;
        const from = (row * w + column) * 4;
        const to = (row * w + column) * 3;
        const mx = px * gsd;
        const my = py * gsd;
        const texture =
          7 * this.#fine.at(mx / 9, my / 9) +
          5 * this.#fine.at(mx / 2.3 + 40, my / 2.3) +
          6 * this.#fine.at(mx / 70, my / 70 + 9);
        const grain = hashNoise(px, py, this.#salt);
        for (let band = 0; band < 3; band += 1) {
          const lit = (curve[pixels[from + band] as number] as number) * (gain[band] as number) + texture;
          const hazy = lit * (1 - haze) + (HAZE[band] as number) * haze;
          const value = hazy + noise * (grain + (((grain * 7.31 + band * 0.37) % 1) - 0.5));
          out[to + band] = value < 0 ? 0 : Math.min(value, 255);
        }
      }
    }
    return out;
  }

  #draw(context: SKRSContext2D, feature: Feature): void {
    const { look, shape } = feature;
    switch (look.kind) {
      case "ground":
        context.fillStyle = SURFACES[look.surface];
        fill(context, feature);
        if (look.surface === "yard") this.#bays(context, feature);
        return;
      case "field":
        this.#field(context, feature, look.hue, look.angle);
        return;
      case "water":
        this.#water(context, feature, look.deep);
        return;
      case "river":
        stroke(context, feature, look.width + 8, "#8f8560");
        stroke(context, feature, look.width, "#6c7f78");
        return;
      case "road":
        this.#road(context, feature, look.width, look.marking);
        return;
      case "rail":
        stroke(context, feature, 7, "#8b8078");
        stroke(context, feature, 2.6, "#5f5752");
        stroke(context, feature, 0.7, "#a7a3a0");
        return;
      case "roof":
        this.#roof(context, feature, look.colour, look.height, look.ribs, look.gable);
        return;
      case "disc":
        this.#disc(context, feature, look.radius, look.colour, look.height);
        return;
      case "box":
        this.#shadow(context, feature, look.height);
        context.fillStyle = look.colour;
        fill(context, feature);
        return;
      case "tree":
        if (shape.type === "Point") this.#tree(context, shape.at, look.radius, feature.id);
        return;
      case "forest":
        this.#forest(context, feature);
        return;
      case "panels":
        this.#panels(context, feature);
        return;
      case "pit":
        this.#pit(context, feature);
        return;
      case "turbine":
        if (shape.type === "Point") this.#turbine(context, shape.at);
        return;
      case "ship":
        this.#ship(context, feature, look.colour);
        return;
      case "crane":
        if (shape.type === "Point") this.#crane(context, shape.at);
        return;
      case "stadium":
        this.#stadium(context, feature);
        return;
      case "plane":
        if (shape.type === "Point") this.#plane(context, shape.at);
        return;
      default:
    }
  }

  #shadow(context: SKRSContext2D, feature: Feature, height: number): void {
    const { dx, dy, length } = this.#light;
    context.fillStyle = "rgba(22, 26, 34, 0.5)";
    for (let step = 1; step <= 4; step += 1) {
      const t = (height * length * step) / 4;
      context.save();
      context.translate(dx * t, dy * t);
      fill(context, feature);
      context.restore();
      context.fillStyle = step < 3 ? "rgba(22, 26, 34, 0.28)" : "rgba(22, 26, 34, 0.16)";
    }
  }

  #field(context: SKRSContext2D, feature: Feature, hue: number, angle: number): void {
    const crops = ["#8d9a58", "#a8a468", "#6f8a4e", "#b3a06c", "#93804f", "#7c9556", "#c0b07c", "#5f7d46"];
    // The crop rotates between the dates: that is no change of the land.
    const crop = crops[
      Math.floor((hue * crops.length + (this.#light.season === 1 ? 3 * (hue > 0.45 ? 1 : 0) : 0)) % crops.length)
    ] as string;
    context.fillStyle = crop;
    fill(context, feature);
    const [minX, minY, maxX, maxY] = boxOf(feature);
    context.save();
    path(context, feature);
    context.clip();
    context.strokeStyle = "rgba(60, 52, 30, 0.13)";
    context.lineWidth = 1.3;
    const spacing = 4 + hue * 5;
    context.beginPath();
    if (Math.abs(Math.cos(angle)) > 0.5)
      for (let y = minY; y < maxY; y += spacing) lineTo(context, minX, y, maxX, y + angle * 20);
    else for (let x = minX; x < maxX; x += spacing) lineTo(context, x, minY, x + 4, maxY);
    context.stroke();
    context.restore();
    stroke(context, feature, 2.4, "#69784c");
  }

  #water(context: SKRSContext2D, feature: Feature, deep: boolean): void {
    stroke(context, feature, deep ? 26 : 14, "#a79a78");
    context.fillStyle = deep ? "#3b5f70" : "#4f6f70";
    fill(context, feature);
    stroke(context, feature, deep ? 14 : 5, deep ? "rgba(112, 146, 148, 0.55)" : "rgba(116, 138, 122, 0.6)");
    const [minX, minY, maxX, maxY] = boxOf(feature);
    context.save();
    path(context, feature);
    context.clip();
    context.strokeStyle = "rgba(226, 238, 240, 0.10)";
    context.lineWidth = 1;
    context.beginPath();
    for (let y = minY; y < maxY; y += 11) {
      for (let x = minX + ((y * 37) % 23); x < maxX; x += 46) lineTo(context, x, y, x + 13 + ((x + y) % 9), y + 2);
    }
    context.stroke();
    context.restore();
  }

  #road(context: SKRSContext2D, feature: Feature, width: number, marking: "motorway" | "centre" | "none"): void {
    stroke(context, feature, width + 6, "#94927c");
    stroke(context, feature, width, marking === "motorway" ? "#6f7175" : "#7c7c7d");
    if (marking === "motorway") {
      stroke(context, feature, 3.6, "#7f8b62");
      for (const offset of [-width / 2 + 1.6, width / 2 - 1.6, -2.6, 2.6])
        strokeOffset(context, feature, offset, 0.6, "#d9d9d4", []);
      for (const offset of [-width / 4 - 0.4, width / 4 + 0.4])
        strokeOffset(context, feature, offset, 0.55, "#d9d9d4", [6, 9]);
    } else if (marking === "centre") strokeOffset(context, feature, 0, 0.5, "#cfcfc8", [4, 6]);
    for (const { at, angle, length, width: wide, colour } of trafficOn(feature, this.#date)) {
      context.save();
      context.translate(at[0], at[1]);
      context.rotate(angle);
      context.fillStyle = "rgba(20, 24, 30, 0.45)";
      context.fillRect(-length / 2 + this.#light.dx * 1.5, -wide / 2 + this.#light.dy * 1.5, length, wide);
      context.fillStyle = colour;
      context.fillRect(-length / 2, -wide / 2, length, wide);
      context.restore();
    }
  }

  /** White lines of truck and parking bays along the long sides. */
  #bays(context: SKRSContext2D, feature: Feature): void {
    if (feature.shape.type !== "Polygon") return;
    const [a, b, c] = feature.shape.ring as [Position, Position, Position];
    const along = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const across = Math.hypot(c[0] - b[0], c[1] - b[1]);
    if (feature.concept !== "truck_yard" && feature.concept !== "parking_lot") return;
    const pitch = feature.concept === "truck_yard" ? 5.2 : 3;
    const [ux, uy] = [(b[0] - a[0]) / along, (b[1] - a[1]) / along];
    const [vx, vy] = [(c[0] - b[0]) / across, (c[1] - b[1]) / across];
    context.strokeStyle = "rgba(226, 226, 220, 0.4)";
    context.lineWidth = 0.5;
    context.beginPath();
    const depth = feature.concept === "truck_yard" ? 18 : 5;
    for (let t = 3; t < along - 2; t += pitch) {
      for (const [from, to] of feature.concept === "truck_yard"
        ? [
            [3, depth],
            [across - depth, across - 3],
          ]
        : rows(across)) {
        lineTo(
          context,
          a[0] + ux * t + vx * (from as number),
          a[1] + uy * t + vy * (from as number),
          a[0] + ux * t + vx * (to as number),
          a[1] + uy * t + vy * (to as number),
        );
      }
    }
    context.stroke();
  }

  #roof(
    context: SKRSContext2D,
    feature: Feature,
    colour: RoofColour,
    height: number,
    ribs: boolean,
    gable: boolean,
  ): void {
    if (feature.shape.type !== "Polygon") return;
    this.#shadow(context, feature, height);
    const random = new Random(hashOf(feature.id));
    const tone = random.between(-12, 12);
    const [r, g, b] = ROOFS[colour].map((value) => value + tone + random.between(-3, 3)) as [number, number, number];
    context.fillStyle = rgb(r, g, b);
    fill(context, feature);
    const [p0, p1, p2, p3] = feature.shape.ring as [Position, Position, Position, Position];
    const isWide = Math.hypot(p1[0] - p0[0], p1[1] - p0[1]) >= Math.hypot(p2[0] - p1[0], p2[1] - p1[1]);
    const [a0, a1, b1, b0] = isWide ? [p0, p1, p2, p3] : [p1, p2, p3, p0];
    const mix = (a: Position, b: Position, t: number): Position => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
    if (gable) {
      // The half that faces away from the sun is darker.
      const normal: Position = [b0[0] - a0[0], b0[1] - a0[1]];
      const shaded = normal[0] * this.#light.dx + normal[1] * this.#light.dy > 0;
      const [m0, m1] = [mix(a0, b0, 0.5), mix(a1, b1, 0.5)];
      context.fillStyle = rgb(r * 0.78, g * 0.78, b * 0.78);
      polygonPath(context, shaded ? [m0, m1, b1, b0] : [a0, a1, m1, m0]);
      context.fill();
    }
    if (ribs) {
      const length = Math.hypot(a1[0] - a0[0], a1[1] - a0[1]);
      context.strokeStyle = "rgba(40, 44, 50, 0.14)";
      context.lineWidth = 0.8;
      context.beginPath();
      for (let t = 6; t < length; t += 6) {
        const [s, e] = [mix(a0, a1, t / length), mix(b0, b1, t / length)];
        lineTo(context, s[0], s[1], e[0], e[1]);
      }
      context.stroke();
      context.fillStyle = "rgba(236, 242, 246, 0.75)";
      for (let t = 12; t < length - 8; t += 24) {
        for (const v of [0.3, 0.7]) {
          const [x, y] = mix(mix(a0, a1, t / length), mix(b0, b1, t / length), v);
          context.fillRect(x - 1.2, y - 3, 2.4, 6);
        }
      }
      context.fillStyle = "rgba(70, 74, 80, 0.7)";
      for (let i = 0; i < 5; i += 1) {
        const [x, y] = mix(
          mix(a0, a1, random.between(0.1, 0.9)),
          mix(b0, b1, random.between(0.1, 0.9)),
          random.between(0.2, 0.8),
        );
        context.fillRect(x - 1.5, y - 1.5, 3, 3);
      }
    }
    stroke(context, feature, 0.8, "rgba(50, 50, 54, 0.35)");
  }

  #disc(context: SKRSContext2D, feature: Feature, radius: number, colour: string, height: number): void {
    const { dx, dy, length } = this.#light;
    const [minX, minY, maxX, maxY] = boxOf(feature);
    const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
    const r = radius || (maxX - minX) / 2;
    context.fillStyle = "rgba(22, 26, 34, 0.32)";
    for (let step = 0; step <= 4; step += 1) {
      const t = (height * length * step) / 4;
      context.beginPath();
      context.arc(cx + dx * t, cy + dy * t, r, 0, 6.3);
      context.fill();
    }
    context.fillStyle = colour;
    context.beginPath();
    context.arc(cx, cy, r, 0, 6.3);
    context.fill();
    context.strokeStyle = "rgba(60, 62, 66, 0.5)";
    context.lineWidth = 0.8;
    context.stroke();
    if (height <= 2) return;
    context.fillStyle = "rgba(90, 94, 98, 0.18)";
    context.beginPath();
    context.arc(cx + dx * r * 0.25, cy + dy * r * 0.25, r * 0.7, 0, 6.3);
    context.fill();
  }

  #tree(context: SKRSContext2D, [x, y]: Position, radius: number, id: string): void {
    const { dx, dy, length } = this.#light;
    const random = new Random(hashOf(id));
    context.fillStyle = "rgba(20, 26, 22, 0.42)";
    circleAt(context, x + dx * radius * length * 1.6, y + dy * radius * length * 1.6, radius * 0.95);
    const dry = this.#light.season === 1 ? 10 : 0;
    const [r, g, b] = [random.between(56, 84) + dry, random.between(84, 112), random.between(44, 66)];
    context.fillStyle = rgb(r, g, b);
    circleAt(context, x, y, radius);
    context.fillStyle = rgb(r + 22, g + 22, b + 14);
    circleAt(context, x - dx * radius * 0.35, y - dy * radius * 0.35, radius * 0.5);
  }

  #forest(context: SKRSContext2D, feature: Feature): void {
    context.fillStyle = "#4c6038";
    fill(context, feature);
    if (feature.shape.type !== "Polygon") return;
    const [minX, minY, maxX, maxY] = boxOf(feature);
    const random = new Random(hashOf(feature.id));
    context.save();
    path(context, feature);
    context.clip();
    const [west, south, east, north] = this.#view;
    for (let y = minY; y < maxY; y += 7) {
      for (let x = minX; x < maxX; x += 7) {
        const at: Position = [x + random.between(-3, 3), y + random.between(-3, 3)];
        const radius = random.between(2.6, 4.6);
        // Trees out of sight take their random numbers all the same: neighbouring blocks agree.
        if (x < west || x > east || y < south || y > north) continue;
        this.#tree(context, at, radius, `${feature.id}${Math.round(x)}${Math.round(y)}`);
      }
    }
    context.restore();
  }

  #panels(context: SKRSContext2D, feature: Feature): void {
    if (feature.shape.type !== "Polygon") return;
    const [a, b, c] = feature.shape.ring as [Position, Position, Position];
    const along = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const across = Math.hypot(c[0] - b[0], c[1] - b[1]);
    const [ux, uy] = [(b[0] - a[0]) / along, (b[1] - a[1]) / along];
    const [vx, vy] = [(c[0] - b[0]) / across, (c[1] - b[1]) / across];
    for (let t = 1; t + 4 < across; t += 7) {
      const strip = (from: number, to: number): Position[] => [
        [a[0] + vx * from, a[1] + vy * from],
        [a[0] + ux * along + vx * from, a[1] + uy * along + vy * from],
        [a[0] + ux * along + vx * to, a[1] + uy * along + vy * to],
        [a[0] + vx * to, a[1] + vy * to],
      ];
      context.fillStyle = "rgba(30, 34, 30, 0.45)";
      polygonPath(context, strip(t - 1, t + 3));
      context.fill();
      context.fillStyle = "#2e3d5c";
      polygonPath(context, strip(t, t + 4.2));
      context.fill();
      context.strokeStyle = "rgba(150, 170, 200, 0.35)";
      context.lineWidth = 0.4;
      context.stroke();
    }
  }

  #pit(context: SKRSContext2D, feature: Feature): void {
    if (feature.shape.type !== "Polygon") return;
    const [minX, minY, maxX, maxY] = boxOf(feature);
    const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
    const shades = ["#c3ad86", "#b29a74", "#cbb78f", "#a58c68", "#bda67e", "#96805f", "#b09873"];
    for (const [i, shade] of shades.entries()) {
      const t = 1 - i * 0.12;
      const ring = feature.shape.ring.map(([x, y]): Position => [cx + (x - cx) * t, cy + (y - cy) * t]);
      context.fillStyle = "rgba(40, 34, 26, 0.4)";
      polygonPath(
        context,
        ring.map(([x, y]): Position => [x + this.#light.dx * 3, y + this.#light.dy * 3]),
      );
      context.fill();
      context.fillStyle = shade;
      polygonPath(context, ring);
      context.fill();
    }
    context.fillStyle = "#6f8a84";
    circleAt(context, cx + 6, cy - 4, (maxX - minX) * 0.07);
  }

  #turbine(context: SKRSContext2D, [x, y]: Position): void {
    const { dx, dy, length } = this.#light;
    context.fillStyle = "#b9a98a";
    circleAt(context, x, y, 11);
    context.strokeStyle = "rgba(24, 26, 30, 0.55)";
    context.lineWidth = 2.4;
    context.beginPath();
    const hub: Position = [x + dx * 40 * length, y + dy * 40 * length];
    lineTo(context, x, y, hub[0], hub[1]);
    for (let i = 0; i < 3; i += 1)
      lineTo(context, hub[0], hub[1], hub[0] + 26 * Math.cos(i * 2.094 + 0.4), hub[1] + 26 * Math.sin(i * 2.094 + 0.4));
    context.stroke();
    context.strokeStyle = "#f2f2ef";
    context.lineWidth = 2.2;
    context.beginPath();
    for (let i = 0; i < 3; i += 1)
      lineTo(context, x, y, x + 27 * Math.cos(i * 2.094 + 0.9), y + 27 * Math.sin(i * 2.094 + 0.9));
    context.stroke();
    context.fillStyle = "#ffffff";
    circleAt(context, x, y, 2.4);
  }

  #ship(context: SKRSContext2D, feature: Feature, colour: string): void {
    if (feature.shape.type !== "Polygon") return;
    const ring = feature.shape.ring;
    const [minX, minY, maxX, maxY] = boxOf(feature);
    const length = Math.hypot(maxX - minX, maxY - minY);
    this.#shadow(context, feature, Math.min(14, length * 0.08));
    context.fillStyle = length < 25 ? "#ecebe6" : colour;
    fill(context, feature);
    const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
    if (length < 25) return;
    const deck = ring.map(([x, y]): Position => [cx + (x - cx) * 0.86, cy + (y - cy) * 0.86]);
    context.fillStyle = "#9b8f7c";
    polygonPath(context, deck);
    context.fill();
    const [stern] = ring as [Position];
    const bow = ring[2] as Position;
    const random = new Random(hashOf(feature.id));
    for (let t = 0.22; t < 0.8; t += 0.07) {
      const [x, y] = [stern[0] + (bow[0] - stern[0]) * t, stern[1] + (bow[1] - stern[1]) * t];
      context.fillStyle = random.pick(["#a83a2e", "#2f5f9e", "#c9782f", "#3f7d55", "#8b8f94"]);
      context.save();
      context.translate(x, y);
      context.rotate(Math.atan2(bow[1] - stern[1], bow[0] - stern[0]));
      context.fillRect(-length * 0.028, -length * 0.05, length * 0.056, length * 0.1);
      context.restore();
    }
    context.fillStyle = "#f0efe9";
    circleAt(context, stern[0] + (bow[0] - stern[0]) * 0.12, stern[1] + (bow[1] - stern[1]) * 0.12, length * 0.05);
  }

  #crane(context: SKRSContext2D, [x, y]: Position): void {
    const { dx, dy } = this.#light;
    for (const [colour, ox, oy] of [
      ["rgba(22, 26, 34, 0.45)", dx * 22, dy * 22],
      ["#c2562f", 0, 0],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = 3;
      context.beginPath();
      lineTo(context, x - 46 + ox, y - 7 + oy, x + 34 + ox, y - 7 + oy);
      lineTo(context, x - 46 + ox, y + 7 + oy, x + 34 + ox, y + 7 + oy);
      lineTo(context, x + ox, y - 11 + oy, x + ox, y + 11 + oy);
      lineTo(context, x + 18 + ox, y - 11 + oy, x + 18 + ox, y + 11 + oy);
      context.stroke();
    }
  }

  #stadium(context: SKRSContext2D, feature: Feature): void {
    if (feature.shape.type !== "Polygon") return;
    this.#shadow(context, feature, 20);
    context.fillStyle = "#d3d6d8";
    fill(context, feature);
    const [minX, minY, maxX, maxY] = boxOf(feature);
    const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
    const inner = (t: number) =>
      (feature.shape as { ring: readonly Position[] }).ring.map(
        ([x, y]): Position => [cx + (x - cx) * t, cy + (y - cy) * t],
      );
    context.fillStyle = "#7f8790";
    polygonPath(context, inner(0.8));
    context.fill();
    context.fillStyle = "#5f9148";
    polygonPath(context, inner(0.62));
    context.fill();
    context.strokeStyle = "#e6efe0";
    context.lineWidth = 0.8;
    polygonPath(context, inner(0.5));
    context.stroke();
  }

  #plane(context: SKRSContext2D, [x, y]: Position): void {
    context.fillStyle = "rgba(22, 26, 34, 0.45)";
    context.fillRect(x - 1 + this.#light.dx * 3, y - 6 + this.#light.dy * 3, 2, 12);
    context.fillStyle = "#f4f4f2";
    context.fillRect(x - 1, y - 6, 2, 12);
    context.fillRect(x - 7, y, 14, 2.4);
    context.fillRect(x - 2.6, y - 6, 5.2, 1.4);
  }
}

function rows(across: number): [number, number][] {
  const out: [number, number][] = [];
  for (let y = 2; y < across - 5; y += 8) out.push([y, y + 4.6]);
  return out;
}

/** Noise in [−0.5, 0.5) from a pixel's position. */
function hashNoise(x: number, y: number, salt: number): number {
  let h = Math.imul(x, 374_761_393) + Math.imul(y, 668_265_263) + salt;
  h = Math.imul(h ^ (h >>> 13), 1_274_126_177);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296 - 0.5;
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return hash >>> 0;
}

function rgb(r: number, g: number, b: number): string {
  return `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;
}

function circleAt(context: SKRSContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 6.3);
  context.fill();
}

function lineTo(context: SKRSContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
}

function polygonPath(context: SKRSContext2D, ring: readonly Position[]): void {
  context.beginPath();
  for (const [i, [x, y]] of ring.entries()) {
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.closePath();
}

function path(context: SKRSContext2D, { shape }: Feature): void {
  if (shape.type === "Polygon") polygonPath(context, shape.ring);
}

function fill(context: SKRSContext2D, feature: Feature): void {
  path(context, feature);
  context.fill();
}

function stroke(context: SKRSContext2D, feature: Feature, width: number, style: string): void {
  context.strokeStyle = style;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash([]);
  trace(context, feature, 0);
  context.stroke();
}

function strokeOffset(
  context: SKRSContext2D,
  feature: Feature,
  offset: number,
  width: number,
  style: string,
  dash: number[],
): void {
  context.strokeStyle = style;
  context.lineWidth = width;
  context.setLineDash(dash);
  trace(context, feature, offset);
  context.stroke();
  context.setLineDash([]);
}

/** The line of a shape, moved sideways by `offset` metres. */
function trace(context: SKRSContext2D, { shape }: Feature, offset: number): void {
  if (shape.type === "Point") return;
  const line = shape.type === "LineString" ? shape.line : shape.ring;
  context.beginPath();
  for (const [i, p] of line.entries()) {
    const before = line[Math.max(0, i - 1)] as Position;
    const after = line[Math.min(line.length - 1, i + 1)] as Position;
    const length = Math.hypot(after[0] - before[0], after[1] - before[1]) || 1;
    const x = p[0] - ((after[1] - before[1]) / length) * offset;
    const y = p[1] + ((after[0] - before[0]) / length) * offset;
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
}

/** What stands and is drawn on a date, in drawing order. */
export function featuresOn(scene: Scene, date: 0 | 1): readonly Feature[] {
  const gone = date === 0 ? "second" : "first";
  return scene.features
    .filter(({ span, look }) => span !== gone && look.kind !== "none")
    .sort((a, b) => a.layer - b.layer);
}

/** A car or truck on a road: metres, the angle in radians from east. */
export interface Vehicle {
  readonly at: Position;
  readonly angle: number;
  readonly length: number;
  readonly width: number;
  readonly colour: string;
}

/** The vehicles that a road is drawn with on a date; none for what is not a road. */
export function trafficOn({ id, look, shape }: Feature, date: 0 | 1): readonly Vehicle[] {
  if (look.kind !== "road" || shape.type !== "LineString") return [];
  const { marking, width } = look;
  const random = new Random(hashOf(id) + date);
  const traffic = marking === "motorway" ? 34 : marking === "centre" ? 70 : 160;
  const out: Vehicle[] = [];
  for (const [i, p] of shape.line.entries()) {
    const next = shape.line[i + 1];
    if (!next) break;
    const along = Math.hypot(next[0] - p[0], next[1] - p[1]);
    for (let t = random.between(0, traffic); t < along; t += random.between(traffic * 0.4, traffic * 1.6)) {
      const angle = Math.atan2(next[1] - p[1], next[0] - p[0]);
      const side = random.chance(0.5) ? 1 : -1;
      const off = side * (marking === "motorway" ? random.pick([width * 0.17, width * 0.36]) : width * 0.22);
      const at: Position = [
        p[0] + Math.cos(angle) * t - Math.sin(angle) * off,
        p[1] + Math.sin(angle) * t + Math.cos(angle) * off,
      ];
      const isTruck = marking === "motorway" && random.chance(0.25);
      const [length, wide] = isTruck ? [15, 2.6] : [4.4, 1.9];
      const colour = random.pick(["#dcdcdc", "#2c2e33", "#a63d32", "#3d5c86", "#c9cdd0", "#f3f3f1"]);
      out.push({ at, angle, length, width: wide, colour });
    }
  }
  return out;
}

const boxes = new WeakMap<Feature, readonly [number, number, number, number]>();

/** Bounds of a feature as drawn, shadows and widths allowed for. */
export function boxOf(feature: Feature): readonly [number, number, number, number] {
  let box = boxes.get(feature);
  if (!box) {
    const { shape, look } = feature;
    const points = shape.type === "Point" ? [shape.at] : shape.type === "Polygon" ? shape.ring : shape.line;
    const grow =
      look.kind === "road"
        ? look.width
        : look.kind === "turbine" || look.kind === "crane"
          ? 50
          : shape.type === "Point"
            ? 10
            : 0;
    box = [
      Math.min(...points.map(([x]) => x)) - grow,
      Math.min(...points.map(([, y]) => y)) - grow,
      Math.max(...points.map(([x]) => x)) + grow,
      Math.max(...points.map(([, y]) => y)) + grow,
    ];
    boxes.set(feature, box);
  }
  return box;
}
