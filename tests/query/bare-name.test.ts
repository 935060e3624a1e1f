import { expect, it } from "vitest";
import { expandBareName } from "../../src/query/bare-name.ts";
import { landmarkNames } from "../../src/query/knowledge/landmark-names.ts";
import type { Gazetteer } from "../../src/query/turn.ts";
import type { Landmark } from "../../src/store/ports.ts";

const harbour: Landmark = {
  id: "harbour",
  name: "Port of Medwin",
  aliases: ["麦德温港"],
  concept: "port",
  country: null,
  geometry: { type: "Point", coordinates: [2.3, 41.6] },
  facts: [],
  source: "test",
  licence: null,
  image: null,
};
const place = (name: string, concept: string) => ({
  id: name,
  names: [name],
  concept,
  geometry: { type: "Point" as const, coordinates: [2.3, 41.6] },
  importance: 0.5,
});
const gazetteer: Gazetteer = {
  places: [
    place("Quarley Works", "factory"),
    place("Old Quarry", "quarry"),
    place("Old Quarry", "mine"),
    place("A18 motorway", "highway"),
    place("Port", "port"),
  ],
  landmarks: landmarkNames([harbour]),
};
const expanded = (message: string) => expandBareName(message, gazetteer);

it("asks for what is known of a landmark that is named and nothing else", () => {
  for (const message of ["find Port of Medwin", "Show me the Port of Medwin!", "port of medwin"])
    expect(expanded(message).toLowerCase()).toBe("tell me about port of medwin");
  expect(expanded("查找麦德温港")).toBe("介绍麦德温港");
  expect(expanded("麦德温港")).toBe("介绍麦德温港");
  expect(expanded("where is Port of Medwin?")).toBe("where is Port of Medwin?");
});

it("looks for the thing of that name where a map alone has it", () => {
  expect(expanded("find Quarley Works")).toBe("factory within 5 m of Quarley Works");
  expect(expanded("Quarley Works在哪里?")).toBe("距Quarley Works5米以内的工厂");
});

it("leaves other messages as they are: kinds, shared names, names with numbers, questions about more", () => {
  for (const message of [
    "find ports",
    "Port",
    "find Old Quarry",
    "A18 motorway",
    "who runs Port of Medwin?",
    "warehouses near Port of Medwin",
    "find the port",
    "查找港口",
  ])
    expect(expanded(message)).toBe(message);
});
