import { describe, expect, it } from "vitest";
import { counted as countedZh, named as namedZh } from "../../../src/answer/captions/chinese.ts";
import { collectFacts } from "../../../src/answer/captions/collect-facts.ts";
import { counted as countedEn, named as namedEn } from "../../../src/answer/captions/english.ts";
import { writeCaption } from "../../../src/answer/captions/write-caption.ts";
import type { Language } from "../../../src/answer/words.ts";
import { tileAt } from "../../../src/geo/tile-grid.ts";
import type { Entity } from "../../../src/store/entity.ts";
import type { TileRecord } from "../../../src/store/ports.ts";
import { entity } from "../../fixtures/entities.ts";
import { BOX, DEPOT, line, patch, type SceneOptions, scene } from "./scenes.ts";

const captionOf = (
  entities: readonly Entity[],
  language: Language,
  options: SceneOptions & { readonly date?: string } = {},
  box = BOX as readonly [number, number, number, number],
) => writeCaption(collectFacts(box, options.date ?? null, scene(entities, options)), language);

describe("a depot among fields, worked out by hand", () => {
  it("reads in English as an analyst would say it", () => {
    const { line: one, objects, layout } = captionOf(DEPOT, "en");
    expect(one.text).toBe(
      "Farmland (58 %) and forest (30 %) with five large white roofs around a truck yard, crossed by the M9 motorway",
    );
    expect(objects.text).toBe(
      "The ground is 58 % farmland and 30 % forest. In it: five large white roofs (about 3,600 m² each); a truck yard (about 6,400 m²). Through it runs the M9 motorway.",
    );
    expect(layout.text).toBe(
      "Five large white roofs lie around a truck yard in the west. The M9 motorway crosses it from north to south in the east. The truck yard is 1.0 km from the Harlow motorway exit. The nearest large roof is 928 m from the Harlow motorway exit. Outside it, the Harlow motorway exit is 450 m to the north and Harlowe (town) 2.0 km to the west.",
    );
  });

  it("reads in Chinese with measure words", () => {
    const { line: one, objects, layout } = captionOf(DEPOT, "zh");
    expect(one.text).toBe(
      "农田（58 %）和林地（30 %），内有围绕卡车停车场的五个白色大屋顶，M9 motorway（高速公路）穿过，位于Harlow（高速出口）以南 450 米",
    );
    expect(objects.text).toBe(
      "地表：农田占 58 %、林地占 30 %。区内有五个白色大屋顶（每个约 3,600 平方米）；一个卡车停车场（约 6,400 平方米）。经过区内的有M9 motorway（高速公路）。",
    );
    expect(layout.text).toBe(
      "五个白色大屋顶围绕卡车停车场，位于西部。M9 motorway（高速公路）南北向穿过东部。卡车停车场距Harlow（高速出口）1.0 公里。最近的大屋顶距Harlow（高速出口）928 米。区外，北面 450 米处为Harlow（高速出口）、西面 2.0 公里处为Harlowe（城镇）。",
    );
  });

  it("rests every clause on the entities that it speaks of", () => {
    const { line: one } = captionOf(DEPOT, "en");
    expect(one.clauses).toEqual([
      { text: "Farmland (58 %) and forest (30 %)", evidence: ["farm", "wood"] },
      {
        text: " with five large white roofs around a truck yard",
        evidence: ["roof1", "roof2", "roof3", "roof4", "roof5", "yard"],
      },
      { text: ", crossed by the M9 motorway", evidence: ["m9"] },
    ]);
  });
});

describe("things that several sources know", () => {
  const mapped = entity("map", "building", 500, 500, { side: 60 });
  const found = entity("find", "large_roof", 505, 500, {
    side: 60,
    source: "segmenter:s@1",
    attributes: ["large", "blue"],
  });

  it("are counted once, as the narrower kind, with the evidence of both", () => {
    const { objects } = captionOf([mapped, found], "en");
    expect(objects.text).toContain("In it: a large blue roof (about 3,600 m²).");
    expect(objects.text).not.toContain("building");
    expect(objects.clauses.find(({ text }) => text.includes("roof"))?.evidence).toEqual(["find", "map"]);
  });

  it("are two when they lie apart, and a hall is not the compound it stands in", () => {
    const apart = { ...found, geometry: entity("x", "large_roof", 700, 500, { side: 60 }).geometry };
    expect(captionOf([mapped, apart], "en").objects.text).toContain("a large blue roof");
    expect(captionOf([mapped, apart], "en").objects.text).toContain("one other building");
  });

  it("fold narrower kinds into the wider one that is there too", () => {
    const roofs = [200, 400, 600].map((x, i) => entity(`r${i}`, "large_roof", x, 500, { side: 60 }));
    const text = captionOf([...roofs, entity("w", "warehouse", 800, 300, { side: 60 })], "en").objects.text;
    expect(text).toContain("four large roofs (one of them a warehouse, about 3,600 m² each)");
  });
});

