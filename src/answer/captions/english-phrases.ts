import { area } from "../words.ts";
import { attributesOf } from "./choose.ts";
import { anchorWords, axisWords, counted, listed, named, noun, numberWord } from "./english.ts";
import type { AppearanceFact, Arrangement, ChangeFact, GroupFact, LineFact } from "./facts.ts";
import { type Phrase, phrase } from "./words.ts";

/** Facts as English phrases, for all three levels. */

/** "mostly green, smooth ground". */
export function groundWords({ tone, texture }: AppearanceFact): string {
  const tones: Readonly<Record<AppearanceFact["tone"], string>> = {
    green: "mostly green",
    blue: "mostly blue",
    sandy: "largely sand-coloured",
    bright: "bright",
    dark: "dark",
    grey: "greyish",
    mixed: "many-coloured",
  };
  const surface = tone === "blue" ? "surface" : "ground";
  return `${tones[tone]}${texture ? `, ${texture === "smooth" ? "smooth" : "rough-textured"}` : ""} ${surface}`;
}

/** A group in few words: "Rosedale Stadium", "five large white roofs". */
export function groupWords(group: GroupFact, other = false): string {
  const [name] = group.names;
  if (group.count === 2 && group.names.length === 2) return listed(group.names.map((one) => named(one, one.concept)));
  if (group.count === 1) {
    const words = name ? named(name, name.concept) : counted(group.concept, 1, attributesOf(group).shared, other);
    return group.isPartial ? `part of ${words}` : words;
  }
  return counted(group.concept, group.count, attributesOf(group).shared, other);
}

/** With its arrangement where that shows at a glance. */
export function thingInLine(group: GroupFact): Phrase {
  const isShown = group.arrangement !== null && ["around", "rows", "row"].includes(group.arrangement.kind);
  return isShown
    ? phrase(`${groupWords(group)}${arranged(group.arrangement)}`, group.evidence, anchorEvidence(group))
    : phrase(groupWords(group), group.evidence);
}

/** A holder with the two kinds that say most of it, in brackets where a list goes on. */
export function longGroup(group: GroupFact, isListed: boolean): Phrase {
  const part = group.parts[0];
  if (!part) return thingInLine(group);
  const isAround = part.arrangement?.kind === "around";
  const second = isAround ? undefined : group.parts[1];
  const parts = `with ${groupWords(part)}${isAround ? arranged(part.arrangement) : ""}${second ? ` and ${groupWords(second)}` : ""}`;
  return phrase(
    `${groupWords(group)} ${isListed ? `(${parts})` : parts}`,
    group.evidence,
    part.evidence,
    isAround ? anchorEvidence(part) : [],
    second?.evidence ?? [],
  );
}

export function anchorEvidence({ arrangement }: GroupFact): readonly string[] {
  return arrangement && "anchor" in arrangement ? arrangement.anchor.evidence : [];
}

/** " in four rows", " around a truck yard"; empty for none. */
export function arranged(arrangement: Arrangement | null): string {
  switch (arrangement?.kind) {
    case "row":
      return ` in a row ${axisWords(arrangement.axis)}`;
    case "rows":
      return ` in ${numberWord(arrangement.rows)} rows`;
    case "along":
      return ` along ${anchorWords(arrangement.anchor)}`;
    case "around":
      return ` around ${anchorWords(arrangement.anchor)}`;
    case "clustered":
      return " close together";
    case "scattered":
      return " scattered";
    default:
      return "";
  }
}

export function lineName(line: LineFact): string {
  if (line.names) return named(line.names, line.concept);
  if (line.axis !== null || line.count === 1) return counted(line.concept, 1);
  return noun(line.concept, 2);
}

export function changedThing(change: ChangeFact): string {
  const [name] = change.names;
  return change.count === 1 && name ? named(name, change.concept) : counted(change.concept, change.count);
}

export function changeWords(change: ChangeFact): string {
  const what = changedThing(change);
  if (change.areasM2) {
    const [before, after] = change.areasM2;
    return `${what} ${change.kind === "grown" ? "grew" : "shrank"} from ${area(before, "en")} to ${area(after, "en")} since ${change.since}`;
  }
  return `${what} ${change.kind} since ${change.since}`;
}
