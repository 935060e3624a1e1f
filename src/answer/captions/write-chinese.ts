import { area, percent } from "../words.ts";
import {
  anchorWords,
  attributeWord,
  axisWords,
  coverWords,
  directionWord,
  listed,
  measureWord,
  named,
  noun,
  numbered,
  positionWords,
} from "./chinese.ts";
import {
  anchorEvidence,
  arranged,
  changedThing,
  changeWords,
  groundWords,
  groupWords,
  lineName,
  longGroup,
  thingInLine,
} from "./chinese-phrases.ts";
import {
  areOthers,
  attributesOf,
  chooseContents,
  chooseLayout,
  chooseLine,
  chooseObjects,
  type Head,
  type LinePiece,
  type Tail,
} from "./choose.ts";
import { opposite } from "./directions.ts";
import type { CaptionFacts, ChangeFact, Compass, GroupFact, LineFact } from "./facts.ts";
import { distanceWords, type Phrase, phrase, wording } from "./words.ts";

/** Characters in a line; a word or number of Latin letters counts as two. */
const MOST_CHARACTERS = 60;

export function chineseLine(facts: CaptionFacts, variant: number): Phrase[] {
  const { head, pieces } = chooseLine(facts);
  let kept: readonly LinePiece[] = [];
  for (const piece of pieces) {
    const longer = pieces.filter((one) => kept.includes(one) || one === piece);
    if (lengthOf(lineOf(facts, head, longer, variant)) <= MOST_CHARACTERS) kept = longer;
  }
  return lineOf(facts, head, kept, variant);
}

function lengthOf(phrases: readonly Phrase[]): number {
  const text = phrases.map((one) => one.text).join("");
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const others = text.match(/[\p{Script=Latin}\d][\p{Script=Latin}\d.,-]*/gu)?.length ?? 0;
  return han + 2 * others;
}

function lineOf(facts: CaptionFacts, head: Head, pieces: readonly LinePiece[], variant: number): Phrase[] {
  const of = <K extends LinePiece["kind"]>(kind: K) =>
    pieces.filter((piece): piece is Extract<LinePiece, { kind: K }> => piece.kind === kind);
  const lines = of("line").map(({ line }) => line);
  const things = [
    ...of("thing").map(({ group }) => thingInLine(group)),
    ...lines.filter(({ crosses }) => !crosses).map((line) => phrase(lineName(line), line.evidence)),
  ];
  const joiner =
    head.kind === "group" || head.kind === "lines"
      ? wording(variant, "，另有", "，还有", "，并有", "，另有")
      : wording(variant, "，内有", "，其间有", "，分布有", "，可见");
  return [
    headPhrase(facts, head, variant),
    ...things.map(({ text, evidence }, i) => {
      const isLast = i === things.length - 1 && i > 0;
      return phrase(`${isLast ? "和" : i === 0 ? joiner : "、"}${text}`, evidence);
    }),
    ...lines
      .filter(({ crosses }) => crosses)
      .map((line) => phrase(`，${lineName(line)}${wording(variant, "穿过", "贯穿其间")}`, line.evidence)),
    ...of("tail").map(({ tail }) => tailPhrase(tail)),
    ...(head.kind === "ground" && head.isBare ? [phrase("；没有已测绘或已发现的地物", [facts.areaEvidence])] : []),
    ...of("change").map(({ change }) => phrase(`；${changeWords(change)}`, change.evidence)),
    ...of("quality").map(({ coverage, evidence }) => phrase(`（仅 ${percent(coverage)} 有影像）`, evidence)),
  ];
}

function headPhrase(facts: CaptionFacts, head: Head, variant: number): Phrase {
  switch (head.kind) {
    case "group":
      return longGroup(head.group);
    case "cover": {
      const words = listed(head.items.map((item) => `${coverWords(item)}（${percent(item.share)}）`));
      const most = (head.items[0]?.share ?? 0) >= 0.5;
      return phrase(
        wording(variant, words, most ? `主要为${words}` : `以${words}为主`, `一片${words}`, `${words}地带`),
        ...head.items.map(({ evidence }) => evidence),
      );
    }
    case "ground":
      return phrase(groundWords(head.appearance), head.appearance.evidence);
    case "lines": {
      const [line] = facts.lines;
      return line ? phrase(lineName(line), line.evidence) : phrase("", []);
    }
    case "nothing":
      return phrase("对此区域一无所知：没有影像，也没有已测绘或已发现的地物", [facts.areaEvidence]);
  }
}