describe("time", () => {
  const dates = ["2021-05-01", "2023-05-01"];
  const things = [
    entity("hall", "warehouse", 300, 300, { side: 80, firstSeen: "2023-05-01" }),
    entity("hut1", "building", 600, 300, { lastSeen: "2021-05-01" }),
    entity("hut2", "building", 640, 300, { lastSeen: "2021-05-01" }),
    entity("pit", "quarry", 500, 700, {
      side: 140,
      areaHistory: [
        { date: "2021-05-01", areaM2: 12_000 },
        { date: "2023-05-01", areaM2: 20_000 },
      ],
    }),
  ];

  it("tells what came, went and grew since the date before", () => {
    const { objects } = captionOf(things, "en", { dates, date: "2023-05-01" });
    expect(objects.text).toContain("New since 2021-05-01: a warehouse.");
    expect(objects.text).toContain("Gone since 2021-05-01: two buildings.");
    expect(objects.text).toContain("A quarry grew from 1.2 ha to 2.0 ha since 2021-05-01.");
    const chinese = captionOf(things, "zh", { dates, date: "2023-05-01" }).objects.text;
    expect(chinese).toContain("自 2021-05-01 以来新增一座仓库。");
    expect(chinese).toContain("自 2021-05-01 以来消失了两座建筑。");
    expect(chinese).toContain("自 2021-05-01 以来一处采石场由 1.2 公顷扩大到 2.0 公顷。");
  });

  it("speaks on the older date of what stood then", () => {
    const { objects } = captionOf(things, "en", { dates, date: "2021-05-01" });
    expect(objects.text).toContain("two buildings");
    expect(objects.text).not.toContain("warehouse");
    expect(objects.text).not.toContain("new");
  });
});

describe("arrangement", () => {
  const houses = [0, 1, 2, 3].flatMap((i) =>
    [0, 1, 2].map((j) => entity(`h${i}${j}`, "building", 100 + 30 * i, 100 + 40 * j, { side: 10 })),
  );

  it("tells rows, a row, and what lies along a road", () => {
    expect(captionOf(houses, "en").layout.text).toContain("12 buildings lie in three rows in the south-west.");
    expect(captionOf(houses, "zh").layout.text).toContain("12 座建筑排成三排，位于西南部。");
    const tanks = [0, 1, 2, 3].map((i) =>
      entity(`t${i}`, "storage_tank", 300 + 100 * i, 500, { side: 20, attributes: ["round"] }),
    );
    expect(captionOf(tanks, "en").layout.text).toContain("Four round storage tanks lie in a row from east to west");
    const road = line("r", "road", [
      [0, 500],
      [500, 480],
      [1000, 500],
    ]);
    const stalls = [100, 210, 290, 480, 620, 900].map((x, i) =>
      entity(`s${i}`, "greenhouse", x, i % 2 === 0 ? 520 : 465, { side: 20 }),
    );
    expect(
      captionOf(
        [road, ...stalls.map((stall, i) => (i === 5 ? entity("s5", "greenhouse", 900, 300, { side: 20 }) : stall))],
        "en",
      ).layout.text,
    ).toContain("Six greenhouses lie along a road");
  });

  it("places things in ninths, along edges, and tells what is only a part", () => {
    const pier = patch("pier", "pier", [100, 960, 900, 1000]);
    expect(captionOf([pier], "en").layout.text).toContain("A pier lies along the northern edge.");
    expect(captionOf([pier], "zh").layout.text).toContain("一座码头位于北侧边缘。");
    const estate = patch("estate", "industrial_area", [800, 0, 1600, 400], { name: null });
    expect(captionOf([estate], "en").objects.text).toContain("part of an industrial area");
    expect(captionOf([estate], "zh").objects.text).toContain("一片工业区的一部分");
  });
});

