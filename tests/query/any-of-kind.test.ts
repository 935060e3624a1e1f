import { expect, it } from "vitest";
import { landmarkNames } from "../../src/query/knowledge/landmark-names.ts";
import { EMPTY_DIALOGUE } from "../../src/query/turn.ts";
import { understand } from "../../src/query/understand.ts";
import type { Landmark } from "../../src/store/ports.ts";

const terminal: Landmark = {
  id: "terminal",
  name: "Medwin Container Terminal",
  aliases: ["the container terminal"],
  concept: "container_yard",
  country: null,
  geometry: { type: "Point", coordinates: [2.3, 41.6] },
  facts: [],
  source: "test",
  licence: null,
  image: null,
};
const gazetteer = {
  places: [
    {
      id: "terminal",
      names: [terminal.name, ...terminal.aliases],
      concept: terminal.concept,
      geometry: { type: "Point" as const, coordinates: [2.3, 41.6] },
      importance: 0.8,
    },
  ],
  landmarks: landmarkNames([terminal]),
};
const read = (message: string) =>
  understand(message, EMPTY_DIALOGUE, { gazetteer, newestDate: "2024-05-01", dates: ["2024-05-01"] });

it("takes a kind with an indefinite article for any of the kind, though a landmark bears its name", () => {
  for (const message of [
    "ships within 400 m of a container terminal",
    "where are the ships no more than 400 m from a container terminal?",
    "ships within 400 m of any container terminal",
  ]) {
    const { intent, query } = read(message);
    expect([intent, query?.relations[0]?.anchors[0]?.concept, query?.geo]).toEqual(["search", "container_yard", []]);
  }
  const { query } = read("ships within 400 m of the container terminal");
  expect(query?.geo).toMatchObject([{ kind: "place", name: "the container terminal" }]);
});