/** 内有围绕卡车停车场的六个大屋顶; null when nothing in it is worth telling. */
export function chineseContents(facts: CaptionFacts, isOne: boolean): string | null {
  const things = chooseContents(facts, isOne).map((group) => thingInLine(group).text);
  return things.length > 0 ? `内有${listed(things)}` : null;
}

/** 以西, but 西南方向. */
function sideWords(direction: Compass): string {
  const word = directionWord(direction);
  return word.length === 1 ? `以${word}` : `${word}方向`;
}

function tailPhrase(tail: Tail): Phrase {
  if (tail.kind === "relation") {
    const { anchor, distanceM, subject } = tail.fact;
    const words = anchorWords(anchor);
    return phrase(
      distanceM < 0.5 ? `，紧邻${words}` : `，距${words} ${distanceWords(distanceM, "zh")}`,
      subject.evidence,
      anchor.evidence,
    );
  }
  const { distanceM, direction, evidence } = tail.fact;
  return phrase(
    `，位于${anchorWords(tail.fact)}${sideWords(opposite(direction))} ${distanceWords(distanceM, "zh")}`,
    evidence,
  );
}

export function chineseObjects(facts: CaptionFacts, variant: number): Phrase[] {
  const chosen = chooseObjects(facts);
  const out: Phrase[] = [];
  const opening = wording(variant, "地表：", "按面积计，", "地面覆盖为", "覆盖情况：");
  chosen.cover.forEach((item, i) => {
    const end = i === chosen.cover.length - 1 ? "。" : "";
    out.push(phrase(`${i === 0 ? opening : "、"}${coverWords(item)}占 ${percent(item.share)}${end}`, item.evidence));
  });
  if (chosen.appearance) {
    const { toneShare, evidence } = chosen.appearance;
    const share = toneShare === null ? "" : `（按颜色占 ${percent(toneShare)}）`;
    out.push(phrase(`影像上是${groundWords(chosen.appearance)}${share}。`, evidence));
  }
  chosen.groups.forEach((group, i) => {
    const start = i === 0 ? wording(variant, "区内有", "其中有", "包含", "可见") : "；";
    const { text, evidence } = objectPhrase(group, areOthers(group, chosen.groups.slice(0, i)));
    out.push(phrase(`${start}${text}${i === chosen.groups.length - 1 ? "。" : ""}`, evidence));
  });
  chosen.lines.forEach((line, i) => {
    const start = i === 0 ? "经过区内的有" : "、";
    out.push(phrase(`${start}${lineName(line)}${i === chosen.lines.length - 1 ? "。" : ""}`, line.evidence));
  });
  out.push(...changeSentences(chosen.changes));
  if (facts.groups.length === 0 && facts.lines.length === 0 && facts.cover.length === 0)
    out.push(phrase("没有已测绘或已发现的地物。", [facts.areaEvidence]));
  const imaged = facts.quality?.evidence ?? [];
  if (chosen.coverage !== null) out.push(phrase(`仅 ${percent(chosen.coverage)} 有影像。`, imaged));
  if (chosen.singleDate) out.push(phrase(`只有 ${facts.date} 一个日期的影像。`, imaged));
  return out;
}

function changeSentences(changes: readonly ChangeFact[]): Phrase[] {
  const out: Phrase[] = [];
  for (const kind of ["new", "gone"] as const) {
    const those = changes.filter((change) => change.kind === kind);
    those.forEach((change, i) => {
      const start = i === 0 ? `自 ${change.since} 以来${kind === "new" ? "新增" : "消失了"}` : "、";
      out.push(phrase(`${start}${changedThing(change)}${i === those.length - 1 ? "。" : ""}`, change.evidence));
    });
  }
  for (const change of changes) if (change.areasM2) out.push(phrase(`${changeWords(change)}。`, change.evidence));
  return out;
}

