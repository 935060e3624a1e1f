import { attributeName } from "../../../knowledge/ontology/names.ts";
import { area, capitalised, percent } from "../words.ts";
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
import {
  anchorWords,
  axisWords,
  coverWords,
  listed,
  named,
  noun,
  numberWord,
  positionWords,
  towards,
  withArticle,
} from "./english.ts";
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
} from "./english-phrases.ts";
import type { CaptionFacts, ChangeFact, GroupFact, LineFact } from "./facts.ts";
import { distanceWords, type Phrase, phrase, wording } from "./words.ts";

/** Words in a line. */
const MOST_WORDS = 25;

export function englishLine(facts: CaptionFacts, variant: number): Phrase[] {
  const { head, pieces } = chooseLine(facts);
  let kept: readonly LinePiece[] = [];
  for (const piece of pieces) {
    const longer = pieces.filter((one) => kept.includes(one) || one === piece);
    if (wordCount(lineOf(facts, head, longer, variant)) <= MOST_WORDS) kept = longer;
  }
  return lineOf(facts, head, kept, variant);
}

function wordCount(phrases: readonly Phrase[]): number {
  return phrases
    .map(({ text }) => text)
    .join("")
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function lineOf(facts: CaptionFacts, head: Head, pieces: readonly LinePiece[], variant: number): Phrase[] {
  const of = <K extends LinePiece["kind"]>(kind: K) =>
    pieces.filter((piece): piece is Extract<LinePiece, { kind: K }> => piece.kind === kind);
  const lines = of("line").map(({ line }) => line);
  const things = [
    ...of("thing").map(({ group }) => thingInLine(group)),
    ...lines.filter(({ crosses }) => !crosses).map((line) => phrase(lineName(line), line.evidence)),
  ];
  const first = headPhrase(facts, head, things.length > 0, variant);
  const joiner =
    head.kind === "group" || head.kind === "lines"
      ? ", "
      : wording(variant, " with ", " with ", " holding ", " that has ");
  return [
    { ...first, text: capitalised(first.text) },
    ...things.map(({ text, evidence }, i) => {
      const isLast = i === things.length - 1 && (i > 0 || joiner === ", ");
      return phrase(`${isLast ? " and " : i === 0 ? joiner : ", "}${text}`, evidence);
    }),
    ...lines
      .filter(({ crosses }) => crosses)
      .map((line) => phrase(`, ${wording(variant, "crossed by", "cut by")} ${lineName(line)}`, line.evidence)),
    ...of("tail").map(({ tail }) => tailPhrase(tail)),
    ...(head.kind === "ground" && head.isBare ? [phrase("; nothing mapped or found here", [facts.areaEvidence])] : []),
    ...of("change").map(({ change }) => phrase(`; ${changeWords(change)}`, change.evidence)),
    ...of("quality").map(({ coverage, evidence }) => phrase(` (only ${percent(coverage)} imaged)`, evidence)),
  ];
}

function headPhrase(facts: CaptionFacts, head: Head, isListed: boolean, variant: number): Phrase {
  switch (head.kind) {
    case "group":
      return longGroup(head.group, isListed);
    case "cover": {
      const [first] = head.items;
      const words = listed(head.items.map((item) => `${coverWords(item)} (${percent(item.share)})`));
      const most = first && first.share >= 0.5;
      return phrase(
        wording(variant, words, most ? `mostly ${words}` : words, `an area of ${words}`, `a stretch of ${words}`),
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
      return phrase("nothing is known of this area: no imagery, and nothing mapped or found", [facts.areaEvidence]);
  }
}

/** "with six large roofs around a truck yard"; null when nothing in it is worth telling. */
export function englishContents(facts: CaptionFacts, isOne: boolean): string | null {
  const things = chooseContents(facts, isOne).map((group) => thingInLine(group).text);
  return things.length > 0 ? `with ${listed(things)}` : null;
}

function tailPhrase(tail: Tail): Phrase {
  if (tail.kind === "relation") {
    const { anchor, distanceM, subject } = tail.fact;
    const words = anchorWords(anchor);
    return phrase(
      distanceM < 0.5 ? `, touching ${words}` : `, ${distanceWords(distanceM, "en")} from ${words}`,
      subject.evidence,
      anchor.evidence,
    );
  }
  const { distanceM, direction, evidence, concept, names } = tail.fact;
  return phrase(
    `, ${distanceWords(distanceM, "en")} ${opposite(direction)} of ${anchorWords({ concept, names })}`,
    evidence,
  );
}

/** "New since 2023-04-07: a truck yard and three large roofs." A sentence for each kind of change, growth one by one. */
function changeSentences(changes: readonly ChangeFact[]): Phrase[] {
  const out: Phrase[] = [];
  for (const kind of ["new", "gone"] as const) {
    const those = changes.filter((change) => change.kind === kind);
    those.forEach((change, i) => {
      const start = i === 0 ? `${capitalised(kind)} since ${change.since}: ` : i === those.length - 1 ? " and " : ", ";
      out.push(phrase(`${start}${changedThing(change)}${i === those.length - 1 ? "." : ""}`, change.evidence));
    });
  }
  for (const change of changes)
    if (change.areasM2) out.push(phrase(`${capitalised(changeWords(change))}.`, change.evidence));
  return out;
}

/** What there is: a sentence on the ground, one list of things, lines, changes, the imagery. */
export function englishObjects(facts: CaptionFacts, variant: number): Phrase[] {
  const chosen = chooseObjects(facts);
  const out: Phrase[] = [];
  if (chosen.cover.length > 0) {
    const opening = wording(variant, "The ground is ", "By area it is ", "Its ground is ", "Cover: ");
    chosen.cover.forEach((item, i) => {
      const start = i === 0 ? opening : i === chosen.cover.length - 1 ? " and " : ", ";
      const end = i === chosen.cover.length - 1 ? "." : "";
      out.push(phrase(`${start}${percent(item.share)} ${coverWords(item)}${end}`, item.evidence));
    });
  }
  if (chosen.appearance) {
    const { toneShare, evidence } = chosen.appearance;
    const share = toneShare === null ? "" : ` (${percent(toneShare)} by colour)`;
    const start = out.length > 0 ? " In the image it is " : "In the image it is ";
    out.push(phrase(`${start}${groundWords(chosen.appearance)}${share}.`, evidence));
  }
  chosen.groups.forEach((group, i) => {
    const opening = wording(variant, "In it: ", "It holds ", "It contains ", "There to be seen: ");
    const start = i === 0 ? `${out.length > 0 ? " " : ""}${opening}` : "; ";
    const end = i === chosen.groups.length - 1 ? "." : "";
    const { text, evidence } = objectPhrase(group, areOthers(group, chosen.groups.slice(0, i)));
    out.push(phrase(`${start}${text}${end}`, evidence));
  });
  chosen.lines.forEach((line, i) => {
    const isOne = chosen.lines.length === 1 && !/s$/.test(lineName(line));
    const start =
      i === 0
        ? `${out.length > 0 ? " " : ""}Through it ${isOne ? "runs" : "run"} `
        : i === chosen.lines.length - 1
          ? " and "
          : ", ";
    out.push(phrase(`${start}${lineName(line)}${i === chosen.lines.length - 1 ? "." : ""}`, line.evidence));
  });
  for (const { text, evidence } of changeSentences(chosen.changes))
    out.push(phrase(`${out.length > 0 && /^[A-Z]/.test(text) ? " " : ""}${text}`, evidence));
  if (out.length === 0) out.push(phrase("Nothing is mapped or found here.", [facts.areaEvidence]));
  else if (facts.groups.length === 0 && facts.lines.length === 0 && facts.cover.length === 0)
    out.push(phrase(" Nothing is mapped or found here.", [facts.areaEvidence]));
  const imaged = facts.quality?.evidence ?? [];
  if (chosen.coverage !== null) out.push(phrase(` Only ${percent(chosen.coverage)} of it is imaged.`, imaged));
  if (chosen.singleDate) out.push(phrase(` There is imagery of one date only, ${facts.date}.`, imaged));
  return out;
}

/** A group with its number, attributes, names, sizes and parts. */
function objectPhrase(group: GroupFact, other: boolean): Phrase {
  const evidence = [group.evidence, ...group.ofWhich.map((one) => one.evidence)];
  const extras: string[] = [];
  if (group.count > 2 && group.names.length > 0)
    extras.push(`among them ${listed(group.names.map((name) => named(name, name.concept)))}`);
  for (const { concept, count } of group.ofWhich)
    extras.push(
      `${count === group.count ? "all" : `${numberWord(count)} of them`} ${noun(concept, count === 1 ? 1 : 2)}`.replace(
        /of them (\S.*)$/,
        (_, word: string) => `of them ${count === 1 ? withArticle(word) : word}`,
      ),
    );
  for (const { attribute, count } of attributesOf(group).some)
    extras.push(`${numberWord(count)} of them ${attributeName(attribute, "en")}`);
  if (group.medianAreaM2 !== null && group.medianAreaM2 >= 400 && !group.isPartial)
    extras.push(
      group.count > 1 ? `about ${area(group.medianAreaM2, "en")} each` : `about ${area(group.medianAreaM2, "en")}`,
    );
  const parts = group.parts.slice(0, 4).map((part, i) => {
    evidence.push(part.evidence);
    return groupWords(part, areOthers(part, group.parts.slice(0, i)));
  });
  const words = groupWords(group, other);
  const detail = extras.length > 0 ? ` (${extras.join(", ")})` : "";
  return phrase(`${words}${detail}${parts.length > 0 ? ` with ${listed(parts)}` : ""}`, ...evidence);
}

/** Where it is: what lies where and how, what runs through, how far things are from others, and what is around. */
export function englishLayout(facts: CaptionFacts, variant: number): Phrase[] {
  const chosen = chooseLayout(facts);
  const sentences: Phrase[] = [];
  if (facts.inside) sentences.push(phrase(`It lies in ${anchorWords(facts.inside)}`, facts.inside.evidence));
  for (const group of chosen.groups) {
    const verb =
      group.count === 1
        ? wording(variant, "lies", "is", "stands", "lies")
        : wording(variant, "lie", "are", "stand", "lie");
    sentences.push(
      phrase(
        `${capitalised(groupWords(group))} ${verb}${arranged(group.arrangement)} ${positionWords(group.position)}`,
        group.evidence,
        anchorEvidence(group),
      ),
    );
  }
  for (const { holder, part } of chosen.inside)
    sentences.push(
      phrase(
        `In ${holder.names[0] ? named(holder.names[0], holder.concept) : `the ${noun(holder.concept, 1)}`}, ${groupWords(part)} ${part.count === 1 ? "lies" : "lie"}${arranged(part.arrangement)}`,
        holder.evidence,
        part.evidence,
        anchorEvidence(part),
      ),
    );
  for (const line of chosen.lines) sentences.push(lineSentence(line, variant));
  for (const { subject, anchor, distanceM } of chosen.relations) {
    const to = anchorWords(anchor);
    sentences.push(
      phrase(
        `${capitalised(subject.names ? anchorWords(subject) : `the ${subject.count > 1 ? "nearest " : ""}${noun(subject.concept, 1)}`)} ${distanceM < 0.5 ? `touches ${to}` : `is ${distanceWords(distanceM, "en")} from ${to}`}`,
        subject.evidence,
        anchor.evidence,
      ),
    );
  }
  const out = sentences.map(({ text, evidence }, i) => phrase(`${i > 0 ? " " : ""}${text}.`, evidence));
  chosen.surroundings.forEach((fact, i) => {
    const opening = wording(variant, "Outside it, ", "Around it, ", "Beyond its edges, ", "Near it, ");
    const start =
      i === 0 ? `${out.length > 0 ? " " : ""}${opening}` : i === chosen.surroundings.length - 1 ? " and " : ", ";
    const verb = i === 0 ? " is " : " ";
    out.push(
      phrase(
        `${start}${anchorWords(fact)}${verb}${distanceWords(fact.distanceM, "en")} ${towards(fact.direction)}${i === chosen.surroundings.length - 1 ? "." : ""}`,
        fact.evidence,
      ),
    );
  });
  return out.length > 0 ? out : [phrase("Nothing in or near it has a known place.", [facts.areaEvidence])];
}

function lineSentence(line: LineFact, variant: number): Phrase {
  const name = capitalised(lineName(line));
  const way = line.axis ? ` ${axisWords(line.axis)}` : "";
  const where = line.position.kind === "throughout" ? "" : ` ${positionWords(line.position)}`;
  const isBorder = line.concept === "coast";
  const verb = line.crosses && !isBorder ? wording(variant, "crosses it", "cuts through it") : "runs";
  return phrase(`${name} ${verb}${way}${where}`, line.evidence);
}
