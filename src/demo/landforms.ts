import { NameBook } from "./names.ts";
import * as parcels from "./parcels.ts";
import { Random, ValueNoise } from "./random.ts";
import {
  blob,
  type Feature,
  LAYER,
  type Landform,
  middleOf,
  type Position,
  rectangleIn,
  type Scene,
  SceneBuilder,
  type Shape,
  type Span,
} from "./scene.ts";

const polygon = (ring: readonly Position[]) => ({ type: "Polygon", ring }) as const;
const line = (positions: readonly Position[]) => ({ type: "LineString", line: positions }) as const;

/** The world of a seed: everything that stands in it, on both dates. Deterministic. */
export function createScene(options: {
  readonly seed: number;
  readonly landform: Landform;
  readonly size: number;
}): Scene {
  const { seed, landform, size } = options;
  const random = new Random(
    Math.imul(seed + 1, 2_654_435_761) ^ { harbour: 0x51, valley: 0x7a3, basin: 0x1f7 }[landform],
  );
  const build = { harbour: harbour, valley: valley, basin: basin }[landform];
  const builder = build(size, random);
  const turn = turner(size, random.integer(0, 3), random.chance(0.5));
  const year = random.integer(2021, 2023);
  const dates: [string, string] = [
    `${year}-${String(random.integer(4, 6)).padStart(2, "0")}-${String(random.integer(1, 28)).padStart(2, "0")}`,
    `${year + 2}-${String(random.integer(5, 8)).padStart(2, "0")}-${String(random.integer(1, 28)).padStart(2, "0")}`,
  ];
  const zone = random.integer(1, 60);
  const origin = {
    x: 400_000 + 500 * random.integer(0, 400),
    y: 500 * random.integer(8_000, 11_000),
    epsg: 32_600 + zone,
  };
  return {
    landform,
    size,
    features: builder.features.map((feature) => ({ ...feature, shape: turnShape(feature.shape, turn) })),
    stories: builder.stories.map((story) => ({ ...story, at: turn(story.at) })),
    dates,
    origin,
    arid: landform === "basin",
  };
}

/** Quarter turns and a mirror, so that the coast or the river runs anywhere. */
function turner(size: number, quarters: number, mirrored: boolean): (p: Position) => Position {
  return ([x0, y0]) => {
    let [x, y] = mirrored ? [x0, size - y0] : [x0, y0];
    for (let i = 0; i < quarters; i += 1) [x, y] = [size - y, x];
    return [x, y];
  };
}

function turnShape(shape: Shape, turn: (p: Position) => Position): Shape {
  switch (shape.type) {
    case "Point":
      return { type: "Point", at: turn(shape.at) };
    case "LineString":
      return { type: "LineString", line: shape.line.map(turn) };
    case "Polygon":
      return { type: "Polygon", ring: shape.ring.map(turn) };
  }
}

const distance = (a: Position, b: Position) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const nearest = (p: Position, others: readonly Position[]) =>
  Math.min(Number.POSITIVE_INFINITY, ...others.map((other) => distance(p, other)));

/** A line from edge to edge along y whose x wavers. */
function meander(
  size: number,
  x: number,
  waver: number,
  noise: ValueNoise,
  salt: number,
  from = -60,
  to = size + 60,
): Position[] {
  const out: Position[] = [];
  for (let y = from; y <= to + 39; y += 40)
    out.push([
      x + waver * noise.at(y / 900 + salt, salt * 7.3) + waver * 0.25 * noise.at(y / 260 + salt, salt * 3.1),
      y,
    ]);
  return out;
}

function at(positions: readonly Position[], y: number): Position {
  return positions.reduce((best, p) => (Math.abs(p[1] - y) < Math.abs(best[1] - y) ? p : best));
}

/** Fields over the whole world: the ground on which everything else lies. */
function fields(builder: SceneBuilder, farmed: number) {
  const { random, size } = builder;
  const cut = (minX: number, minY: number, maxX: number, maxY: number) => {
    const [w, h] = [maxX - minX, maxY - minY];
    if (Math.max(w, h) > random.between(170, 360)) {
      const t = random.between(0.35, 0.65);
      if (w > h) {
        cut(minX, minY, minX + w * t, maxY);
        cut(minX + w * t, minY, maxX, maxY);
      } else {
        cut(minX, minY, maxX, minY + h * t);
        cut(minX, minY + h * t, maxX, maxY);
      }
      return;
    }
    const isFarmed = random.chance(farmed);
    builder.add({
      concept: isFarmed ? "farmland" : null,
      shape: polygon(rectangleIn({ centre: [0, 0], angle: 0 }, (minX + maxX) / 2, (minY + maxY) / 2, w, h)),
      layer: LAYER.field,
      look: isFarmed
        ? { kind: "field", hue: random.next(), angle: random.chance(0.5) ? 0.03 : 1.6 }
        : { kind: "ground", surface: "grass" },
      tags: isFarmed ? { landuse: "farmland" } : null,
      mapped: 0.3,
    });
  };
  cut(0, 0, size, size);
}