function objectPhrase(group: GroupFact, other: boolean): Phrase {
  const evidence = [group.evidence, ...group.ofWhich.map((one) => one.evidence)];
  const extras: string[] = [];
  if (group.count > 2 && group.names.length > 0)
    extras.push(`包括${listed(group.names.map((name) => named(name, name.concept)))}`);
  for (const { concept, count } of group.ofWhich)
    extras.push(count === group.count ? `均为${noun(concept)}` : `其中${numbered(count, concept)}为${noun(concept)}`);
  for (const { attribute, count } of attributesOf(group).some)
    extras.push(`其中${numbered(count, group.concept)}为${attributeWord(attribute)}`);
  if (group.medianAreaM2 !== null && group.medianAreaM2 >= 400 && !group.isPartial)
    extras.push(`${group.count > 1 ? `每${measureWord(group.concept)}` : ""}约 ${area(group.medianAreaM2, "zh")}`);
  const parts = group.parts.slice(0, 4).map((part, i) => {
    evidence.push(part.evidence);
    return groupWords(part, areOthers(part, group.parts.slice(0, i)));
  });
  const detail = extras.length > 0 ? `（${extras.join("，")}）` : "";
  return phrase(`${groupWords(group, other)}${detail}${parts.length > 0 ? `，内有${listed(parts)}` : ""}`, ...evidence);
}

export function chineseLayout(facts: CaptionFacts, variant: number): Phrase[] {
  const chosen = chooseLayout(facts);
  const sentences: Phrase[] = [];
  if (facts.inside) sentences.push(phrase(`整个区域位于${anchorWords(facts.inside)}内`, facts.inside.evidence));
  for (const group of chosen.groups) {
    const { arrangement, position } = group;
    const how = arranged(arrangement);
    const verb = wording(variant, "位于", "在", "分布于", "坐落于");
    const where = position.kind === "throughout" ? "遍布全区" : `${verb}${positionWords(position)}`;
    sentences.push(
      phrase(`${groupWords(group)}${how}${how ? "，" : ""}${where}`, group.evidence, anchorEvidence(arrangement)),
    );
  }
  for (const { holder, part } of chosen.inside) {
    const name = holder.names[0] ? named(holder.names[0], holder.concept) : noun(holder.concept);
    sentences.push(
      phrase(
        `${name}内的${groupWords(part)}${arranged(part.arrangement)}`,
        holder.evidence,
        part.evidence,
        anchorEvidence(part.arrangement),
      ),
    );
  }
  for (const line of chosen.lines) sentences.push(lineSentence(line, variant));
  for (const { subject, anchor, distanceM } of chosen.relations) {
    const to = anchorWords(anchor);
    const what = subject.names ? anchorWords(subject) : `${subject.count > 1 ? "最近的" : ""}${noun(subject.concept)}`;
    sentences.push(
      phrase(
        distanceM < 0.5 ? `${what}紧邻${to}` : `${what}距${to} ${distanceWords(distanceM, "zh")}`,
        subject.evidence,
        anchor.evidence,
      ),
    );
  }
  const out = sentences.map(({ text, evidence }) => phrase(`${text}。`, evidence));
  chosen.surroundings.forEach((fact, i) => {
    const start = i === 0 ? wording(variant, "区外，", "周边，", "四周，", "附近，") : "、";
    const end = i === chosen.surroundings.length - 1 ? "。" : "";
    out.push(
      phrase(
        `${start}${directionWord(fact.direction)}面 ${distanceWords(fact.distanceM, "zh")}处为${anchorWords(fact)}${end}`,
        fact.evidence,
      ),
    );
  });
  return out.length > 0 ? out : [phrase("区内和周边没有位置已知的地物。", [facts.areaEvidence])];
}

function lineSentence(line: LineFact, variant: number): Phrase {
  const { position } = line;
  const axis = line.axis ? axisWords(line.axis) : "";
  const isBorder = line.concept === "coast";
  const where = position.kind === "throughout" ? "全区" : positionWords(position);
  const verb =
    line.crosses && !isBorder
      ? `${position.kind === "edge" ? "沿" : "穿过"}${where}${position.kind === "edge" ? wording(variant, "贯穿", "通过") : ""}`
      : `${position.kind === "edge" ? "沿" : "在"}${where}延伸`;
  return phrase(`${lineName(line)}${axis}${verb}`, line.evidence);
}
