import type { Random } from "./random.ts";

/** Fictional place names with Chinese renderings, drawn without repetition. */
const ROOTS: readonly (readonly [string, string])[] = [
  ["Ellery", "埃勒里"],
  ["Marlow", "马洛"],
  ["Kestrel", "红隼"],
  ["Harrow", "哈罗"],
  ["Ostrava", "奥斯特"],
  ["Calder", "考尔德"],
  ["Brannock", "布兰诺克"],
  ["Tamsin", "塔姆辛"],
  ["Wexley", "韦克斯利"],
  ["Dunmere", "邓米尔"],
  ["Orwell", "奥韦尔"],
  ["Pelham", "佩勒姆"],
  ["Quarley", "夸利"],
  ["Rosedale", "罗斯代尔"],
  ["Saltby", "索尔特比"],
  ["Thornby", "桑比"],
  ["Ullswick", "厄尔斯威克"],
  ["Verity", "维里蒂"],
  ["Wyndham", "温德姆"],
  ["Yarrow", "亚罗"],
  ["Aldous", "奥尔德斯"],
  ["Bircham", "伯彻姆"],
  ["Corran", "科兰"],
  ["Delph", "德尔夫"],
  ["Ferring", "费灵"],
  ["Garrick", "加里克"],
  ["Helmsby", "赫尔姆斯比"],
  ["Inverlea", "因弗利"],
  ["Jarrow", "贾罗"],
  ["Kilbrae", "基尔布雷"],
  ["Lorne", "洛恩"],
  ["Medwin", "梅德温"],
];
const OPERATORS: readonly string[] = [
  "Northgate Terminals",
  "Blue Heron Logistics",
  "Caldera Energy",
  "Meridian Ports Group",
  "Sable Freight Company",
  "Lantern Power Cooperative",
  "Greyfell Aggregates",
  "Tidewater Holdings",
  "Orchard Rail Services",
  "Pinnacle Estates Trust",
];

export class NameBook {
  readonly #roots: (readonly [string, string])[];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    this.#roots = random.shuffled(ROOTS);
  }

  /** A root that no other place of this world has. */
  root(): readonly [english: string, chinese: string] {
    return this.#roots.pop() ?? ["Newfield", "新野"];
  }

  operator(): string {
    return this.#random.pick(OPERATORS);
  }
}
