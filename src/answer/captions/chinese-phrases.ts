import { area } from "../words.ts";
import { anchorWords, axisWords, counted, listed, named, noun, numberWord } from "./chinese.ts";
import { attributesOf } from "./choose.ts";
import type { AppearanceFact, Arrangement, ChangeFact, GroupFact, LineFact } from "./facts.ts";
import { type Phrase, phrase } from "./words.ts";

/** Facts as Chinese phrases, for all three levels. */

export function groundWords({ tone, texture }: AppearanceFact): string {
  const tones: Readonly<Record<AppearanceFact["tone"], string>> = {
    green: "以绿色为主",
    blue: "以蓝色为主",
    sandy: "多为沙土色",
    bright: "明亮",
    dark: "深色",
    grey: "灰暗",
    mixed: "色彩混杂",
  };
  return `${tones[tone]}${texture ? `、质地${texture === "smooth" ? "平滑" : "粗糙"}` : ""}的${tone === "blue" ? "表面" : "地面"}`;
}

export function groupWords(group: GroupFact, other = false): string {
  const [name] = group.names;
  const { shared } = attributesOf(group);
  if (group.count > 1 && group.count <= 2 && group.names.length === group.count)
    return listed(group.names.map((one) => named(one, one.concept)));
  if (group.count > 1) return counted(group.concept, group.count, shared, other);
  const words = name ? named(name, name.concept) : counted(group.concept, 1, shared, other);
  return group.isPartial ? `${words}的一部分` : words;
}

export function thingInLine(group: GroupFact): Phrase {
  const { arrangement } = group;
  const words = groupWords(group);
  switch (arrangement?.kind) {
    case "around":
      return phrase(`围绕${anchorWords(arrangement.anchor)}的${words}`, group.evidence, arrangement.anchor.evidence);
    case "rows":
      return phrase(`排成${numberWord(arrangement.rows)}排的${words}`, group.evidence);
    case "row":
      return phrase(`${axisWords(arrangement.axis)}排成一排的${words}`, group.evidence);
    default:
      return phrase(words, group.evidence);
  }
}

export function longGroup(group: GroupFact): Phrase {
  const part = group.parts[0];
  if (!part) return thingInLine(group);
  const isAround = part.arrangement?.kind === "around";
  const second = isAround ? undefined : group.parts[1];
  const first = isAround ? thingInLine(part).text : groupWords(part);
  return phrase(
    `${groupWords(group)}（内有${first}${second ? `和${groupWords(second)}` : ""}）`,
    group.evidence,
    part.evidence,
    part.arrangement?.kind === "around" ? part.arrangement.anchor.evidence : [],
    second?.evidence ?? [],
  );
}

export function lineName(line: LineFact): string {
  if (line.names) return named(line.names, line.concept);
  if (line.axis !== null || line.count === 1) return line.concept === "coast" ? "海岸" : counted(line.concept, 1);
  return `多条${noun(line.concept)}`;
}

export function changedThing(change: ChangeFact): string {
  const [name] = change.names;
  return change.count === 1 && name ? named(name, change.concept) : counted(change.concept, change.count);
}

export function changeWords(change: ChangeFact): string {
  const since = `自 ${change.since} 以来`;
  if (change.areasM2) {
    const [before, after] = change.areasM2;
    return `${since}${changedThing(change)}由 ${area(before, "zh")}${change.kind === "grown" ? "扩大" : "缩小"}到 ${area(after, "zh")}`;
  }
  return `${since}${change.kind === "new" ? "新增" : "消失了"}${changedThing(change)}`;
}

export function anchorEvidence(arrangement: Arrangement | null): readonly string[] {
  return arrangement && "anchor" in arrangement ? arrangement.anchor.evidence : [];
}

export function arranged(arrangement: Arrangement | null): string {
  switch (arrangement?.kind) {
    case "row":
      return `${axisWords(arrangement.axis)}排成一排`;
    case "rows":
      return `排成${numberWord(arrangement.rows)}排`;
    case "along":
      return `沿${anchorWords(arrangement.anchor)}分布`;
    case "around":
      return `围绕${anchorWords(arrangement.anchor)}`;
    case "clustered":
      return "密集成片";
    case "scattered":
      return "零散分布";
    default:
      return "";
  }
}
