import { expect, it } from "vitest";
import { asksForMeaning } from "../../src/query/intent.ts";

it.each([
  "what does 0.8 mean?",
  "what does the probability of 80 % mean?",
  "what does a probability of .8 mean",
  "how should i read the probability?",
  "how reliable are these probabilities?",
  "0.8是什么意思?",
  "概率80%代表什么?",
  "这个概率怎么理解?",
])("takes “%s” for a question about a probability", (message) => {
  expect(asksForMeaning(message)).toBe(true);
});

it.each([
  "why is this first?",
  "warehouses within 0.8 km of a river",
  "what does the harbour look like?",
  "sort by probability",
  "概率最高的仓库",
  "距河流0.8公里的仓库",
  "what do you mean by logistics park?",
])("leaves “%s” alone", (message) => {
  expect(asksForMeaning(message)).toBe(false);
});