describe("where little or nothing is known", () => {
  const green: TileRecord = {
    ...tileAt(512, 0, 0),
    date: "2024-06-01",
    coverage: 1,
    statistics: { saturation_mean: 0.3, vegetation_share: 0.82, brightness_mean: 0.5, smooth_share_8: 0.7 },
  };
  const box = [0, 0, 512, 512] as const;

  it("says so, and what the pixels look like", () => {
    const options = { tiles: [green], dates: ["2024-06-01"], date: "2024-06-01" };
    const { line: one, objects } = captionOf([], "en", options, box);
    expect(one.text).toBe("Mostly green, smooth ground; nothing mapped or found here");
    expect(one.clauses[0]?.evidence).toEqual([
      "tile:512/0/0@2024-06-01#vegetation_share",
      "tile:512/0/0@2024-06-01#smooth_share_8",
    ]);
    expect(objects.text).toBe(
      "In the image it is mostly green, smooth ground (82 % by colour). Nothing is mapped or found here. There is imagery of one date only, 2024-06-01.",
    );
    expect(captionOf([], "zh", options, box).line.text).toBe("以绿色为主、质地平滑的地面；没有已测绘或已发现的地物");
  });

  it("does not trust the colours of dull imagery, and tells how much is imaged", () => {
    const hazy = {
      ...green,
      coverage: 0.3,
      statistics: { ...green.statistics, saturation_mean: 0.1, water_share: 0.9 },
    };
    const { line: one } = captionOf([], "en", { tiles: [hazy], dates: ["2024-06-01"], date: "2024-06-01" }, box);
    expect(one.text).toBe("Greyish, smooth ground; nothing mapped or found here (only 30 % imaged)");
  });

  it("admits that it knows nothing", () => {
    expect(captionOf([], "en").line.text).toBe(
      "Nothing is known of this area: no imagery, and nothing mapped or found",
    );
    expect(captionOf([], "en").line.clauses[0]?.evidence).toEqual(["area:0,0,1000,1000"]);
  });
});

describe("grammar", () => {
  it("has English articles, plurals and the order of adjectives", () => {
    expect(countedEn("university", 1)).toBe("a university");
    expect(countedEn("industrial_area", 1)).toBe("an industrial area");
    expect(countedEn("oil_refinery", 1)).toBe("an oil refinery");
    expect(countedEn("church", 3)).toBe("three churches");
    expect(countedEn("factory", 12)).toBe("12 factories");
    expect(countedEn("building", 2, ["red", "large"])).toBe("two large red buildings");
    expect(countedEn("water", 2)).toBe("two water bodies");
    expect(countedEn("sea", 1)).toBe("the sea");
  });

  it("has Chinese measure words, 两 before them, and digits from eleven on", () => {
    expect(countedZh("ship", 2)).toBe("两艘船");
    expect(countedZh("large_vehicle", 10)).toBe("十辆卡车");
    expect(countedZh("highway", 1)).toBe("一条高速公路");
    expect(countedZh("solar_panel", 240)).toBe("240 块太阳能板");
    expect(countedZh("school", 3, ["red"])).toBe("三所红色学校");
    expect(countedZh("residential_area", 2)).toBe("两片住宅区");
  });

  it("calls by name, with the kind where the name does not tell it", () => {
    expect(namedEn({ en: "Rosedale Stadium", zh: null }, "stadium")).toBe("Rosedale Stadium");
    expect(namedEn({ en: "Delph", zh: null }, "highway_exit")).toBe("the Delph motorway exit");
    expect(namedEn({ en: "Breede River", zh: null }, "river")).toBe("the Breede River");
    expect(namedEn({ en: "Ullswick", zh: null }, "town")).toBe("Ullswick (town)");
    expect(namedZh({ en: "Port of Orwell", zh: "奥韦尔港" }, "port")).toBe("奥韦尔港");
    expect(namedZh({ en: "Ullswick", zh: "厄尔斯威克" }, "town")).toBe("厄尔斯威克（城镇）");
  });
});