/** Motorway with exits: a junction node, a diamond of ramps and a crossing primary road at each of the given places. */
function motorway(
  builder: SceneBuilder,
  course: readonly Position[],
  exitsAt: readonly number[],
  names: NameBook,
  reference: string,
  startX: (y: number) => number = () => -60,
): Position[] {
  const { size } = builder;
  builder.add({
    concept: "highway",
    shape: line(course),
    name: reference,
    layer: LAYER.road + 0.6,
    look: { kind: "road", width: 27, marking: "motorway" },
    tags: { highway: "motorway", ref: reference, name: `${reference} motorway` },
    mapped: 1,
  });
  builder.keepClear(course, 55);
  const exits: Position[] = [];
  for (const [index, y] of exitsAt.entries()) {
    const [cx, cy] = at(course, y);
    const isVertical = true;
    const cross: Position[] = [];
    for (let x = startX(cy); x <= size + 60; x += 60) cross.push([x, cy + 22 * Math.sin(x / 420 + index)]);
    const [name] = names.root();
    builder.add({
      concept: "road",
      shape: line(cross),
      name: `${name} Road`,
      layer: LAYER.road + 0.4,
      look: { kind: "road", width: 13, marking: "centre" },
      tags: { highway: "primary", name: `${name} Road` },
      mapped: 1,
    });
    builder.keepClear(cross, 16);
    const crossY = cy + 22 * Math.sin(cx / 420 + index);
    for (const [sx, sy] of [
      [1, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ] as const) {
      const along = at(course, crossY + sy * 260);
      const ramp: Position[] = [
        [along[0] + sx * 14, along[1]],
        [along[0] + sx * 30, crossY + sy * 150],
        [cx + sx * 62, crossY + sy * 60],
        [cx + sx * 92, crossY],
      ];
      builder.add({
        concept: "road",
        shape: line(ramp),
        layer: LAYER.road + 0.5,
        look: { kind: "road", width: 8, marking: "none" },
        tags: { highway: "motorway_link" },
        mapped: 1,
      });
      builder.keepClear(ramp, 10);
    }
    const exit = builder.add({
      concept: "highway_exit",
      shape: { type: "Point", at: [cx, crossY] },
      name: `Exit ${index + 1} ${name}`,
      look: { kind: "none" },
      tags: { highway: "motorway_junction", ref: String(index + 1), name: `${name}` },
      mapped: 1,
    });
    builder.add({
      concept: "bridge",
      shape: polygon(rectangleIn({ centre: [cx, crossY], angle: 0 }, 0, 0, isVertical ? 44 : 16, isVertical ? 16 : 44)),
      layer: LAYER.road + 0.7,
      look: { kind: "ground", surface: "concrete" },
      tags: { man_made: "bridge" },
      mapped: 0.8,
    });
    exits.push(middleOf(exit.shape));
  }
  return exits;
}

function localRoads(builder: SceneBuilder, xs: readonly number[], noise: ValueNoise) {
  const { size } = builder;
  for (const [index, x] of xs.entries()) {
    const course = meander(size, x, 60, noise, 20 + index);
    builder.add({
      concept: "road",
      shape: line(course),
      layer: LAYER.road + 0.3,
      look: { kind: "road", width: 9, marking: "centre" },
      tags: { highway: "secondary" },
      mapped: 1,
    });
    builder.keepClear(course, 12);
  }
}

interface ParkPlan {
  readonly span: Span;
  readonly accepts: (centre: Position) => boolean;
  readonly named: boolean;
}

function logisticsParks(builder: SceneBuilder, plans: readonly ParkPlan[], names: NameBook): Feature[] {
  const { random } = builder;
  return plans.flatMap(({ span, accepts, named }) => {
    const scale = Math.min(1, builder.size / 2500 + 0.25);
    const parcel = builder.place(random.between(240, 400) * scale, random.between(200, 270) * scale, accepts, 1500);
    if (!parcel) return [];
    const [name, chinese] = names.root();
    const park = parcels.logisticsPark(builder, parcel, named ? `${name} Logistics Park` : null, span);
    if (named && span === "both") {
      const operator = names.operator();
      const opened = String(random.integer(1996, 2018));
      builder.tell(park, {
        name: `${name} Logistics Park`,
        aliases: [`${chinese}物流园`],
        facts: { operator, opened },
        sentences: [
          `${name} Logistics Park is a distribution estate with several large sheds around shared truck yards.`,
          `It opened in ${opened} and is operated by ${operator}.`,
          "Most of its traffic is groceries and parcels bound for the district's towns.",
          "Lorries reach it by the primary road that crosses the motorway.",
        ],
      });
    }
    return [park];
  });
}

function harbour(size: number, random: Random): SceneBuilder {
  const noise = new ValueNoise(random.fork("noise"));
  const names = new NameBook(random.fork("names"));
  const k = size / 4000;
  const coastX = size * random.between(0.2, 0.26);
  const coast = meander(size, coastX, 130 * k, noise, 1);
  const coastAt = (y: number) => at(coast, y)[0];
  const builder = new SceneBuilder(size, random.fork("scene"), (x, y) => x > coastAt(y) + 45);
  fields(builder, 0.62);
  builder.add({
    concept: "sea",
    shape: polygon([[-80, -80], ...coast.map(([x, y]): Position => [x, y]), [-80, size + 80], [-80, -80]]),
    layer: LAYER.water,
    look: { kind: "water", deep: true },
    tags: { natural: "water", water: "sea", place: "sea" },
    mapped: 1,
  });
  builder.add({
    concept: "coast",
    shape: line(coast),
    layer: LAYER.water,
    look: { kind: "none" },
    tags: { natural: "coastline" },
    mapped: 1,
  });
  const beach = coast.filter(([, y]) => y > size * 0.62 && y < size * 0.82);
  if (beach.length > 2) {
    const ring = [
      ...beach.map(([x, y]): Position => [x - 12, y]),
      ...[...beach].reverse().map(([x, y]): Position => [x + 26, y]),
    ];
    builder.add({
      concept: "beach",
      shape: polygon([...ring, ring[0] as Position]),
      layer: LAYER.water + 0.2,
      look: { kind: "ground", surface: "sand" },
      tags: { natural: "beach" },
      mapped: 0.9,
    });
  }

  const course = meander(size, size * random.between(0.56, 0.64), 220 * k, noise, 2);
  const exitsAt = [0.17, 0.5, 0.83].map((t) => size * (t + random.between(-0.04, 0.04)));
  const exits = motorway(builder, course, exitsAt, names, `A${random.integer(2, 79)}`, (y) => coastAt(y) + 30);
  localRoads(builder, [size * 0.38, size * 0.84], noise);
  const rail = meander(size, size * 0.45, 90 * k, noise, 5);
  builder.add({
    concept: "railway",
    shape: line(rail),
    name: "Coast line",
    layer: LAYER.road + 0.2,
    look: { kind: "rail" },
    tags: { railway: "rail", name: "Coast line" },
    mapped: 1,
  });
  builder.keepClear(rail, 20);

  port(builder, size * random.between(0.24, 0.36), coastAt, names, k);
  marina(builder, size * random.between(0.88, 0.93), coastAt, names);

  const nearExit = (low: number, high: number) => (c: Position) => nearest(c, exits) > low && nearest(c, exits) < high;
  const portAt = builder.features.find(({ concept }) => concept === "port");
  const portMiddle = portAt ? middleOf(portAt.shape) : ([0, 0] as Position);
  logisticsParks(
    builder,
    [
      { span: "second", accepts: nearExit(180, 520), named: true },
      { span: "second", accepts: nearExit(780, 1020), named: true },
      {
        span: "both",
        accepts: (c) => distance(c, portMiddle) < 950 * k + 150 && nearest(c, exits) > 700 * k,
        named: true,
      },
      { span: "both", accepts: nearExit(200, 900), named: true },
      { span: "second", accepts: (c) => nearest(c, exits) > 1250 * k, named: true },
      { span: "both", accepts: (c) => nearest(c, exits) > 1100 * k, named: true },
      ...(size >= 3000
        ? ([
            { span: "second", accepts: nearExit(720, 1000), named: false },
            { span: "both", accepts: () => true, named: false },
          ] as ParkPlan[])
        : []),
      { span: "first", accepts: () => true, named: false },
    ],
    names,
  );
  town(builder, names, {
    oldTownAt: (c) => c[0] < size * 0.5 && distance(c, portMiddle) > 700 * k,
    dense: Math.round(6 * k + 1),
    sparse: Math.round(5 * k + 1),
    factories: Math.round(5 * k + 1),
    k,
  });
  const tanks = builder.place(260 * k + 40, 180 * k + 30, (c) => distance(c, portMiddle) < 1100 * k + 200, 800);
  if (tanks) parcels.tankFarm(builder, tanks, `${names.root()[0]} Tank Terminal`);
  countryside(builder, names, k, { solar: 3, quarries: 2 });
  return builder;
}

function port(builder: SceneBuilder, y: number, coastAt: (y: number) => number, names: NameBook, k: number) {
  const { random } = builder;
  const length = Math.min(900 * k, 900) * random.between(0.8, 1);
  const x = Math.max(...[0, 0.25, 0.5, 0.75, 1].map((t) => coastAt(y - length / 2 + t * length)));
  const depth = Math.min(300, 240 * k + 60);
  const [name, chinese] = names.root();
  const parcel = { centre: [x + depth / 2 - 40, y] as Position, angle: 0, w: depth + 80, h: length };
  builder.occupy({ minX: 0, minY: y - length / 2 - 10, maxX: x + depth + 10, maxY: y + length / 2 + 10 });
  const left = x - 90;
  const ring: Position[] = [
    [left, y - length / 2],
    [x + depth, y - length / 2],
    [x + depth, y + length / 2],
    [left, y + length / 2],
    [left, y - length / 2],
  ];
  const operator = names.operator();
  const opened = String(random.integer(1958, 1989));
  const area = builder.add({
    concept: "port",
    shape: polygon(ring),
    name: `Port of ${name}`,
    look: { kind: "ground", surface: "concrete" },
    tags: { landuse: "industrial", industrial: "port", name: `Port of ${name}` },
    mapped: 1,
  });
  builder.tell(area, {
    name: `Port of ${name}`,
    aliases: [`Port ${name}`, `${chinese}港`],
    facts: { operator, opened },
    sentences: [
      `The Port of ${name} is the district's only deep-water harbour.`,
      `It opened in ${opened} and is operated by ${operator}.`,
      "Its quay serves container ships on one side and bulk carriers on the other.",
      "A railway siding and a primary road tie it to the motorway inland.",
    ],
  });
  const terminal = parcels.containerYard(
    builder,
    { centre: [left + 135, y + length * 0.08], angle: 0, w: 170, h: length * 0.62 },
    `${name} Container Terminal`,
  );
  const runner = names.operator();
  const since = String(random.integer(1994, 2012));
  const capacity = `${(random.integer(3, 19) * 100_000).toLocaleString("en-US")} TEU a year`;
  builder.tell(terminal, {
    name: `${name} Container Terminal`,
    aliases: [`${chinese}集装箱码头`, "the container terminal"],
    facts: { operator: runner, opened: since, capacity },
    sentences: [
      `${name} Container Terminal handles the port's boxes on a single straight quay.`,
      `It is operated by ${runner}, which took over when the terminal opened in ${since}.`,
      `Its stated capacity is ${capacity}.`,
      "Gantry cranes move the boxes between the ships and the stacks behind the quay.",
    ],
  });
  for (let i = 0; i < 4; i += 1) {
    builder.add({
      concept: "container_crane",
      shape: { type: "Point", at: [left + 14, y - length * 0.2 + (i * length * 0.5) / 3] },
      layer: LAYER.roof,
      look: { kind: "crane" },
      tags: { man_made: "crane", "crane:type": "portal_crane" },
      mapped: 0.7,
    });
  }
  for (const [i, dy] of [-0.28, 0.02, 0.3].entries())
    ship(
      builder,
      [left - 22, y + dy * length],
      Math.PI / 2,
      random.between(120, 190),
      i === 1 ? "first" : i === 2 ? "second" : "both",
    );
  for (let i = 0; i < 4; i += 1)
    ship(
      builder,
      [random.between(60, Math.max(90, left - 150)), random.between(80, builder.size - 80)],
      random.between(0, 6),
      random.between(60, 140),
      random.pick<Span>(["first", "second"]),
    );
  builder.add({
    concept: "warehouse",
    shape: polygon(rectangleIn(parcel, depth / 2 - 60, -length * 0.3, 60, length * 0.2)),
    attributes: ["grey", "large", "rectangular"],
    layer: LAYER.roof,
    look: { kind: "roof", colour: "grey", height: 10, ribs: true, gable: false },
    tags: { building: "warehouse" },
    mapped: 0.9,
  });
}

function ship(builder: SceneBuilder, centre: Position, angle: number, length: number, span: Span) {
  const w = length * 0.16;
  const hull: Position[] = [
    [-length / 2, -w / 2],
    [length * 0.32, -w / 2],
    [length / 2, 0],
    [length * 0.32, w / 2],
    [-length / 2, w / 2],
    [-length / 2, -w / 2],
  ];
  const ring = hull.map(
    ([x, y]): Position => [
      centre[0] + x * Math.cos(angle) - y * Math.sin(angle),
      centre[1] + x * Math.sin(angle) + y * Math.cos(angle),
    ],
  );
  builder.add({
    concept: "ship",
    shape: polygon(ring),
    attributes: ["elongated"],
    span,
    layer: LAYER.roof,
    look: { kind: "ship", colour: builder.random.pick(["#8c2f28", "#2e3f5c", "#3d5a45", "#55585c"]) },
  });
}

function marina(builder: SceneBuilder, y: number, coastAt: (y: number) => number, names: NameBook) {
  const { random } = builder;
  const x = coastAt(y);
  const [name, chinese] = names.root();
  const basinRing: Position[] = [
    [x - 190, y - 90],
    [x - 10, y - 90],
    [x - 10, y + 90],
    [x - 190, y + 90],
    [x - 190, y - 90],
  ];
  const area = builder.add({
    concept: "marina",
    shape: polygon(basinRing),
    name: `${name} Marina`,
    layer: LAYER.water,
    look: { kind: "none" },
    tags: { leisure: "marina", name: `${name} Marina` },
    mapped: 1,
  });
  const berths = String(random.integer(80, 320));
  builder.tell(area, {
    name: `${name} Marina`,
    aliases: [`${chinese}游艇码头`],
    facts: { operator: names.operator(), capacity: `${berths} berths` },
    sentences: [
      `${name} Marina has ${berths} berths on floating piers.`,
      "It lies in the lee of the headland and fills up in summer.",
      "Visiting yachts report at the harbour office on the quay.",
    ],
  });
  for (let i = 0; i < 4; i += 1) {
    const py = y - 66 + i * 44;
    builder.add({
      concept: "pier",
      shape: polygon([
        [x - 170, py - 2],
        [x + 8, py - 2],
        [x + 8, py + 2],
        [x - 170, py + 2],
        [x - 170, py - 2],
      ]),
      layer: LAYER.object,
      look: { kind: "ground", surface: "concrete" },
      tags: { man_made: "pier" },
      mapped: 0.9,
    });
    for (let bx = x - 162; bx < x - 14; bx += 8) {
      for (const side of [-1, 1])
        if (random.chance(0.7))
          ship(
            builder,
            [bx, py + side * 8.5],
            Math.PI / 2,
            random.between(8, 14),
            random.pick<Span>(["both", "both", "first", "second"]),
          );
    }
  }
}

function town(
  builder: SceneBuilder,
  names: NameBook,
  options: { oldTownAt: (c: Position) => boolean; dense: number; sparse: number; factories: number; k: number },
) {
  const { random } = builder;
  const { k } = options;
  const side = 330 * k + 70;
  const centre =
    builder.place(side, side, options.oldTownAt, 900) ?? builder.place(side * 0.75, side * 0.75, () => true, 900);
  if (centre) {
    const [name, chinese] = names.root();
    const old = parcels.oldTown(
      builder,
      { ...centre, w: Math.min(centre.w, centre.h), h: Math.min(centre.w, centre.h) },
      `${name} Old Town`,
    );
    const founded = String(random.integer(1250, 1690));
    builder.tell(old, {
      name: `${name} Old Town`,
      aliases: [`${chinese}老城`],
      facts: { built: founded, population: String(random.integer(21, 98) * 100) },
      sentences: [
        `${name} Old Town is a dense quarter of tiled houses around a square and a church.`,
        `Its charter dates from ${founded}.`,
        "The lanes are closed to traffic, and the market is held on the square.",
        "Most roofs are of red or brown tile.",
      ],
    });
    builder.add({
      concept: "town",
      shape: { type: "Point", at: centre.centre },
      name,
      look: { kind: "none" },
      tags: { place: "town", name, "name:zh": chinese },
      mapped: 1,
    });
  }
  const arena = builder.place(230, 190, () => true, 600);
  if (arena) {
    const [name, chinese] = names.root();
    const stadium = parcels.stadium(builder, arena, `${name} Stadium`);
    const opened = String(random.integer(1931, 2011));
    const seats = `${random.integer(8, 42)},${random.pick(["000", "250", "500"])} seats`;
    builder.tell(stadium, {
      name: `${name} Stadium`,
      aliases: [`${chinese}体育场`],
      facts: { opened, capacity: seats, operator: names.operator() },
      sentences: [
        `${name} Stadium is the home ground of the district's football club.`,
        `It opened in ${opened}.`,
        `It has room for ${seats}.`,
        "A ring of car parks surrounds it.",
      ],
    });
  }
  for (let i = 0; i < options.dense; i += 1) {
    const parcel = builder.place(random.between(170, 300), random.between(150, 260));
    if (parcel)
      parcels.residential(
        builder,
        parcel,
        i % 2 === 0 ? `${names.root()[0]} Rise` : null,
        true,
        i === 1 ? "second" : "both",
      );
  }
  for (let i = 0; i < options.sparse; i += 1) {
    const parcel = builder.place(random.between(180, 330), random.between(150, 260));
    if (parcel) parcels.residential(builder, parcel, null, false, i === 0 ? "second" : "both");
  }
  for (let i = 0; i < options.factories; i += 1) {
    const parcel = builder.place(random.between(170, 260), random.between(150, 220));
    if (parcel)
      parcels.factory(builder, parcel, i % 2 === 0 ? `${names.root()[0]} Works` : null, i === 2 ? "second" : "both");
  }
  for (let i = 0; i < 3; i += 1) {
    const parcel = builder.place(random.between(150, 210), random.between(140, 190));
    if (parcel) parcels.retail(builder, parcel, i === 0 ? `${names.root()[0]} Retail Park` : null);
  }
  for (let i = 0; i < 2; i += 1) {
    const parcel = builder.place(random.between(180, 280), random.between(150, 240));
    if (!parcel) continue;
    const [name, chinese] = names.root();
    const park = parcels.cityPark(builder, parcel, `${name} Park`);
    builder.tell(park, {
      name: `${name} Park`,
      aliases: [`${chinese}公园`],
      facts: { opened: String(random.integer(1880, 1999)) },
      sentences: [`${name} Park is a public park with old trees around a pond.`, "It is open day and night."],
    });
  }
}

function countryside(builder: SceneBuilder, names: NameBook, k: number, options: { solar: number; quarries: number }) {
  const { random } = builder;
  for (let i = 0; i < options.solar; i += 1) {
    const parcel = builder.place(
      random.between(240, 420) * Math.min(1, k + 0.3),
      random.between(160, 260) * Math.min(1, k + 0.3),
    );
    if (!parcel) continue;
    const [name, chinese] = names.root();
    const span: Span = i === 0 ? "both" : i === 1 ? "second" : "both";
    const farm = parcels.solarFarm(builder, parcel, span === "both" ? `${name} Solar Farm` : null, span);
    if (span === "both") {
      const output = `${random.integer(4, 30)} MW`;
      const operator = names.operator();
      builder.tell(farm, {
        name: `${name} Solar Farm`,
        aliases: [`${chinese}光伏电站`],
        facts: { operator, output, opened: String(random.integer(2011, 2020)) },
        sentences: [
          `${name} Solar Farm feeds ${output} into the local grid.`,
          `It is operated by ${operator}.`,
          "Sheep graze between the rows.",
        ],
      });
    }
  }
  for (let i = 0; i < options.quarries; i += 1) {
    const parcel = builder.place(300 * Math.min(1, k + 0.2), 300 * Math.min(1, k + 0.2));
    if (!parcel) continue;
    const [name, chinese] = names.root();
    const pit = parcels.quarry(builder, parcel.centre, parcel.w * 0.42, `${name} Quarry`, i === 0);
    const operator = names.operator();
    builder.tell(pit, {
      name: `${name} Quarry`,
      aliases: [`${chinese}采石场`],
      facts: { operator, opened: String(random.integer(1948, 1999)) },
      sentences: [
        `${name} Quarry digs limestone for roads and concrete.`,
        `It is worked by ${operator}.`,
        "Blasting is announced by siren.",
      ],
    });
  }
  for (let i = 0; i < Math.round(7 * k + 2); i += 1) {
    const radius = random.between(90, 210) * Math.min(1, k + 0.3);
    const parcel = builder.place(radius * 2, radius * 2, () => true, 200);
    if (parcel) parcels.forest(builder, blob(random, parcel.centre, radius * 0.98, 0.3), i === 1 ? "first" : "both");
  }
  const site = builder.place(160, 130);
  if (site)
    builder.add({
      concept: "construction_site",
      shape: polygon(rectangleIn(site, 0, 0, site.w, site.h)),
      attributes: ["bare"],
      span: "second",
      look: { kind: "ground", surface: "soil" },
      tags: { landuse: "construction" },
      mapped: 0.3,
    });
}

function valley(size: number, random: Random): SceneBuilder {
  const noise = new ValueNoise(random.fork("noise"));
  const names = new NameBook(random.fork("names"));
  const k = size / 4000;
  const river = meander(size, size * random.between(0.36, 0.46), 260 * k, noise, 3);
  const width = random.between(62, 96) * Math.min(1, 0.5 + k / 2);
  const gap = (x: number, y: number) => Math.abs(x - at(river, y)[0]);
  const builder = new SceneBuilder(size, random.fork("scene"), (x, y) => gap(x, y) > width / 2 + 28);
  fields(builder, 0.75);
  const [riverName, riverChinese] = names.root();
  const banks = [
    ...river.map(([x, y]): Position => [x - width / 2, y]),
    ...[...river].reverse().map(([x, y]): Position => [x + width / 2, y]),
  ];
  const water = builder.add({
    concept: "river",
    shape: polygon([...banks, banks[0] as Position]),
    name: `River ${riverName}`,
    layer: LAYER.water,
    look: { kind: "water", deep: false },
    tags: { natural: "water", water: "river", name: `River ${riverName}` },
    mapped: 1,
  });
  builder.tell(water, {
    name: `River ${riverName}`,
    aliases: [`${riverChinese}河`],
    facts: { length: `${random.integer(80, 420)} km` },
    sentences: [
      `The River ${riverName} crosses the district from end to end.`,
      "Its banks are raised by low dykes.",
      "Barges used it until the railway came.",
    ],
  });
  const course = meander(size, size * random.between(0.68, 0.76), 180 * k, noise, 2);
  const exits = motorway(
    builder,
    course,
    [0.2, 0.5, 0.8].map((t) => size * (t + random.between(-0.04, 0.04))),
    names,
    `A${random.integer(2, 79)}`,
  );
  for (const exit of exits) {
    const [x, y] = at(river, exit[1]);
    const bridge = builder.add({
      concept: "bridge",
      shape: polygon([
        [x - width / 2 - 24, y - 11],
        [x + width / 2 + 24, y - 11],
        [x + width / 2 + 24, y + 11],
        [x - width / 2 - 24, y + 11],
        [x - width / 2 - 24, y - 11],
      ]),
      name: `${names.root()[0]} Bridge`,
      layer: LAYER.road + 0.1,
      look: { kind: "ground", surface: "concrete" },
      tags: { man_made: "bridge" },
      mapped: 0.9,
    });
    const built = String(random.integer(1890, 1988));
    builder.tell(bridge, {
      name: bridge.name ?? "Bridge",
      aliases: [],
      facts: { built, length: `${Math.round(width + 48)} m` },
      sentences: [
        `${bridge.name} carries a primary road over the River ${riverName}.`,
        `It was built in ${built}.`,
        "It has a footway on the upstream side.",
      ],
    });
  }
  localRoads(builder, [size * 0.16, size * 0.9], noise);
  const railX = size * 0.58;
  const rail = meander(size, railX, 80 * k, noise, 5);
  builder.add({
    concept: "railway",
    shape: line(rail),
    name: "Valley line",
    layer: LAYER.road + 0.2,
    look: { kind: "rail" },
    tags: { railway: "rail", name: "Valley line" },
    mapped: 1,
  });
  builder.keepClear(rail, 22);
  railYard(builder, at(rail, size * random.between(0.3, 0.7)), names, k);
  const byRiver = (low: number, high: number) => (c: Position) => gap(c[0], c[1]) > low && gap(c[0], c[1]) < high;
  for (let i = 0; i < 3; i += 1) {
    const parcel = builder.place(240 * Math.min(1, k + 0.3), 170, byRiver(120, 290), 900);
    if (!parcel) continue;
    parcels.solarFarm(builder, parcel, i === 0 ? `${names.root()[0]} Solar Farm` : null, i === 1 ? "second" : "both");
    if (i !== 2) {
      const beside = builder.place(200, 170, (c) => distance(c, parcel.centre) < 290, 2500);
      if (beside) parcels.residential(builder, beside, null, true);
    }
  }
  for (let i = 0; i < Math.round(4 * k + 1); i += 1) {
    const parcel = builder.place(random.between(170, 250), random.between(150, 200), byRiver(130, 320), 600);
    if (parcel) parcels.factory(builder, parcel, `${names.root()[0]} Mill`, i === 1 ? "second" : "both");
  }
  const works = builder.place(180, 120, byRiver(100, 300), 600);
  if (works) wastewater(builder, works, names);
  const nearExit = (low: number, high: number) => (c: Position) => nearest(c, exits) > low && nearest(c, exits) < high;
  logisticsParks(
    builder,
    [
      { span: "second", accepts: nearExit(180, 600), named: true },
      { span: "both", accepts: nearExit(200, 900), named: true },
      { span: "both", accepts: (c) => nearest(c, exits) > 1200 * k, named: true },
      { span: "second", accepts: (c) => nearest(c, exits) > 1100 * k, named: false },
    ],
    names,
  );
  town(builder, names, {
    oldTownAt: (c) => byRiver(200, 700)(c),
    dense: Math.round(5 * k + 1),
    sparse: Math.round(6 * k + 1),
    factories: 1,
    k,
  });
  countryside(builder, names, k, { solar: 2, quarries: 1 });
  for (let i = 0; i < 4; i += 1) {
    const parcel = builder.place(90, 60);
    if (parcel)
      builder.add({
        concept: "greenhouse",
        shape: polygon(rectangleIn(parcel, 0, 0, 80, 50)),
        attributes: ["bright", "rectangular"],
        span: i === 0 ? "second" : "both",
        layer: LAYER.roof,
        look: { kind: "roof", colour: "white", height: 4, ribs: true, gable: false },
        tags: { building: "greenhouse" },
        mapped: 0.5,
      });
  }
  return builder;
}

function railYard(builder: SceneBuilder, [x, y]: Position, names: NameBook, k: number) {
  const length = Math.min(620, 520 * k + 100);
  const parcel = { centre: [x + 62, y] as Position, angle: 0, w: 96, h: length };
  builder.occupy({ minX: x - 10, minY: y - length / 2, maxX: x + 114, maxY: y + length / 2 });
  const [name, chinese] = names.root();
  const yard = builder.add({
    concept: "rail_yard",
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    name: `${name} Yard`,
    look: { kind: "ground", surface: "gravel" },
    tags: { landuse: "railway", name: `${name} Yard` },
    mapped: 0.9,
  });
  for (let i = -3; i <= 3; i += 1) {
    builder.add({
      shape: line([
        [parcel.centre[0] + i * 12, y - length * 0.46],
        [parcel.centre[0] + i * 12, y + length * 0.46],
      ]),
      layer: LAYER.road + 0.2,
      look: { kind: "rail" },
    });
    for (let ty = y - length * 0.42; ty < y + length * 0.4; ty += 19) {
      if (builder.random.chance(0.5))
        builder.add({
          shape: polygon(rectangleIn({ centre: [parcel.centre[0] + i * 12, ty], angle: 0 }, 0, 0, 3, 17)),
          span: builder.random.pick<Span>(["first", "second", "both"]),
          layer: LAYER.object,
          look: { kind: "box", colour: builder.random.pick(["#6b3c2e", "#4b5560", "#7c7a3a", "#35526b"]), height: 4 },
        });
    }
  }
  builder.tell(yard, {
    name: `${name} Yard`,
    aliases: [`${chinese}编组站`],
    facts: { operator: names.operator(), opened: String(builder.random.integer(1888, 1931)) },
    sentences: [
      `${name} Yard sorts freight wagons for the whole valley.`,
      "It has seven tracks beside the main line.",
      "Night work is limited by law.",
    ],
  });
  builder.add({
    concept: "railway_station",
    shape: polygon(rectangleIn({ centre: [x - 24, y + length * 0.2], angle: 0 }, 0, 0, 22, 70)),
    name: `${name} Station`,
    layer: LAYER.roof,
    attributes: ["grey"],
    look: { kind: "roof", colour: "grey", height: 8, ribs: false, gable: true },
    tags: { railway: "station", building: "train_station", name: `${name} Station` },
    mapped: 1,
  });
}

function wastewater(builder: SceneBuilder, parcel: parcels.Parcel, names: NameBook) {
  const name = `${names.root()[0]} Wastewater Plant`;
  const plant = builder.add({
    concept: "wastewater_plant",
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    name,
    look: { kind: "ground", surface: "grass" },
    tags: { man_made: "wastewater_plant", name },
    mapped: 0.9,
  });
  builder.tell(plant, {
    name,
    aliases: [],
    facts: { operator: names.operator() },
    sentences: [
      `${name} cleans the sewage of the district's towns.`,
      "Its round basins can be seen from the river path.",
    ],
  });
  for (const x of [-54, -8, 38])
    builder.add({
      shape: polygon(parcels.circle(rectangleIn(parcel, x, 6, 0.1, 0.1)[0] as Position, 18)),
      layer: LAYER.object,
      look: { kind: "disc", radius: 0, colour: "#4a5c52", height: 1 },
    });
}

function basin(size: number, random: Random): SceneBuilder {
  const noise = new ValueNoise(random.fork("noise"));
  const names = new NameBook(random.fork("names"));
  const k = size / 4000;
  const builder = new SceneBuilder(size, random.fork("scene"), () => true);
  builder.add({
    concept: "bare_soil",
    shape: polygon(rectangleIn({ centre: [size / 2, size / 2], angle: 0 }, 0, 0, size, size)),
    attributes: ["bare"],
    layer: LAYER.field,
    look: { kind: "ground", surface: "sand" },
  });
  const wash = meander(size, size * random.between(0.2, 0.3), 300 * k, noise, 8);
  builder.add({
    concept: "stream",
    shape: line(wash),
    name: `${names.root()[0]} Wash`,
    layer: LAYER.water,
    look: { kind: "river", width: 9 },
    tags: { waterway: "stream", intermittent: "yes" },
    mapped: 0.9,
  });
  builder.keepClear(wash, 20);
  const course = meander(size, size * random.between(0.5, 0.6), 160 * k, noise, 2);
  const exits = motorway(
    builder,
    course,
    [0.3, 0.72].map((t) => size * (t + random.between(-0.05, 0.05))),
    names,
    `A${random.integer(2, 79)}`,
  );
  const [mineName, mineChinese] = names.root();
  const minePlace = builder.place(
    620 * Math.min(1, k + 0.15),
    620 * Math.min(1, k + 0.15),
    (c) => nearest(c, exits) > 700 * k,
    800,
  );
  if (minePlace) {
    const pit = parcels.quarry(builder, minePlace.centre, minePlace.w * 0.4, `${mineName} Mine`, true);
    builder.features[builder.features.indexOf(pit)] = {
      ...pit,
      concept: "mine",
      tags: { landuse: "quarry", resource: "copper", name: `${mineName} Mine` },
    };
    const operator = names.operator();
    builder.tell(
      { ...pit, concept: "mine" },
      {
        name: `${mineName} Mine`,
        aliases: [`${mineChinese}矿`],
        facts: {
          operator,
          opened: String(random.integer(1921, 1987)),
          output: `${random.integer(2, 19)} million tonnes a year`,
        },
        sentences: [
          `${mineName} Mine is an open pit that has been dug for copper.`,
          `It is worked by ${operator}.`,
          "Its benches spiral down to a lake of green water in wet years.",
          "Tailings are piped to the ponds nearby.",
        ],
      },
    );
    for (let i = 0; i < 2; i += 1) {
      const pond = builder.place(
        260 * Math.min(1, k + 0.3),
        220 * Math.min(1, k + 0.3),
        (c) => distance(c, minePlace.centre) < 1300 * k + 200,
        500,
      );
      if (pond)
        builder.add({
          concept: "pond",
          shape: polygon(blob(random, pond.centre, pond.h * 0.44, 0.2)),
          name: `${mineName} Tailings ${i + 1}`,
          look: { kind: "water", deep: false },
          tags: { man_made: "tailings_pond", natural: "water" },
          mapped: 0.8,
        });
    }
  }
  for (let i = 0; i < Math.round(3 * k + 1); i += 1) {
    const parcel = builder.place(320 * Math.min(1, k + 0.2), 320 * Math.min(1, k + 0.2));
    if (!parcel) continue;
    const [name] = names.root();
    const pit = parcels.quarry(builder, parcel.centre, parcel.w * 0.42, `${name} Quarry`, i % 2 === 0);
    builder.tell(pit, {
      name: `${name} Quarry`,
      aliases: [],
      facts: { operator: names.operator() },
      sentences: [`${name} Quarry yields gravel for the motorway.`, "It is worked in summer only."],
    });
  }
  const first: Position = [size * random.between(0.7, 0.8), size * random.between(0.2, 0.3)];
  const turbines = Math.round(8 * k + 3);
  const [windName] = names.root();
  for (let i = 0; i < turbines; i += 1) {
    const spot: Position = [
      first[0] + (i % 3) * 260 * k + random.between(-30, 30),
      first[1] + Math.floor(i / 3) * 330 * k + random.between(-30, 30),
    ];
    if (
      spot[0] > size - 60 ||
      spot[1] > size - 60 ||
      !builder.isFree({ minX: spot[0] - 18, minY: spot[1] - 18, maxX: spot[0] + 18, maxY: spot[1] + 18 })
    )
      continue;
    builder.occupy({ minX: spot[0] - 22, minY: spot[1] - 22, maxX: spot[0] + 22, maxY: spot[1] + 22 });
    const turbine = builder.add({
      concept: "wind_turbine",
      shape: { type: "Point", at: spot },
      attributes: ["white", "tall"],
      span: i >= turbines - 3 ? "second" : "both",
      layer: LAYER.roof,
      look: { kind: "turbine" },
      tags: { power: "generator", "generator:source": "wind" },
      mapped: i >= turbines - 3 ? 0.2 : 0.9,
    });
    if (i === 0)
      builder.tell(turbine, {
        name: `${windName} Wind Farm`,
        aliases: [],
        concept: "wind_farm",
        facts: { operator: names.operator(), output: `${turbines * 3} MW` },
        sentences: [
          `${windName} Wind Farm stands on the low ridge of the basin.`,
          `Its turbines give ${turbines * 3} MW in a good wind.`,
        ],
      });
  }
  const strip = builder.place(760 * Math.min(1, k + 0.1), 110, () => true, 900);
  if (strip) {
    const [name] = names.root();
    const field = builder.add({
      concept: "airport",
      shape: polygon(rectangleIn(strip, 0, 0, strip.w, strip.h)),
      name: `${name} Airstrip`,
      look: { kind: "ground", surface: "soil" },
      tags: { aeroway: "aerodrome", name: `${name} Airstrip` },
      mapped: 1,
    });
    builder.add({
      concept: "runway",
      shape: polygon(rectangleIn(strip, 0, -18, strip.w - 20, 24)),
      layer: LAYER.yard,
      look: { kind: "ground", surface: "yard" },
      tags: { aeroway: "runway" },
      mapped: 0.9,
    });
    for (let i = 0; i < 5; i += 1)
      builder.add({
        concept: "plane",
        shape: { type: "Point", at: rectangleIn(strip, -120 + i * 34, 30, 0.1, 0.1)[0] as Position },
        span: random.pick<Span>(["both", "first", "second"]),
        layer: LAYER.roof,
        look: { kind: "plane" },
      });
    builder.tell(field, {
      name: `${name} Airstrip`,
      aliases: [],
      facts: { operator: names.operator(), opened: String(random.integer(1942, 1969)) },
      sentences: [`${name} Airstrip serves crop dusters and the mine's charter flights.`, "It has one paved runway."],
    });
  }
  for (let i = 0; i < 6; i += 1) {
    const parcel = builder.place(50, 50);
    if (!parcel) continue;
    builder.add({
      shape: polygon(rectangleIn(parcel, 0, 0, 40, 34)),
      look: { kind: "ground", surface: "soil" },
      span: i > 3 ? "second" : "both",
    });
    builder.add({
      concept: "oil_well",
      shape: { type: "Point", at: parcel.centre },
      span: i > 3 ? "second" : "both",
      layer: LAYER.object,
      look: { kind: "disc", radius: 4, colour: "#4c4238", height: 4 },
      tags: { man_made: "petroleum_well" },
      mapped: 0.6,
    });
  }
  const dump = builder.place(190, 150);
  if (dump)
    builder.add({
      concept: "landfill",
      shape: polygon(blob(random, dump.centre, 75, 0.2)),
      name: `${names.root()[0]} Landfill`,
      look: { kind: "ground", surface: "soil" },
      tags: { landuse: "landfill" },
      mapped: 0.8,
    });
  const nearExit = (low: number, high: number) => (c: Position) => nearest(c, exits) > low && nearest(c, exits) < high;
  logisticsParks(
    builder,
    [
      { span: "second", accepts: nearExit(180, 800), named: true },
      { span: "both", accepts: nearExit(200, 1100), named: true },
      { span: "both", accepts: (c) => nearest(c, exits) > 1000 * k, named: false },
    ],
    names,
  );
  town(builder, names, {
    oldTownAt: nearExit(300, 1400),
    dense: Math.round(3 * k + 1),
    sparse: Math.round(3 * k),
    factories: Math.round(2 * k),
    k,
  });
  for (let i = 0; i < 2; i += 1) {
    const parcel = builder.place(420 * Math.min(1, k + 0.2), 260);
    if (!parcel) continue;
    const name = `${names.root()[0]} Solar Farm`;
    const farm = parcels.solarFarm(builder, parcel, i === 0 ? name : null, i === 0 ? "both" : "second");
    if (i === 0)
      builder.tell(farm, {
        name,
        aliases: [],
        facts: { operator: names.operator(), output: `${random.integer(12, 60)} MW` },
        sentences: [`${name} uses the basin's clear skies.`, "Its rows turn with the sun."],
      });
  }
  for (let i = 0; i < Math.round(220 * k * k); i += 1) {
    builder.add({
      shape: { type: "Point", at: [random.between(0, size), random.between(0, size)] },
      layer: LAYER.land,
      look: { kind: "tree", radius: random.between(1, 2.4) },
    });
  }
  return builder;
}
