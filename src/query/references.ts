import type { Draft } from "./draft.ts";
import type { Exclusion } from "./schema.ts";
import type { DialogueState, Reference } from "./turn.ts";

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const ORDINAL_WORDS = new RegExp(
  `\\b(?:the )?(${ORDINALS.join("|")}|last|bottom|top)(?: one| result| region| place| hit| match)?\\b`,
  "g",
);
const CHINESE_NUMBERS = "一二三四五六七八九十";

/** "#2", "the second one", "it", "those", "最后一个": resolved against the last results. */
export function referencesOf(plain: string, draft: Draft, dialogue: DialogueState): Reference[] {
  const found: Reference[] = draft.ranks.map(({ rank, start, end, text }) => ({ text, start, end, rank }));
  const add = (text: string, start: number, rank: number) => {
    const isKnown = found.some((other) => other.start < start + text.length && start < other.end);
    if (!isKnown && rank >= 1) found.push({ text, start, end: start + text.length, rank });
  };
  const count = dialogue.regions.length;
  for (const match of plain.matchAll(ORDINAL_WORDS)) {
    const word = match[1] as string;
    const isLimit =
      /^\s+(two|three|four|five|six|seven|eight|nine|ten|\d|year|month|week|few|couple|decade|summer|largest|biggest|smallest|newest|oldest|closest|nearest|floor|half|quarter)/.test(
        plain.slice(match.index + match[0].length),
      );
    const isOrder =
      (word === "first" || word === "last" || word === "top" || word === "bottom") &&
      !/ (one|result|region|place|hit|match)$|^the /.test(match[0]);
    const isAlone = /^\s*($|[?.!,;]|(and|or|one|is|look)\b)/.test(plain.slice(match.index + match[0].length));
    const isPeriod = word === "last" && !isAlone && !/ (one|result|region|place|hit|match)$/.test(match[0]);
    if (isLimit || isOrder || isPeriod) continue;
    add(
      match[0],
      match.index,
      word === "last" || word === "bottom" ? count : word === "top" ? 1 : ORDINALS.indexOf(word) + 1,
    );
  }
  for (const match of plain.matchAll(/\b(?:number|result|region|no) (\d+|one|two|three|four|five)\b/g)) {
    const word = match[1] as string;
    add(
      match[0],
      match.index,
      /\d/.test(word) ? Number(word) : ["one", "two", "three", "four", "five"].indexOf(word) + 1,
    );
  }
  for (const match of plain.matchAll(/最后(?:一|那)?个|(?:结果|区域|编号)\s?([一二三四五六七八九十\d]+)/g)) {
    const number = match[1];
    add(
      match[0],
      match.index,
      number ? (/\d/.test(number) ? Number(number) : CHINESE_NUMBERS.indexOf(number) + 1) : count,
    );
  }
  if (found.length === 0 && count > 0) {
    const pronoun =
      /\b(this one|that one|this place|this site|this region|this|that one|its|it|here)\b|^里面|这里|这个|那个|它(?!们)|此处|这片|这块/.exec(
        plain,
      );
    const isIdle =
      /^(is|make|do|sort|limit|keep|narrow|widen|extend|reduce|increase|change|set|restrict|expand|order) it\b|\b(make|limit|narrow|widen|extend|keep|sort|restrict|increase|reduce|change|set|expand|rank|order) it\b|in this (view|area)|it (is|'s) (not )?(necessary|important|ok|fine)|这个(条件|限制|要求|视图|范围)|那个(条件|限制|要求)/.test(
        plain,
      );
    if (pronoun && !isIdle) add(pronoun[0], pronoun.index, 1);
  }
  return found.map((reference) => {
    const region = dialogue.regions.find(({ rank }) => rank === reference.rank);
    return region ? { ...reference, region: region.id } : reference;
  });
}

/** Exclusions by rank as exclusions by region id; ranks that name no result are dropped and stay in the references. */
export function resolvedExclusions(
  exclude: readonly Exclusion[],
  references: readonly Reference[],
  dialogue: DialogueState,
): Exclusion[] {
  return exclude.flatMap((exclusion): Exclusion[] => {
    if (!("region" in exclusion)) return [exclusion];
    if (exclusion.region === "#last") {
      const last = dialogue.regions.at(-1);
      return last ? [{ region: last.id }] : [];
    }
    const region = references.find(({ rank }) => `#${rank}` === exclusion.region)?.region;
    return region ? [{ region }] : [];
  });
}
